"""Building, changing and asking the index."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ronglian.engines.matching import MatchIndex, NeedProfile, ResultProfile
from tests.engines.matching import samples
from tests.engines.matching.samples import TODAY

few = settings(max_examples=25, deadline=None)


@pytest.fixture(scope="module")
def index() -> MatchIndex:
    return MatchIndex.build(*samples.small_collection())


def test_need_finds_its_result(index: MatchIndex) -> None:
    matches = index.match_need("n1", today=TODAY)

    assert matches[0].result_id == "r1"
    assert matches[0].score > 80
    assert [match.result_id for match in matches if match.result_id == "r5"] == []
    assert {term.term for term in matches[0].terms} >= {"回收"}


def test_result_finds_its_need_with_the_same_score(index: MatchIndex) -> None:
    forth = index.match_need("n2", today=TODAY)[0]
    back = index.match_result("r3", today=TODAY)[0]

    assert back == forth


def test_english_need_finds_bilingual_result(index: MatchIndex) -> None:
    assert index.match_need("n3", today=TODAY)[0].result_id == "r4"


def test_given_profile_answers_as_the_stored_one(index: MatchIndex) -> None:
    need = samples.small_collection()[0][0]

    assert index.match_need(need, today=TODAY) == index.match_need("n1", today=TODAY)


def test_free_text_reads_metrics(index: MatchIndex) -> None:
    match = index.match_text("锂电池回收，锂回收率不低于95%", today=TODAY)[0]

    assert match.result_id == "r1"
    assert match.need_id == ""
    assert [row.verdict for row in match.metric_rows] == ["met"]


def test_free_text_finds_needs(index: MatchIndex) -> None:
    assert index.match_text("membrane filtration", "needs", today=TODAY)[0].need_id == "n3"


def test_expired_never_match(index: MatchIndex) -> None:
    answers = index.match_need("n1", today=TODAY, include_excluded=True)

    assert "r6" not in {match.result_id for match in answers}
    assert [each.reason for each in index.explain("n1", "r6", today=TODAY).exclusions] == ["result_expired"]


def test_expired_need_gets_nothing() -> None:
    needs, results = samples.small_collection()
    index = MatchIndex.build([replace(needs[0], expires_on=TODAY.replace(day=1))], results)

    assert index.match_need("n1", today=TODAY) != []  # the last day still counts
    assert index.match_need("n1", today=TODAY.replace(day=2)) == []
    assert index.match_result("r1", today=TODAY.replace(day=2)) == []


def test_hard_constraint_excludes_with_reason(index: MatchIndex) -> None:
    need = replace(samples.small_collection()[0][0], minimum_maturity=9, hard=frozenset({"maturity"}))

    assert "r1" not in {match.result_id for match in index.match_need(need, today=TODAY)}
    kept = index.match_need(need, today=TODAY, include_excluded=True)[0]
    assert [(each.factor, each.reason, dict(each.detail)) for each in kept.exclusions] == [
        ("maturity", "maturity_too_low", {"need": 9, "result": 7})
    ]


def test_hard_metric_excludes(index: MatchIndex) -> None:
    need = replace(
        samples.small_collection()[0][0],
        metrics=(samples.at_least("锂回收率", 99.0),),
        hard=frozenset({"metrics"}),
    )

    assert "r1" not in {match.result_id for match in index.match_need(need, today=TODAY)}
    exclusions = index.explain(need, "r1", today=TODAY).exclusions
    assert [each.reason for each in exclusions] == ["metric_not_met"]


def test_search_asks_for_the_words(index: MatchIndex) -> None:
    assert [hit.id for hit in index.search("焊接机器人", "results")] == ["r3"]
    assert index.search("焊接机器人", "results", allowed={"r1"}) == []
    assert index.search("", "results") == []
    assert [hit.id for hit in index.search("filtration", "needs")] == ["n3"]


def test_similar_finds_near_duplicates() -> None:
    needs, results = samples.small_collection()
    twin = replace(results[0], id="r9")
    index = MatchIndex.build(needs, [*results, twin])

    first = index.similar(results[0], "results")[0]

    assert first.id == "r9"
    assert first.score == pytest.approx(1.0)
    assert index.similar("r1", "results")[0] == first


def test_unknown_id_is_a_key_error(index: MatchIndex) -> None:
    with pytest.raises(KeyError):
        index.match_need("nobody", today=TODAY)


def test_same_id_twice_is_refused() -> None:
    need = samples.small_collection()[0][0]
    with pytest.raises(ValueError, match="'n1' comes twice"):
        MatchIndex.build([need, need], [])


def test_empty_index_answers_nothing() -> None:
    index = MatchIndex.build([], [])

    assert index.match_text("锂电池", today=TODAY) == []
    assert index.search("锂电池", "results") == []
    assert index.explain(NeedProfile("n", "a"), ResultProfile("r", "b"), today=TODAY).score >= 0


@few
@given(samples.needs, samples.need_lists, samples.result_lists, st.frozensets(st.integers(0, 30)))
def test_filter_never_leaks(
    need: NeedProfile, needs: list[NeedProfile], results: list[ResultProfile], numbers: frozenset[int]
) -> None:
    allowed = {f"r{number:02}" for number in numbers}
    index = MatchIndex.build(needs, results)

    everything = index.match_need(need, today=TODAY, top=100)
    filtered = index.match_need(need, today=TODAY, top=100, allowed=allowed)

    assert filtered == [match for match in everything if match.result_id in allowed]
    assert {hit.id for hit in index.search(need.title, "results", allowed=allowed)} <= allowed
    assert {hit.id for hit in index.similar(need, "results", allowed=allowed)} <= allowed


@few
@given(samples.needs, samples.need_lists, samples.result_lists, st.integers(1, 5))
def test_top_is_the_head_of_all(
    need: NeedProfile, needs: list[NeedProfile], results: list[ResultProfile], top: int
) -> None:
    index = MatchIndex.build(needs, results)

    everything = index.match_need(need, today=TODAY, top=100)

    assert everything == sorted(everything, key=lambda match: (-match.score, match.result_id))
    assert index.match_need(need, today=TODAY, top=top) == everything[:top]
    assert all(not match.exclusions for match in everything)
    for match in everything:
        result = next(each for each in results if each.id == match.result_id)
        assert index.explain(need, result, today=TODAY) == match


@few
@given(samples.need_lists, samples.result_lists, st.randoms(use_true_random=False))
def test_build_order_does_not_matter(
    needs: list[NeedProfile], results: list[ResultProfile], random: st.DataObject
) -> None:
    shuffled = list(needs), list(results)
    for each in shuffled:
        random.shuffle(each)  # type: ignore[attr-defined]  # hypothesis types its randoms as data objects

    assert _answers(MatchIndex.build(*shuffled)) == _answers(MatchIndex.build(needs, results))


@few
@given(samples.need_lists, samples.result_lists, samples.need_lists, samples.result_lists)
def test_add_then_remove_restores(
    needs: list[NeedProfile],
    results: list[ResultProfile],
    more_needs: list[NeedProfile],
    more_results: list[ResultProfile],
) -> None:
    index = MatchIndex.build(needs, results)
    before = _answers(index)
    more = (
        [replace(each, id="+" + each.id) for each in more_needs],
        [replace(each, id="+" + each.id) for each in more_results],
    )

    index.update(*more)
    assert _answers(index) == _answers(MatchIndex.build([*needs, *more[0]], [*results, *more[1]]))
    index.update(removed=[each.id for side in more for each in side])

    assert _answers(index) == before


@few
@given(samples.need_lists, samples.result_lists, samples.result_lists)
def test_replacing_equals_building_anew(
    needs: list[NeedProfile], results: list[ResultProfile], changed: list[ResultProfile]
) -> None:
    index = MatchIndex.build(needs, results)

    for result in changed:
        index.update(results=[result])

    kept = {result.id: result for result in (*results, *changed)}
    assert _answers(index) == _answers(MatchIndex.build(needs, list(kept.values())))


def _answers(index: MatchIndex) -> list[object]:
    return [index.match_need(need, today=TODAY, top=5) for need in index.ids("needs")] + [
        index.search(text, "results") for text in ("锂离子电池", "membrane", "系统")
    ]
