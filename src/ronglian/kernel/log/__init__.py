"""The log (存证日志): events as numbered entries of a Merkle tree, with signed checkpoints.

How it works and what it protects against: docs/explanation/algorithms/log.md.
"""
