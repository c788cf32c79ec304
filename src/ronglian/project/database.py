"""Which database: SQLite inside unless DATABASE_URL names a PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from ronglian.project.sqlite import is_safe_for_wal


def database_from_environment(environment: Mapping[str, str], var: Path) -> dict[str, Any]:
    """Django's settings of the default database.

    Raises ValueError when DATABASE_URL is set to something other than postgresql://user:password@host/name.
    """
    address = environment.get("DATABASE_URL", "")
    if address:
        return _postgresql(address)
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    return sqlite_settings(var / "ronglian.sqlite3")


def sqlite_settings(path: Path) -> dict[str, Any]:
    """WAL with full synchronisation: no acknowledged write is lost when the power fails."""
    journal = "WAL" if is_safe_for_wal() else "DELETE"
    return {
        "ENGINE": "ronglian.kernel.sqlite_gate",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                f"PRAGMA journal_mode={journal}; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000; "
                "PRAGMA journal_size_limit=67108864; PRAGMA temp_store=MEMORY;"
            ),
        },
    }


def _postgresql(address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ValueError("DATABASE_URL must look like postgresql://user:password@host:5432/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
