"""Sealed envelopes: two open, one does not, and nothing changed opens at all."""

from __future__ import annotations

from itertools import permutations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from ronglian.engines.proof import (
    EnvelopeError,
    HolderKeyError,
    Peeled,
    envelope_digest,
    key_print,
    lock_holder_key,
    open_envelope,
    padded_length,
    peel_envelope,
    read_header,
    seal_envelope,
    unlock_holder_key,
)

KEYS = {
    name: X25519PrivateKey.from_private_bytes(bytes([place] * 32))
    for place, name in enumerate(("buyer", "escrow", "manager"), 1)
}
HOLDERS = {name: key.public_key() for name, key in KEYS.items()}
CONTEXT = {"challenge": "c1", "bid": "b1"}
CONTENT = "报价 1,234,567 元".encode()
ENVELOPE = seal_envelope(CONTENT, context=CONTEXT, holders=HOLDERS)


def opened(envelope: bytes, first: str, second: str) -> bytes:
    peeled = peel_envelope(envelope, holder=first, key=KEYS[first])
    return open_envelope(envelope, peeled, holder=second, key=KEYS[second])


@pytest.mark.parametrize(("first", "second"), list(permutations(KEYS, 2)))
def test_any_two_open_in_either_order(first: str, second: str) -> None:
    assert opened(ENVELOPE, first, second) == CONTENT


@pytest.mark.parametrize("name", KEYS)
def test_nobody_opens_alone(name: str) -> None:
    peeled = peel_envelope(ENVELOPE, holder=name, key=KEYS[name])
    with pytest.raises(EnvelopeError, match="two different holders"):
        open_envelope(ENVELOPE, peeled, holder=name, key=KEYS[name])
    for other in KEYS.keys() - {name}:
        with pytest.raises(EnvelopeError, match="not the one"):
            open_envelope(ENVELOPE, peeled, holder=other, key=KEYS[name])
        # Not even by naming oneself as the other: what is inside is encrypted to the other's key.
        renamed = Peeled(peeled.digest, other, {name: peeled.inner[other]})
        with pytest.raises(EnvelopeError, match="changed"):
            open_envelope(ENVELOPE, renamed, holder=name, key=KEYS[name])


def test_a_changed_bit_is_refused() -> None:
    """Every bit of the header, and every 97th of the encrypted content (all of it: tests/reliability)."""
    header = len(read_header(ENVELOPE).raw) * 8 + 8
    for place in (*range(header), *range(header, len(ENVELOPE) * 8, 97)):
        changed = bytearray(ENVELOPE)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(EnvelopeError):
            opened(bytes(changed), "buyer", "escrow")


def test_a_layer_does_not_open_another_envelope() -> None:
    other = seal_envelope(CONTENT, context=CONTEXT, holders=HOLDERS)
    peeled = peel_envelope(ENVELOPE, holder="buyer", key=KEYS["buyer"])
    with pytest.raises(EnvelopeError, match="another envelope"):
        open_envelope(other, peeled, holder="escrow", key=KEYS["escrow"])
    assert envelope_digest(other) != envelope_digest(ENVELOPE)


def test_a_wrap_moved_from_another_context_is_refused() -> None:
    moved = ENVELOPE.replace(b'"bid":"b1"', b'"bid":"b2"', 1)
    assert read_header(moved).context["bid"] == "b2"
    with pytest.raises(EnvelopeError, match="changed"):
        peel_envelope(moved, holder="buyer", key=KEYS["buyer"])


def test_the_header_names_what_it_belongs_to_and_nothing_of_the_content() -> None:
    header = read_header(ENVELOPE)
    assert header.context == CONTEXT
    assert header.holders == {name: key_print(key) for name, key in HOLDERS.items()}
    assert CONTENT not in ENVELOPE


def test_holders_need_keys_of_their_own() -> None:
    with pytest.raises(EnvelopeError, match="two holders"):
        seal_envelope(CONTENT, context=CONTEXT, holders={"buyer": HOLDERS["buyer"]})
    with pytest.raises(EnvelopeError, match="two holders"):
        seal_envelope(
            CONTENT, context=CONTEXT, holders={"buyer": HOLDERS["buyer"], "escrow": HOLDERS["buyer"]}
        )


@given(st.binary(max_size=9000))
@settings(max_examples=30, deadline=None)
def test_what_comes_out_is_what_went_in_and_alike_sizes_look_alike(content: bytes) -> None:
    envelope = seal_envelope(content, context=CONTEXT, holders=HOLDERS)
    assert opened(envelope, "manager", "buyer") == content
    assert len(envelope) - len(read_header(envelope).raw) - 1 - 16 == padded_length(len(content) + 8)


@given(st.integers(0, 1 << 40))
def test_padding_adds_at_most_an_eighth(length: int) -> None:
    padded = padded_length(length)
    assert padded >= length
    assert length <= 4096 or padded <= length * 1.12


@pytest.mark.parametrize(
    "junk",
    [b"", b"\n", b"{}\n", b"[]\n", b"null\nx", b"\xff\n", ENVELOPE[:-1], ENVELOPE + b"x", b" " + ENVELOPE],
)
def test_what_is_no_envelope_is_refused(junk: bytes) -> None:
    with pytest.raises(EnvelopeError):
        opened(junk, "buyer", "escrow")


def test_a_key_comes_out_with_its_passphrase_only() -> None:
    kept = lock_holder_key(KEYS["buyer"], "三江口 北岸 ２０２６", cost=2)
    assert (
        unlock_holder_key(kept, "三江口 北岸 2026").private_bytes_raw() == KEYS["buyer"].private_bytes_raw()
    )
    with pytest.raises(HolderKeyError, match="passphrase"):
        unlock_holder_key(kept, "三江口 北岸 2025")
    with pytest.raises(HolderKeyError, match="passphrase"):
        unlock_holder_key(kept.replace('"cost":2', '"cost":4'), "三江口 北岸 2026")


@pytest.mark.parametrize(
    "junk",
    ["", "{}", "[]", '{"format":1}', '{"format":"ronglian-holder-key-1","cost":true,"salt":"","key":""}'],
)
def test_what_is_no_kept_key_is_refused(junk: str) -> None:
    with pytest.raises(HolderKeyError):
        unlock_holder_key(junk, "x")
