"""Cases: opened once, moved by the table, never closed in silence; everybody told what is theirs to know."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from ronglian.apps.accounts.enums import ConflictKind
from ronglian.apps.accounts.operations.conflicts import declare_conflict
from ronglian.apps.clinic.case_enums import CaseOrigin, CaseStage, StopReason
from ronglian.apps.clinic.case_rules import TRANSITIONS, overdue_since
from ronglian.apps.clinic.models import Case, Introduction
from ronglian.apps.clinic.operations.cases import (
    advance_case,
    choose_result,
    confirm_agreement,
    name_owner,
    open_case,
    plan_case,
)
from ronglian.apps.clinic.operations.introductions import introduce_sides
from ronglian.apps.clinic.operations.stop_objections import answer_stop_objection, object_to_stop
from ronglian.apps.matching.enums import DecisionKind, DecisionReason
from ronglian.apps.matching.models import Decision, TrainingRun
from ronglian.apps.matching.operations.matches import decide_match
from ronglian.apps.matching.rules import Pair
from ronglian.kernel.errors import Conflict, InvalidInput, NotAllowed, RuleViolation
from ronglian.kernel.events import events_about
from ronglian.kernel.log.coverage import logged_models, uncovered_rows
from tests.factories import make_member, make_need, make_organisation, make_person_of, make_result
from tests.factories.cases import WORDS, actor_of, make_case
from tests.factories.technology_managers import make_manager

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TODAY = timezone.localdate()


def test_from_a_match_to_a_signed_contract() -> None:
    case = make_case(stage=CaseStage.DONE)
    assert case.contract_number == "2026-001"
    assert case.introducer == case.manager
    moves = [event.data["to"] for event in events_about(case) if event.name == "case.advanced"]
    assert moves == ["introduced", "negotiating", "agreement", "done"]
    assert Introduction.objects.get().need == case.need
    assert [found for model in logged_models() for found in uncovered_rows(model)] == []


def test_a_pair_is_carried_once_at_a_time() -> None:
    case = make_case()
    with pytest.raises(Conflict, match=str(case.manager)):
        make_case(need=case.need, result=case.result)
    other = make_case(need=case.need)
    with pytest.raises(Conflict):
        choose_result(actor=actor_of(other.manager), case=other, result=case.result)
    advance_case(
        actor=actor_of(case.manager),
        case=case,
        stage=CaseStage.STOPPED,
        reason="no_answer",
        note="三次未回。",
    )
    assert make_case(need=case.need, result=case.result).pk


def test_who_is_introduced_once_is_not_introduced_by_another() -> None:
    first = make_case(stage=CaseStage.STOPPED)
    second = make_case(need=first.need, result=first.result)
    with pytest.raises(Conflict, match=str(first.manager)):
        introduce_sides(actor=actor_of(second.manager), case=second, words=WORDS)
    assert Introduction.objects.get().manager == first.manager


def test_only_registered_managers_with_room_and_without_ties_carry() -> None:
    need = make_need()
    waiting = make_manager(is_confirmed=False)
    full = make_manager(capacity=1)
    make_case(full)
    tied = make_manager()
    declare_conflict(actor=actor_of(tied), organisation=need.owner, kind=ConflictKind.SHARES)
    for manager, error in ((waiting, NotAllowed), (full, RuleViolation), (tied, RuleViolation)):
        with pytest.raises(error):
            open_case(actor=actor_of(manager), manager=manager, need=need, origin=CaseOrigin.NEED)
    with pytest.raises(NotAllowed):
        open_case(actor=actor_of(make_manager()), manager=make_manager(), need=need, origin=CaseOrigin.NEED)


@pytest.mark.parametrize("before", CaseStage)
@pytest.mark.parametrize("after", CaseStage)
def test_a_case_goes_where_the_table_lets_it(before: str, after: str) -> None:
    case = make_case(stage=before)
    wanted: dict[str, Any] = {"note": "依据充分", "contract_number": "甲", "amount_fen": 1}
    if after == CaseStage.STOPPED:
        wanted["reason"] = StopReason.NO_MONEY
    actor = actor_of(case.manager)
    if after not in TRANSITIONS[before] or (before, after) == ("diagnosis", "introduced"):
        with pytest.raises(RuleViolation):
            advance_case(actor=actor, case=case, stage=CaseStage(after), **wanted)
    else:
        assert advance_case(actor=actor, case=case, stage=CaseStage(after), **wanted).stage == after


def test_an_agreement_needs_both_sides_or_the_contract() -> None:
    case = make_case(stage=CaseStage.NEGOTIATING)
    actor = actor_of(case.manager)
    with pytest.raises(RuleViolation, match="Both sides confirm"):
        advance_case(actor=actor, case=case, stage=CaseStage.AGREEMENT)
    for side in (case.seeker, case.partner):
        assert side is not None
        case = confirm_agreement(actor=make_person_of(side), case=case)
    case = advance_case(actor=actor, case=case, stage=CaseStage.AGREEMENT)
    with pytest.raises(RuleViolation, match="number and the amount"):
        advance_case(actor=actor, case=case, stage=CaseStage.DONE)


def test_nothing_is_closed_in_silence() -> None:
    case = make_case(stage=CaseStage.INTRODUCED)
    assert case.partner is not None
    owner, partner = make_member(case.seeker), make_member(case.partner)
    actor = actor_of(case.manager)
    with pytest.raises(InvalidInput) as refusal:
        advance_case(actor=actor, case=case, stage=CaseStage.STOPPED)
    assert set(refusal.value.fields) == {"reason", "note"}
    mail.outbox.clear()
    advance_case(actor=actor, case=case, stage=CaseStage.STOPPED, reason="no_money", note="没有预算")
    assert {message.to[0] for message in mail.outbox} == {owner.email, partner.email}
    assert "没有预算" not in mail.outbox[0].body
    objection = object_to_stop(actor=make_person_of(case.seeker), case=case, note="预算已批")
    with pytest.raises(NotAllowed):
        answer_stop_objection(
            actor=make_person_of(case.seeker), objection=objection, answer="好", reopen=True
        )
    answer_stop_objection(actor=actor, objection=objection, answer="恢复跟进", reopen=True)
    case.refresh_from_db()
    assert (case.stage, case.stop_reason) == (CaseStage.INTRODUCED, "")


def test_a_need_without_a_name_is_named_by_its_owner_alone() -> None:
    case = make_case(need=make_need(anonymous=True))
    with pytest.raises(RuleViolation, match="without a name"):
        introduce_sides(actor=actor_of(case.manager), case=case, words=WORDS)
    with pytest.raises(NotAllowed):
        name_owner(actor=actor_of(case.manager), case=case)
    case = name_owner(actor=make_person_of(case.seeker), case=case)
    assert introduce_sides(actor=actor_of(case.manager), case=case, words=WORDS).introduced_at


def test_a_case_begins_without_a_partner() -> None:
    manager = make_manager()
    case = open_case(actor=actor_of(manager), manager=manager, need=make_need(), origin=CaseOrigin.NEED)
    with pytest.raises(RuleViolation, match="nobody to introduce"):
        introduce_sides(actor=actor_of(manager), case=case, words=WORDS)
    own = make_result(case.seeker)
    with pytest.raises(RuleViolation, match="same organisation"):
        choose_result(actor=actor_of(manager), case=case, result=own)
    case = choose_result(actor=actor_of(manager), case=case, partner=make_organisation())
    assert introduce_sides(actor=actor_of(manager), case=case, words=WORDS).stage == CaseStage.INTRODUCED


def test_what_is_overdue() -> None:
    yesterday = TODAY - timedelta(days=1)
    assert overdue_since("diagnosis", yesterday, TODAY, TODAY) == yesterday
    assert overdue_since("diagnosis", TODAY, TODAY - timedelta(days=90), TODAY) is None
    assert overdue_since("diagnosis", None, TODAY - timedelta(days=15), TODAY) == yesterday
    assert overdue_since("negotiating", None, TODAY - timedelta(days=15), TODAY) is None
    assert overdue_since("stopped", yesterday, yesterday, TODAY) is None
    case = make_case(next_step="约企业", next_due=yesterday)
    assert case.overdue_since(TODAY) == yesterday
    case = plan_case(actor=actor_of(case.manager), case=case, next_step="约企业", next_due=TODAY)
    assert Case.objects.get().overdue_since(TODAY) is None


def test_the_end_of_a_case_is_a_decision_of_the_match_and_trains_nothing() -> None:
    done = make_case(stage=CaseStage.DONE)
    said = Decision.objects.get(need=done.need)
    assert (said.organisation, said.kind, said.reason) == (done.seeker, "confirmed", "fits_problem")
    manager = make_manager()
    stopped = {}
    for reason in ("metrics_too_low", "no_money"):
        case = make_case(manager, stage=CaseStage.INTRODUCED)
        advance_case(
            actor=actor_of(manager), case=case, stage=CaseStage.STOPPED, reason=reason, note="小试未达标。"
        )
        stopped[reason] = list(Decision.objects.filter(need=case.need).values_list("kind", "reason", "note"))
    assert stopped == {"metrics_too_low": [("declined", "metrics_too_low", "小试未达标。")], "no_money": []}
    assert not TrainingRun.objects.exists()


def test_what_the_side_of_the_need_said_itself_stays() -> None:
    case = make_case(stage=CaseStage.INTRODUCED)
    assert case.need is not None
    assert case.result is not None
    decide_match(
        actor=make_person_of(case.seeker),
        pair=Pair(case.need, case.result),
        kind=DecisionKind.CONFIRMED,
        reason=DecisionReason.FITS_PARTLY,
    )
    advance_case(
        actor=actor_of(case.manager), case=case, stage=CaseStage.STOPPED, reason="too_far", note="太远。"
    )
    assert Decision.objects.get().reason == "fits_partly"
