"""A word that stands in sealed bids alone is found nowhere before the opening, and afterwards in the opened bids alone."""

from __future__ import annotations

import base64
import logging
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.views.debug import get_exception_reporter_class

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.challenges.enums import BidState
from ronglian.apps.challenges.models import Bid, HolderKey
from ronglian.apps.challenges.operations import bids as operations
from ronglian.apps.challenges.queries.challenges import receipt_event
from ronglian.apps.matching.keeper import keeper
from ronglian.engines.proof.envelopes import EnvelopeError, envelope_digest, open_envelope, peel_envelope
from ronglian.engines.proof.holder_keys import unlock_holder_key
from ronglian.kernel.actor import Actor
from ronglian.kernel.log.coverage import uncovered_rows
from tests.factories import make_organisation, make_person_of
from tests.factories.challenges import PASSPHRASE, Setting, close, make_open, open_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LARGE = 3 * 1024 * 1024  # more than Django keeps of a file in memory by itself


def canary(number: int) -> str:
    return f"sealedcanary{number:05d}"


def encodings(word: str) -> list[bytes]:
    """The word as bytes, in the ways in which it could lie somewhere; base64 at each of its three places."""
    plain = word.encode()
    whole = [base64.b64encode(b"-" * shift + plain)[4:-4] for shift in range(3)]
    return [plain, word.encode("utf-16-le"), plain.hex().encode(), *whole]


class Search:
    """Looks for all canaries at once: the part that all have in common first."""

    def __init__(self) -> None:
        self.words = encodings("sealedcanary")
        self.words[3:] = [base64.b64encode(b"-" * shift + b"sealedcanary")[4:-4] for shift in range(3)]
        self.hits: list[str] = []

    def look(self, place: str, text: str | bytes) -> None:
        found = text.encode("utf-8", "replace") if isinstance(text, str) else text
        if any(word in found for word in self.words):
            self.hits.append(place)


def client_of(actor: Actor, **options: Any) -> Client:
    client = Client(headers={"accept-language": "en"}, **options)
    client.force_login(Person.objects.get(public_id=actor.person_id))
    return client


def form_of(bidder: Organisation, word: str, size: int = 0) -> dict[str, Any]:
    """A bid with its word in every part, the name of a file included."""
    return {
        "bidder": str(bidder.public_id), "proposal": f"方案 {word}", "answer_0": f"业绩 {word}", "price_fen": "45万元",
        "partners-TOTAL_FORMS": "2", "partners-INITIAL_FORMS": "0",
        "partners-0-name": f"甲 {word}", "partners-0-role": "牵头", "partners-0-share": "60",
        "partners-1-name": "乙", "partners-1-role": f"试验 {word}", "partners-1-share": "40",
        "attachments": SimpleUploadedFile(f"{word}.pdf", b"%PDF-1.7 " + word.encode() + bytes(size)),
    }  # fmt: skip


def hand_in(setting: Setting, number: int) -> Client:
    bidder = make_organisation()
    actor = make_person_of(bidder)
    setting.bidders.append((bidder, actor))
    client = client_of(actor)
    address = f"/work/challenges/{setting.challenge.public_id}/bid/"
    response = client.post(address, form_of(bidder, canary(number), 0 if number else LARGE))
    assert response.status_code == 302, response.context["form"].errors
    return client


def refusals(setting: Setting, search: Search) -> None:
    """What is not taken leaves nothing behind either: an empty proposal, a file that is no PDF, a fault of ours."""
    bidder, actor = setting.bidders[0]
    address, client = f"/work/challenges/{setting.challenge.public_id}/bid/", client_of(actor)
    word = canary(99_999)
    assert client.post(address, {**form_of(bidder, word), "proposal": ""}).status_code == 422
    wrong = SimpleUploadedFile(f"{word}.pdf", b"MZ " + word.encode())
    assert client.post(address, {**form_of(bidder, word), "attachments": wrong}).status_code == 422
    broken = client_of(actor, raise_request_exception=False)

    def fail(*_args: Any, **_named: Any) -> Any:
        raise RuntimeError("a fault of ours")

    with patch.object(operations, "seal_envelope", fail):
        response = broken.post(address, form_of(bidder, word))
    assert response.status_code == 500
    search.look("the page of a fault", response.content)
    assert response.exc_info is not None
    request = response.wsgi_request
    report = get_exception_reporter_class(request)(request, *response.exc_info)
    assert "a fault of ours" in report.get_traceback_text()
    for text in (report.get_traceback_text(), report.get_traceback_html()):
        search.look("a report of a fault", text)


