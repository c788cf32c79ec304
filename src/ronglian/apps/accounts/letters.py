"""Writing letters and sending them, each once, whatever happens to the worker.

A letter is posted in the transaction of what it tells of, like a job. `deliver` writes the text at the last moment, as
the person who gets it: what it may not read any more is not in it, and a letter with nothing left to say is not sent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.utils import timezone

from ronglian.apps.accounts.models import Letter, Person
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.kernel.actor import Actor
from ronglian.kernel.log.carried import carried_checkpoint

logger = logging.getLogger(__name__)
# A worker that took a letter and is silent for so long is dead.
GIVEN_UP = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Content:
    """What a letter says."""

    subject: str
    text: str
    headers: dict[str, str] = field(default_factory=dict)


Writer = Callable[[Letter, Actor], Content | None]
WRITERS: dict[str, Writer] = {}


def add_writer(kind: str, write: Writer) -> None:
    """Whoever knows what such letters say; None when there is nothing to say any more."""
    WRITERS[kind] = write


def post_letter(kind: str, key: str, person: Person, payload: dict[str, Any]) -> bool:
    """Have it sent. Answers False where the same letter was posted before."""
    _letter, created = Letter.objects.get_or_create(
        key=f"{kind}:{key}", defaults={"kind": kind, "person": person, "payload": payload}
    )
    return created


def deliver(now: datetime) -> int:
    """Send what waits; answers how many letters were sent. One that fails waits for the next time."""
    free = Q(taken_at=None) | Q(taken_at__lt=now - GIVEN_UP)
    sent = 0
    for letter in Letter.objects.filter(free, done_at=None).select_related("person").order_by("id"):
        if not Letter.objects.filter(free, pk=letter.pk, done_at=None).update(taken_at=now):
            continue  # another worker was faster
        try:
            was_sent = _send(letter)
        except OSError:  # smtplib's errors are OSErrors
            logger.exception("a letter of kind %s could not be sent; it is tried again", letter.kind)
            Letter.objects.filter(pk=letter.pk).update(taken_at=None)
            continue
        Letter.objects.filter(pk=letter.pk).update(done_at=timezone.now(), was_sent=was_sent)
        sent += was_sent
    return sent


def _send(letter: Letter) -> bool:
    if not letter.person.is_active:
        return False
    content = WRITERS[letter.kind](letter, actor_of_person(letter.person))
    if content is None:
        return False
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    headers = {"Message-ID": f"<{letter.public_id}@{domain}>", **content.headers, **carried_checkpoint()}
    EmailMessage(content.subject, content.text, None, [letter.person.email], headers=headers).send()
    return True
