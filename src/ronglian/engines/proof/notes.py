"""Signed notes and checkpoints in the forms of C2SP (signed-note, tlog-checkpoint), signed with Ed25519.

A note is a text, an empty line, and a signature line `— name base64(key id ‖ signature)`. A checkpoint's text has
three lines: where the log comes from, how many entries it has, and its root in base64. Whoever keeps a note can hold
the log to it later.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ronglian.engines.proof.hashing import HASH_BYTES

ED25519 = b"\x01"
LARGEST_NOTE = 1 << 20
_NAME = re.compile(r"[^\s+]+")
_SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})\n")
_CHECKPOINT = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n")


class NoteError(ValueError):
    """The text is no such note, or nobody trusted has signed it; the message says which."""


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key under its name; as text `name+keyid+base64`, the form in which it is handed out."""

    name: str
    key: Ed25519PublicKey

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """Read `name+keyid+base64`. Raises NoteError."""
        name, _plus, rest = text.strip().partition("+")
        key_id, _plus, encoded = rest.partition("+")
        raw = decode_base64(encoded)
        if not _NAME.fullmatch(name) or len(raw) != 33 or raw[:1] != ED25519:
            raise NoteError("a public key looks like name+keyid+base64 and is an Ed25519 key")
        verifier = cls(name, Ed25519PublicKey.from_public_bytes(raw[1:]))
        if verifier.key_id.hex() != key_id:
            raise NoteError("the key id does not belong to this name and key")
        return verifier

    def __str__(self) -> str:
        encoded = base64.b64encode(ED25519 + self.key.public_bytes_raw()).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256 over name, line feed, kind of key and key."""
        material = self.name.encode() + b"\n" + ED25519 + self.key.public_bytes_raw()
        return hashlib.sha256(material).digest()[:4]


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key under its name; as text `PRIVATE+KEY+name+keyid+base64`, the form in which it is kept."""

    name: str
    key: Ed25519PrivateKey

    @classmethod
    def parse(cls, text: str) -> Signer:
        """Read `PRIVATE+KEY+name+keyid+base64`. Raises NoteError, which does not repeat the key."""
        parts = text.strip().split("+", 4)
        raw = decode_base64(parts[4]) if len(parts) == 5 else b""
        if parts[:2] != ["PRIVATE", "KEY"] or not _NAME.fullmatch(parts[2]) or raw[:1] != ED25519:
            raise NoteError("a private key looks like PRIVATE+KEY+name+keyid+base64")
        if len(raw) != 33:
            raise NoteError("an Ed25519 key has 32 bytes")
        signer = cls(parts[2], Ed25519PrivateKey.from_private_bytes(raw[1:]))
        if signer.verifier.key_id.hex() != parts[3]:
            raise NoteError("the key id does not belong to this name and key")
        return signer

    def private_text(self) -> str:
        encoded = base64.b64encode(ED25519 + self.key.private_bytes_raw()).decode()
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{encoded}"

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        return Verifier(self.name, self.key.public_key())

    def sign(self, text: str) -> str:
        """The note of a text that ends with a line feed."""
        if not text.endswith("\n") or "\n\n" in text:
            raise NoteError("the text of a note is whole lines without an empty one")
        signature = base64.b64encode(self.verifier.key_id + self.key.sign(text.encode())).decode()
        return f"{text}\n— {self.name} {signature}\n"


def open_note(note: str, verifier: Verifier) -> str:
    """The text of a note the key has signed. Signatures of other keys are passed over. Raises NoteError."""
    if len(note) > LARGEST_NOTE:
        raise NoteError("the note is too long")
    text, separator, signatures = note.rpartition("\n\n")
    text += "\n"
    if not separator or not signatures:
        raise NoteError("a note is a text, an empty line, and signature lines")
    opened = False
    while signatures:
        line = _SIGNATURE.match(signatures)
        if line is None:
            raise NoteError("a signature line looks like: — name base64")
        signatures = signatures[line.end() :]
        raw = decode_base64(line[2])
        if line[1] != verifier.name or raw[:4] != verifier.key_id:
            continue
        try:
            verifier.key.verify(raw[4:], text.encode())
        except InvalidSignature as error:
            raise NoteError("the signature does not belong to this text") from error
        opened = True
    if not opened:
        raise NoteError(f"the note is not signed by {verifier}")
    return text


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """日志检查点: a promise of how the log's first `size` entries read."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read a checkpoint's text. Raises NoteError."""
        found = _CHECKPOINT.fullmatch(text)
        root = decode_base64(found[3]) if found else b""
        if found is None or len(root) != HASH_BYTES:
            raise NoteError("a checkpoint has three lines: origin, number of entries, root in base64")
        return cls(found[1], int(found[2]), root)

    @classmethod
    def open(cls, note: str, verifier: Verifier) -> Checkpoint:
        """The checkpoint in a signed note. Raises NoteError."""
        return cls.parse(open_note(note, verifier))


def decode_base64(text: str) -> bytes:
    """The bytes of base64 in its one canonical writing. Raises NoteError."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError("this is not base64") from error
    if base64.b64encode(raw).decode() != text:
        raise NoteError("this is not canonical base64")
    return raw
