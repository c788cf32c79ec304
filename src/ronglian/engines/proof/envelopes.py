"""Sealed envelopes that two of several holders open together, and nobody alone (密封信封).

Each envelope has a data key of its own. The content is padded (so that its length says little) and encrypted with
ChaCha20-Poly1305 (RFC 8439) under that key; the data key is wrapped once for every ordered pair of holders: HPKE
(RFC 9180, base mode, X25519, HKDF-SHA256, ChaCha20-Poly1305) to the second, and that again to the first. So whoever
opens first peels one layer with his own key and is left with what only the other one can open. The order is free, and
the two need not be there at the same time.

An envelope is one line of canonical JSON (the header), a line feed, and the encrypted content. The header is
authenticated with the content; `commitment` fixes the data key, so that no two pairs can be shown different contents
(ChaCha20-Poly1305 alone does not commit to its key).

Worked example with the holders buyer, manager and escrow: six wraps; buyer and escrow open in either order; a copy of
the envelope and one private key give nothing; one changed bit anywhere and it does not open.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from ronglian.engines.proof.canonical import canonical_json

ENVELOPE_FORMAT = "ronglian-envelope-1"
SMALLEST_CONTENT = 4096
LARGEST_HEADER = 1 << 16

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_KEY_BYTES = 32
# A data key encrypts one content only, so that the nonce needs no chance.
_NONCE = bytes(12)


class EnvelopeError(ValueError):
    """The bytes are no such envelope, were changed, or the key does not belong to it; the message says which."""


@dataclass(frozen=True, slots=True)
class Peeled:
    """What is left of one envelope's key after the first holder has opened: sealed for each of the others."""

    digest: str
    first: str
    inner: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Header:
    """What everybody may read of an envelope: what it belongs to, and whose keys it asks for."""

    context: Mapping[str, str]
    holders: Mapping[str, str]
    wraps: Mapping[tuple[str, str], bytes]
    commitment: str
    raw: bytes


def seal_envelope(
    content: bytes, *, context: Mapping[str, str], holders: Mapping[str, X25519PublicKey]
) -> bytes:
    """Seal the content so that any two of the holders open it. `context` says what it belongs to, and is not secret.

    Raises EnvelopeError where there are fewer than two holders, or two share a key.
    """
    names = sorted(holders)
    prints = {name: key_print(holders[name]) for name in names}
    if len(names) < 2 or len(set(prints.values())) < len(names):
        raise EnvelopeError("an envelope needs two holders or more, each with a key of their own")
    data_key = secrets.token_bytes(_KEY_BYTES)
    wraps = {}
    for first, second in permutations(names, 2):
        inner = _SUITE.encrypt(data_key, holders[second], _info(context, first, second, "inner"))
        outer = _SUITE.encrypt(inner, holders[first], _info(context, first, second, "outer"))
        wraps[f"{first}>{second}"] = base64.b64encode(outer).decode("ascii")
    header = canonical_json(
        {
            "format": ENVELOPE_FORMAT,
            "context": dict(context),
            "holders": prints,
            "wraps": wraps,
            "commitment": _commitment(data_key),
        }
    )
    return header + b"\n" + ChaCha20Poly1305(data_key).encrypt(_NONCE, _pad(content), header)


def envelope_digest(envelope: bytes) -> str:
    """SHA-256 over the whole envelope, in hexadecimal: what a receipt and the list of bids carry."""
    return hashlib.sha256(envelope).hexdigest()


def read_header(envelope: bytes) -> Header:
    """The readable part. Raises EnvelopeError."""
    raw, line_feed, _body = envelope[:LARGEST_HEADER].partition(b"\n")
    try:
        fields = json.loads(raw)
        canonical = canonical_json(fields) == raw
    except ValueError as error:
        raise EnvelopeError("the first line of an envelope is JSON") from error
    if not line_feed or not canonical or not _is_header(fields):
        raise EnvelopeError(f"this is no {ENVELOPE_FORMAT}")
    wraps = {_pair(name): _decode(text) for name, text in fields["wraps"].items()}
    return Header(fields["context"], fields["holders"], wraps, fields["commitment"], raw)


