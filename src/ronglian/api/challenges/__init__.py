"""Challenges for programs."""
