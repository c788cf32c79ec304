"""Notices by e-mail, in both languages: a person's own language is not known to a job."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.core.mail import EmailMessage
from django.utils import translation

from ronglian.apps.accounts.models import Membership, Person
from ronglian.kernel.actor import WRITING_ROLES, Office
from ronglian.kernel.log.carried import carried_checkpoint

LANGUAGES = ("zh-hans", "en")


def in_both_languages(texts: Callable[[], tuple[str, str]]) -> tuple[str, str]:
    """Subject and text, as `texts` says them in each language."""
    subjects, bodies = [], []
    for language in LANGUAGES:
        with translation.override(language):
            subject, body = texts()
            subjects.append(subject)
            bodies.append(body)
    return " / ".join(subjects), "\n\n".join(bodies)


def send_notice(emails: list[str], texts: Callable[[], tuple[str, str]]) -> int:
    """One mail to each; answers how many were sent."""
    subject, body = in_both_languages(texts)
    for email in emails:
        EmailMessage(subject, body, None, [email], headers=carried_checkpoint()).send()
    return len(emails)


def emails_of(people: Iterable[Person]) -> list[str]:
    return [person.email for person in people if person.is_active]


def emails_of_office(office: Office) -> list[str]:
    """Of those who hold an office of the platform."""
    holders = Person.objects.exclude(offices=[]).order_by("pk")
    return emails_of(person for person in holders if office in person.offices)


def emails_of_writers(organisations: Iterable[int | None]) -> list[str]:
    """Of those who act for any of the organisations, each once."""
    rows = Membership.objects.filter(organisation_id__in=list(organisations), role__in=WRITING_ROLES)
    return emails_of(Person.objects.filter(pk__in=rows.values("person")).order_by("pk"))
