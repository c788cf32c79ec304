"""Keys, notes, checkpoints, canonical forms and commitments."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.proof import (
    Checkpoint,
    NoteError,
    Signer,
    UnknownAlgorithm,
    Verifier,
    canonical_json,
    hash_named,
    open_note,
    salt_for,
    salted_digest,
)

SIGNER = Signer("example.org/log", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
KEY = SIGNER.verifier
NOTE = SIGNER.sign(Checkpoint("example.org/log", 7, bytes(32)).text())

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def test_keys_are_read_as_they_are_written() -> None:
    assert str(Verifier.parse(str(KEY))) == str(KEY)
    assert str(Signer.parse(SIGNER.private_text()).verifier) == str(KEY)


def test_a_checkpoint_comes_back_out_of_its_note() -> None:
    assert Checkpoint.open(NOTE, KEY) == Checkpoint("example.org/log", 7, bytes(32))


def test_signatures_of_others_are_passed_over() -> None:
    other = Signer("witness.example", Ed25519PrivateKey.from_private_bytes(bytes(32)))
    line = other.sign("x\n").split("\n\n")[1]
    assert open_note(NOTE + line, KEY)
    with pytest.raises(NoteError, match="not signed by"):
        open_note(NOTE, other.verifier)


def test_no_bit_of_a_note_can_change() -> None:
    raw = NOTE.encode()
    for bit in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises((NoteError, UnicodeDecodeError)):
            Checkpoint.open(changed.decode(), KEY)


@pytest.mark.parametrize(
    "text", ["", "x", "a+b+c", "a b+00000000+AAAA", f"{KEY}A", str(KEY).replace("+", " ")]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        Verifier.parse(text)
    with pytest.raises(NoteError) as told:
        Signer.parse(f"PRIVATE+KEY+{text}")
    assert not text or text not in str(told.value)


@pytest.mark.parametrize("text", ["no line end", "a\n\nb\n"])
def test_what_cannot_be_a_note_is_not_signed(text: str) -> None:
    with pytest.raises(NoteError):
        SIGNER.sign(text)


@given(json_values)
def test_a_value_has_one_writing(value: object) -> None:
    import json  # noqa: PLC0415 - only here

    written = canonical_json(value)
    assert canonical_json(json.loads(written)) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1.0, "1"),
        (-0.0, "0"),
        (1e20, "1" + "0" * 20),
        (1.5e-7, "1.5e-07"),
        ({"b": 1, "a": ["值"]}, '{"a":["值"],"b":1}'),
    ],
)
def test_numbers_are_written_by_their_value(value: object, written: str) -> None:
    assert canonical_json(value).decode() == written


def test_a_commitment_says_nothing_without_its_salt() -> None:
    salt = salt_for(b"secret", "event/row")
    assert salted_digest(salt, b"500000") == salted_digest(salt, b"500000")
    assert salted_digest(salt, b"500000") != salted_digest(salt, b"500001")
    assert salted_digest(salt, b"500000") != salted_digest(salt_for(b"secret", "other/row"), b"500000")


def test_an_unknown_hash_is_refused() -> None:
    with pytest.raises(UnknownAlgorithm):
        hash_named("md5")
