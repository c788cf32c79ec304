"""The schemes that come with the package are whole, dated, sourced, and say everything in both languages."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from ronglian.engines.process import (
    Circumstances,
    Library,
    Situation,
    Token,
    advance,
    read_definition,
    what_next,
)
from ronglian.engines.process.net import explore, fire, is_over, shortest_way_out
from tests.engines.process.samples import CALENDAR, NOW, packaged

FILES = packaged()
DEFINITIONS = {path.stem: read_definition(path.read_text(encoding="utf-8"), path.name) for path in FILES}
HAN = re.compile(r"[\u4e00-\u9fff]")


def test_the_schemes_are_there() -> None:
    kinds = {each.id for each in DEFINITIONS.values() if each.kind == "challenge"}
    assert kinds == {
        "national_challenge", "gansu_challenge", "nanchang_challenge", "prize_challenge", "large_small_challenge",
        "directed_call", "horse_race",
    }  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_scheme_is_whole(path: Path) -> None:
    definition = DEFINITIONS[path.stem]
    assert path.stem == f"{definition.id}-{definition.version}"
    assert path.parent.parent.name == definition.jurisdiction
    assert definition.valid_from is not None
    assert definition.sources
    assert Library(DEFINITIONS.values()).check(definition, {CALENDAR.id: CALENDAR}) == []
    used = {source for each in definition.transitions.values() if (source := each.source)}
    used |= {
        each.source for each in (*definition.guards.values(), *definition.parameters.values()) if each.source
    }
    used |= {each.source for each in definition.subsidies.values()}
    assert used | {"ronglian"} == set(definition.sources) | {"ronglian"}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_names_are_in_their_language(name: str) -> None:
    definition = DEFINITIONS[name]
    texts = [definition.name, definition.summary]
    for section in ("states", "transitions", "roles", "facts", "documents", "timers", "parameters"):
        texts += [each.name for each in getattr(definition, section).values()]
    texts += [guard.reason for guard in definition.guards.values()]
    assert [each for each in texts if not HAN.search(each.zh) or HAN.search(each.en)] == []


@pytest.mark.parametrize("name", DEFINITIONS)
def test_what_is_declared_is_used(name: str) -> None:
    definition = DEFINITIONS[name]
    guards = {guard for each in definition.transitions.values() for guard in each.guards}
    papers = {paper for each in definition.transitions.values() for paper in each.produces}
    assert set(definition.guards) - guards == set()
    assert set(definition.documents) - papers == set()


def test_limits_hold_to_the_fen_and_the_percent() -> None:
    nanchang = DEFINITIONS["nanchang_challenge-1"]
    facts = {
        "issuer_revenue": 200_000_000_00, "issuer_rd_percent": 3, "total_input": 10_000_000_00, "own_input": 8_000_000_00,
        "list_complete": True,
    }  # fmt: skip
    situation = Situation((Token("gathering", NOW),))
    for name in (None, "issuer_revenue", "issuer_rd_percent", "total_input", "own_input"):
        known = {**facts, **({name: facts[name] - 1} if name else {})}
        asked = Circumstances.of({"issuer"}, known, NOW, CALENDAR)
        step = next(each for each in what_next(nanchang, situation, asked) if each.transition.id == "submit")
        assert [reason.code for reason in step.reasons] == (["guard"] if name else [])


def test_the_gansu_issuer_may_neither_bid_nor_join() -> None:
    gansu = DEFINITIONS["gansu_challenge-1"]
    sealed = Situation((Token("sealed", NOW),))
    for bids, joins, allowed in ((False, False, True), (True, False, False), (False, True, False)):
        facts = {"bids_count": 2, "issuer_bids": bids, "issuer_in_team": joins}
        asked = Circumstances.of({"issuer"}, facts, NOW, CALENDAR)
        step = next(each for each in what_next(gansu, sealed, asked) if each.transition.id == "open_bids")
        assert step.is_allowed is allowed


def test_validity_is_dated() -> None:
    library = Library(DEFINITIONS.values())
    names = {each.id for each in library.in_force(date(2026, 11, 25), "challenge")}
    assert "gansu_challenge" not in names
    assert "national_challenge" in names
    assert "gansu_challenge" in {each.id for each in library.in_force(date(2021, 11, 25), "challenge")}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_from_everywhere_an_end_is_near(name: str) -> None:
    definition = DEFINITIONS[name]
    for marking in explore(definition).markings:
        here = marking
        for step in shortest_way_out(definition, marking):
            after = fire(definition.transitions[step], here)
            assert after is not None
            here = after
        assert is_over(definition, here)


def test_a_prize_is_not_signed_before_the_losers_have_feedback() -> None:
    prize = DEFINITIONS["prize_challenge-1"]
    both = Situation((Token("signing", NOW), Token("owing_feedback", NOW)))
    asked = Circumstances.of({"issuer"}, {"losers_without_feedback": 0}, NOW, CALENDAR)
    sign = next(each for each in what_next(prize, both, asked) if each.transition.id == "sign")
    assert [reason.code for reason in sign.reasons] == ["join"]
    told = advance(
        prize,
        both,
        "give_feedback",
        Circumstances.of({"issuer"}, asked.facts, NOW + timedelta(1), CALENDAR, {"feedback_record": "x"}),
    )
    sign = next(each for each in what_next(prize, told.situation, asked) if each.transition.id == "sign")
    assert sign.is_allowed
