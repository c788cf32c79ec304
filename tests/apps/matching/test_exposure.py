"""Who is seen: measured on public records only, followed by lists that say so, and switched off by one setting."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.matching.invariants import _low_caps, _wild_lifts
from ronglian.apps.matching.models import ExposureMeasurement, Suggestion
from ronglian.apps.matching.operations.exposure import measure_suggestions
from ronglian.apps.matching.operations.matches import suggest_matches
from ronglian.apps.matching.queries.exposure import order_in_use, public_lists
from ronglian.apps.matching.queries.matches import match_need, match_result, match_text
from ronglian.apps.matching.queries.quality_lists import list_quality_records
from ronglian.apps.matching.queries.seen import read_seen
from ronglian.apps.matching.tasks import refresh_exposure
from ronglian.apps.matching.wording import describe_move
from ronglian.apps.registry.enums import Disclosure
from ronglian.apps.registry.models import Need, Result
from ronglian.engines.matching.fairness import DEFAULT_FAIRNESS
from ronglian.kernel.actor import ANONYMOUS, Role
from ronglian.kernel.errors import NotAllowed
from ronglian.kernel.events import events_about
from ronglian.kernel.log.coverage import uncovered_rows
from tests.factories import SYSTEM, make_need, make_organisation, make_person, make_person_of, make_result

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SUBJECT = "电镀废水六价铬还原"
EMPTY = {
    "lists": 0, "small_owners": 0, "other_owners": 0, "mean_small": None, "mean_others": None,
    "due": 0.0, "seen": 0.0, "seen_lifted": 0.0, "is_enough": True,
}  # fmt: skip


def suggest(need: Need, result: Result, score: float) -> Suggestion:
    return Suggestion.objects.create(
        need=need, result=result, score=score, explanation={}, engine_version="1", parameters_version="1",
        need_version=1, result_version=1,
    )  # fmt: skip


def measured(*, lift: float = 0.0, least_scores: dict[str, float] | None = None) -> ExposureMeasurement:
    return ExposureMeasurement.objects.create(
        parameters_version=DEFAULT_FAIRNESS.version,
        results={**EMPTY, "lift": lift},
        needs={**EMPTY, "lift": lift},
        cap=20,
        least_scores=least_scores or {},
        held_back=0,
    )


@pytest.fixture
def unfair() -> tuple[list[Need], list[Result], list[Result]]:
    """Six large and six small suppliers; in each of twenty lists every small one stands closely behind the large."""
    large = [make_result(make_organisation(size="large")) for _ in range(6)]
    small = [make_result(make_organisation(size="small")) for _ in range(6)]
    needs = [make_need(make_organisation(size="large")) for _ in range(20)]
    for need in needs:
        for at in range(6):
            suggest(need, large[at], 60.0 + at)
            suggest(need, small[at], 59.5 + at)
    return needs, large, small


@pytest.fixture
def rivals() -> tuple[Need, list[Result], Result]:
    """A need with eight equal results of large suppliers and one of a small one, which states a little less."""
    need = make_need(make_organisation(size="large"), SUBJECT)
    large = [make_result(make_organisation(size="large"), SUBJECT) for _ in range(8)]
    return need, large, make_result(make_organisation(size="micro"), f"{SUBJECT}法")


def test_small_suppliers_seen_too_little_are_lifted_by_no_more_than_they_lack(
    unfair: tuple[list[Need], list[Result], list[Result]],
) -> None:
    found = measure_suggestions(actor=SYSTEM)
    exposure = found.results
    assert exposure["seen"] < exposure["due"] <= exposure["seen_lifted"]
    assert 0.5 < exposure["lift"] <= DEFAULT_FAIRNESS.most_points
    assert (found.needs["is_enough"], found.needs["lift"]) == (False, 0.0)  # no small firm has a need
    assert [event.name for event in events_about(found)] == ["exposure.measured"]
    order = order_in_use()
    assert order is not None
    assert order.lifts == {"results": exposure["lift"], "needs": 0.0}


def test_what_is_hidden_from_the_public_changes_nothing(
    unfair: tuple[list[Need], list[Result], list[Result]],
) -> None:
    before = measure_suggestions(actor=SYSTEM)
    needs, large, small = unfair
    closed = make_result(make_organisation(size="small"), disclosure=Disclosure.ORGANISATION)
    secret = make_need(make_organisation(size="small"), disclosure=Disclosure.ORGANISATION)
    suggest(needs[0], closed, 99.0)
    suggest(secret, large[0], 99.0)
    row = suggest(needs[0], make_result(make_organisation(size="small")), 99.0)
    Suggestion.objects.filter(pk=row.pk).update(basis="need")
    after = measure_suggestions(actor=SYSTEM)
    assert (after.results, after.needs, after.least_scores) == (
        before.results,
        before.needs,
        before.least_scores,
    )
    assert small[0].owner.is_small


def test_lists_follow_and_say_so_and_scores_stay(rivals: tuple[Need, list[Result], Result]) -> None:
    need, _large, small = rivals
    by_score = match_need(ANONYMOUS, need)
    assert [view.result for view in by_score][-1] == small
    assert by_score[0].match.score - by_score[-1].match.score < DEFAULT_FAIRNESS.most_points
    measured(lift=2.0)
    fair = match_need(ANONYMOUS, need)
    assert fair[0].result == small
    assert {view.result.pk: view.match for view in fair if view.result} == {
        view.result.pk: view.match for view in by_score if view.result
    }
    assert fair[0].move is not None
    assert describe_move(fair[0].move) == (
        "Shown 8 places higher: small suppliers were seen less than their share. The score is unchanged."
    )
    assert fair[1].move is not None
    assert describe_move(fair[1].move) == "Place 1 by score; others were moved. The score is unchanged."
    assert match_need(ANONYMOUS, need, by_score=True) == by_score
    assert match_need(ANONYMOUS, need, top=3)[0].result == small
    assert match_text(ANONYMOUS, SUBJECT, top=3)[0].result == small


def test_switched_off_or_measured_by_other_bounds_the_order_is_that_of_the_scores(
    rivals: tuple[Need, list[Result], Result], settings: Settings
) -> None:
    need, _large, small = rivals
    row = measured(lift=2.0)
    settings.FAIR_ORDER = False
    assert match_need(ANONYMOUS, need)[-1].result == small
    settings.FAIR_ORDER = True
    assert match_need(ANONYMOUS, need)[0].result == small
    ExposureMeasurement.objects.filter(pk=row.pk).update(parameters_version="2020-1")
    assert order_in_use() is None


def test_a_need_whose_owner_is_not_named_is_never_lifted() -> None:
    """Neither for those who may know the owner: the order would differ from what everybody sees."""
    result = make_result(make_organisation(size="large"), SUBJECT)
    others = [make_need(make_organisation(size="large"), SUBJECT) for _ in range(3)]
    hidden = make_need(make_organisation(size="small"), f"{SUBJECT}法", anonymous=True)
    suggest(hidden, result, 50.0)
    measured(lift=2.0)
    operator = actor_of_person(make_person(is_operator=True))
    for actor in (ANONYMOUS, operator):
        views = match_result(actor, result)
        assert views[-1].need == hidden
        assert all(view.move is None for view in views)
    assert not any(line.is_small for lines in public_lists().needs.values() for line in lines)
    assert set(list_quality_records(operator, "small-needs")) == set()
    Need.objects.filter(pk=hidden.pk).update(anonymous=False)
    assert match_result(ANONYMOUS, result)[0].need == hidden
    assert set(list_quality_records(ANONYMOUS, "small-needs")) == {hidden}
    assert set(list_quality_records(ANONYMOUS, "other-needs")) == set(others)


def test_a_popular_result_is_held_back_where_others_fit_as_well(settings: Settings) -> None:
    popular, firm, institute = make_result(), make_organisation(size="large"), make_organisation()
    needs = [make_need(firm) for _ in range(24)]
    for at, need in enumerate(needs):
        suggest(need, popular, 80.0 - at)
        suggest(need, make_result(institute), 79.0 - at)
    for _ in range(12):  # enough to choose from, so that the cap is at its least
        make_result(institute)
    settings.FAIR_ORDER = False
    assert measure_suggestions(actor=SYSTEM).held_back == 4
    assert popular.suggestions.count() == 24
    settings.FAIR_ORDER = True
    found = measure_suggestions(actor=SYSTEM)
    assert found.least_scores == {str(popular.public_id): 61.0}
    assert popular.suggestions.count() == 20
    assert min(popular.suggestions.values_list("score", flat=True)) == 61.0
    assert measure_suggestions(actor=SYSTEM).held_back == 0


def test_a_result_that_enough_are_shown_stands_behind_the_first_ten_and_is_not_stored() -> None:
    need = make_need(make_organisation(size="large"), SUBJECT)
    results = [
        make_result(make_organisation(size="large"), f"{SUBJECT}{'法' * (at > 5)}") for at in range(12)
    ]
    popular = match_need(ANONYMOUS, need)[0].result
    assert popular is not None
    measured(least_scores={str(popular.public_id): 100.0})
    views = match_need(ANONYMOUS, need)
    assert [view.result for view in views].index(popular) == 10
    move = views[10].move
    assert move is not None
    assert describe_move(move) == (
        "Shown 10 places lower: it stands among the first of 20 needs already that it fits better. "
        "The score is unchanged."
    )
    suggest_matches(actor=SYSTEM, record=need)
    assert set(need.suggestions.values_list("result", flat=True)) == {each.pk for each in results} - {
        popular.pk
    }
    assert match_text(ANONYMOUS, SUBJECT)[0].move is None


def test_it_is_measured_again_only_when_something_was_matched() -> None:
    need = make_need()
    assert refresh_exposure.func() == 0
    suggest_matches(actor=SYSTEM, record=need)
    assert (refresh_exposure.func(), refresh_exposure.func()) == (1, 0)


def test_only_operators_measure() -> None:
    for actor in (ANONYMOUS, make_person_of(make_organisation(), Role.OWNER)):
        with pytest.raises(NotAllowed):
            measure_suggestions(actor=actor)
    assert measure_suggestions(actor=actor_of_person(make_person(is_operator=True))).pk


def test_the_report_is_silent_where_few_stand_behind_it() -> None:
    assert read_seen().measured_at is None
    suggest(make_need(), make_result(make_organisation(size="small")), 60.0)
    measure_suggestions(actor=SYSTEM)
    seen: Any = read_seen()
    assert [each.exposure for each in seen.sides] == [None, None]
    assert [(each.records.part, each.records.whole) for each in seen.sides] == [(1, 1), (1, 1)]


def test_a_check_finds_measurements_beyond_the_bounds() -> None:
    measurement = measure_suggestions(actor=SYSTEM)
    assert [*_wild_lifts(), *_low_caps()] == []
    ExposureMeasurement.objects.update(cap=1, results={**measurement.results, "lift": 9.0})
    name = f"exposuremeasurement {measurement.public_id}"
    assert (list(_wild_lifts()), list(_low_caps())) == ([name], [name])


def test_what_was_measured_long_ago_goes_and_the_log_says_so() -> None:
    old = measure_suggestions(actor=SYSTEM)
    days = [timezone.now() - timedelta(days=days) for days in (91, 89)]
    young = measure_suggestions(actor=SYSTEM)
    for row, day in zip((old, young), days, strict=True):
        ExposureMeasurement.objects.filter(pk=row.pk).update(created_at=day)
    new = measure_suggestions(actor=SYSTEM)
    assert set(ExposureMeasurement.objects.all()) == {young, new}
    names = [event.name for event in events_about(old)]
    assert sorted(names) == ["exposure.forgotten", "exposure.measured"]
    # (`young` was put back in time behind the log; what was dropped is accounted for.)
    assert {found.public_id for found in uncovered_rows(ExposureMeasurement)} == {young.public_id}
