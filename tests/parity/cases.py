"""Cases through each door: the technology manager's and the sides', by a form and by a program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import models
from django.test import Client
from django.utils import timezone

from ronglian.apps.accounts.models import Person
from ronglian.apps.clinic.case_enums import CaseStage
from ronglian.apps.clinic.models import (
    AssignmentProposal,
    Case,
    CaseTask,
    Contact,
    FeeTerms,
    HandOver,
    StopObjection,
    TechnologyManager,
)
from ronglian.apps.clinic.operations.contacts import add_task
from ronglian.apps.clinic.operations.hand_overs import offer_case
from ronglian.apps.clinic.operations.stop_objections import object_to_stop
from ronglian.kernel.actor import Role
from tests.api.calls import Caller, secret_of
from tests.factories import SYSTEM, make_member, make_need, make_organisation, make_result
from tests.factories.cases import make_case
from tests.factories.technology_managers import make_manager, make_proposal
from tests.parity.doors import Doors, assert_same

DUE = timezone.localdate() + timedelta(days=7)
# What each of two cases has of its own, and who was asked by which door.
OF_ITS_OWN = ("case", "manager", "introducer", "seeker", "partner", "consultation", "offered_to", "taker", "giver",
              "author", "introduction", "run", "second")  # fmt: skip
WHEN = ("stage_since", "introduced_at", "seeker_confirmed_at", "partner_confirmed_at", "happened_at", "decided_at",
        "done_at", "answered_at")  # fmt: skip
BY_WHOM = ("opened_by", "raised_by", "answered_by", "proposed_by", "decided_by", "digest")


class Side:
    """Somebody who sits at the site's screen and has a program besides."""

    def __init__(self, person: Person) -> None:
        self.web = Client()
        self.web.force_login(person)
        self.api = Caller(secret_of(person))

    def both(self, form: str, typed: Mapping[str, Any], path: str, sent: Mapping[str, Any] | None) -> None:
        answer = self.web.post(form, dict(typed))
        assert answer.status_code == 302, answer.content.decode()[-3000:]
        answer = self.api.post(path, sent)
        assert answer.status_code in (200, 201), answer.content


def assert_alike(*rows: models.Model) -> None:
    """The same but for what each has of its own; times are there or not."""
    found = [type(row)._default_manager.get(pk=row.pk) for row in rows]
    for row in found:
        for field in row._meta.concrete_fields:
            if field.name in OF_ITS_OWN:
                setattr(row, field.attname, None)
            if field.name in (*WHEN, *BY_WHOM):
                setattr(row, field.attname, bool(getattr(row, field.attname)))
    assert_same(*found)


def two(stage: str = CaseStage.DIAGNOSIS, **fields: Any) -> tuple[TechnologyManager, Case, Case]:
    manager = make_manager()
    first, second = (make_case(manager, stage=stage, **fields) for _door in range(2))
    return manager, first, second


def of_case(
    form: str,
    typed: Mapping[str, Any],
    path: str,
    sent: Mapping[str, Any] | None,
    *,
    stage: str = CaseStage.DIAGNOSIS,
    by_side: bool = False,
    made: type[models.Model] = Case,
    cli: tuple[str, ...] = (),
) -> Callable[[Doors], None]:
    """One thing done in a case, by its technology manager or by the side of the need."""

    def compare(doors: Doors) -> None:
        manager, by_web, by_api = two(stage)
        speakers = {by_web: manager.person, by_api: manager.person}
        if by_side:
            speakers = {case: make_member(case.seeker, Role.OWNER) for case in (by_web, by_api)}
        answer = Side(speakers[by_web]).web.post(f"/work/cases/{by_web.public_id}/{form}/", dict(typed))
        assert answer.status_code == 302, answer.content.decode()[-3000:]
        answer = Side(speakers[by_api]).api.post(f"/cases/{by_api.public_id}/{path}", sent)
        assert answer.status_code in (200, 201), answer.content
        if cli:
            by_cli = make_case(manager, stage=stage)
            action, *words = cli
            doors.cli("cases", action, str(by_cli.public_id), *words)
            assert_alike(by_web, by_cli)
        assert_alike(by_web, by_api)
        if made is not Case:
            assert_alike(*made._default_manager.order_by("id"))

    return compare


def same_opened(_doors: Doors) -> None:
    manager = make_manager()
    needs = [make_need(title="同一题目") for _door in range(2)]
    ids = [{"need": str(need.public_id)} for need in needs]
    Side(manager.person).both("/work/cases/open/", ids[0], "/cases", ids[1])
    assert_alike(*Case.objects.order_by("id"))


def same_partner(_doors: Doors) -> None:
    manager, by_web, by_api = two()
    owner = make_organisation()
    results = [str(make_result(owner).public_id) for _door in range(2)]
    Side(manager.person).both(
        f"/work/cases/{by_web.public_id}/partner/", {"address": f"/results/{results[0]}/"},
        f"/cases/{by_api.public_id}/partner", {"result": results[1]},
    )  # fmt: skip
    assert_alike(by_web, by_api)


def same_named(_doors: Doors) -> None:
    owner, manager = make_organisation(), make_manager()
    by_web, by_api = (make_case(manager, need=make_need(owner, anonymous=True)) for _door in range(2))
    Side(make_member(owner, Role.OWNER)).both(
        f"/work/cases/{by_web.public_id}/name/", {}, f"/cases/{by_api.public_id}/name", None
    )
    assert_alike(by_web, by_api)


