"""One writing for one value: canonical JSON, and digests of values that must not be guessed from them.

Canonical JSON here is UTF-8 with sorted keys and without blanks. A number is written by its value: 1.0 as 1 and
1e20 as its digits, because databases that parse JSON do not keep the difference.
"""

from __future__ import annotations

import hmac
import json
from decimal import Decimal
from typing import Any

from ronglian.engines.proof.hashing import Hash, sha256

_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
).encode


def canonical_json(value: Any) -> bytes:
    """The one writing of a JSON value. Raises ValueError for NaN and infinity, TypeError for what is no JSON."""
    return _encode(plain_numbers(value)).encode("utf-8", "surrogatepass")


def plain_numbers(value: Any) -> Any:
    """The value with every float that is a whole number as the integer of its shortest decimal form."""
    match value:
        case float():
            return int(Decimal(repr(value))) if value.is_integer() else value
        case dict():
            return {key: plain_numbers(item) for key, item in value.items()}
        case list() | tuple():
            return [plain_numbers(item) for item in value]
        case _:
            return value


def salt_for(secret: bytes, context: str) -> bytes:
    """The salt of one value: 32 bytes that only the holder of the secret can know (HMAC-SHA-256)."""
    return hmac.digest(secret, context.encode(), "sha256")


def salted_digest(salt: bytes, value: bytes, digest: Hash = sha256) -> str:
    """A commitment to the value in hexadecimal: says nothing of it without the salt, and with it proves it."""
    return digest(salt + digest(value)).hex()
