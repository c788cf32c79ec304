"""Mails and files carry the latest checkpoint, and what they carry is taken as a checkpoint that was kept."""

from __future__ import annotations

import csv
import json
import re
import zlib
from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from ronglian.apps.accounts.notices import send_notice
from ronglian.engines.proof import CHECKPOINT_HEADER as HEADER
from ronglian.engines.proof import Checkpoint, as_header, note_within, verify_log
from ronglian.kernel.documents import Document, Paragraph
from ronglian.kernel.documents import pdf as of_pdf
from ronglian.kernel.log.carried import checkpoint_note
from ronglian.kernel.log.keys import log_key
from ronglian.kernel.log.proofs import exported_log
from ronglian.kernel.log.sequencer import keep_log
from ronglian.web.bundles import zipped
from ronglian.web.files import document_file
from tests.api.calls import VISITOR
from tests.factories import make_member, make_need, make_organisation
from tests.paths import REPOSITORY

pytestmark = pytest.mark.django_db
SOURCE = REPOSITORY / "src" / "ronglian"


def opened(value: str) -> Checkpoint:
    return Checkpoint.open(b64decode(value).decode(), log_key())


def content_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def unpacked(drawn: bytes) -> bytes:
    """What stands in the packed parts of a PDF."""
    parts = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", drawn, re.DOTALL)
    return b"".join(zlib.decompressobj().decompress(part) for part in parts if part[:1] == b"\x78")


@pytest.fixture
def note() -> str:
    """A need is registered and signed for."""
    make_need(title="除铬")
    keep_log(timezone.now())
    return checkpoint_note()


def test_before_the_first_checkpoint_nothing_is_carried() -> None:
    send_notice(["a@example.org"], lambda: ("题", "文"))
    assert HEADER not in mail.outbox[0].extra_headers
    assert HEADER not in Client().get("/needs.csv")
    assert len(ZipFile(BytesIO(content_of(Client().get("/needs.zip")))).namelist()) == 1


def test_mails_and_files_carry_a_checkpoint_that_opens(note: str) -> None:
    send_notice(["a@example.org"], lambda: ("题", "文"))
    size = opened(mail.outbox[0].message()[HEADER]).size
    assert size > 0
    for response in (Client().get("/needs.csv"), VISITOR.get("/needs/export?format=jsonl")):
        assert opened(response[HEADER]).size == size


def test_mails_about_an_account_carry_it(note: str) -> None:
    person = make_member(make_organisation())
    Client().post("/accounts/password/reset/", {"email": person.email})
    assert mail.outbox[0].message()[HEADER] == as_header(note)


def test_whoever_writes_a_mail_gives_it_the_checkpoint() -> None:
    """A mail made anywhere else would be one that carries nothing."""
    makers = [path for path in SOURCE.rglob("*.py") if "EmailMessage(" in path.read_text(encoding="utf-8")]
    assert len(makers) > 3
    assert [path for path in makers if "carried_checkpoint()" not in path.read_text(encoding="utf-8")] == []


def test_whatever_is_handed_out_as_a_file_carries_it_and_pages_do_not(note: str) -> None:
    member = Client()
    member.force_login(make_member(make_organisation()))
    files = ["/needs.jsonl", "/needs.xlsx", "/needs.zip", "/organisations.csv", "/work/account/data.json"]
    for path in (*files, "/work/imports/template/needs.csv"):
        response = member.get(path)
        assert response[HEADER] == as_header(note), path
    for path in ("/needs/", "/log/", "/needs.docx"):
        assert HEADER not in member.get(path), path


def test_a_workbook_carries_it_within(note: str) -> None:
    book = ZipFile(BytesIO(content_of(Client().get("/needs.xlsx"))))
    assert note.splitlines()[2] in book.read("docProps/core.xml").decode()


def test_an_archive_holds_the_list_and_the_checkpoint_beside_it(note: str) -> None:
    for path in ("/needs", "/organisations"):
        plain = content_of(Client().get(f"{path}.csv"))
        archive = ZipFile(BytesIO(content_of(Client().get(f"{path}.zip"))))
        assert archive.testzip() is None
        table, beside = archive.namelist()
        assert beside == f"{table}.checkpoint"
        assert archive.read(table) == plain
        assert archive.read(beside).decode() == note


def test_lines_and_tables_hold_records_alone(note: str) -> None:
    """Whoever reads CSV or JSON Lines finds no line that is none."""
    table = list(csv.reader(StringIO(content_of(Client().get("/needs.csv")).decode("utf-8-sig"))))
    assert [len(row) for row in table] == [len(table[0])] * 2
    lines = content_of(Client().get("/needs.jsonl")).splitlines()
    assert [json.loads(line)["title"] for line in lines] == ["除铬"]


def test_an_archive_is_written_while_its_pieces_come() -> None:
    made: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(3):
            made.append(number)
            yield bytes(200_000)

    archive = zipped([("一.csv", pieces()), ("empty", [])])
    next(archive)
    assert made == [0]
    assert sum(map(len, archive)) < 5_000
    assert made == [0, 1, 2]


def test_one_s_own_data_and_documents_carry_it_within(note: str) -> None:
    member = Client()
    member.force_login(make_member(make_organisation()))
    assert member.get("/work/account/data.json").json()["checkpoint"] == note
    document = Document("合同", "", (Paragraph("文"),))
    written = docx.Document(BytesIO(document_file(document, "x", "docx").content))
    assert written.core_properties.comments == note
    assert as_header(note) in of_pdf.as_page(document, note)
    held = f"/rongliancheckpoint ({as_header(note)})".encode()
    assert held in unpacked(of_pdf.as_pdf(document, note))
    assert b"rongliancheckpoint" not in unpacked(of_pdf.as_pdf(document))


def test_what_a_mail_or_an_answer_carried_is_a_checkpoint_that_was_kept(note: str, tmp_path: Path) -> None:
    send_notice(["a@example.org"], lambda: ("题", "文"))
    response = Client().get("/needs.csv")
    headers = "".join(f"{name}: {value}\r\n" for name, value in response.items())
    kept = [
        mail.outbox[0].message().as_bytes(),
        f"HTTP/1.1 200 OK\r\n{headers}\r\n".encode(),
        note.encode(),
    ]
    make_need()
    keep_log(timezone.now() + timedelta(hours=1))
    for content in kept:
        assert note_within(content) == note
        found = verify_log(exported_log(), log_key(), [note_within(content)])
        assert (found.difference, found.checkpoints) == (None, 2)
    for broken in (kept[0].replace(b"Checkpoint: ", b"Checkpoint: !"), b"", b"\xff"):
        assert verify_log(exported_log(), log_key(), [note_within(broken)]).difference is not None
