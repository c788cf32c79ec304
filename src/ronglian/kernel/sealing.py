"""What is kept so that the database alone does not tell it: sealed values, and keyed digests of personal data.

The keys live outside the database (`data_keys`, newest first): a copy of the database, or a plain backup of
it, holds nothing readable. Values are sealed with Fernet (AES-128-CBC and HMAC-SHA256 over random IVs,
https://github.com/fernet/spec); digests are HMAC-SHA256.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from ronglian.kernel.secret_files import kept_secret

DIGEST_ONLY = "digest:"


class KeyMissing(Exception):
    """A sealed value cannot be opened with the keys of this machine."""


class KeysElsewhere(Exception):
    """The keys come from RONGLIAN_DATA_KEYS, which whoever sets it has to change."""


def data_keys() -> tuple[str, ...]:
    """The keys, newest first: those of the setting, else those of the file, which is made at first.

    The file is looked at each time, so that a running server seals with a new key as soon as there is one. An entry that
    begins with `digest:` opens nothing: it is what a retired key has left behind for `personal_digest`.
    """
    if settings.DATA_KEYS:
        return tuple(settings.DATA_KEYS)
    path = Path(settings.DATA_KEY_FILE)
    if not path.exists():
        kept_secret(path, lambda: secrets.token_urlsafe(50))
    state = path.stat()
    return _keys_of(path, state.st_mtime_ns, state.st_size)


def seal(value: Any) -> str:
    """A JSON value, sealed with the newest key, in ASCII."""
    text = json.dumps(value, ensure_ascii=False)
    return _sealer(data_keys()).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> Any:
    """The value again. Raises KeyMissing where none of the keys fits, or the text was changed."""
    try:
        return json.loads(_sealer(data_keys()).decrypt(sealed.encode()))
    except InvalidToken as error:
        raise KeyMissing(
            "A sealed value cannot be opened: the key it was sealed with is not among RONGLIAN_DATA_KEYS."
        ) from error


def key_of(sealed: str) -> int | None:
    """Which key opens the value: 0 is the newest; None where none does."""
    for place, key in enumerate(_opening(data_keys())):
        try:
            _fernet(key).decrypt(sealed.encode())
        except InvalidToken:
            continue
        return place
    return None


def reseal(sealed: str) -> str:
    """The same value under the newest key; the same text where it is already. Raises KeyMissing."""
    place = key_of(sealed)
    if place is None:
        raise KeyMissing("A sealed value cannot be opened with any key at hand.")
    return sealed if place == 0 else _sealer(data_keys()).rotate(sealed.encode()).decode("ascii")


def is_sealed(text: str) -> bool:
    """Whether the text has the form of a sealed value: version byte 0x80 and a time, in base64."""
    return text.startswith("gAAAAA")


def personal_digest(value: str) -> str:
    """Equal for equal values and telling nothing of them without the key: 32 hexadecimal digits.

    The oldest key makes it, so that a new key in front changes no digest; so does what is left of it once it is retired.
    """
    return hmac.new(
        _digest_key(data_keys()[-1]), value.encode("utf-8", "surrogatepass"), hashlib.sha256
    ).hexdigest()[:32]


def add_data_key() -> None:
    """Put a new key in front, in the file. Raises KeysElsewhere where the keys come from the environment."""
    _write_keys((secrets.token_urlsafe(50), *data_keys()))


def retire_data_keys() -> None:
    """Forget all keys but the newest; of the oldest, what makes digests stays. Nothing may need them any more."""
    newest, *others = data_keys()
    if others:
        _write_keys((newest, DIGEST_ONLY + _digest_key(others[-1]).hex()))


def _write_keys(keys: tuple[str, ...]) -> None:
    if settings.DATA_KEYS:
        raise KeysElsewhere
    path = Path(settings.DATA_KEY_FILE)
    draft = path.with_name(f".{path.name}-new")
    draft.unlink(missing_ok=True)
    kept_secret(draft, lambda: ",".join(keys))
    draft.replace(path)


def _opening(keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(key for key in keys if not key.startswith(DIGEST_ONLY))


def _digest_key(key: str) -> bytes:
    if key.startswith(DIGEST_ONLY):
        return bytes.fromhex(key.removeprefix(DIGEST_ONLY))
    return _derived(key, b"personal digest")


@lru_cache(maxsize=4)
def _keys_of(path: Path, _changed: int, _size: int) -> tuple[str, ...]:
    return tuple(path.read_text(encoding="ascii").split(","))


@cache
def _sealer(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([_fernet(key) for key in _opening(keys)])


@cache
def _fernet(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(key, b"seal")))


@cache
def _derived(key: str, purpose: bytes) -> bytes:
    """A key of its own for each purpose (RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"ronglian " + purpose).derive(key.encode())
