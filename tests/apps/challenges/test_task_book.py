"""After the award: a task book with milestones, judged by the enterprise's test and paid; a race of several teams."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ronglian.apps.challenges.enums import AwardState, Phase
from ronglian.apps.challenges.milestones import part_of
from ronglian.apps.challenges.models import Award, Bid, Milestone, PaymentOrder, Review
from ronglian.apps.challenges.operations.awarding import award_challenge, give_feedback
from ronglian.apps.challenges.operations.drafting import state_facts
from ronglian.apps.challenges.operations.milestones import Planned, advance_milestone, plan_milestones
from ronglian.apps.challenges.operations.payments import confirm_receipt
from ronglian.apps.challenges.operations.reviewing import assign_reviews, rank_challenge, submit_review
from ronglian.apps.challenges.operations.steps import advance_challenge
from ronglian.apps.challenges.paying import shared_alike
from ronglian.apps.challenges.queries.milestones import access_milestone, list_milestones
from ronglian.apps.challenges.standing import process_of
from ronglian.kernel.actor import ANONYMOUS, Actor
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound, RuleViolation
from ronglian.kernel.log.coverage import uncovered_rows
from ronglian.kernel.process.models import ProcessTimer
from ronglian.kernel.process.tasks import fire_due
from tests.apps.challenges.test_review_and_award import best_first, make_bureau
from tests.factories.challenges import (
    Setting,
    close,
    make_bid,
    make_draft,
    make_keys,
    make_reviewers,
    open_all,
    reviews_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PAPERS = ("task_text", "argument_record", "call_text", "rules_text", "review_record", "task_book", "pledge", "award_agreement",
          "acceptance_report", "payment_order", "feedback_record", "stop_record", "evidence", "judgement")  # fmt: skip
SEEN = dict.fromkeys(PAPERS, "见附件")


def step(setting: Setting, actor: Actor, name: str) -> None:
    process = process_of(setting.fresh())
    produces = process.definition.transitions[name].produces
    advance_challenge(
        actor=actor, challenge=setting.challenge, step=name, documents={one: SEEN[one] for one in produces}
    )


def notice_over(setting: Setting) -> None:
    rows = ProcessTimer.objects.filter(
        process=process_of(setting.challenge), state="waiting", name="publicity_over"
    )
    fire_due(max(row.due_at for row in rows if row.due_at))
    setting.fresh()


def awarded(setting: Setting, bids: int, winners: int) -> list[Bid]:
    """Bid, opened, reviewed by one person, awarded, and the public notice is over."""
    for _each in range(bids):
        make_bid(setting)
    open_all(close(setting))
    reviewer = make_reviewers(setting, 1)[0]
    assign_reviews(actor=setting.buyer, challenge=setting.fresh(), each=1)
    for at, review in enumerate(reviews_of(reviewer)):
        submit_review(actor=reviewer, review=review, scores=[5 - at, 5 - at], comments=["依据"] * 2)
    rank_challenge(actor=setting.buyer, challenge=setting.fresh())
    best = best_first(setting)[:winners]
    award_challenge(actor=setting.buyer, challenge=setting.fresh(), bids=best)
    assert Review.objects.exists()
    notice_over(setting)
    return best


def plan(setting: Setting, award: Award, *amounts: int) -> None:
    due = timezone.now() + timedelta(days=90)
    rows = [
        Planned(f"第{at}阶段", "检测报告", due + timedelta(days=at), amount)
        for at, amount in enumerate(amounts, 1)
    ]
    plan_milestones(actor=setting.buyer, challenge=setting.fresh(), award=award, rows=rows)


def take(actor: Actor, milestone: Milestone, name: str) -> None:
    process = part_of(milestone)
    assert process is not None
    produces = process.definition.transitions[name].produces
    advance_milestone(
        actor=actor, milestone=milestone, step=name, documents={one: SEEN[one] for one in produces}
    )


def side_of(setting: Setting, bid: Bid) -> Actor:
    return next(actor for organisation, actor in setting.bidders if organisation.pk == bid.bidder_id)


@pytest.fixture
def national() -> Setting:
    """The national scheme: examined by the bureau before it is published."""
    setting = make_keys(make_draft("national_challenge", reward_kind="grant"))
    stated: dict[str, Any] = {"is_urgent": True, "end_user_known": True, "money_secured": True}
    state_facts(actor=setting.buyer, challenge=setting.fresh(), facts=stated)
    step(setting, setting.buyer, "submit")
    assert setting.fresh().phase == Phase.CHECK
    step(setting, make_bureau(), "publish")
    return setting


def test_the_whole_life_of_a_national_challenge(national: Setting) -> None:
    bid = awarded(national, 2, 1)[0]
    award = Award.objects.get(state=AwardState.STANDING)
    winner = side_of(national, bid)
    with pytest.raises(RuleViolation, match="milestones"):
        step(national, national.buyer, "sign")
    plan(national, award, 20_000_000, 30_000_000)
    step(national, national.buyer, "sign")
    with pytest.raises(RuleViolation, match="before it is signed"):
        plan(national, award, 1)
    first, second = list_milestones(national.buyer, national.challenge)
    for milestone in (first, second):
        take(winner, milestone, "hand_in")
        with pytest.raises(NotAllowed):
            take(winner, milestone, "pass")
        take(national.buyer, milestone, "pass")
        take(national.buyer, milestone, "pay")
    step(national, national.buyer, "finish")
    step(national, national.buyer, "accept")
    assert national.fresh().phase == Phase.DONE
    assert not list(uncovered_rows(Milestone))


def test_one_failed_milestone_stops_the_work(national: Setting) -> None:
    bid = awarded(national, 1, 1)[0]
    plan(national, Award.objects.get(), 10_000_000)
    step(national, national.buyer, "sign")
    milestone = list_milestones(national.buyer, national.challenge)[0]
    take(side_of(national, bid), milestone, "hand_in")
    take(national.buyer, milestone, "fail")
    with pytest.raises(RuleViolation):
        step(national, national.buyer, "finish")
    step(national, national.buyer, "stop")
    assert "failed" in process_of(national.challenge).states


def test_a_task_book_is_planned_within_what_was_promised(national: Setting) -> None:
    awarded(national, 1, 1)
    award = Award.objects.get()
    with pytest.raises(InvalidInput):
        plan(national, award, 40_000_000, 20_000_000)  # more than the reward
    with pytest.raises(InvalidInput):
        plan(national, award)
    late = [Planned("一", "报告", timezone.now() - timedelta(days=1))]
    with pytest.raises(InvalidInput):
        plan_milestones(actor=national.buyer, challenge=national.challenge, award=award, rows=late)
    plan(national, award, 1)
    plan(national, award, 2, 3)
    assert list(Milestone.objects.values_list("amount_fen", flat=True)) == [2, 3]


def test_a_task_book_is_the_two_sides_own(national: Setting) -> None:
    best = awarded(national, 2, 1)[0]
    plan(national, Award.objects.get(), 1)
    milestone = Milestone.objects.get()
    loser = next(actor for organisation, actor in national.bidders if organisation.pk != best.bidder_id)
    for actor in (national.buyer, side_of(national, best)):
        assert access_milestone(actor, milestone.public_id) == milestone
    for actor in (loser, make_bureau(), ANONYMOUS):
        with pytest.raises(NotFound):
            access_milestone(actor, milestone.public_id)


def test_a_race_goes_on_until_one_team_is_left() -> None:
    setting = make_keys(make_draft("horse_race", kind="race"))
    state_facts(actor=setting.buyer, challenge=setting.fresh(), facts={"stages_funded": True})
    step(setting, setting.buyer, "publish")
    first, second = awarded(setting, 3, 2)
    loser = Bid.objects.filter(challenge=setting.challenge).exclude(pk__in=[first.pk, second.pk]).get()
    told = "两队得分更高，差在连续运行的数据，欢迎再来。"
    give_feedback(actor=setting.buyer, challenge=setting.fresh(), bid=loser, text=told)
    step(setting, setting.buyer, "give_feedback")
    for award in Award.objects.filter(state=AwardState.STANDING):
        plan(setting, award, 5_000_000, 5_000_000)
    step(setting, setting.buyer, "sign")
    running = [one for one in list_milestones(setting.buyer, setting.challenge) if part_of(one)]
    assert [(one.award.place, one.number) for one in running] == [(1, 1), (2, 1)]
    for milestone in running:
        take(side_of(setting, milestone.award.bid), milestone, "hand_in")
    take(setting.buyer, running[0], "pass")
    take(setting.buyer, running[0], "pay")
    take(setting.buyer, running[1], "eliminate")
    assert [award.place for award in Award.objects.filter(state=AwardState.STANDING)] == [1]
    step(setting, setting.buyer, "stage_over")
    step(setting, setting.buyer, "choose")
    step(setting, setting.buyer, "accept")
    step(setting, setting.buyer, "pay")
    assert setting.fresh().phase == Phase.DONE


def test_milestones_and_the_rest_are_paid_by_orders_that_the_payee_confirms(national: Setting) -> None:
    bid = awarded(national, 2, 1)[0]
    plan(national, Award.objects.get(state=AwardState.STANDING), 20_000_000, 0)
    step(national, national.buyer, "sign")
    winner = side_of(national, bid)
    for milestone in list_milestones(national.buyer, national.challenge):
        take(winner, milestone, "hand_in")
        take(national.buyer, milestone, "pass")
        take(national.buyer, milestone, "pay")
    order = PaymentOrder.objects.get()  # nothing is ordered for a milestone without an amount
    assert (order.amount_fen, order.milestone.number, order.basis) == (20_000_000, 1, "见附件")  # type: ignore[union-attr]  # it is of a milestone
    with pytest.raises(NotAllowed):
        confirm_receipt(actor=national.buyer, payment_order=order)
    confirm_receipt(actor=winner, payment_order=order)
    with pytest.raises(RuleViolation):
        confirm_receipt(actor=winner, payment_order=PaymentOrder.objects.get())
    assert not list(uncovered_rows(PaymentOrder))


def test_the_teams_of_a_race_together_are_promised_no_more_than_the_challenge() -> None:
    setting = make_keys(make_draft("horse_race", kind="race"))
    state_facts(actor=setting.buyer, challenge=setting.fresh(), facts={"stages_funded": True})
    step(setting, setting.buyer, "publish")
    awarded(setting, 2, 2)
    first, second = Award.objects.order_by("place")
    plan(setting, first, 30_000_000)
    with pytest.raises(InvalidInput):
        plan(setting, second, 20_000_001)
    plan(setting, second, 20_000_000)


@given(fen=st.integers(0, 10**12), among=st.integers(1, 20))
def test_what_is_left_is_shared_alike_to_the_fen(fen: int, among: int) -> None:
    parts = shared_alike(fen, among)
    assert (sum(parts), len(parts), parts) == (fen, among, sorted(parts, reverse=True))
    assert parts[0] - parts[-1] <= 1


def test_the_worked_table_of_the_module() -> None:
    assert shared_alike(5_000_001, 1) == [5_000_001]
    assert shared_alike(5_000_001, 3) == [1_666_667] * 3
