"""What kind of file something is, by its content: names lie. And how large a file may be."""

from __future__ import annotations

import codecs
import zipfile
from enum import StrEnum
from pathlib import Path

from ronglian.apps.registry.imports.problems import FileProblem

MIB = 1024 * 1024
LARGEST_UNPACKED = 200 * MIB
MOST_MEMBERS = 1_000
MOST_ROWS = 200_000
MOST_COLUMNS = 500

_ZIP = b"PK\x03\x04"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_GZIP = b"\x1f\x8b"
_BINARY = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"Rar!",
    b"7z\xbc\xaf",
    b"GIF8",
    b"\x7fELF",
    b"PK\x05\x06",
    b"BZh",
    b"SQLite format 3",
)
# UTF-32 goes first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class FileFormat(StrEnum):
    """文件格式."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"
    JSONL_GZ = "jsonl.gz"


# 100,000 records are about 15 MB as workbook, 30 MB as CSV, 40 MB as JSON Lines.
LARGEST = {
    FileFormat.CSV: 60 * MIB,
    FileFormat.XLSX: 30 * MIB,
    FileFormat.JSONL: 100 * MIB,
    FileFormat.JSONL_GZ: 30 * MIB,
}
# How files of each format may be called; a name without an ending says nothing.
ENDINGS = {
    FileFormat.CSV: {"csv", "tsv", "txt"},
    FileFormat.XLSX: {"xlsx"},
    FileFormat.JSONL: {"jsonl", "ndjson", "json", "txt"},
    FileFormat.JSONL_GZ: {"gz"},
}
# Parts of a workbook that hold programs.
_MACROS = ("vbaproject.bin", "vbadata.xml")
_MACRO_FOLDERS = ("xl/macrosheets/", "xl/activex/")


def largest_of(head: bytes) -> int:
    """How large a file that begins so may be, in bytes."""
    if head.startswith(_ZIP):
        return LARGEST[FileFormat.XLSX]
    if head.startswith(_GZIP):
        return LARGEST[FileFormat.JSONL_GZ]
    return LARGEST[FileFormat.JSONL if _decoded_start(head).lstrip().startswith("{") else FileFormat.CSV]


def require_fitting_name(name: str, file_format: FileFormat) -> None:
    """Raise FileProblem where the name says something else than the content: one of the two is a mistake, or a lie."""
    stem, dot, ending = name.rpartition(".")
    if stem and dot and ending.isalnum() and len(ending) <= 5 and ending.lower() not in ENDINGS[file_format]:
        raise FileProblem("named_otherwise", ending=ending.lower(), format=file_format.value)


def detect_format(path: Path) -> FileFormat:
    """The format of the file. Raises FileProblem for what is none of ours, saying what it is."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise FileProblem("empty_file")
    if head.startswith(_ZIP):
        check_archive(path)
        return FileFormat.XLSX
    if head.startswith(_OLE):
        raise FileProblem("encrypted" if _is_encrypted(path) else "old_xls")
    if head.startswith(_GZIP):
        return FileFormat.JSONL_GZ
    if head.startswith(_BINARY):
        raise FileProblem("not_a_table")
    start = _decoded_start(head).lstrip()
    if start.startswith("{"):
        return FileFormat.JSONL
    if start.startswith("[") and start[1:].lstrip().startswith(("{", "]")):
        raise FileProblem("json_array")
    if start.lower().startswith(("<!doctype", "<html", "<?xml", "<table")):
        raise FileProblem("web_page")
    return FileFormat.CSV


def check_archive(path: Path) -> None:
    """Refuse an archive that is damaged, is no workbook, or would unpack to too much, before anything unpacks it."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise FileProblem("damaged_archive") from error
    names = {member.filename for member in members}
    if len(members) > MOST_MEMBERS:
        raise FileProblem("too_many_members", count=len(members), limit=MOST_MEMBERS)
    if any(member.flag_bits & 1 for member in members):
        raise FileProblem("encrypted")
    if "xl/workbook.xml" not in names:
        raise FileProblem("not_a_workbook")
    if any(_is_macro(name.lower()) for name in names):
        raise FileProblem("macros")
    unpacked = sum(member.file_size for member in members)
    if unpacked > LARGEST_UNPACKED:
        raise FileProblem("unpacks_too_large", megabytes=unpacked // MIB, limit=LARGEST_UNPACKED // MIB)


def _is_macro(name: str) -> bool:
    return name.endswith(_MACROS) or name.startswith(_MACRO_FOLDERS)


def detect_encoding(path: Path) -> str:
    """The encoding of a text file: by its mark, else UTF-8, else GB 18030, each tried on the whole file.

    Raises FileProblem with the row where neither fits.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    marked = _by_mark(head)
    if marked:
        _require_decodes(path, marked)
        return marked
    if b"\x00" in head:
        guessed = _unmarked_utf16(head)
        if guessed is None:
            raise FileProblem("binary", row=head[: head.index(b"\x00")].count(b"\n") + 1)
        _require_decodes(path, guessed)
        return guessed
    if _first_undecodable(path, "utf-8") is None:
        return "utf-8"
    _require_decodes(path, "gb18030")
    return "gb18030"


def _by_mark(head: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)


def _unmarked_utf16(head: bytes) -> str | None:
    """UTF-16 without its mark: ASCII separators leave every other byte zero somewhere, and the text decodes."""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = head[: len(head) // 2 * 2].decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and any(mark in text for mark in ",;\t\n"):
            return encoding
    return None


def _require_decodes(path: Path, encoding: str) -> None:
    row = _first_undecodable(path, encoding)
    if row is not None:
        raise FileProblem("encoding", row=row)


def _first_undecodable(path: Path, encoding: str) -> int | None:
    """The line that does not decode, or None."""
    decoder = codecs.getincrementaldecoder(encoding)()
    row = 1
    with path.open("rb") as file:
        while True:
            block = file.read(64 * 1024)
            try:
                row += decoder.decode(block, final=not block).count("\n")
            except UnicodeDecodeError as error:
                return row + block[: max(0, error.start)].count(b"\n")
            if not block:
                return None


def _decoded_start(head: bytes) -> str:
    encoding = _by_mark(head) or (_unmarked_utf16(head) if b"\x00" in head else None) or "utf-8"
    return head.decode(encoding, errors="ignore")


def _is_encrypted(path: Path) -> bool:
    """A password-protected .xlsx is an OLE file with this stream; an old .xls has none."""
    with path.open("rb") as file:
        return "EncryptedPackage".encode("utf-16-le") in file.read()
