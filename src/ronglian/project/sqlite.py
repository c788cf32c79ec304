"""Which SQLite runs underneath.

System copies from 3.7.0 to 3.51.2 can corrupt a WAL database when two connections write and checkpoint at the
same moment. pysqlite3 bundles a repaired one; where it cannot be installed, WAL is not used.
"""

from __future__ import annotations

import sqlite3
import sys
from importlib import import_module

SAFE_FOR_WAL = (3, 51, 3)


def use_bundled_sqlite() -> None:
    """Let everybody who imports sqlite3 from now on get pysqlite3's, if it is installed and newer."""
    try:
        bundled = import_module("pysqlite3")
    except ImportError:
        return
    if bundled.sqlite_version_info > sqlite3.sqlite_version_info:
        sys.modules["sqlite3"] = bundled
        sys.modules["sqlite3.dbapi2"] = bundled.dbapi2


def is_safe_for_wal() -> bool:
    version: tuple[int, int, int] = import_module("sqlite3").sqlite_version_info
    return version >= SAFE_FOR_WAL
