"""Benchmarks of Ronglian: one command each; run from the root of the repository."""
