"""The notice that records run out: what they are, what happens then, and the way to say that they still hold.

Whoever wants the digest of an organisation gets it, once for each day on which records of it run out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ronglian.apps.accounts.letters import Content, add_writer, post_letter
from ronglian.apps.accounts.models import Letter, Membership
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.models import RECORD_MODELS
from ronglian.apps.registry.queries.records import list_records
from ronglian.kernel.actor import WRITING_ROLES, Actor
from ronglian.web.letters import DIGEST, address, end_address, in_both, named_lines

EXPIRY = "expiry"
BEFORE = timedelta(days=14)


def register() -> None:
    add_writer(EXPIRY, write_expiry)


def post_notices(today: date) -> int:
    """Post what is due and was not posted yet; answers how many letters are new."""
    running_out = {
        (owner, day)
        for model in RECORD_MODELS
        for owner, day in model.objects.filter(
            state=State.PUBLISHED, expires_on__gte=today, expires_on__lte=today + BEFORE
        ).values_list("owner_id", "expires_on")
        if day is not None
    }
    readers = Membership.objects.filter(
        role__in=WRITING_ROLES,
        wants_digest=True,
        person__is_active=True,
        organisation__in={owner for owner, _day in running_out},
    )
    posted = 0
    for row in readers.select_related("person", "organisation").order_by("id"):
        organisation = str(row.organisation.public_id)
        for day in sorted(day for owner, day in running_out if owner == row.organisation.pk):
            key = f"{organisation}:{day}:{row.person.public_id}"
            payload = {"organisation": organisation, "expires_on": day.isoformat()}
            posted += post_letter(EXPIRY, key, row.person, payload)
    return posted


def write_expiry(letter: Letter, actor: Actor) -> Content | None:
    """None where all were confirmed or withdrawn meanwhile, or where the person wants no such mails any more."""
    membership = Membership.objects.filter(
        person=letter.person, organisation__public_id=letter.payload["organisation"], wants_digest=True
    ).first()
    day = date.fromisoformat(letter.payload["expires_on"])
    records = [
        record
        for model in RECORD_MODELS
        for record in list_records(actor, model).filter(
            owner__public_id=letter.payload["organisation"], state=State.PUBLISHED, expires_on=day
        )
    ]
    if membership is None or not records:
        return None

    def title() -> str:
        text = ngettext("A record runs out on %(day)s", "%(count)d records run out on %(day)s", len(records))
        return text % {"count": len(records), "day": day.isoformat()}

    def lines() -> Iterator[str]:
        yield title()
        yield from named_lines(records)
        yield _("After that day lists and matches leave them out. Open each and choose “It still holds”.")
        yield _("My work: %(address)s") % {"address": address(reverse("work"))}

    end = end_address(DIGEST, letter.payload["organisation"], str(letter.person.public_id))
    return in_both(lines, title, end)
