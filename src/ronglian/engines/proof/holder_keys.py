"""The key of somebody who opens sealed envelopes together with another: made, kept under a passphrase, taken out again.

What is kept is one line of canonical JSON: the private X25519 key, encrypted with ChaCha20-Poly1305 (RFC 8439) under a
key that scrypt (RFC 7914) makes of the passphrase. The cost stands beside it, so that it can grow.
"""

from __future__ import annotations

import base64
import json
import secrets
import unicodedata

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from ronglian.engines.proof.canonical import canonical_json

HOLDER_KEY_FORMAT = "ronglian-holder-key-1"
# OWASP's password storage cheat sheet: N = 2^17, r = 8, p = 1, which takes 128 MB.
SCRYPT_COST = 1 << 17
_SALT_BYTES = 16
_NONCE = bytes(12)


class HolderKeyError(ValueError):
    """The text is no kept key, or the passphrase is not its own; the message does not repeat either."""


def new_holder_key() -> X25519PrivateKey:
    """A new private key."""
    return X25519PrivateKey.generate()


def lock_holder_key(key: X25519PrivateKey, passphrase: str, *, cost: int = SCRYPT_COST) -> str:
    """The private key in the form in which it is kept. `cost` is scrypt's N, a power of two."""
    salt = secrets.token_bytes(_SALT_BYTES)
    head = {"format": HOLDER_KEY_FORMAT, "cost": cost, "salt": base64.b64encode(salt).decode("ascii")}
    # The salt is new each time, so that the derived key encrypts one message only and the nonce needs no chance.
    sealed = ChaCha20Poly1305(_derived(passphrase, salt, cost)).encrypt(
        _NONCE, key.private_bytes_raw(), canonical_json(head)
    )
    return canonical_json({**head, "key": base64.b64encode(sealed).decode("ascii")}).decode()


def unlock_holder_key(kept: str, passphrase: str) -> X25519PrivateKey:
    """The private key again. Raises HolderKeyError."""
    try:
        fields = json.loads(kept)
        head = {name: fields[name] for name in ("format", "cost", "salt")}
        salt, sealed = (base64.b64decode(fields[name], validate=True) for name in ("salt", "key"))
        known = (
            head["format"] == HOLDER_KEY_FORMAT and type(head["cost"]) is int and 2 <= head["cost"] <= 1 << 20
        )
    except (ValueError, TypeError, KeyError) as error:
        raise HolderKeyError(f"this is no {HOLDER_KEY_FORMAT}") from error
    if not known:
        raise HolderKeyError(f"this is no {HOLDER_KEY_FORMAT}")
    try:
        raw = ChaCha20Poly1305(_derived(passphrase, salt, head["cost"])).decrypt(
            _NONCE, sealed, canonical_json(head)
        )
    except (InvalidTag, ValueError) as error:
        raise HolderKeyError("the passphrase is not the one of this key") from error
    return X25519PrivateKey.from_private_bytes(raw)


def _derived(passphrase: str, salt: bytes, cost: int) -> bytes:
    # The same words typed on another keyboard may come as other code points.
    words = unicodedata.normalize("NFKC", passphrase).encode()
    return Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(words)
