"""What holds of every definition: it can be played to an end, and what is shown as possible is what succeeds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ronglian.engines.process import (
    Circumstances,
    Definition,
    Reason,
    Refused,
    Situation,
    advance,
    outcome_of,
    read_definition,
    start_situation,
    what_next,
)
from ronglian.engines.process.net import explore, shortest_way_out
from tests.engines.process.random_definitions import definition_texts
from tests.engines.process.samples import CALENDAR, NOW, sample

ROLES = ("issuer", "bidder", "clock")
FACTS = st.fixed_dictionaries(
    {"money": st.sampled_from([None, 0, 9_999, 10_000, 10**9]), "ready": st.sampled_from([None, True, False])}
)


def circumstances(draw: Any, now: Any) -> Circumstances:
    roles = draw(st.sets(st.sampled_from(ROLES)))
    documents = draw(st.sampled_from([{}, {"paper": "x"}]))
    return Circumstances.of(roles, draw(FACTS), now, CALENDAR, documents)


def everything(now: Any) -> Circumstances:
    return Circumstances.of(ROLES, {"money": 10**9, "ready": True}, now, CALENDAR, {"paper": "x"})


@settings(max_examples=60, deadline=None)
@given(definition_texts(), st.data())
def test_random_play_always_comes_to_an_end_and_what_is_shown_is_what_succeeds(text: str, data: Any) -> None:
    definition = read_definition(text, "random.yaml")
    reachable = set(explore(definition).markings)
    situation, now = start_situation(definition, NOW), NOW
    for _ in range(data.draw(st.integers(0, 12))):
        if outcome_of(definition, situation) is not None:
            break
        now += timedelta(hours=data.draw(st.integers(0, 400)))
        asked = circumstances(data.draw, now)
        allowed = agree(definition, situation, asked)
        if allowed:
            situation = advance(definition, situation, data.draw(st.sampled_from(allowed)), asked).situation
            assert frozenset(situation.states) in reachable
            assert len(set(situation.states)) == len(situation.states)
    for name in shortest_way_out(definition, frozenset(situation.states)):
        now += timedelta(days=60)
        situation = advance(definition, situation, name, everything(now)).situation
    assert outcome_of(definition, situation) in ("success", "cancelled")


def agree(definition: Definition, situation: Situation, asked: Circumstances) -> list[str]:
    """The steps shown as allowed; `advance` takes exactly these, and says the same reasons for the others."""
    shown = {step.transition.id: step for step in what_next(definition, situation, asked)}
    for name in definition.transitions:
        step = shown.get(name)
        said = refusal(definition, situation, name, asked)
        if said is None:
            assert step is not None
            assert step.is_allowed
        else:
            assert said
            assert step is None or step.reasons == said
    return [name for name, step in shown.items() if step.is_allowed]


def refusal(
    definition: Definition, situation: Situation, name: str, asked: Circumstances
) -> tuple[Reason, ...] | None:
    """Why the step was refused; None where it was taken."""
    try:
        advance(definition, situation, name, asked)
    except Refused as refused:
        return refused.reasons
    return None


@given(st.permutations(ROLES), FACTS, FACTS)
def test_more_facts_never_close_what_fewer_had_opened(
    roles: list[str], facts: dict[str, Any], more: dict[str, Any]
) -> None:
    """Guards without `none` are monotone in what is known."""
    definition = sample()
    grown = {name: facts[name] if facts[name] is not None else more[name] for name in facts}
    start = start_situation(definition, NOW)
    before = agree(definition, start, Circumstances.of(roles, facts, NOW, CALENDAR, {"paper": "x"}))
    after = agree(definition, start, Circumstances.of(roles, grown, NOW, CALENDAR, {"paper": "x"}))
    assert set(before) <= set(after)
