"""Asking, and what an answer is called in the table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from django.db import transaction
from django.db.models import Max

from ronglian.apps.matching.keeper import keeper
from ronglian.kernel.models import Event
from tests.authorization.dimensions import ABSENT, sampled
from tests.authorization.endpoints import Endpoint
from tests.authorization.world import ANNEX, QUIET_NAME, SECRET, Absent, Asker, Subject, title_of

# Random for every answer: tokens against forgery, nonces of the content security policy, and what carries them;
# links by which somebody answers a survey, which the reader of the page has anyway.
NOISE = re.compile(
    r"name=\"csrfmiddlewaretoken\" value=\"[^\"]*\"|nonce=\"[^\"]*\"|'nonce-[^']*'|X-CSRFToken[^}]*"
    r"|/survey/[\w.%-]+"
    r"|(csrftoken|sessionid)=[^;]*; expires=[^;]*|'Expires', '[^']*'"
)
NOT_IN_LISTS = "-"
SHOWN = "shown"


def content_of(response: Any) -> str:
    """The body, read once; a streamed one is kept for the next reader. Of a file that is no text, what can be read."""
    if response.streaming:
        response.streaming_content = [b"".join(response.streaming_content)]
        (body,) = list(response.streaming_content)
        response.streaming_content = [body]
        return str(body.decode(errors="replace"))
    return str(response.content.decode(errors="replace"))


def fingerprint(response: Any, *ids: Any) -> str:
    """Status, headers, cookies and body without noise, and without the ids that were asked for."""
    text = f"{response.status_code}\n{sorted(response.items())}\n{response.cookies}\n{content_of(response)}"
    for each in ids:
        text = text.replace(str(each), "<id>")
    return NOISE.sub("~", text)


def ask(asker: Asker, actor: str, endpoint: Endpoint, subject: Subject) -> tuple[Any, bool]:
    """The answer, and whether something was written. What was written is undone."""
    world = asker.world
    path, body = endpoint.path(world, subject), endpoint.body(world, subject)
    if endpoint.method == "GET":
        return asker.ask(actor, endpoint.door, "GET", path, **endpoint.headers), False
    with transaction.atomic():
        before = last_event()
        response = asker.ask(actor, endpoint.door, endpoint.method, path, body, **endpoint.headers)
        response.render() if hasattr(response, "render") else None
        wrote = last_event() != before
        transaction.set_rollback(True)
    if wrote:
        keeper.forget()
    return response, wrote


def last_event() -> int:
    """The latest event but for readings of what is not open to all: these are written down once a day, whatever is asked."""
    events = Event.objects.exclude(name__in=("nda.details_shown", "bid.read"))
    return int(events.aggregate(Max("id"))["id__max"])


def called(response: Any, wrote: bool, endpoint: Endpoint, state: str) -> str:
    """`200`, `302*` where something was written, `login` where one is sent to sign in; and what was told."""
    location = response.headers.get("Location", "")
    cell = "login" if location.startswith("/accounts/login/") else str(response.status_code)
    told = []
    if response.status_code < 300:
        content = content_of(response)
        if state == "anonymous" and QUIET_NAME in content:
            told.append("owner")
        if state == "under_agreement" and SECRET in content:
            told.append("details")
        if ANNEX in content:
            told.append("annex")
    return " ".join([cell + "*" * wrote, *told])


Row = tuple[str, ...]


def rows_of(
    asker: Asker, endpoint: Endpoint, actors: Sequence[str], *, whole: bool
) -> Iterator[tuple[Row, dict[str, str]]]:
    """The rows of an endpoint: door, name, method, what it is about, state; and a cell for each actor that is asked.

    Not `whole`: each actor asks about every fourth of the things, the next actor about the next (`dimensions.sampled`).
    """
    if endpoint.lists:
        yield from rows_of_list(asker, endpoint, actors)
        return
    head = (endpoint.door, endpoint.name, endpoint.method)
    subjects = asker.world.subjects(endpoint.about)
    nowhere = subjects.pop(ABSENT, None)
    where = endpoint.path(asker.world, None) if endpoint.about == "site" else endpoint.about
    for at, (state, subject) in enumerate(subjects.items()):
        cells = {}
        for actor in actors if whole else sampled(actors, at, len(subjects)):
            response, wrote = ask(asker, actor, endpoint, subject)
            cells[actor] = called(response, wrote, endpoint, state)
            if nowhere is not None:
                check_denied_is_absent(asker, actor, endpoint, subject, response)
        yield (*head, where, state), cells
    if nowhere is not None:
        yield (*head, where, ABSENT), {actor: of_absent(asker, actor, endpoint).cell for actor in actors}


def of_absent(asker: Asker, actor: str, endpoint: Endpoint) -> Absent:
    """What this actor is answered about a thing that is not there; asked once."""
    key = (actor, id(endpoint))
    if key not in asker.absent:
        nowhere = asker.world.subjects(endpoint.about)[ABSENT]
        response, wrote = ask(asker, actor, endpoint, nowhere)
        cell = called(response, wrote, endpoint, ABSENT)
        asker.absent[key] = Absent(cell, response.status_code, fingerprint(response, nowhere.public_id))
    return asker.absent[key]


def check_denied_is_absent(
    asker: Asker, actor: str, endpoint: Endpoint, subject: Subject, response: Any
) -> None:
    """An answer with the status of an absent thing is that of an absent thing, byte for byte."""
    _cell, status, expected = of_absent(asker, actor, endpoint)
    if response.status_code == status:
        found = fingerprint(response, subject.public_id)
        if found != expected:
            differing = next(i for i, pair in enumerate(zip_longest(found, expected)) if len(set(pair)) > 1)
            part = slice(max(differing - 80, 0), differing + 80)
            raise AssertionError(f"{actor} {endpoint} {subject}: {found[part]!r} is not {expected[part]!r}")


def rows_of_list(
    asker: Asker, endpoint: Endpoint, actors: Sequence[str]
) -> Iterator[tuple[Row, dict[str, str]]]:
    """One call for each actor; the cells of each thing of ours say whether it is in the list."""
    head = (endpoint.door, endpoint.name, endpoint.method)
    answers = {actor: ask(asker, actor, endpoint, None)[0] for actor in actors}
    texts = {actor: content_of(response) for actor, response in answers.items()}
    where = endpoint.path(asker.world, None)
    statuses = {actor: called(response, False, endpoint, "") for actor, response in answers.items()}
    yield (*head, where, "status"), statuses
    for about in endpoint.lists:
        for state, subject in asker.world.subjects(about).items():
            if state == ABSENT:
                continue
            marks = [str(subject.public_id), title_of(about, state)]
            cells = {
                actor: SHOWN if any(mark in text for mark in marks) else NOT_IN_LISTS
                for actor, text in texts.items()
            }
            yield (*head, where, f"{about} {state}"), cells
