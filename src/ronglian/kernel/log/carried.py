"""The latest checkpoint as mails and files carry it: whoever keeps one can show that an earlier history was rewritten.

A format with a place for remarks carries the signed note within. CSV and JSON Lines have none, a line more would be a
record more: beside them lies a companion, the file's name with `COMPANION`, or the answer has a header.
"""

from __future__ import annotations

from ronglian.engines.proof import CHECKPOINT_HEADER, as_header
from ronglian.kernel.log.sequencer import latest_checkpoint

COMPANION = ".checkpoint"


def checkpoint_note() -> str:
    """The signed note as it stands; empty before the first checkpoint."""
    row = latest_checkpoint()
    return "" if row is None else row.note


def carried_checkpoint() -> dict[str, str]:
    """The header of a mail or of an answer that holds a file."""
    note = checkpoint_note()
    return {CHECKPOINT_HEADER: as_header(note)} if note else {}
