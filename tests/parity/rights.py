"""Rights in service results and the ledger, through the site and by a program: the same step on two that are alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.agreements.models import AssetEntry, GrantObjection, RightsDeed, RightsGrant
from ronglian.apps.agreements.operations.granting_objections import object_to_grant
from tests.factories import make_person, make_result
from tests.factories.rights import (
    DEED_TERMS,
    FACTS,
    Team,
    applied,
    approved,
    in_force,
    make_team,
    named,
    notice_over,
    noticed,
)
from tests.parity.contracts import told
from tests.parity.doors import Doors, latest

DAY = timezone.localdate().isoformat()
REASON = {"reason": "有理由"}


@dataclass(frozen=True, slots=True)
class Step:
    """A step on a grant or an entry: what the form sends to the page, and what a program sends."""

    page: str
    form: Mapping[str, Any]
    path: str
    body: Mapping[str, Any]
    make: Callable[[Team], Any]
    model: type[models.Model]


def team_of(doors: Doors) -> Team:
    """The person at the doors decides for the institution."""
    return make_team(doors.organisation)


def of_the_person(doors: Doors) -> Team:
    """The person at the doors is an inventor."""
    person = Person.objects.get(memberships__organisation=doors.organisation, memberships__role="owner")
    return Team(doors.organisation, make_team(doors.organisation).office, person, make_person())


def objected(team: Team) -> RightsGrant:
    grant = noticed(team)
    object_to_grant(actor=actor_of_person(make_person(name="路人")), grant=grant, text="漏了丙")
    return grant


def entry(team: Team) -> AssetEntry:
    return AssetEntry.objects.get(result=in_force(team).result)


def free_entry(team: Team) -> AssetEntry:
    found = entry(team)
    RightsGrant.objects.filter(result=found.result).update(
        state="ended", end_kind="agreed", ended_on=timezone.localdate(), ended_because="双方同意"
    )
    return found


STEPS: dict[str, Step] = {
    "grant.withdraw": Step("{id}/withdraw/", REASON, "{id}/withdraw", REASON, applied, RightsGrant),
    "grant.decide": Step("{id}/decide/", {"approves": "1", "grounds": "校办会"}, "{id}/decide",
                         {"approves": True, "grounds": "校办会"}, applied, RightsGrant),
    "grant.notice": Step("{id}/notice/", {"days": "15"}, "{id}/notice", {"days": 15}, approved, RightsGrant),
    "grant.object": Step("{id}/object/", {"text": "漏了"}, "{id}/objections", {"text": "漏了"}, noticed, GrantObjection),
    "grant.answer_objection": Step(
        "{id}/objections/{thing}/", {"answer": "未参与", "upholds": "0"}, "{id}/objections/{thing}/answer",
        {"answer": "未参与", "upholds": False}, objected, GrantObjection,
    ),
    "grant.draw_up": Step("{id}/draw-up/", {**DEED_TERMS, "income_share": "80", "convert_within_months": "12"},
                          "{id}/agreement", DEED_TERMS, notice_over, RightsDeed),
    "grant.note_title": Step("{id}/title/", {"day": DAY, "evidence": "通知书"}, "{id}/title",
                             {"day": DAY, "evidence": "通知书"}, in_force, RightsGrant),
    "grant.end": Step("{id}/end/", {"kind": "agreed", **REASON}, "{id}/end", {"kind": "agreed", **REASON}, in_force,
                      RightsGrant),
}  # fmt: skip
ENTRY_STEPS: dict[str, Step] = {
    "asset.value": Step("{id}/value/", {"stage": "research", "value_fen": "1元", "value_basis": "协议价"}, "{id}/value",
                        {"stage": "research", "value_fen": 100, "value_basis": "协议价"}, entry, AssetEntry),
    "asset.write_off": Step("{id}/write-off/", REASON, "{id}/write-off", REASON, free_entry, AssetEntry),
}  # fmt: skip


def compare(
    step: Step, team: Callable[[Doors], Team], page: str = "/work/rights/", path: str = "/rights/"
) -> Callable[[Doors], None]:
    def same(doors: Doors) -> None:
        found = []
        for is_site in (True, False):
            thing = step.make(team(doors))
            objection = GrantObjection.objects.filter(grant__public_id=thing.public_id).first()
            place = {"id": thing.public_id, "thing": objection.public_id if objection else ""}
            if is_site:
                doors.post(page + step.page.format(**place), dict(step.form))
            else:
                answer = doors.api.post(path + step.path.format(**place), dict(step.body))
                assert answer.status_code in (200, 201), answer.content.decode()
            found.append((told(latest(step.model)), told(type(thing).objects.get(pk=thing.pk))))
        assert found[0] == found[1]
        assert found[0][0][1], "the step wrote an event"

    return same


def same_applied(doors: Doors) -> None:
    team = make_team(doors.organisation)
    members = named(team)
    form: dict[str, Any] = {
        "title": "还原技术", "right": "patent", "form": "use", "use_years": "10", "plan": "许可三家企业",
        **{name: "on" for name, holds in FACTS.items() if holds},
        "members-TOTAL_FORMS": "2", "members-INITIAL_FORMS": "0",
    }  # fmt: skip
    for place, one in enumerate(members):
        form |= {f"members-{place}-name": one.name, f"members-{place}-email": one.email,
                 f"members-{place}-share": str(one.share // 100)}  # fmt: skip
    doors.post(f"/work/rights/new/{make_result(doors.organisation).public_id}/", form)
    body = {
        "result": str(make_result(doors.organisation).public_id), "title": "还原技术", "right": "patent", "form": "use",
        "use_years": 10, "plan": "许可三家企业", "facts": FACTS,
        "members": [{"name": one.name, "email": one.email, "share": one.share} for one in members],
    }  # fmt: skip
    assert doors.api.post("/rights", body).status_code == 201
    first, second = RightsGrant.objects.order_by("id")
    assert told(first) == told(second)
    assert [told(one) for one in first.members.order_by("pk")] == [
        told(one) for one in second.members.order_by("pk")
    ]


def same_entered(doors: Doors) -> None:
    typed = {"right": "patent", "stage": "research", "value_fen": "1元", "value_basis": "协议价"}
    ledger = doors.organisation.public_id
    result = make_result(doors.organisation)
    doors.post(f"/work/rights/ledger/{ledger}/", {**typed, "result": f"/results/{result.public_id}/"})
    body = {**typed, "value_fen": 100, "result": str(make_result(doors.organisation).public_id)}
    assert doors.api.post(f"/organisations/{ledger}/ledger", body).status_code == 201
    first, second = AssetEntry.objects.order_by("id")
    assert (first.number, second.number) == (1, 2)
    assert told(first) == told(second)


COMPARED: dict[str, Callable[[Doors], None]] = {
    **{
        name: compare(step, of_the_person if name == "grant.withdraw" else team_of)
        for name, step in STEPS.items()
    },
    **{
        name: compare(step, team_of, "/work/rights/ledger/entries/", "/ledger-entries/")
        for name, step in ENTRY_STEPS.items()
    },
    "grant.apply": same_applied,
    "asset.enter": same_entered,
}
