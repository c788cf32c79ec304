"""What an explanation promises: parts add up, factors are monotone, silence never pays."""

import json
import math
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronglian.engines.matching import FACTORS, Match, MatchIndex, NeedProfile, ResultProfile
from tests.engines.matching import samples
from tests.engines.matching.samples import TODAY

many = settings(max_examples=50, deadline=None)
INDEX = MatchIndex.build(*samples.small_collection())


def explain(need: NeedProfile, result: ResultProfile) -> Match:
    return INDEX.explain(need, result, today=TODAY)


def points(match: Match, factor: str) -> float:
    return next(part.points for part in match.parts if part.factor == factor)


@many
@given(samples.needs, samples.results)
def test_parts_add_up(need: NeedProfile, result: ResultProfile) -> None:
    match = explain(need, result)

    assert [part.factor for part in match.parts] == list(FACTORS)
    assert match.score == pytest.approx(math.fsum(part.points for part in match.parts), abs=1e-9)
    assert math.fsum(part.maximum for part in match.parts) == pytest.approx(100.0, abs=1e-9)
    assert all(0.0 <= part.points <= part.maximum + 1e-6 for part in match.parts)
    assert all((part.maximum == 0.0) == (part.verdict == "neutral") for part in match.parts)
    assert math.fsum(term.weight for term in match.terms) <= points(match, "text") + 1e-4
    assert json.loads(json.dumps(match.to_dict()))["score"] == match.score
    assert all(each.points > 0 for each in match.improvements)


@many
@given(samples.needs, samples.results)
def test_terms_stand_in_both_texts(need: NeedProfile, result: ResultProfile) -> None:
    texts = [" ".join((each.title, each.body, each.title_en)).lower() for each in (need, result)]

    for term in explain(need, result).terms:
        stem = term.term[: max(4, len(term.term) - 3)] if term.term.isascii() else term.term
        assert all(stem in text for text in texts)


@many
@given(samples.needs, samples.results)
def test_silence_never_beats_a_fact_that_fits(need: NeedProfile, result: ResultProfile) -> None:
    silent = replace(
        result,
        technology_field=None,
        industry=None,
        region=None,
        modes=frozenset(),
        maturity=None,
        price_low_fen=None,
    )
    told, untold = explain(need, result), explain(need, silent)

    for spoken, mute in zip(told.parts, untold.parts, strict=True):
        if spoken.verdict == "met":
            assert spoken.points >= mute.points
        if spoken.factor in ("maturity", "mode", "budget") and spoken.verdict == "not_met":
            assert spoken.points <= mute.points


@many
@given(samples.needs, samples.results, st.integers(1, 9), st.integers(1, 9))
def test_monotone_in_maturity(need: NeedProfile, result: ResultProfile, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert (
        explain(need, replace(result, maturity=low)).score
        <= explain(need, replace(result, maturity=high)).score
    )


@many
@given(samples.needs, samples.results, st.integers(0, 10**10), st.integers(0, 10**10))
def test_monotone_in_price(need: NeedProfile, result: ResultProfile, one: int, other: int) -> None:
    low, high = sorted((one, other))
    cheap, dear = (replace(result, price_low_fen=price, price_high_fen=None) for price in (low, high))
    assert explain(need, cheap).score >= explain(need, dear).score


@many
@given(samples.needs, samples.results, st.integers(0, 2000), st.integers(0, 2000))
def test_monotone_in_freshness(need: NeedProfile, result: ResultProfile, one: int, other: int) -> None:
    young, old = sorted((one, other))
    scores = [
        explain(need, replace(result, confirmed_on=TODAY - timedelta(days=age))).score for age in (young, old)
    ]
    silent = explain(need, replace(result, confirmed_on=None)).score
    assert scores[0] >= scores[1] > silent


@many
@given(samples.needs, samples.results, st.integers(1, 100), st.integers(1, 100))
def test_monotone_in_claims(need: NeedProfile, result: ResultProfile, one: int, other: int) -> None:
    asking = replace(need, metrics=(samples.at_least("回收率", 60.0),))
    low, high = sorted((one, other))
    worse, better = (
        replace(result, metrics=(samples.equal("回收率", float(value)),)) for value in (low, high)
    )
    assert explain(asking, worse).score <= explain(asking, better).score


def test_nearer_region_is_worth_more() -> None:
    need = NeedProfile("n", "锂电池", region="3201")
    shares = [
        points(explain(need, ResultProfile("r", "锂电池", region=region)), "region")
        for region in ("320106", "3205", "31", None, "44")
    ]
    assert shares == sorted(shares, reverse=True)
    assert len(set(shares)) == 5


def test_nearer_industry_is_worth_more() -> None:
    need = NeedProfile("n", "锂电池", industry="C2661")
    shares = [
        points(explain(need, ResultProfile("r", "锂电池", industry=industry)), "field")
        for industry in ("C2661", "C2662", "C2670", "C38", None, "I65")
    ]
    assert shares == sorted(shares, reverse=True)
    assert len(set(shares)) == 6


def test_more_shared_text_is_worth_more() -> None:
    need = NeedProfile("n", "废旧锂电池回收")
    scores = [
        explain(need, ResultProfile("r", title)).score
        for title in ("水稻育种", "锂电池", "废旧锂电池", "废旧锂电池回收")
    ]
    assert scores == sorted(scores)
    assert len(set(scores)) == 4


def test_unstated_factors_of_the_need_are_neutral() -> None:
    match = explain(
        NeedProfile("n", "锂电池"), ResultProfile("r", "锂电池", maturity=1, price_low_fen=10**12)
    )

    neutral = {part.factor for part in match.parts if part.verdict == "neutral"}
    assert neutral == set(FACTORS) - {"text", "freshness"}
    assert points(match, "text") == pytest.approx(100 * 60 / 62, rel=0.01)


def test_improvements_name_what_is_missing() -> None:
    need = NeedProfile("n", "锂电池", minimum_maturity=8, region="4201")
    match = explain(need, ResultProfile("r", "锂电池", maturity=6, confirmed_on=TODAY))

    codes = {each.factor: each.code for each in match.improvements}
    assert codes["maturity"] == "improve"
    assert codes["region"] == "state"


def test_profiles_refuse_bad_codes() -> None:
    for bad in (
        {"industry": "26"},
        {"region": "湖北"},
        {"minimum_maturity": 10},
        {"hard": frozenset({"text"})},
    ):
        with pytest.raises(ValueError, match=r"must be|lies between|unknown factors"):
            NeedProfile("n", "t", **bad)


@given(samples.needs, samples.results)
def test_facts_survive_storage(need: NeedProfile, result: ResultProfile) -> None:
    bare = replace(need, title="", body="", title_en=""), replace(result, title="", body="", title_en="")
    assert NeedProfile.from_facts(json.loads(json.dumps(need.facts()))) == bare[0]
    assert ResultProfile.from_facts(json.loads(json.dumps(result.facts()))) == bare[1]


def test_dates_are_plain() -> None:
    assert NeedProfile("n", "t", confirmed_on=date(2026, 1, 2)).facts()["confirmed_on"] == "2026-01-02"
