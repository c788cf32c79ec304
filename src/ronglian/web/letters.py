"""What letters say: alerts of saved searches, and the weekly digest of an organisation. In both languages.

Written at the moment of sending, with what the person may read then. A mail leaves the platform, so it names public
titles only: of what is not public it gives a number and the way to look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ronglian.apps.accounts.letters import Content, add_writer
from ronglian.apps.accounts.models import Letter, Membership
from ronglian.apps.accounts.queries.organisations import own_organisations
from ronglian.apps.clinic.enums import ConsultationState
from ronglian.apps.clinic.queries.consultations import list_consultations
from ronglian.apps.clinic.queries.pools import waiting_pools
from ronglian.apps.disclosure.queries.agreements import waiting_ndas
from ronglian.apps.matching.enums import SuggestionBasis
from ronglian.apps.matching.explanations import whole_explanation
from ronglian.apps.matching.models import Suggestion
from ronglian.apps.matching.queries.decisions import waiting_suggestions
from ronglian.apps.registry.enums import AlertFrequency, State
from ronglian.apps.registry.models import RECORD_MODELS, RegistryRecord, SavedSearch
from ronglian.apps.registry.operations.searches import ALERT
from ronglian.apps.registry.queries.records import list_records
from ronglian.apps.registry.rules import is_visible
from ronglian.kernel.actor import ANONYMOUS, Actor
from ronglian.web.presenters.kinds import KINDS, record_url

LANGUAGES = ("zh-hans", "en")
DIGEST = "digest"
SHOWN = 10
MATCHES = 5
SOON = timedelta(days=30)
SALT = "letters"


def register() -> None:
    add_writer(ALERT, write_alert)
    add_writer(DIGEST, write_digest)


def address(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def end_address(*what: str) -> str:
    """Where whoever has the mail ends such mails, without signing in."""
    return address(reverse("end-letters", args=[signing.dumps(list(what), salt=SALT)]))


def read_end(token: str) -> list[str]:
    """What is ended; raises signing.BadSignature."""
    found: list[str] = signing.loads(token, salt=SALT)
    return found


def in_both(write: Callable[[], Iterable[str]], subject: Callable[[], str], end: str) -> Content:
    subjects, texts = [], []
    for language in LANGUAGES:
        with translation.override(language):
            subjects.append(subject())
            lines = [*write(), "", _("No more of these mails: %(address)s") % {"address": end}]
            texts.append("\n".join(lines))
    headers = {"List-Unsubscribe": f"<{end}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return Content(" / ".join(subjects), "\n\n————\n\n".join(texts), headers)


def write_alert(letter: Letter, actor: Actor) -> Content | None:
    """What a saved search has newly found, as far as the person may still see it."""
    search = SavedSearch.objects.filter(public_id=letter.payload["search"]).first()
    if search is None or search.frequency == AlertFrequency.OFF:
        return None
    kind = KINDS[search.kind]
    rows = list_records(actor, kind.model).filter(
        public_id__in=letter.payload["found"], state=State.PUBLISHED
    )
    found = list(rows)
    if not found:
        return None

    def title() -> str:
        text = ngettext(
            "%(count)d new record for your saved search",
            "%(count)d new records for your saved search",
            len(found),
        )
        return text % {"count": len(found)}

    def lines() -> Iterator[str]:
        yield title()
        yield from named_lines(found)
        yield _("The whole list: %(address)s") % {"address": address(f"{reverse(kind.name)}?{search.query}")}

    return in_both(lines, title, end_address(ALERT, str(search.public_id)))


def write_digest(letter: Letter, actor: Actor) -> Content | None:
    """New matches with reasons, clocks running, unanswered questions; None where there is nothing to say."""
    membership = Membership.objects.filter(
        person=letter.person, organisation__public_id=letter.payload["organisation"], wants_digest=True
    ).first()
    if membership is None:
        return None
    organisation = own_organisations(actor).get(pk=membership.organisation.pk)
    # Whoever acts for several gets one digest for each.
    only = Actor(
        kind=actor.kind,
        label=actor.label,
        person_id=actor.person_id,
        memberships={organisation.pk: actor.memberships[organisation.pk]},
    )
    facts = _Facts(only, timezone.localdate())
    if not facts.anything:
        return None

    def lines() -> Iterator[str]:
        yield _("This week at %(organisation)s") % {"organisation": organisation.name}
        yield from facts.lines()
        yield _("My work: %(address)s") % {"address": address(reverse("work"))}

    end = end_address(DIGEST, str(organisation.public_id), str(letter.person.public_id))
    return in_both(lines, lambda: _("Weekly digest"), end)


class _Facts:
    """What a digest is made of, read once for both languages."""

    def __init__(self, actor: Actor, today: date) -> None:
        self.matches = list(waiting_suggestions(actor)[:MATCHES])
        self.actor = actor
        self.expiring = [
            record
            for model in RECORD_MODELS
            for record in list_records(actor, model)
            .filter(owner_id__in=actor.organisation_ids, state=State.PUBLISHED, expires_on__lte=today + SOON)
            .order_by("expires_on")[:SHOWN]
        ]
        self.agreements = waiting_ndas(actor).count()
        self.pools = waiting_pools(actor)
        self.consultations = list_consultations(actor).filter(state=ConsultationState.OPEN).count()

    @property
    def anything(self) -> bool:
        return bool(self.matches or self.expiring or self.agreements or self.pools or self.consultations)

    def lines(self) -> Iterator[str]:
        if self.matches:
            yield f"\n{_('Matches that wait for your decision')}"
            for each in self.matches:
                yield from self._match(each)
        if self.expiring:
            yield f"\n{_('Running out')}"
            for record in self.expiring:
                day = f"{record.expires_on:%Y-%m-%d}" if record.expires_on else ""
                yield f"- {_title(record)} · {day} · {address(record_url(record))}"
        questions = list(self._questions())
        if questions:
            yield f"\n{_('Waiting for your answer')}"
            yield from questions

    def _match(self, suggestion: Suggestion) -> Iterator[str]:
        need, result = suggestion.need, suggestion.result
        page = address(reverse("match", args=[need.public_id, result.public_id]))
        yield f"- {_title(need)} ↔ {_title(result)} · {suggestion.score:.0f} · {page}"
        if suggestion.basis == SuggestionBasis.PUBLIC:
            words = [term["term"] for term in whole_explanation(suggestion.explanation)["terms"][:4]]
            if words:
                yield "  " + _("Both speak of: %(words)s") % {"words": "、".join(words)}

    def _questions(self) -> Iterator[str]:
        counted: tuple[tuple[int, str, str], ...] = (
            (
                self.agreements,
                _("Organisations that have signed your agreement: %(count)d"),
                "work:agreements",
            ),
            (self.pools, _("Common needs you are invited to: %(count)d"), "work:pools"),
            (self.consultations, _("Problems in the clinic with open questions: %(count)d"), "work:clinic"),
        )
        for count, text, name in counted:
            if count:
                yield f"- {text % {'count': count}} · {address(reverse(name))}"


def named_lines(records: Iterable[RegistryRecord]) -> Iterator[str]:
    """Each record with its address, as far as a mail may name it."""
    rows = list(records)
    for record in rows[:SHOWN]:
        yield f"- {_title(record)} · {address(record_url(record))}"
    if len(rows) > SHOWN:
        yield _("and %(count)d more") % {"count": len(rows) - SHOWN}


def _title(record: RegistryRecord) -> Any:
    """Its title if everybody may read it."""
    if is_visible(ANONYMOUS, record):
        return record.headline or record.headline_en
    return _("a record that is not public")