def peel_envelope(envelope: bytes, *, holder: str, key: X25519PrivateKey) -> Peeled:
    """Open the first layer as one holder. Raises EnvelopeError where the key is not that holder's."""
    header = read_header(envelope)
    _check_key(header, holder, key)
    inner = {
        second: _unwrap(wrap, key, _info(header.context, first, second, "outer"))
        for (first, second), wrap in header.wraps.items()
        if first == holder
    }
    return Peeled(envelope_digest(envelope), holder, inner)


def open_envelope(envelope: bytes, peeled: Peeled, *, holder: str, key: X25519PrivateKey) -> bytes:
    """Open the second layer as another holder: the content, as it was sealed.

    Raises EnvelopeError where it is the same holder again, another envelope, a wrong key, or anything was changed.
    """
    header = read_header(envelope)
    _check_key(header, holder, key)
    if holder not in peeled.inner:
        raise EnvelopeError("two different holders open an envelope")
    if peeled.digest != envelope_digest(envelope):
        raise EnvelopeError("the first layer belongs to another envelope")
    data_key = _unwrap(peeled.inner[holder], key, _info(header.context, peeled.first, holder, "inner"))
    if not hmac.compare_digest(_commitment(data_key), header.commitment):
        raise EnvelopeError("the envelope was made with two different keys")
    try:
        padded = ChaCha20Poly1305(data_key).decrypt(_NONCE, envelope[len(header.raw) + 1 :], header.raw)
    except InvalidTag as error:
        raise EnvelopeError("the envelope was changed after it was sealed") from error
    return _unpad(padded)


def key_print(key: X25519PublicKey) -> str:
    """A public key's fingerprint: SHA-256 in hexadecimal."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def padded_length(length: int) -> int:
    """How long the padded content is, in bytes: Padmé (Nikitin et al., PETS 2019), at least SMALLEST_CONTENT.

    At most 12 % are added; contents of alike size look the same: 5,000 → 5,120, 100,000 → 100,352.
    """
    length = max(length, SMALLEST_CONTENT)
    exponent = length.bit_length() - 1
    free = exponent - (exponent.bit_length())
    mask = (1 << free) - 1
    return (length + mask) & ~mask


def _pad(content: bytes) -> bytes:
    framed = len(content).to_bytes(8, "big") + content
    return framed.ljust(padded_length(len(framed)), b"\0")


def _unpad(padded: bytes) -> bytes:
    length = int.from_bytes(padded[:8], "big")
    content, rest = padded[8 : 8 + length], padded[8 + length :]
    if len(content) != length or any(rest):
        raise EnvelopeError("the envelope was sealed with a wrong length")
    return content


def _info(context: Mapping[str, str], first: str, second: str, layer: str) -> bytes:
    return canonical_json([ENVELOPE_FORMAT, dict(context), first, second, layer])


def _unwrap(wrap: bytes, key: X25519PrivateKey, info: bytes) -> bytes:
    try:
        return _SUITE.decrypt(wrap, key, info)
    except (InvalidTag, ValueError) as error:
        raise EnvelopeError("the envelope was changed after it was sealed") from error


def _check_key(header: Header, holder: str, key: X25519PrivateKey) -> None:
    wanted = header.holders.get(holder)
    if wanted is None:
        raise EnvelopeError(f"{holder} is no holder of this envelope")
    if not hmac.compare_digest(wanted, key_print(key.public_key())):
        raise EnvelopeError(f"the key is not the one of {holder}")


def _commitment(data_key: bytes) -> str:
    return hashlib.sha256(ENVELOPE_FORMAT.encode() + b" key " + data_key).hexdigest()


def _is_header(fields: Any) -> bool:
    keys = {"format", "context", "holders", "wraps", "commitment"}
    return (
        isinstance(fields, dict)
        and fields.keys() == keys
        and fields["format"] == ENVELOPE_FORMAT
        and isinstance(fields["commitment"], str)
        and all(_is_texts(fields[name]) for name in ("context", "holders", "wraps"))
        and set(fields["wraps"]) == {f"{one}>{two}" for one, two in permutations(fields["holders"], 2)}
    )


def _is_texts(value: Any) -> bool:
    return isinstance(value, dict) and _all_texts(value.values())


def _all_texts(values: Iterable[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _pair(name: str) -> tuple[str, str]:
    first, _sign, second = name.partition(">")
    return first, second


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise EnvelopeError("a wrapped key is base64") from error
