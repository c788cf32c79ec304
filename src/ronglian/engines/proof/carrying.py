"""How a checkpoint travels with what is sent and kept: as a header of a mail or an answer, or as a file beside another."""

from __future__ import annotations

from base64 import b64decode, b64encode
from email import message_from_bytes

CHECKPOINT_HEADER = "Ronglian-Checkpoint"


def as_header(note: str) -> str:
    """The signed note in one line, for it has several: base64."""
    return b64encode(note.encode()).decode()


def note_within(content: bytes) -> str:
    """The note in a kept file: that of a saved mail, or of saved headers of an answer; else the file is the note."""
    if content.startswith(b"HTTP/"):
        content = content.partition(b"\n")[2]  # the line above the headers of an answer
    found = message_from_bytes(content)[CHECKPOINT_HEADER]
    if found is None:
        return content.decode("utf-8", "replace")
    try:
        return b64decode("".join(str(found).split()), validate=True).decode("utf-8", "replace")
    except ValueError:
        return ""  # no note: whoever checks it says so
