"""Two worlds whose hidden answers differ, and nothing that anybody can read before the closing does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from unittest.mock import patch

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client

from ronglian.apps.accounts.models import Person
from ronglian.apps.challenges import evaluating
from ronglian.apps.challenges.models import Evaluation
from ronglian.apps.challenges.operations import evaluation as operations
from ronglian.engines.scoring import split_keys
from ronglian.kernel.actor import Actor
from tests.api.calls import Caller, secret_of
from tests.factories import make_organisation, make_person_of
from tests.factories.challenges import (
    Setting,
    answers_file,
    close,
    evaluate,
    make_draft,
    make_keys,
    publish,
)
from tests.rendering import plain_pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SECRET = bytes(range(32)).hex()
KEYS = [f"r{number:02d}" for number in range(40)]
PUBLIC = split_keys(KEYS, bytes.fromhex(SECRET), 30)
HIDDEN = [key for key in KEYS if key not in PUBLIC]
# What differs from one run of the same world to the next: ids, moments, tokens, and what is drawn at random.
DRAWN = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+(?:[+-][0-9:]+|Z)?"
    r"|csrfmiddlewaretoken\W+value=\W+\w+|nonce=\W*[\w+/=-]+|gAAAAA[\w=-]+"
)


def answers(first: str, second: str) -> bytes:
    """The same in the public rows; in the hidden ones these two in turn."""
    return answers_file(**dict.fromkeys(HIDDEN[::2], first), **dict.fromkeys(HIDDEN[1::2], second))


@pytest.fixture
def people() -> Setting:
    setting = make_keys(make_draft())
    for _each in range(2):
        organisation = make_organisation()
        setting.bidders.append((organisation, make_person_of(organisation)))
    return setting


def look(setting: Setting) -> Iterator[tuple[str, str]]:
    """What every reader is told by every way that leads to the evaluation."""
    readers: dict[str, Client] = {"visitor": Client(headers={"accept-language": "en"})}
    actors: Mapping[str, Actor] = {
        "issuer": setting.buyer, "bidder": setting.bidders[0][1], "other bidder": setting.bidders[1][1],
        **{str(role): actor for role, actor in setting.holders.items()},
    }  # fmt: skip
    programs = {"program": Caller("")}
    for name, actor in actors.items():
        person = Person.objects.get(public_id=actor.person_id)
        readers[name] = Client(headers={"accept-language": "en"})
        readers[name].force_login(person)
        programs[name] = Caller(secret_of(person))
    page, path = f"/challenges/{setting.challenge.public_id}/", f"/challenges/{setting.challenge.public_id}"
    more = ("board/", "board/template.csv", "ocds.json", "call.en.docx")
    for name, client in readers.items():
        for address in (
            page,
            *(f"{page}{each}" for each in more),
            "/challenges/feed.json",
            "/log/",
            f"/work{page}evaluation/",
            "/work/challenges/",
        ):
            yield (
                f"{name} {address.replace(str(setting.challenge.public_id), '')}",
                client.get(address, follow=True).content.decode("utf-8", "replace")
                if not address.endswith("docx")
                else "",
            )
    for name, caller in programs.items():
        for address in (path, f"{path}/board", f"{path}/tries", "/challenges"):
            yield f"{name}'s program {address}", caller.get(address).content.decode()
    for message in mail.outbox:
        yield "mail", message.subject + str(message.body)


def hand_in(setting: Setting, number: int, data: bytes) -> str:
    organisation, actor = setting.bidders[number]
    client = Client(headers={"accept-language": "en"})
    client.force_login(Person.objects.get(public_id=actor.person_id))
    sent = {"bidder": str(organisation.public_id), "results": SimpleUploadedFile("r.csv", data)}
    answer = client.post(f"/work/challenges/{setting.challenge.public_id}/tries/", sent, follow=True)
    return f"{answer.status_code} {answer.content.decode()}"


def world(
    setting: Setting, hidden: tuple[str, str], metric: str, *, closed: bool = False
) -> list[tuple[str, str]]:
    """Everything that is told of it, what is drawn at random taken out."""
    with (
        transaction.atomic(),
        patch.object(evaluating, "new_secret", lambda: SECRET),
        patch.object(operations, "new_secret", lambda: SECRET),
    ):
        evaluate(setting, answers=answers(*hidden), metric=metric)
        publish(setting)
        told = [
            ("scored", hand_in(setting, 0, answers_file())),
            ("scored", hand_in(setting, 1, answers_file(**dict.fromkeys(HIDDEN[:20], "1")))),
            ("scored", hand_in(setting, 1, answers_file(**dict.fromkeys(HIDDEN, "0")))),
            ("a fault", hand_in(setting, 0, answers_file(r05="nan"))),
            ("a class of no answer", hand_in(setting, 0, answers_file(r05="7"))),
            ("rows missing", hand_in(setting, 0, answers_file(30))),
            ("the last one", hand_in(setting, 1, answers_file(r06="1"))),
            ("used up", hand_in(setting, 1, answers_file(r08="1"))),
        ]
        if closed:
            close(setting)
        told += list(look(setting))
        transaction.set_rollback(True)
    return [(place, DRAWN.sub("…", text)) for place, text in told]


@pytest.mark.parametrize(
    "metric",
    [
        *(pytest.param(each, marks=pytest.mark.slow) for each in ("macro_f1", "mae")),
        "accuracy",
        "rmse",
        "auc",
    ],
)
def test_nothing_readable_tells_the_hidden_answers_before_the_closing(people: Setting, metric: str) -> None:
    with plain_pages():
        first, second = (world(people, each, metric) for each in (("1", "0"), ("0", "1")))
        assert len(first) > 60
        assert sum("Scored." in text for _place, text in first) == (
            6 if metric in ("accuracy", "macro_f1") else 5
        )
        wrong = [place for (place, text), (_same, other) in zip(first, second, strict=True) if text != other]
        assert wrong == []


def test_once_bids_have_closed_the_hidden_answers_do_show(people: Setting) -> None:
    """So that the test above looks at what would tell them."""
    with plain_pages():
        first, second = (world(people, each, "accuracy", closed=True) for each in (("1", "0"), ("0", "1")))
    different = {place for (place, text), (_same, other) in zip(first, second, strict=True) if text != other}
    assert {"visitor /challenges//board/", "bidder's program /challenges/…/tries"} <= {
        DRAWN.sub("…", place) for place in different
    }


def test_answers_lie_nowhere_in_the_open(people: Setting) -> None:
    """A value that stands in the hidden answers alone is in no row of the database and no event."""
    word = "canaryanswer"
    evaluate(people, answers=answers_file(**{HIDDEN[3]: word}))
    publish(people)
    hand_in(people, 0, answers_file())
    assert word in str(Evaluation.objects.get().answers)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own tables
            assert not [row for row in cursor.fetchall() if word in str(row)], table
    assert not any(word in text for _place, text in look(people))
