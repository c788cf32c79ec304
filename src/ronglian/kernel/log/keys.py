"""What the log needs and the database must not hold: the key that signs checkpoints, the secret behind commitments.

Both are files that are made once, before the first entry. A missing file later is never replaced by a new one: what
was signed and committed to with the old one could no longer be checked.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from ronglian.engines.proof import Signer, Verifier
from ronglian.kernel.models import Event, LogCheckpoint
from ronglian.kernel.secret_files import kept_secret


def log_secret() -> bytes:
    """The secret from which the salts of commitments are made."""
    return _secret(settings.LOG_SECRET_FILE)


def log_signer() -> Signer:
    """The private key under the log's name."""
    return _signer(settings.LOG_KEY_FILE)


def log_key() -> Verifier:
    """The public key under the log's name."""
    return log_signer().verifier


@cache
def _secret(path: Path) -> bytes:
    used = Event.objects.exclude(actor_digest="")
    return bytes.fromhex(_kept(path, "RONGLIAN_LOG_SECRET_FILE", used.exists, lambda: secrets.token_hex(32)))


@cache
def _signer(path: Path) -> Signer:
    return Signer.parse(_kept(path, "RONGLIAN_LOG_KEY_FILE", LogCheckpoint.objects.exists, _new_key))


def _kept(path: Path, variable: str, is_used: Callable[[], bool], make: Callable[[], str]) -> str:
    if not path.exists() and is_used():
        raise ImproperlyConfigured(
            f"The log has been written with a file that is missing now: {path}. Put it back from where you keep it, "
            f"or name its place in {variable}."
        )
    return kept_secret(path, make)


def _new_key() -> str:
    name = f"ronglian.log/{secrets.token_hex(4)}"
    return Signer(name, Ed25519PrivateKey.generate()).private_text()
