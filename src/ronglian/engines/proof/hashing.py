"""Hash functions by name. Every entry of a log names its own, so that another can take over later (国密 SM3)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Literal

Algorithm = Literal["sha256", "sm3"]
ALGORITHMS: tuple[Algorithm, ...] = ("sha256", "sm3")
DEFAULT_ALGORITHM: Algorithm = "sha256"
HASH_BYTES = 32

Hash = Callable[[bytes], bytes]


class UnknownAlgorithm(ValueError):
    """The name is none of ALGORITHMS, or this Python's OpenSSL was built without it."""


def hash_named(name: str) -> Hash:
    """The function from bytes to a 32-byte digest: SHA-256 (FIPS 180-4) or SM3 (GB/T 32905-2016).

    Raises UnknownAlgorithm.
    """
    if name == "sha256":
        return sha256
    if name not in ALGORITHMS or name not in hashlib.algorithms_available:
        raise UnknownAlgorithm(name)

    def digest(data: bytes) -> bytes:
        return hashlib.new(name, data).digest()

    return digest


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
