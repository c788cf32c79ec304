"""Routes, one rule at a time."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.diagnosis import (
    Criterion,
    Reason,
    Route,
    TriageFacts,
    draft_criteria,
    is_complete,
    propose_route,
    read_sheet,
)
from tests.engines.diagnosis.samples import PLATING, PLATING_TITLE

CLEAR = TriageFacts("镀铬废水超标", 80.0, 80.0, 70.0, has_problem=True, is_small_firm=False, alike=0)


def test_clear_with_good_matches_is_matched_now() -> None:
    assert propose_route(CLEAR).route is Route.MATCH_NOW
    assert propose_route(CLEAR).reasons == (Reason.CLEAR_ENOUGH, Reason.GOOD_MATCHES)


def test_vague_is_diagnosed_and_says_what_lacks() -> None:
    vague = replace(CLEAR, clarity=20.0, completeness=20.0)
    assert propose_route(vague).route is Route.DIAGNOSE
    assert propose_route(vague).reasons == (Reason.UNCLEAR, Reason.INCOMPLETE)


def test_one_lack_is_no_obstacle_where_good_matches_are_found() -> None:
    assert propose_route(replace(CLEAR, completeness=20.0)).route is Route.MATCH_NOW
    assert propose_route(replace(CLEAR, completeness=20.0, best_match=30.0)).route is Route.DIAGNOSE


def test_small_firms_that_say_the_same_are_pooled() -> None:
    assert propose_route(replace(CLEAR, is_small_firm=True, alike=2)).route is Route.POOL
    assert propose_route(replace(CLEAR, is_small_firm=True, alike=1)).route is Route.MATCH_NOW
    assert propose_route(replace(CLEAR, alike=5)).route is Route.MATCH_NOW


def test_key_problems_without_an_answer_go_the_long_way() -> None:
    key = replace(CLEAR, text="该轴承长期依赖进口", best_match=None)
    assert propose_route(key).route is Route.LONG_TERM
    assert propose_route(replace(key, best_match=90.0)).route is Route.MATCH_NOW


def test_money_and_staff_are_no_technical_problem_unless_one_is_told() -> None:
    loan = replace(CLEAR, text="希望获得贷款支持", has_problem=False)
    assert propose_route(loan).reasons == (Reason.FINANCE,)
    assert propose_route(replace(loan, has_problem=True)).route is Route.MATCH_NOW


@given(
    st.floats(0, 100),
    st.floats(0, 100),
    st.none() | st.floats(0, 100),
    st.booleans(),
    st.booleans(),
    st.integers(0, 9),
)
def test_every_need_gets_a_way_and_a_reason(
    completeness: float, clarity: float, best: float | None, problem: bool, small: bool, alike: int
) -> None:
    triage = propose_route(TriageFacts("轴承", completeness, clarity, best, problem, small, alike))
    assert triage.reasons


def test_goals_become_lines_of_the_acceptance_test() -> None:
    drafted = draft_criteria(read_sheet(PLATING_TITLE, PLATING))
    assert [each.quantity for each in drafted] == ["六价铬", "处理成本"]
    assert all(each.threshold for each in drafted)
    assert drafted[0].missing == ("method", "measured_by", "evidence")
    assert not is_complete(drafted)
    assert not is_complete(())
    assert is_complete((Criterion("六价铬", "≤ 0.1 mg/L", "GB 7467", "第三方", "检测报告"),))
