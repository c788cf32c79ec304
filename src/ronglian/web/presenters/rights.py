"""A grant of rights as its institution, its inventors, and, while it is on public notice, everybody sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from ronglian.apps.agreements.contract_text import rate_text
from ronglian.apps.agreements.deed_text import deed_sections, exact_percent, owned_by
from ronglian.apps.agreements.granted_share import income_under
from ronglian.apps.agreements.granting_law import (
    Checked,
    articles_of,
    condition_lines,
    least_notice_days,
    reasons_of,
    usual_share,
)
from ronglian.apps.agreements.models import GrantMember, RightsGrant
from ronglian.apps.agreements.operations.granting import check_of
from ronglian.apps.agreements.queries.rights import latest_deed, members_of, objections_to, signatures_under
from ronglian.apps.agreements.rights_enums import GrantForm, GrantState
from ronglian.apps.agreements.rights_rules import (
    may_decide_grant,
    may_object_to_grant,
    may_sign_deed,
)
from ronglian.apps.registry.rules import is_visible
from ronglian.engines.contracts import Language
from ronglian.kernel.actor import Actor
from ronglian.kernel.events import events_about
from ronglian.web.context import short_language
from ronglian.web.presenters.cases import money
from ronglian.web.presenters.owners import organisation_line

HAPPENED: Mapping[str, Promise] = {
    "applied": pgettext_lazy("happened to a grant", "applied for"),
    "approved": pgettext_lazy("happened to a grant", "approved"),
    "refused": pgettext_lazy("happened to a grant", "refused"),
    "withdrawn": pgettext_lazy("happened to a grant", "withdrawn"),
    "noticed": pgettext_lazy("happened to a grant", "put on public notice"),
    "drawn_up": pgettext_lazy("happened to a grant", "agreement drawn up"),
    "in_force": pgettext_lazy("happened to a grant", "signed by all, in force"),
    "title_changed": pgettext_lazy("happened to a grant", "change of title registered"),
    "ended": pgettext_lazy("happened to a grant", "ended"),
}
SHORT_OF_FORCE = (GrantState.APPLIED, GrantState.APPROVED, GrantState.NOTICED, GrantState.DRAWN_UP)


@dataclass(frozen=True, slots=True)
class MemberLine:
    """An inventor, the part of the team's share, and of the whole ownership where that is granted."""

    name: str
    share: str
    owned: str
    has_signed: bool = False


@dataclass(frozen=True, slots=True)
class LawLines:
    """What the law says: the conditions, why nothing is determined, and the documents."""

    conditions: tuple[tuple[str, bool | None], ...]
    reasons: tuple[str, ...]
    articles: tuple[str, ...]
    is_allowed: bool
    is_barred: bool


def granted_text(grant: RightsGrant) -> str:
    """What is granted, in a few words."""
    if grant.form == GrantForm.OWNERSHIP:
        return _("%(share)s of the ownership") % {"share": rate_text(grant.share or 0)}
    return _("the use for %(years)d years") % {"years": grant.use_years or 0}


def member_lines(grant: RightsGrant, members: list[GrantMember], signed: set[int | None]) -> list[MemberLine]:
    owns = grant.form == GrantForm.OWNERSHIP
    return [
        MemberLine(
            one.name,
            rate_text(one.share),
            exact_percent(owned_by(grant, one)) if owns else "",
            one.pk in signed,
        )
        for one in members
    ]


def law_lines(checked: Checked, language: Language) -> LawLines:
    return LawLines(
        tuple((line.title, line.is_met) for line in condition_lines(checked, language)),
        reasons_of(checked, language),
        articles_of(checked, language),
        checked.is_allowed,
        checked.is_barred,
    )


def notice_page(actor: Actor, grant: RightsGrant) -> dict[str, Any]:
    """What everybody may read of a grant on public notice."""
    return {
        "grant": grant,
        "owner": organisation_line(grant.owner),
        "granted": granted_text(grant),
        "members": member_lines(grant, list(grant.members.order_by("number")), set()),
        "may_object": bool(may_object_to_grant(actor, grant)),
    }


def grant_page(actor: Actor, grant: RightsGrant, today: date) -> dict[str, Any]:
    """All of it, for its institution and its inventors."""
    language = short_language()
    members, deed = members_of(grant), latest_deed(grant)
    signed = signatures_under(deed) if deed else {}
    share = usual_share(grant.place, today)
    is_applied = grant.state == GrantState.APPLIED
    return {
        "grant": grant,
        "owner": organisation_line(grant.owner),
        "granted": granted_text(grant),
        "members": member_lines(grant, members, set(signed)),
        "institution_signed": None in signed,
        "law": law_lines(check_of(grant, today), language) if is_applied else None,
        "kept_law": [] if is_applied or not grant.law else grant.law["lines"][language],
        "usual_share": exact_percent(share) if share is not None else "",
        "days": least_notice_days(grant.place, today) or "",
        "is_over": grant.notice_until is not None and today > grant.notice_until,
        "objections": objections_to(grant),
        "deed": deed,
        "sections": deed_sections(deed, language) if deed else (),
        "income": _income(grant, members),
        "timeline": _timeline(grant),
        "sees_result": is_visible(actor, grant.result),
        **_may(actor, grant, members, signed),
    }


def _timeline(grant: RightsGrant) -> list[tuple[datetime, str]]:
    return [
        (event.occurred_at, str(HAPPENED[past]))
        for event in events_about(grant)
        if (past := event.name.partition(".")[2]) in HAPPENED
    ]


def _may(
    actor: Actor, grant: RightsGrant, members: list[GrantMember], signed: dict[int | None, Any]
) -> dict[str, bool]:
    own = next((one.pk for one in members if one.person.public_id == actor.person_id), None)
    named = own is not None
    return {
        "may_decide": bool(may_decide_grant(actor, grant)),
        "may_withdraw": named and actor.may_write and grant.state in SHORT_OF_FORCE,
        "may_sign": grant.state == GrantState.DRAWN_UP
        and bool(may_sign_deed(actor, grant))
        and own not in signed,
        "is_named": named,
    }


def _income(grant: RightsGrant, members: list[GrantMember]) -> list[dict[str, Any]]:
    return [
        {
            "agreement": line.agreement,
            "received": money(line.received_fen),
            "base": money(line.base_fen),
            "is_net": line.is_net,
            "team": money(line.team_fen),
            "parts": [(name, money(part)) for name, part in line.parts],
        }
        for line in income_under(grant, members)
    ]
