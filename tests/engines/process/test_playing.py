"""What can happen next, and that it does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronglian.engines.process import (
    Part,
    Refused,
    Situation,
    Token,
    advance,
    due_of,
    first_fired,
    outcome_of,
    start_situation,
    what_next,
)
from tests.engines.process.samples import CALENDAR, NOW, asked, sample

DAYS = timedelta(days=1)
SAMPLE = sample()


def codes(situation: Situation, step: str, *roles: str, **more: object) -> list[str]:
    found = {each.transition.id: each for each in what_next(SAMPLE, situation, asked(*roles, **more))}  # type: ignore[arg-type]  # facts
    return [reason.code for reason in found[step].reasons]


def test_all_reasons_are_said_in_both_languages() -> None:
    start = start_situation(SAMPLE, NOW)
    step = next(
        each
        for each in what_next(SAMPLE, start, asked("bidder", money=9_999, documents={}))
        if each.transition.id == "fork"
    )
    assert [reason.code for reason in step.reasons] == ["role", "guard", "unknown", "document"]
    assert [reason.words.zh for reason in step.reasons] == [
        "只有发榜方可以办。",
        "金额不足",
        "没有就绪（还不知道：就绪）",
        "还缺材料：文书。",
    ]
    assert step.reasons[0].words.en == "Only issuer may do this."
    assert step.reasons[1].source == "law"
    assert not step.is_allowed


def test_the_limit_itself_is_enough() -> None:
    start = start_situation(SAMPLE, NOW)
    assert codes(start, "fork", "issuer", money=10_000, ready=True) == []
    assert codes(start, "fork", "issuer", money=9_999, ready=True) == ["guard"]


def test_parts_join_when_both_are_there_and_the_notice_has_passed() -> None:
    done = advance(
        SAMPLE, start_situation(SAMPLE, NOW), "fork",
        asked("issuer", money=10_000, ready=True, documents={"paper": "x"}),
    )  # fmt: skip
    assert set(done.situation.states) == {"b", "c"}
    # Monday 2 March, five working days: over at the end of Monday 9 March, 16:00 UTC.
    due = NOW.replace(day=9, hour=16)
    assert codes(done.situation, "join", "bidder", now=due - timedelta(seconds=1)) == ["early"]
    ended = advance(SAMPLE, done.situation, "join", asked("bidder", now=due))
    assert outcome_of(SAMPLE, ended.situation) == "success"
    only = Situation((Token("b", NOW),))
    assert codes(only, "join", "bidder", now=due) == ["join"]


def test_cancelling_takes_every_token() -> None:
    both = Situation((Token("b", NOW), Token("c", NOW)))
    done = advance(SAMPLE, both, "stop", asked("issuer"))
    assert (done.situation.states, done.left, done.outcome) == (("off",), ("b", "c"), "cancelled")


def test_a_refusal_says_everything() -> None:
    with pytest.raises(Refused) as refused:
        advance(SAMPLE, start_situation(SAMPLE, NOW), "join", asked("issuer"))
    assert [reason.code for reason in refused.value.reasons] == ["role", "absent"]


def test_running_parts_hold_the_whole() -> None:
    whole = Situation((Token("a", NOW),), (Part("1", "a"), Part("2", "a", "success")))
    assert codes(whole, "fork", "issuer", money=10_000, ready=True) == ["parts"]
    assert codes(whole, "stop", "issuer") == []


def test_the_clock_takes_the_first_step_that_is_possible() -> None:
    timer = SAMPLE.timers["over"]
    both, only = Situation((Token("b", NOW), Token("c", NOW))), Situation((Token("b", NOW),))
    due = due_of(SAMPLE, both, timer, {}, CALENDAR)
    assert due is not None
    assert first_fired(SAMPLE, both, timer, asked("clock", now=due)) == "join"
    assert first_fired(SAMPLE, only, timer, asked("clock", now=due)) == "stop"


def test_a_fact_of_the_wrong_kind_is_the_callers_mistake() -> None:
    with pytest.raises(TypeError, match="money"):
        what_next(SAMPLE, start_situation(SAMPLE, NOW), asked("issuer", money="100"))


def test_a_moment_is_due_when_it_is_known_and_the_clock_runs() -> None:
    timer, moment = SAMPLE.timers["remind"], NOW + DAYS
    start = start_situation(SAMPLE, NOW)
    assert due_of(SAMPLE, start, timer, {}, CALENDAR) is None
    assert due_of(SAMPLE, start, timer, {"closes_at": moment}, CALENDAR) == moment
    stood = Situation(start.tokens, (), ((NOW, None),))
    assert due_of(SAMPLE, stood, timer, {"closes_at": moment}, CALENDAR) is None