def stored() -> Iterator[tuple[str, bytes]]:
    """Every row past the models, as a backup holds it, and what is packed in sessions."""
    for model in apps.get_models():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608 - our own tables
            for row in cursor:
                yield model._meta.label, str(row).encode()
    for session in Session.objects.all():
        yield "session", str(session.get_decoded()).encode()


def look_everywhere(setting: Setting, search: Search, folder: Path, logs: str) -> None:
    for place, row in stored():
        search.look(place, row)
    keeper.rebuild()
    for path in [*folder.rglob("*"), *keeper._folder.rglob("*")]:
        if path.is_file():
            search.look(str(path), path.read_bytes())
    search.look("log", logs)
    for message in mail.outbox:
        search.look("mail", message.subject + str(message.body))
    readers = [
        client_of(actor) for actor in (setting.buyer, *setting.holders.values(), setting.bidders[-1][1])
    ]
    address = f"/challenges/{setting.challenge.public_id}/"
    for reader in (*readers, Client()):
        for page in ("/challenges/", "/challenges/feed.json", address, "/work/challenges/", "/log/"):
            search.look(page, reader.get(page, follow=True).content)


def canaries(count: int, tmp_path: Path, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.UPLOADS, settings.DEBUG = tmp_path / "uploads", False
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    caplog.set_level(logging.DEBUG)
    made: list[str] = []

    def noticed(make: Callable[..., Any]) -> Callable[..., Any]:
        def make_and_tell(*args: Any, **named: Any) -> Any:
            made.append(str(args))
            return make(*args, **named)

        return make_and_tell

    setting, search = make_open(), Search()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        search.look("sent to the database", f"{sql} {params}")
        return execute(sql, params, many, context)

    with (
        connection.execute_wrapper(
            watch
        ),  # whatever is not sent lies in no page, no journal and no log of a server
        # All kinds of temporary files are made there, whichever name of them was imported where.
        patch.object(tempfile, "_mkstemp_inner", noticed(tempfile._mkstemp_inner)),  # type: ignore[attr-defined]  # it has no public name
    ):
        for number in range(count):
            hand_in(setting, number)
        refusals(setting, search)
    assert made == [], "no file on disk, not even for a moment"
    look_everywhere(setting, search, tmp_path, caplog.text)
    assert search.hits == []
    for bid in Bid.objects.all():
        assert (
            receipt_event(bid).data["digest"] == envelope_digest(base64.b64decode(bid.envelope)) == bid.digest
        )
    close(setting)
    look_everywhere(setting, search, tmp_path, caplog.text)
    assert search.hits == [], "closed, and still sealed"
    open_all(setting)
    opened = Bid.objects.filter(challenge=setting.challenge, state=BidState.OPENED)
    found = {str(bid.content).count("sealedcanary") for bid in opened}
    assert opened.count() == count
    assert found == {5}, "the canaries were planted in every part"
    assert not list(uncovered_rows(Bid))
    for place, row in stored():
        search.look(place, row)
    assert search.hits == [], "opened bids are sealed rows"


def test_a_few_canaries(tmp_path: Path, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    canaries(3, tmp_path, settings, caplog)


@pytest.mark.slow
def test_a_thousand_canaries(tmp_path: Path, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    canaries(1000, tmp_path, settings, caplog)


def opened_by_two(envelope: bytes, keys: dict[str, Any]) -> bytes:
    peeled = peel_envelope(envelope, holder="buyer", key=keys["buyer"])
    return open_envelope(envelope, peeled, holder="escrow", key=keys["escrow"])


def bits_of(step: int) -> int:
    """Change single bits of a stored bid, every `step`-th; answers how many were refused to the pair that would open it."""
    keys = {key.role: unlock_holder_key(key.kept_key, PASSPHRASE) for key in HolderKey.objects.all()}
    bid = Bid.objects.get()
    envelope = base64.b64decode(bid.envelope)
    assert opened_by_two(envelope, keys)
    asked = range(0, len(envelope) * 8, step)
    for bit in asked:
        changed = bytearray(envelope)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(EnvelopeError):
            opened_by_two(bytes(changed), keys)
        assert envelope_digest(bytes(changed)) != bid.digest
    return len(asked)


def keep_one_bid() -> None:
    hand_in(make_open(), 7)


def test_some_changed_bits_of_a_stored_bid_are_refused() -> None:
    keep_one_bid()
    assert bits_of(997) > 40


@pytest.mark.slow
def test_every_changed_bit_of_a_stored_bid_is_refused() -> None:
    keep_one_bid()
    assert bits_of(1) > 40_000
