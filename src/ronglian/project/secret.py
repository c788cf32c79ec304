"""The secret key of a single machine."""

from __future__ import annotations

import secrets
from pathlib import Path

from ronglian.kernel.secret_files import kept_secret


def machine_secret(path: Path) -> str:
    """The key kept at `path`, made there first if need be."""
    return kept_secret(path, lambda: secrets.token_urlsafe(50))
