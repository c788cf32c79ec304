"""Surveys along a chain, made through the operations."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.prospecting.models import ChainPartner, ChainSurvey
from ronglian.apps.prospecting.operations.replies import decline_survey, say_no_need, tell_need
from ronglian.apps.prospecting.operations.surveys import enter_partners, invite_partners, open_survey
from ronglian.apps.prospecting.rules import LINK
from tests.factories import SYSTEM, make_organisation


def partner_row(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "name": f"云澜配套{number}厂",
        "relation": "supplier",
        "tier": 1,
        "product": "减速器壳体",
        "email": f"partner{number}@example.org",
        **fields,
    }


def make_survey(
    lead: Organisation | None = None,
    partners: int = 0,
    *,
    tier: int = 1,
    invited: bool = True,
    title: str = "减速器上下游的技术难题",
) -> ChainSurvey:
    """An open survey with so many partners of one tier."""
    survey = open_survey(
        actor=SYSTEM,
        lead=lead or make_organisation(),
        title=title,
        closes_on=timezone.localdate() + timedelta(days=20),
    )
    if partners:
        survey = add_partners(survey, partners, tier=tier, invited=invited)
    return survey


def add_partners(survey: ChainSurvey, partners: int, *, tier: int = 1, invited: bool = True) -> ChainSurvey:
    rows = [partner_row(100 * tier + at, tier=tier) for at in range(partners)]
    survey = enter_partners(actor=SYSTEM, survey=survey, rows=rows)
    return invite_partners(actor=SYSTEM, survey=survey) if invited else survey


def make_waiting_survey(lead: Organisation, title: str) -> ChainSurvey:
    """One with a partner whose last mail is long ago, and one that waits to be invited."""
    survey = make_survey(lead, partners=1, title=title)
    ChainPartner.objects.filter(survey=survey).update(mailed=1, mailed_at=timezone.now() - timedelta(days=9))
    return enter_partners(actor=SYSTEM, survey=survey, rows=[partner_row(9)])


def partners_of(survey: ChainSurvey, tier: int = 1) -> list[ChainPartner]:
    return list(ChainPartner.objects.filter(survey=survey, tier=tier).order_by("id"))


def tell(partner: ChainPartner, title: str = "壳体压铸气孔", **answers: str) -> ChainPartner:
    said = {"trouble": "压铸壳体气孔多，试漏不合格", "wanted": "废品率≤2%", **answers}
    return tell_need(actor=LINK, partner=partner, title=title, answers=said)


def reply_all(partners: list[ChainPartner], told: int, none: int = 0, declined: int = 0) -> None:
    """So many of them tell a need, need nothing, decline."""
    waiting = iter(partners)
    for _at in range(told):
        tell(next(waiting))
    for _at in range(none):
        say_no_need(actor=LINK, partner=next(waiting))
    for _at in range(declined):
        decline_survey(actor=LINK, partner=next(waiting))
