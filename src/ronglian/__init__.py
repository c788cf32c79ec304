"""Ronglian 融链: joins what research can do with what industry needs."""