def of_task(form: str, path: str, sent: Mapping[str, Any] | None) -> Callable[[Doors], None]:
    def compare(_doors: Doors) -> None:
        manager, *cases = two()
        by_web, by_api = (add_task(actor=SYSTEM, case=case, title="寄样", due_on=DUE) for case in cases)
        Side(manager.person).both(
            f"/work/tasks/{by_web.public_id}/{form}/",
            sent or {},
            f"/case-tasks/{by_api.public_id}/{path}",
            sent,
        )
        assert_alike(*CaseTask.objects.order_by("id"))

    return compare


def same_offered(_doors: Doors) -> None:
    manager, by_web, by_api = two()
    said = {"taker": str(make_manager(name="同事").public_id), "reason": "转岗"}
    Side(manager.person).both(
        f"/work/cases/{by_web.public_id}/offer/", said, f"/cases/{by_api.public_id}/offer", said
    )
    assert_alike(*HandOver.objects.order_by("id"))
    assert_alike(by_web, by_api)


def of_offer(
    form: str, typed: Mapping[str, Any], sent: Mapping[str, Any] | None, *, by_giver: bool = False
) -> Callable[[Doors], None]:
    def compare(_doors: Doors) -> None:
        manager, *cases = two()
        taker = make_manager(name="同事")
        by_web, by_api = (offer_case(actor=SYSTEM, case=case, taker=taker, reason="转岗") for case in cases)
        Side(manager.person if by_giver else taker.person).both(
            f"/work/hand-overs/{by_web.public_id}/{form}/",
            typed,
            f"/hand-overs/{by_api.public_id}/{form}",
            sent,
        )
        assert_alike(*HandOver.objects.order_by("id"))
        assert_alike(*cases)

    return compare


def same_answered(_doors: Doors) -> None:
    manager, *cases = two(CaseStage.STOPPED)
    by_web, by_api = (object_to_stop(actor=SYSTEM, case=case, note="应当继续") for case in cases)
    Side(manager.person).both(
        f"/work/objections/{by_web.public_id}/answer/", {"words": "已恢复", "reopen": "1"},
        f"/case-objections/{by_api.public_id}/answer", {"answer": "已恢复", "reopen": True},
    )  # fmt: skip
    assert_alike(*StopObjection.objects.order_by("id"))
    assert_alike(*cases)


def same_declined(_doors: Doors) -> None:
    manager = make_manager()
    by_web, by_api = (make_proposal(manager, make_need()) for _door in range(2))
    said = {"reason": "overloaded", "note": "手上个案已满"}
    Side(manager.person).both(
        f"/work/assignments/{by_web.public_id}/decline/",
        said,
        f"/assignments/{by_api.public_id}/decline",
        said,
    )
    assert_alike(*AssignmentProposal.objects.order_by("id"))


STOP = {"stage": "stopped", "reason": "no_money", "note": "没有预算"}
CONTACT = {"with_whom": "seeker", "channel": "phone", "note": "谈了样品", "names": "张工", "reader": "side"}
TASK = {"title": "寄样", "due_on": DUE.isoformat()}
FEE = {"base": "money_paid", "payer": "half_each"}
PLAN = {"next_step": "约企业", "next_due": DUE.isoformat()}
INTRODUCED, NEGOTIATING, STOPPED = CaseStage.INTRODUCED, CaseStage.NEGOTIATING, CaseStage.STOPPED

COMPARED: dict[str, Callable[[Doors], None]] = {
    "case.open": same_opened,
    "case.choose_result": same_partner,
    "case.name_owner": same_named,
    "case.plan": of_case("plan", PLAN, "plan", PLAN,
                         cli=("plan", "--note", "约企业", "--due", DUE.isoformat())),
    "case.advance": of_case("advance", STOP, "advance", STOP,
                            cli=("move", "--stage", "stopped", "--reason", "no_money", "--note", "没有预算")),
    "case.introduce": of_case("introduce", {"words": "互补", "protected_months": "24"},
                              "introduce", {"words": "互补", "protected_months": 24}),
    "case.confirm": of_case("confirm", {}, "confirm", {}, stage=NEGOTIATING, by_side=True),
    "case.object": of_case("object", {"words": "应当继续"}, "object", {"note": "应当继续"}, stage=STOPPED, by_side=True,
                           made=StopObjection),
    "contact.log": of_case("contacts", CONTACT, "contacts", CONTACT, made=Contact),
    "task.add": of_case("tasks", TASK, "tasks", TASK, made=CaseTask),
    "fee.propose": of_case("terms", {**FEE, "rate": "5", "cap_fen": "20万元"},
                           "terms", {**FEE, "rate": 500, "cap_fen": 20_000_000}, stage=INTRODUCED, made=FeeTerms),
    "task.finish": of_task("finish", "finish", None),
    "task.postpone": of_task("postpone", "postpone", {"due_on": (DUE + timedelta(days=1)).isoformat()}),
    "case.offer": same_offered,
    "handover.accept": of_offer("accept", {}, None),
    "handover.decline": of_offer("decline", {"words": "没空"}, {"answer": "没空"}),
    "handover.take_back": of_offer("take-back", {}, None, by_giver=True),
    "case.answer_objection": same_answered,
    "assignment.decline": same_declined,
}  # fmt: skip
