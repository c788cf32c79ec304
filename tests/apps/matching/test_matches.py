"""Matching as readers meet it: fresh after every write, cut to what they may see, with people's decisions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.matching.enums import DecisionKind, DecisionReason
from ronglian.apps.matching.keeper import IndexKeeper, keeper
from ronglian.apps.matching.models import Decision, Suggestion
from ronglian.apps.matching.operations.matches import decide_match, suggest_matches
from ronglian.apps.matching.queries.decisions import waiting_suggestions
from ronglian.apps.matching.queries.matches import (
    explain_pair,
    match_need,
    match_result,
    match_text,
    search_records,
)
from ronglian.apps.matching.rules import Pair
from ronglian.apps.matching.tasks import refresh_suggestions
from ronglian.apps.matching.wording import (
    describe_exclusion,
    describe_improvement,
    describe_part,
    metric_row_texts,
)
from ronglian.apps.registry.enums import Disclosure, State
from ronglian.apps.registry.models import Need, Result
from ronglian.apps.registry.operations.records import edit_record, withdraw_record
from ronglian.kernel.actor import ANONYMOUS, Role
from ronglian.kernel.errors import InvalidInput, NotAllowed
from ronglian.kernel.events import events_about
from tests.factories import SYSTEM, make_need, make_organisation, make_person_of, make_result

pytestmark = pytest.mark.django_db

CHROMIUM = "电镀废水六价铬深度去除"


@pytest.fixture
def plater() -> Organisation:
    return make_organisation("青屿表面处理有限公司", region="3205", industry="C33")


@pytest.fixture
def institute() -> Organisation:
    return make_organisation("云澜环境研究院", kind="research_institute", size="", region="3201")


@pytest.fixture
def need(plater: Organisation) -> Need:
    return make_need(
        plater,
        CHROMIUM,
        details="镀铬车间废水中的六价铬降不下来，处理成本也太高。",
        metrics_text="六价铬≤0.1 mg/L；处理成本<20 元/吨；处理量≥500 m³/d",
        technology_field="environment",
        minimum_maturity=6,
        budget_high_fen=100_000_00,
        modes=["licence_ordinary"],
    )


@pytest.fixture
def result(institute: Organisation) -> Result:
    return make_result(
        institute,
        "含铬电镀废水膜法深度处理工艺",
        summary="用改性纳滤膜去除电镀废水中的六价铬，已完成中试。",
        metrics_text="六价铬≤0.05 mg/L；处理量50 m³/d",
        technology_field="environment",
        maturity=6,
        transfer_modes=["licence_ordinary"],
    )


def test_a_record_is_matched_as_soon_as_it_is_written_and_no_longer_when_it_is_gone(
    need: Need, result: Result
) -> None:
    assert [view.result for view in match_need(ANONYMOUS, need)] == [result]
    second = make_result(title="六价铬还原菌剂", summary="电镀废水六价铬生物还原")
    assert {view.result for view in match_need(ANONYMOUS, need)} == {result, second}
    withdraw_record(actor=SYSTEM, record=result, reason="转让完成")
    assert [view.result for view in match_need(ANONYMOUS, need)] == [second]
    edit_record(
        actor=SYSTEM, record=second, fields={"title": "葡萄保鲜纸", "summary": "果蔬采后保鲜", "keywords": []}
    )
    assert match_need(ANONYMOUS, need) == []


def test_both_directions_and_free_text_give_the_same_pair(need: Need, result: Result) -> None:
    forward, back = match_need(ANONYMOUS, need)[0], match_result(ANONYMOUS, result)[0]
    assert (back.need, back.result) == (need, result)
    assert forward.match.score == pytest.approx(back.match.score)
    assert match_text(ANONYMOUS, "六价铬降不到0.1 mg/L")[0].result == result
    assert match_text(ANONYMOUS, "改性纳滤膜去除六价铬", side="needs")[0].need == need


def test_every_reason_can_be_said_in_both_languages_and_the_parts_add_up(need: Need, result: Result) -> None:
    match = explain_pair(ANONYMOUS, need, result).match
    assert sum(part.points for part in match.parts) == pytest.approx(match.score, abs=1e-9)
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said = [describe_part(part) for part in match.parts]
            said += [describe_improvement(each) for each in match.improvements]
            said += [metric_row_texts(row)["label"] for row in match.metric_rows]
            assert all(said)
            assert not any("%(" in text for text in said)
    assert [row.verdict for row in match.metric_rows] == ["met", "not_stated", "not_met"]


def test_a_hard_limit_excludes_with_its_reason(need: Need, result: Result) -> None:
    edit_record(
        actor=SYSTEM, record=need, fields={"hard": ["budget", "maturity", "region", "mode"], "region": "3205"}
    )
    edit_record(
        actor=SYSTEM,
        record=result,
        fields={"price_low_fen": 200_000_00, "maturity": 3, "transfer_modes": ["equity"], "region": "11"},
    )
    need.refresh_from_db()
    result.refresh_from_db()
    assert match_need(ANONYMOUS, need) == []
    excluded = match_need(ANONYMOUS, need, include_excluded=True)[0].match.exclusions
    assert {each.factor for each in excluded} == {"budget", "maturity", "region", "mode"}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert all(describe_exclusion(each) for each in excluded)


def test_own_results_are_not_suggested_and_closed_ones_only_to_their_own(
    need: Need, plater: Organisation
) -> None:
    make_result(plater, CHROMIUM)
    owner = make_organisation("朗岫")
    closed = make_result(owner, CHROMIUM, disclosure=Disclosure.ORGANISATION)
    draft = make_result(owner, CHROMIUM, state=State.DRAFT)
    insider = make_person_of(owner, Role.VIEWER)
    assert match_need(ANONYMOUS, need) == []
    assert [view.result for view in match_need(insider, need)] == [closed]
    assert search_records(ANONYMOUS, Result, "六价铬") != []
    for hidden in (closed, draft):
        assert hidden.public_id not in search_records(ANONYMOUS, Result, "六价铬")


def test_an_expired_record_does_not_match(need: Need, result: Result) -> None:
    Result.objects.filter(pk=result.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    keeper.forget()
    assert match_need(ANONYMOUS, need) == []


def test_a_decision_outlives_re_indexing_and_says_what_was_shown(
    need: Need, result: Result, plater: Organisation, institute: Organisation
) -> None:
    pair = Pair(need, result)
    editor = make_person_of(plater)
    shown = explain_pair(editor, need, result).match
    decide_match(actor=editor, pair=pair, kind=DecisionKind.DECLINED, reason=DecisionReason.METRICS_TOO_LOW)
    keeper.rebuild()
    suggest_matches(actor=SYSTEM, record=need)
    view = match_need(editor, need)[0]
    assert [decision.reason for decision in view.decisions] == ["metrics_too_low"]
    assert view.decisions[0].explanation["score"] == pytest.approx(shown.score)
    assert match_need(make_person_of(institute), need)[0].decisions == ()
    decide_match(actor=editor, pair=pair, kind=DecisionKind.CONFIRMED, reason=DecisionReason.FITS_PARTLY)
    decision = Decision.objects.get()
    assert (decision.kind, decision.version) == ("confirmed", 2)
    assert [event.name for event in events_about(decision)] == ["match.declined", "match.confirmed"]


def test_who_is_on_neither_side_does_not_decide_and_reasons_go_with_decisions(
    need: Need, result: Result
) -> None:
    pair = Pair(need, result)
    for actor in (ANONYMOUS, make_person_of(make_organisation()), make_person_of(need.owner, Role.VIEWER)):
        with pytest.raises(NotAllowed):
            decide_match(
                actor=actor, pair=pair, kind=DecisionKind.CONFIRMED, reason=DecisionReason.FITS_PROBLEM
            )
    editor = make_person_of(need.owner)
    with pytest.raises(InvalidInput):
        decide_match(actor=editor, pair=pair, kind=DecisionKind.CONFIRMED, reason=DecisionReason.TOO_FAR)
    with pytest.raises(InvalidInput):
        decide_match(actor=editor, pair=pair, kind=DecisionKind.DECLINED, reason=DecisionReason.OTHER)


def test_suggestions_are_stored_once_with_versions_and_wait_until_decided(need: Need, result: Result) -> None:
    assert refresh_suggestions.func() == 2
    assert refresh_suggestions.func() == 0
    suggestion = Suggestion.objects.get()
    assert suggestion.engine_version
    assert suggestion.parameters_version
    editor = make_person_of(need.owner)
    assert list(waiting_suggestions(editor, least_score=0)) == [suggestion]
    decide_match(
        actor=editor, pair=Pair(need, result), kind=DecisionKind.CONFIRMED, reason=DecisionReason.FITS_PROBLEM
    )
    assert not waiting_suggestions(editor, least_score=0).exists()


def test_another_process_opens_the_snapshot_and_catches_up(need: Need, result: Result) -> None:
    keeper.rebuild()
    later = make_result(title="六价铬吸附剂", summary="电镀废水六价铬吸附")
    other = IndexKeeper(keeper._folder)
    assert str(later.public_id) in other.current().ids("results")
    assert str(result.public_id) in other.current().ids("results")


@pytest.mark.parametrize("damage", [b"", b"not an index", None])
def test_a_damaged_snapshot_is_built_anew(need: Need, result: Result, damage: bytes | None) -> None:
    keeper.rebuild()
    path = keeper._folder / "match.index"
    if damage is None:
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(bytes(content))
    else:
        path.write_bytes(damage)
    assert str(result.public_id) in IndexKeeper(keeper._folder).current().ids("results")


def test_a_snapshot_of_another_database_is_not_used(need: Need) -> None:
    keeper.rebuild()
    position = keeper._folder / "match.json"
    position.write_text(position.read_text().replace('"event_id": "', '"event_id": "0'))
    assert IndexKeeper(keeper._folder).current().ids("needs") == [str(need.public_id)]
