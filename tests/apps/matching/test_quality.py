"""The quality report: right figures, honest gaps, nothing of what a few organisations decided."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.matching.models import Decision, Suggestion
from ronglian.apps.matching.queries.quality import HIDDEN, Share, _too_few, band_of, read_quality
from ronglian.apps.matching.queries.quality_lists import (
    RECORD_LISTS,
    list_quality_decisions,
    list_quality_records,
    seen_pairs,
)
from ronglian.apps.registry.enums import Disclosure
from ronglian.apps.registry.models import Need, Result
from ronglian.kernel.actor import ANONYMOUS, Actor
from ronglian.kernel.errors import NotFound
from ronglian.kernel.events import build_event
from ronglian.kernel.models import Event
from tests.factories import SYSTEM, make_need, make_organisation, make_person, make_person_of, make_result

pytestmark = pytest.mark.django_db


def decide(need: Need, result: Result, *, by: Organisation | None = None, kind: str = "confirmed", score: float = 70.0) -> Decision:  # fmt: skip
    return Decision.objects.create(
        need=need, result=result, organisation=by or need.owner, kind=kind, decided_by="试",
        reason="fits_problem" if kind == "confirmed" else "too_far",
        explanation={"score": score, "parts": []}, engine_version="1.0", parameters_version="2026-2",
    )  # fmt: skip


def suggest(need: Need, result: Result, score: float) -> None:
    Suggestion.objects.create(
        need=need, result=result, score=score, explanation={}, engine_version="1", parameters_version="1",
        need_version=1, result_version=1,
    )  # fmt: skip


@pytest.fixture
def operator() -> Actor:
    return actor_of_person(make_person(is_operator=True))


def needs_of_firms(number: int, **fields: Any) -> list[Need]:
    return [make_need(make_organisation(), **fields) for _ in range(number)]


def test_an_empty_platform_says_nothing() -> None:
    report = read_quality(ANONYMOUS)
    assert report.needs_covered == report.answers.unanswered == Share(0, 0)
    assert (report.confirmed, report.confirmed.interval) == (HIDDEN, None)
    assert read_quality(SYSTEM).confirmed == Share(0, 0)
    assert (report.answers.median_days, report.months, report.invented_decisions) == (None, (), False)


def test_precision_by_score_band() -> None:
    result = make_result()
    for at, need in enumerate(needs_of_firms(6)):
        decide(need, result, score=85.0, kind="confirmed" if at else "declined")
        decide(need, make_result(result.owner), score=20.0, kind="declined")
    report = read_quality(ANONYMOUS)
    assert report.confirmed == Share(5, 12)
    by_band = {group.key: group for group in report.bands}
    assert (by_band["80"].confirmed, by_band["20"].confirmed) == (Share(5, 6), Share(0, 6))
    assert by_band["0"].confirmed == Share(0, 0)
    assert by_band["80"].mean_score == 85.0
    interval = by_band["80"].confirmed.interval
    assert interval is not None
    assert interval.low < 5 / 6 < interval.high
    assert [group.confirmed for group in report.months] == [Share(5, 12)]
    assert [band_of(score) for score in (0.0, 19.99, 20.0, 99.0, 100.0)] == [0, 0, 20, 80, 80]


def test_what_a_few_organisations_decided_is_told_to_operators_only(operator: Actor) -> None:
    result = make_result()
    for need in needs_of_firms(4):
        decide(need, result)
    report = read_quality(ANONYMOUS)
    assert report.confirmed == report.answers.unanswered == HIDDEN
    assert {group.confirmed for group in report.bands} == {HIDDEN}
    assert report.months == ()
    assert all(group.mean_score is None for group in report.bands)
    for reader in (operator, SYSTEM):
        assert read_quality(reader).confirmed == Share(4, 4)


def test_a_hidden_group_cannot_be_worked_out_from_the_sum() -> None:
    """One small band beside two large ones: the next smallest is hidden with it."""
    result = make_result()
    firms = needs_of_firms(7)
    for need in firms:
        decide(need, result, score=90.0)
    for need in firms[:5]:
        decide(need, make_result(result.owner), score=70.0)
    decide(firms[0], make_result(result.owner), score=10.0)
    shown = {group.key: group.confirmed for group in read_quality(ANONYMOUS).bands}
    assert shown["80"] == Share(7, 7)
    assert shown["0"] == shown["60"] == HIDDEN
    assert _too_few({"a": {1, 2, 3}, "b": {4, 5}, "c": set(range(9))}, 5) == {"a", "b"}
    assert _too_few({"a": {1}, "b": {1, 2}}, 5) == {"a", "b"}
    assert _too_few({"a": set(range(5)), "b": set()}, 5) == {"a", "b"}
    assert _too_few({"a": set(range(5)), "b": {1}}, 0) == set()


def test_who_waits_by_size_of_firm(operator: Actor) -> None:
    """A size of which fewer than five firms had an answer is not told, nor could it be worked out."""
    result = make_result()
    small = [make_need(make_organisation(size="small")) for _ in range(7)]
    micro = [make_need(make_organisation(size="micro")) for _ in range(6)]
    large = make_need(make_organisation(size="large"))
    for need in [*small[:6], *micro[:5]]:
        decide(need, result)
    told = {each.size: each.answers.unanswered for each in read_quality(operator).answers_by_size}
    assert told == {"large": Share(1, 1), "small": Share(1, 7), "micro": Share(1, 6)}
    told = {each.size: each.answers.unanswered for each in read_quality(ANONYMOUS).answers_by_size}
    assert told == {"large": HIDDEN, "small": Share(1, 7), "micro": HIDDEN}
    assert list(list_quality_records(operator, "unanswered-needs", size="large")) == [large]
    assert list(list_quality_records(ANONYMOUS, "unanswered-needs", size="large")) == []


def test_decisions_on_closed_records_are_not_told_and_those_on_withdrawn_ones_are_kept(
    operator: Actor,
) -> None:
    result, closed = make_result(), make_result(disclosure=Disclosure.ORGANISATION)
    firms = needs_of_firms(5)
    for need in firms:
        decide(need, result)
    decide(firms[0], closed, kind="declined")
    assert read_quality(ANONYMOUS).confirmed == Share(5, 5)
    assert read_quality(operator).confirmed == Share(5, 6)
    Need.objects.filter(pk=firms[0].pk).update(state="withdrawn")
    assert read_quality(ANONYMOUS).confirmed == Share(5, 5)


def test_coverage_counts_public_current_records_and_its_lists_hold_them(operator: Actor) -> None:
    first, second, _third = needs_of_firms(3)
    closed = make_need(disclosure=Disclosure.ORGANISATION)
    good, poor, never = make_result(), make_result(), make_result()
    hidden = make_result(disclosure=Disclosure.ORGANISATION)
    suggest(first, good, 80)
    suggest(second, poor, 40)
    suggest(second, hidden, 90)
    suggest(closed, never, 90)
    report = read_quality(ANONYMOUS)
    assert (report.needs_covered, report.results_suggested) == (Share(1, 3), Share(2, 3))
    assert list(list_quality_records(ANONYMOUS, "covered-needs")) == [first]
    assert list(list_quality_records(ANONYMOUS, "unsuggested-results")) == [never]
    assert read_quality(operator).needs_covered == Share(3, 4)
    for name in ("needs", "results"):
        parts = [
            each
            for each in RECORD_LISTS
            if each.endswith(name) and ("covered" in each or "suggested" in each)
        ]
        assert sum(list_quality_records(ANONYMOUS, each).count() for each in parts) == 3
    with pytest.raises(NotFound):
        list_quality_records(ANONYMOUS, "secrets")


def test_waiting_counts_those_who_still_wait_until_their_need_runs_out() -> None:
    result = make_result()
    needs = needs_of_firms(8)
    Event.objects.filter(name="need.published").delete()
    now = timezone.now()
    Need.objects.filter(pk=needs[0].pk).update(created_at=now - timedelta(days=40))
    for need in needs[1:]:  # typed in long before it was published, and published twice
        Need.objects.filter(pk=need.pk).update(created_at=now - timedelta(days=90))
        for days in (40, 2):
            event = build_event(SYSTEM, "need.published", need)
            event.save()
            Event.objects.filter(pk=event.pk).update(occurred_at=now - timedelta(days=days))
    for at, need in enumerate(needs[:6]):
        made = decide(need, result)
        Decision.objects.filter(pk=made.pk).update(created_at=now - timedelta(days=39 - at))
    Need.objects.filter(pk=needs[6].pk).update(expires_on=timezone.localdate() - timedelta(days=41))
    answers = read_quality(ANONYMOUS).answers
    assert answers.unanswered == Share(2, 8)
    # Seven waited at least a day, and four of them had an answer within four days: 1 - 3/7 of the curve.
    assert answers.median_days == pytest.approx(4.0, abs=0.01)
    assert answers.p90_days is None


def test_who_may_see_the_lists_of_decisions(operator: Actor) -> None:
    result = make_result()
    needs = needs_of_firms(5)
    made = [decide(need, result, score=10.0 * at) for at, need in enumerate(needs)]
    own = make_person_of(needs[0].owner)
    assert list(list_quality_decisions(ANONYMOUS)) == []
    assert list(list_quality_decisions(own)) == [made[0]]
    assert list(list_quality_decisions(operator, band=20)) == [made[3], made[2]]
    assert list(list_quality_decisions(operator, month=f"{timezone.localtime():%Y-%m}")) == made[::-1]
    assert list(list_quality_decisions(operator, month="2020-01")) == []
    waiting = make_need(needs[0].owner)
    for actor, seen in ((ANONYMOUS, set()), (own, {waiting}), (operator, {waiting})):
        assert set(list_quality_records(actor, "unanswered-needs")) == seen
    assert set(list_quality_records(own, "answered-needs")) == {needs[0]}
    Need.objects.filter(pk=needs[0].pk).update(state="withdrawn")
    assert seen_pairs(operator, made) == {row.pk for row in made[1:]}
    assert seen_pairs(own, made[:1]) == {made[0].pk}


def test_decisions_on_demo_records_are_said_to_be_invented() -> None:
    decide(make_need(), make_result())
    assert not read_quality(ANONYMOUS).invented_decisions
    Result.objects.update(source_kind="demo")
    assert read_quality(ANONYMOUS).invented_decisions


def test_the_report_costs_the_same_for_one_decision_and_for_many() -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            read_quality(ANONYMOUS)
        return len(captured)

    result = make_result()
    decide(make_need(), result)
    once = queries()
    for need in needs_of_firms(6):
        decide(need, result)
    assert queries() == once <= 7
