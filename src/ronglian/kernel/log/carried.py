"""The latest checkpoint as mails and exported files carry it: whoever keeps one can show that an earlier history was rewritten."""

from __future__ import annotations

from base64 import b64encode

from ronglian.kernel.log.sequencer import latest_checkpoint

HEADER = "Ronglian-Checkpoint"


def checkpoint_note() -> str:
    """The signed note as it stands; empty before the first checkpoint."""
    row = latest_checkpoint()
    return "" if row is None else row.note


def carried_checkpoint() -> dict[str, str]:
    """The header of a mail or of an answer that holds a file: the signed note in base64, for it has several lines."""
    note = checkpoint_note()
    return {HEADER: b64encode(note.encode()).decode()} if note else {}
