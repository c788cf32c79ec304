"""A log as a file: whole, and with each kind of change."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ronglian.engines.proof import (
    Checkpoint,
    Signer,
    canonical_json,
    entry_hash,
    inclusion_path,
    root_of,
    salted_digest,
    verify_log,
    verify_receipt,
    write_log,
)
from tests.engines.proof.test_vectors import nodes_over

SIGNER = Signer("example.org/log", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = Signer("example.org/log", Ed25519PrivateKey.from_private_bytes(bytes(32)))
ENTRIES = [{"hash": "sha256", "seq": number, "name": f"need.e{number}"} for number in range(12)]


def note(size: int, signer: Signer = SIGNER, entries: list[dict[str, Any]] = ENTRIES) -> str:
    root = root_of([entry_hash(entry) for entry in entries[:size]])
    return signer.sign(Checkpoint(signer.name, size, root).text())


def file(entries: list[dict[str, Any]] = ENTRIES, sizes: tuple[int, ...] = (5, 12)) -> list[bytes]:
    return [*write_log(SIGNER.verifier, len(entries), entries, [(size, note(size)) for size in sizes])]


def changed(line: bytes, **values: Any) -> bytes:
    return canonical_json(json.loads(line) | values) + b"\n"


def test_an_honest_log_is_whole() -> None:
    found = verify_log(file(), SIGNER.verifier, [note(5), note(7), note(12), note(0)])
    assert (found.difference, found.size, found.checkpoints) == (None, 12, 2)


def test_an_empty_log_is_whole() -> None:
    assert verify_log([*write_log(SIGNER.verifier, 0, [], [])]).difference is None


def problem(lines: list[bytes], *against: str, key: Signer | None = SIGNER) -> Any:
    found = verify_log(lines, key.verifier if key else None, against).difference
    return found and (found.problem, found.line, found.first, found.last)


def test_a_changed_entry_is_named() -> None:
    lines = file()
    entry = json.loads(lines[3])["entry"] | {"name": "need.other"}
    assert problem([*lines[:3], changed(lines[3], entry=entry), *lines[4:]]) == ("entry_changed", 4, 2, 2)


def test_a_changed_entry_with_its_hash_recomputed_is_narrowed_down() -> None:
    lines = file()
    entry = json.loads(lines[3])["entry"] | {"name": "need.other"}
    forged = canonical_json({"entry": entry, "leaf": entry_hash(entry).hex()}) + b"\n"
    assert problem([*lines[:3], forged, *lines[4:]]) == ("root_differs", 7, 0, 4)


@pytest.mark.parametrize("without", [["entry"], ["leaf"], []])
def test_what_is_no_line_of_a_log_is_named(without: list[str]) -> None:
    lines = file()
    kept = {name: value for name, value in json.loads(lines[3]).items() if name not in without}
    broken = json.dumps(kept).encode() + b"\n"
    assert problem([*lines[:3], broken, *lines[4:]]) == ("unreadable", 4, None, None)


def test_deleting_inserting_swapping_and_cutting() -> None:
    lines = file()
    assert problem([*lines[:3], *lines[4:]]) == ("out_of_place", 4, 2, 2)
    assert problem([*lines[:3], lines[3], *lines[3:]]) == ("out_of_place", 5, 3, 3)
    assert problem([*lines[:3], lines[4], lines[3], *lines[5:]]) == ("out_of_place", 4, 2, 2)
    assert problem(lines[:-1]) == ("no_checkpoint", 15, 5, 11)
    assert problem(lines[:7]) == ("count_differs", 8, 5, 11)
    short = [changed(lines[0], entries=5), *lines[1:7]]
    assert problem(short) is None
    assert problem(short, note(12)) == ("too_short", 8, 5, 11)
    assert problem([]) == ("unreadable", 1, None, None)


def test_a_log_signed_by_somebody_else_is_refused() -> None:
    forged = [*write_log(OTHER.verifier, 12, ENTRIES, [(12, note(12, OTHER))])]
    assert problem(forged, key=None) is None
    assert problem(forged) == ("foreign_key", 1, None, None)
    assert problem([changed(forged[0], key=str(SIGNER.verifier)), *forged[1:]]) == ("not_signed", 14, 0, 11)


def test_a_log_that_tells_another_history_is_found() -> None:
    """Signed by the right key, but not the log of which somebody keeps a checkpoint."""
    rewritten = [entry | {"name": "need.rewritten"} if entry["seq"] == 2 else entry for entry in ENTRIES]
    lines = [*write_log(SIGNER.verifier, 12, rewritten, [(12, note(12, entries=rewritten))])]
    assert problem(lines) is None
    assert problem(lines, note(5)) == ("history_differs", 6, 0, 4)


def receipt() -> dict[str, Any]:
    hashes = [entry_hash(entry) for entry in ENTRIES]
    path = [step.hex() for step in inclusion_path(nodes_over(hashes), 3, 12)]
    return {
        "format": "ronglian-receipt/1", "key": str(SIGNER.verifier), "index": 3, "entry": ENTRIES[3],
        "leaf": hashes[3].hex(), "path": path, "checkpoint": note(12),
    }  # fmt: skip


def test_a_receipt_proves_its_entry() -> None:
    assert verify_receipt(receipt(), SIGNER.verifier).difference is None
    assert verify_receipt(receipt(), OTHER.verifier).difference is not None


def test_a_receipt_tells_what_its_entry_commits_to_and_nothing_else() -> None:
    salt, told = bytes(range(32)), {"manager": "m1"}
    entry = ENTRIES[3] | {"data": salted_digest(salt, canonical_json(told))}
    hashes = [entry_hash(entry if each["seq"] == 3 else each) for each in ENTRIES]
    whole = receipt() | {
        "entry": entry, "leaf": hashes[3].hex(),
        "path": [step.hex() for step in inclusion_path(nodes_over(hashes), 3, 12)],
        "checkpoint": note(12, entries=[entry if each["seq"] == 3 else each for each in ENTRIES]),
    }  # fmt: skip
    opening = {"data": told, "salt": salt.hex()}
    assert verify_receipt(whole | {"opening": opening}).difference is None
    for forged in ({"data": {"manager": "m2"}}, {"salt": "00"}, {"salt": "zz"}, {"salt": None}):
        found = verify_receipt(whole | {"opening": opening | forged}).difference
        assert found is not None
        assert found.problem == "opening_differs"
    assert verify_receipt(whole | {"opening": 7}).difference is not None


@pytest.mark.parametrize(
    "values",
    [
        {"index": 4}, {"index": None}, {"entry": ENTRIES[4]}, {"entry": 7}, {"leaf": "00"}, {"path": []},
        {"path": ["zz"]}, {"checkpoint": note(5)}, {"checkpoint": ""}, {"key": "x"}, {"key": str(OTHER.verifier)},
    ],
)  # fmt: skip
def test_a_changed_receipt_proves_nothing(values: dict[str, Any]) -> None:
    assert verify_receipt(receipt() | values).difference is not None
