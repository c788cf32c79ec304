"""A word that stands in secret fields alone is found nowhere else: not on pages, in logs, jobs, the index, or the tables."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.test import Client
from django_tasks_db.models import DBTaskResult

from ronglian.apps.disclosure.agreement_text import agreement_text
from ronglian.apps.disclosure.operations.agreements import grant_nda
from ronglian.apps.matching.enums import DecisionKind, DecisionReason
from ronglian.apps.matching.keeper import keeper
from ronglian.apps.matching.operations.matches import decide_match, suggest_matches
from ronglian.apps.matching.rules import Pair
from ronglian.apps.registry.models import Need, RegistryRecord, Result
from ronglian.apps.registry.opening import open_records, save_record
from ronglian.apps.registry.operations.disclosure import keep_annex, sign_nda
from ronglian.apps.registry.operations.drafts import keep_draft
from ronglian.apps.registry.operations.imports import check_import, stage_import
from ronglian.apps.registry.operations.records import check_and_derive
from ronglian.apps.registry.queries.records import access_record
from ronglian.kernel.actor import Role
from tests.api.calls import Caller
from tests.factories import SYSTEM, make_person_of
from tests.reliability.two_worlds import Base, addresses, build, calls

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="(/[^"#]*)"')
MOST_PAGES = 150
SIGN_OUT = ("/account", "/i18n", "/static", "/work/")


def canary(number: int) -> str:
    return f"canary{number:03d}zq"


def plant(base: Base) -> list[str]:
    """A word of its own in every confidential text, amounts that occur nowhere else, and an annex to each record."""
    words: list[str] = []
    for record in base.closed:
        open_records([record])
        for name in record.nda_fields:
            value = getattr(record, name)
            if isinstance(value, str):
                words.append(canary(len(words)))
                setattr(record, name, f"{words[-1]} 电镀废水六价铬 ≤ 0.1 mg/L")
            elif name.endswith("_fen"):
                words.append(str(71_350_900 + len(words)))
                setattr(record, name, int(words[-1]))
        assert record.confirmed_on is not None
        check_and_derive(record, record.confirmed_on)
        save_record(record)
        words.append(canary(len(words)))
        keep_annex(actor=SYSTEM, record=record, text=words[-1])
    return words


def use(base: Base) -> None:
    """Everything that happens to such records: matched, decided on, signed for, read, found as like others."""
    need, result, _scene = base.closed
    assert isinstance(need, Need)
    assert isinstance(result, Result)
    for record in (need, result):
        suggest_matches(actor=SYSTEM, record=type(record).objects.get(pk=record.pk))
    owner = make_person_of(need.owner, Role.OWNER)
    opened = access_record(owner, Need, need.public_id)
    decide_match(
        actor=owner,
        pair=Pair(opened, base.results[0]),
        kind=DecisionKind.CONFIRMED,
        reason=DecisionReason.FITS_PROBLEM,
    )
    insider = make_person_of(base.owners[3], Role.OWNER)
    nda = sign_nda(
        actor=insider,
        record=need,
        organisation=base.owners[3],
        purpose="评估",
        text_digest=agreement_text().digest,
    )
    grant_nda(actor=owner, nda=nda)
    access_record(insider, Need, need.public_id)
    keep_draft(actor=owner, form="needs", subject=str(need.public_id), fields={"details": opened.details})
    keeper.rebuild()


def stage(base: Base, words: list[str]) -> None:
    """A file that waits to be taken over, one of its rows to be corrected; each holds details under an agreement."""
    words += [canary(len(words)), canary(len(words) + 1)]
    rows = f"一,甲,是,{words[-2]}\n二,,是,{words[-1]}"
    file = BytesIO(f"需求编号,需求名称,详情保密,需求详情\n{rows}\n".encode())
    batch = stage_import(actor=SYSTEM, owner=base.owners[0], kind="needs", file=file, filename="保密.csv")
    checked = check_import(actor=SYSTEM, batch=batch)
    assert any(words[-2] in str(row.values) for row in checked.rows.all()), "the canaries were planted"


def pages(client: Client, start: list[str]) -> Iterator[tuple[str, str]]:
    """The pages from which one starts, and those they lead to."""
    known, waiting = set(start), list(start)
    while waiting and len(known) < MOST_PAGES:
        path = waiting.pop(0)
        response: Any = client.get(path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        text = body.decode(errors="replace") + str(response.headers)
        yield path, text
        for link in (found.replace("&amp;", "&") for found in LINK.findall(text)):
            if link not in known and not link.startswith(SIGN_OUT):
                known.add(link)
                waiting.append(link)


def tables() -> Iterator[tuple[str, str]]:
    """Every row of every table, as a plain backup holds it: asked past the models, which open what is sealed."""
    for model in apps.get_models():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608 - our own tables
            for row in cursor:
                yield model._meta.label, str(row)


def test_no_canary_is_found_anywhere(tmp_path: Path, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.UPLOADS = tmp_path / "uploads"
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    caplog.set_level(logging.DEBUG)
    base = build(7)
    words = plant(base)
    use(base)
    stage(base, words)
    hits = []

    def look(place: str, text: str) -> None:
        hits.extend((place, word) for word in words if word in text)

    for name, reader in base.readers.items():
        if isinstance(reader, Caller):
            for path in calls(base):
                response = reader.get(path)
                body = b"".join(response.streaming_content) if response.streaming else response.content
                look(f"{name} {path}", body.decode())
        else:
            for path, text in pages(reader, addresses(base)):
                look(f"{name} {path}", text)
    for label, row in tables():
        look(label, row)
    assert DBTaskResult.objects.exists()
    files = [path for path in keeper._folder.rglob("*") if path.is_file()]
    assert files
    for path in files:
        look(path.name, path.read_bytes().decode("utf-8", "replace"))
        look(path.name, path.read_bytes().decode("utf-16-le", "replace"))
    look("log", caplog.text)
    for message in mail.outbox:
        look("mail", message.subject + message.body)
    assert hits == []
    owner = make_person_of(base.closed[0].owner)
    opened: RegistryRecord = access_record(owner, Need, base.closed[0].public_id)
    found = str(vars(opened))
    assert sum(word in found for word in words) >= len(Need.nda_fields) - 2, "the canaries were planted"
