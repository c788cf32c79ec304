"""Mails and exported files carry the latest checkpoint."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from ronglian.apps.accounts.notices import send_notice
from ronglian.engines.proof import Checkpoint
from ronglian.kernel.log.carried import HEADER
from ronglian.kernel.log.keys import log_key
from ronglian.kernel.log.sequencer import keep_log
from tests.api.calls import VISITOR
from tests.factories import make_need

pytestmark = pytest.mark.django_db


def opened(value: str) -> Checkpoint:
    return Checkpoint.open(b64decode(value).decode(), log_key())


def test_before_the_first_checkpoint_nothing_is_carried() -> None:
    send_notice(["a@example.org"], lambda: ("题", "文"))
    assert HEADER not in mail.outbox[0].extra_headers
    assert HEADER not in Client().get("/needs.csv")


def test_mails_and_files_carry_a_checkpoint_that_opens() -> None:
    make_need()
    keep_log(timezone.now())
    send_notice(["a@example.org"], lambda: ("题", "文"))
    size = opened(mail.outbox[0].message()[HEADER]).size
    assert size > 0
    for response in (Client().get("/needs.csv"), VISITOR.get("/needs/export?format=jsonl")):
        assert opened(response[HEADER]).size == size


def test_a_workbook_carries_it_within() -> None:
    make_need()
    keep_log(timezone.now())
    response = Client().get("/needs.xlsx")
    book = ZipFile(BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    assert opened(response[HEADER]).root.hex()
    note = b64decode(response[HEADER]).decode().splitlines()
    assert note[2] in book.read("docProps/core.xml").decode()
