"""The worked example of docs/explanation/algorithms/log.md, computed anew."""

from __future__ import annotations

import re

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ronglian.engines.proof import (
    Checkpoint,
    Signer,
    canonical_json,
    consistency_path,
    inclusion_path,
    leaf_hash,
    root_of,
)
from tests.engines.proof.test_vectors import nodes_over
from tests.paths import REPOSITORY

PAGE = (REPOSITORY / "docs" / "explanation" / "algorithms" / "log.md").read_text(encoding="utf-8")
NAMES = re.findall(r"^\| (\d) \| ([a-z]+\.[a-z]+) \| ([0-9a-f]{16}) \|$", PAGE, re.MULTILINE)
LEAVES = [
    leaf_hash(canonical_json({"hash": "sha256", "name": name, "seq": int(seq)})) for seq, name, _leaf in NAMES
]


def short(hashes: list[bytes]) -> list[str]:
    return [each.hex()[:16] for each in hashes]


def test_leaves_and_roots() -> None:
    assert len(NAMES) == 5
    assert short(LEAVES) == [leaf for _seq, _name, leaf in NAMES]
    roots = re.findall(r"^\| (\d) \| ([0-9a-f]{16}) \|", PAGE, re.MULTILINE)
    assert [(int(size), root) for size, root in roots] == [
        (size, root_of(LEAVES[:size]).hex()[:16]) for size in range(1, 6)
    ]


def test_paths() -> None:
    told = [
        re.findall(r"`([0-9a-f]{16})`", part)
        for part in re.findall(r": path (.*?)\.? ?(?:\(|The)", PAGE, re.S)
    ]
    nodes = nodes_over(LEAVES)
    assert told == [short(inclusion_path(nodes, 2, 5)), short(consistency_path(nodes, 3, 5))]


def test_note_and_key() -> None:
    signer = Signer("example.org/log", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
    assert signer.sign(Checkpoint(signer.name, 5, root_of(LEAVES)).text()) in PAGE
    assert f"`{signer.verifier}`" in PAGE
