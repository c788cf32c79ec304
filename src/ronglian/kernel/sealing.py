"""What is kept so that the database alone does not tell it: sealed values, and keyed digests of personal data.

The keys live outside the database (`settings.DATA_KEYS`, newest first): a copy of the database, or a plain backup of
it, holds nothing readable. Values are sealed with Fernet (AES-128-CBC and HMAC-SHA256 over random IVs,
https://github.com/fernet/spec); digests are HMAC-SHA256.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class KeyMissing(Exception):
    """A sealed value cannot be opened with the keys of this machine."""


def seal(value: Any) -> str:
    """A JSON value, sealed with the newest key, in ASCII."""
    text = json.dumps(value, ensure_ascii=False)
    return _sealer(tuple(settings.DATA_KEYS)).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> Any:
    """The value again. Raises KeyMissing where none of the keys fits, or the text was changed."""
    try:
        return json.loads(_sealer(tuple(settings.DATA_KEYS)).decrypt(sealed.encode()))
    except InvalidToken as error:
        raise KeyMissing(
            "A sealed value cannot be opened: the key it was sealed with is not among RONGLIAN_DATA_KEYS."
        ) from error


def is_sealed(text: str) -> bool:
    """Whether the text has the form of a sealed value: version byte 0x80 and a time, in base64."""
    return text.startswith("gAAAAA")


def personal_digest(value: str) -> str:
    """Equal for equal values and telling nothing of them without the key: 32 hexadecimal digits.

    The oldest key makes it, so that a new key in front changes no digest.
    """
    key = _derived(settings.DATA_KEYS[-1], b"personal digest")
    return hmac.new(key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


@cache
def _sealer(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, b"seal"))) for key in keys])


@cache
def _derived(key: str, purpose: bytes) -> bytes:
    """A key of its own for each purpose (RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"ronglian " + purpose).derive(key.encode())
