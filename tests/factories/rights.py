"""Grants of rights in any state, made through the operations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.agreements.enums import AgreementKind, MovementKind
from ronglian.apps.agreements.models import Agreement, RightsDeed, RightsGrant
from ronglian.apps.agreements.operations.deeds import draw_up_deed, sign_deed
from ronglian.apps.agreements.operations.granting import (
    Named,
    apply_for_rights,
    begin_grant_notice,
    decide_grant,
)
from ronglian.apps.agreements.operations.money import confirm_movement, tell_movement
from ronglian.apps.agreements.rights_enums import GrantedRight, GrantForm
from ronglian.apps.registry.models import Result
from ronglian.kernel.actor import Actor, Role
from tests.factories import make_member, make_organisation, make_person, make_person_of, make_result
from tests.factories.agreements import LICENCE_TERMS, Parties, make_signed

FACTS = {
    "touches_security": False,
    "ownership_clear": True,
    "good_prospects": True,
    "taker_identified": True,
    "researchers_willing": True,
}
DEED_TERMS: dict[str, Any] = {
    "income_share": 8_000,
    "convert_within_months": 12,
    "decision": "转化方案由团队提出，单位在十日内答复。",
    "costs": "维持费由团队承担，诉讼费各半。",
    "upkeep": "团队按期缴纳年费并通知单位。",
    "background": "",
    "improvements": "",
    "ending": "",
    "disputes": "协商不成的，提交单位所在地仲裁机构仲裁。",
}
RECEIVED = 10_000_001
GROUNDS = "校长办公会第8次会议；本校《职务科技成果赋权管理办法》第六条。"


@dataclass(frozen=True, slots=True)
class Team:
    """An institution with one person who decides for it, and two inventors: one of the institution, one from outside."""

    institution: Organisation
    office: Actor
    first: Person
    second: Person

    @property
    def inventor(self) -> Actor:
        return actor_of_person(self.first)

    @property
    def other(self) -> Actor:
        return actor_of_person(self.second)


def make_team(institution: Organisation | None = None, second: Person | None = None) -> Team:
    unit = institution or make_organisation("示例大学", kind="university", size="", region="420100")
    office = actor_of_person(make_member(unit, Role.EDITOR, name="转移办甲"))
    first = make_member(unit, Role.VIEWER, name="云澜教授")
    return Team(unit, office, first, second or make_person(name="校外合作者"))


def named(team: Team, *shares: int) -> list[Named]:
    people = (("云澜教授", team.first), ("校外合作者", team.second))
    return [
        Named(name, person.email, share)
        for (name, person), share in zip(people, shares or (6_000, 4_000), strict=True)
    ]


def applied(team: Team, result: Result | None = None, **fields: Any) -> RightsGrant:
    given: dict[str, Any] = {
        "right": GrantedRight.PATENT,
        "form": GrantForm.OWNERSHIP,
        "share": 7_000,
        "use_years": None,
        "members": named(team),
        "facts": FACTS,
        "plan": "与示例电镀厂合作中试，两年内许可三家企业。",
        **fields,
    }
    return apply_for_rights(
        actor=team.inventor, result=result or make_result(team.institution, "六价铬还原技术"), **given
    )


def approved(team: Team, **fields: Any) -> RightsGrant:
    return decide_grant(actor=team.office, grant=applied(team, **fields), approves=True, grounds=GROUNDS)


def noticed(team: Team, **fields: Any) -> RightsGrant:
    return begin_grant_notice(actor=team.office, grant=approved(team, **fields), days=15)


def notice_over(team: Team, **fields: Any) -> RightsGrant:
    grant, today = noticed(team, **fields), timezone.localdate()
    return moved(grant, notice_from=today - timedelta(days=16), notice_until=today - timedelta(days=1))


def drawn_up(team: Team, **fields: Any) -> RightsGrant:
    grant = notice_over(team, **fields)
    draw_up_deed(actor=team.office, grant=grant, terms=DEED_TERMS)
    grant.refresh_from_db()
    return grant


def in_force(team: Team, **fields: Any) -> RightsGrant:
    grant = drawn_up(team, **fields)
    digest = RightsDeed.objects.get(grant=grant).digest
    for actor in (team.inventor, team.other, team.office):
        grant = sign_deed(actor=actor, grant=grant, digest=digest)
    return grant


def moved(grant: RightsGrant, **days: date) -> RightsGrant:
    """As if time had passed."""
    RightsGrant.objects.filter(pk=grant.pk).update(**days)
    grant.refresh_from_db()
    return grant


def contract(
    team: Team, result: Result, kind: AgreementKind = AgreementKind.LICENCE
) -> tuple[Parties, Agreement]:
    client = make_organisation()
    parties = Parties(client, team.institution, make_person_of(client), team.office)
    terms = {
        **LICENCE_TERMS,
        "items": [{"name": "许可费", "amount_fen": RECEIVED}],
        "payments": [{"title": "一次", "amount_fen": RECEIVED, "due": "signing"}],
    }
    if kind != AgreementKind.LICENCE:
        terms.pop("licence")
    return parties, make_signed(parties, terms=terms, result=result, kind=kind)


def pay(parties: Parties, agreement: Agreement) -> None:
    movement = tell_movement(
        actor=parties.buyer,
        agreement=agreement,
        kind=MovementKind.PAY,
        amount_fen=RECEIVED,
        day=timezone.localdate(),
    )
    confirm_movement(actor=parties.seller, agreement=agreement, movement=movement)
