"""Commands that read: match and search, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ronglian.apps.matching.models import Suggestion
from ronglian.apps.registry.models import Need, Result
from ronglian.kernel.models import Event
from tests.cli.conftest import Run
from tests.factories import make_expert, make_need, make_organisation, make_result

pytestmark = pytest.mark.django_db
TEXT = "电镀废水中的六价铬稳定降到0.1 mg/L以下"


@pytest.fixture
def pair() -> tuple[Need, Result]:
    need = make_need(
        title="电镀废水六价铬超标",
        details="漂洗水六价铬不能稳定达标。",
        metrics_text="六价铬≤0.1 mg/L",
        source_id="n-1",
    )
    result = make_result(
        title="电镀废水六价铬深度去除", summary="还原沉淀去除六价铬。", metrics_text="六价铬≤0.05 mg/L"
    )
    make_result(title="水稻育秧机", summary="育秧盘自动播种。")
    return need, result


class TestMatch:
    def test_a_need_is_printed_with_parts_metrics_and_what_would_raise_it(
        self, run: Run, pair: tuple[Need, Result]
    ) -> None:
        done = run("match", str(pair[0].public_id))
        assert done.exit_code == 0, done.output
        for expected in (
            "电镀废水六价铬超标",
            "1. 电镀废水六价铬深度去除",
            "/ 100",
            "Metrics",
            "六价铬 ≤ 0.05 mg/L",
            "met",
        ):
            assert expected in done.output

    def test_the_parts_printed_add_up_to_the_score(self, run: Run, pair: tuple[Need, Result]) -> None:
        done = run("match", str(pair[0].public_id), "--json")
        answer = json.loads(done.output)
        best = answer["matches"][0]
        assert answer["subject"]["id"] == str(pair[0].public_id)
        assert best["record"]["id"] == str(pair[1].public_id)
        assert sum(part["points"] for part in best["parts"]) == pytest.approx(best["score"], abs=1e-6)
        assert set(best["words"]["parts"]) == {part["factor"] for part in best["parts"]}

    def test_an_id_of_the_source_and_a_result_do_too(self, run: Run, pair: tuple[Need, Result]) -> None:
        assert json.loads(run("match", "n-1", "--json").output)["subject"]["id"] == str(pair[0].public_id)
        answer = json.loads(run("match", str(pair[1].public_id), "--json").output)
        assert answer["matches"][0]["record"]["id"] == str(pair[0].public_id)

    def test_a_sentence_finds_results_and_with_side_needs(self, run: Run, pair: tuple[Need, Result]) -> None:
        results = json.loads(run("match", TEXT, "--json").output)
        assert results["matches"][0]["record"]["id"] == str(pair[1].public_id)
        needs = json.loads(run("match", TEXT, "--side", "needs", "--json").output)
        assert needs["matches"][0]["record"]["id"] == str(pair[0].public_id)

    def test_a_sentence_comes_from_a_file_or_standard_input(
        self, run: Run, pair: tuple[Need, Result], tmp_path: Path
    ) -> None:
        file = tmp_path / "sentence.txt"
        file.write_text(TEXT, encoding="utf-8")
        from_file = json.loads(run("match", "--file", str(file), "--json").output)
        from_input = json.loads(run("match", "--file", "-", "--json", input=TEXT).output)
        assert from_file == from_input
        assert from_file["matches"][0]["record"]["id"] == str(pair[1].public_id)

    def test_store_keeps_suggestions_and_says_who_did(self, run: Run, pair: tuple[Need, Result]) -> None:
        assert run("match", "n-1", "--store").exit_code == 0
        assert Suggestion.objects.filter(need=pair[0], result=pair[1]).exists()
        event = Event.objects.get(name="need.matched")
        assert (event.actor_kind, event.actor_label) == ("command", "ronglian match")

    def test_wrong_calls_say_what_would_be_right(self, run: Run) -> None:
        for words in (("match",), ("match", "x", "--file", "-"), ("match", "电镀", "--store")):
            assert run(*words).exit_code == 2, words

    def test_an_unknown_id_is_exit_code_3(self, run: Run) -> None:
        done = run("match", "7b9d2a5e-0000-4000-8000-000000000000")
        assert done.exit_code == 3
        assert "no such record" in done.output

    def test_nothing_to_find_says_what_to_do(self, run: Run) -> None:
        assert "Nothing fits." in run("match", "量子").output


class TestSearch:
    def test_each_kind_is_found(self, run: Run, pair: tuple[Need, Result]) -> None:
        expert = make_expert(name="闻砚青", summary="研究六价铬")
        organisation = make_organisation("六价铬治理公司", summary="六价铬")
        for kind, record in {"results": pair[1], "needs": pair[0], "experts": expert}.items():
            found = json.loads(run("search", "六价铬", "--kind", kind, "--json").output)["found"]
            assert [row["id"] for row in found] == [str(record.public_id)], kind
        found = json.loads(run("search", "六价铬", "--kind", "organisations", "--json").output)["found"]
        assert [row["id"] for row in found] == [str(organisation.public_id)]

    def test_a_table_for_people(self, run: Run, pair: tuple[Need, Result]) -> None:
        done = run("search", "六价铬")
        assert done.exit_code == 0
        assert "电镀废水六价铬深度去除" in done.output
        assert pair[1].owner.name in done.output

    def test_nothing_found_says_what_to_do(self, run: Run) -> None:
        assert "Try fewer or other words" in run("search", "量子", "--kind", "scenes").output
