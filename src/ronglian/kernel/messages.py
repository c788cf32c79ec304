"""Compiling the message catalogues, with or without gettext on the machine."""

from __future__ import annotations

import os
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_messages(folder: Path = LOCALE) -> list[Path]:
    """Write a .mo beside each .po that is newer than its own; answers what was written."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        draft = compiled.with_name(f".{compiled.name}-{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(compiled)  # another process may be reading the old one
        written.append(compiled)
    return written
