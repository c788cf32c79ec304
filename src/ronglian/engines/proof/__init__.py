"""Proof that a log was only ever added to (存证引擎): Merkle tree, signed checkpoints, canonical forms."""

from ronglian.engines.proof.canonical import canonical_json, salt_for, salted_digest
from ronglian.engines.proof.exports import (
    LOG_FORMAT,
    RECEIPT_FORMAT,
    Difference,
    Problem,
    Verified,
    entry_hash,
    verify_log,
    verify_receipt,
    write_log,
)
from ronglian.engines.proof.hashing import DEFAULT_ALGORITHM, Algorithm, UnknownAlgorithm, hash_named
from ronglian.engines.proof.notes import Checkpoint, NoteError, Signer, Verifier, open_note
from ronglian.engines.proof.tiles import grow_tiles, nodes_in_tiles
from ronglian.engines.proof.tree import (
    Frontier,
    consistency_path,
    inclusion_path,
    leaf_hash,
    node_hash,
    root_of,
    stored_root,
    verify_consistency,
    verify_inclusion,
)

__all__ = [
    "DEFAULT_ALGORITHM",
    "LOG_FORMAT",
    "RECEIPT_FORMAT",
    "Algorithm",
    "Checkpoint",
    "Difference",
    "Frontier",
    "NoteError",
    "Problem",
    "Signer",
    "UnknownAlgorithm",
    "Verified",
    "Verifier",
    "canonical_json",
    "consistency_path",
    "entry_hash",
    "grow_tiles",
    "hash_named",
    "inclusion_path",
    "leaf_hash",
    "node_hash",
    "nodes_in_tiles",
    "open_note",
    "root_of",
    "salt_for",
    "salted_digest",
    "stored_root",
    "verify_consistency",
    "verify_inclusion",
    "verify_log",
    "verify_receipt",
    "write_log",
]
