"""The reminder of what comes under a contract: a payment, a royalty report, the end of a trial.

Both sides get it, once for each day. It names the contract and what comes, neither amounts nor terms, and is not sent where
nothing is left to come by the time it is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ronglian.apps.accounts.letters import Content, add_writer, post_letter
from ronglian.apps.accounts.models import Letter, Membership
from ronglian.apps.accounts.notices import in_both_languages
from ronglian.apps.agreements.enums import AgreementState
from ronglian.apps.agreements.models import Agreement
from ronglian.apps.agreements.queries.agreements import list_agreements
from ronglian.apps.agreements.queries.upcoming import What, upcoming_of
from ronglian.kernel.actor import WRITING_ROLES, Actor
from ronglian.web.letters import address

CONTRACT_DAY = "contract-day"
BEFORE = timedelta(days=7)
COMES: Mapping[What, Promise] = {
    What.PAYMENT: _lazy("a payment falls due"),
    What.REPORT: _lazy("a royalty report is due"),
    What.TRIAL_END: _lazy("the trial ends"),
    What.START_BY: _lazy("payment has to have started"),
}


def register() -> None:
    add_writer(CONTRACT_DAY, write_reminder)


def post_reminders(today: date) -> int:
    """Post what comes within a week and was not posted yet; answers how many letters are new."""
    in_force = Agreement.objects.filter(state=AgreementState.IN_FORCE).select_related("signed").order_by("pk")
    days = defaultdict[int, set[date]](set)
    agreements: dict[int, Agreement] = {}
    for one in upcoming_of(in_force, today, today + BEFORE):
        days[one.agreement.pk].add(one.day)
        agreements[one.agreement.pk] = one.agreement
    posted = 0
    for pk, agreement in agreements.items():
        readers = Membership.objects.filter(
            role__in=WRITING_ROLES,
            person__is_active=True,
            organisation__in=(agreement.client_id, agreement.provider_id),
        )
        people = {row.person_id: row.person for row in readers.select_related("person").order_by("pk")}
        for day in sorted(days[pk]):
            payload = {"agreement": str(agreement.public_id), "day": day.isoformat()}
            for person in people.values():
                key = f"{agreement.public_id}:{day}:{person.public_id}"
                posted += post_letter(CONTRACT_DAY, key, person, payload)
    return posted


def write_reminder(letter: Letter, actor: Actor) -> Content | None:
    """None where it was paid, reported or ended meanwhile, where the day has passed, or where the person left."""
    day, today = date.fromisoformat(letter.payload["day"]), timezone.localdate()
    if day < today:
        return None
    found = list_agreements(actor).filter(
        public_id=UUID(letter.payload["agreement"]), state=AgreementState.IN_FORCE
    )
    comes = [one for one in upcoming_of(found, today, day) if one.day == day]
    if not comes:
        return None
    agreement = comes[0].agreement
    page = address(reverse("work:contract", args=[agreement.public_id]))

    def texts() -> tuple[str, str]:
        kinds = dict.fromkeys(str(COMES[one.what]) for one in comes)
        values = {"day": day.isoformat(), "title": agreement.title, "page": page}
        lines = [_("On %(day)s under “%(title)s”:") % values, *(f"- {kind}" for kind in kinds), page]
        return _("Something comes under a contract on %(day)s") % values, "\n".join(lines)

    subject, text = in_both_languages(texts)
    return Content(subject, text)
