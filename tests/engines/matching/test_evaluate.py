"""The measures against values computed by hand."""

import gzip
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.matching import evaluate
from tests.paths import SHARED_DATA, needs_shared_data


def test_ndcg_by_hand() -> None:
    # gains 7, 0, 1 in this order: 7/1 + 1/log2(4) over the ideal 7/1 + 1/log2(3)
    assert evaluate.ndcg_at([4, 1, 2], [3.0, 2.0, 1.0]) == pytest.approx(7.5 / (7 + 1 / math.log2(3)))
    assert evaluate.ndcg_at([4, 1, 2], [3.0, 1.0, 2.0]) == 1.0
    assert evaluate.ndcg_at([1, 1], [1.0, 2.0]) is None


def test_ndcg_cuts_at_depth() -> None:
    assert evaluate.ndcg_at([1, 4], [2.0, 1.0], depth=1) == 0.0


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 3)), min_size=1), st.randoms(use_true_random=False)
)
def test_ndcg_does_not_depend_on_input_order(pairs: list[tuple[int, int]], random: st.DataObject) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis types its randoms as data objects
    values = [
        evaluate.ndcg_at([level for level, _ in order], [float(score) for _, score in order], 3)
        for order in (pairs, shuffled)
    ]
    assert values[0] is None or values[0] == pytest.approx(values[1])


def test_spearman_with_ties() -> None:
    assert evaluate.spearman([1, 2, 3], [10, 20, 30]) == pytest.approx(1.0)
    assert evaluate.spearman([1, 1, 2], [1, 2, 3]) == pytest.approx(0.8660254037844387)
    assert evaluate.spearman([1, 1], [1, 2]) is None


def test_ranks_and_recall() -> None:
    assert evaluate.reciprocal_rank(["a", "b", "c"], {"c", "b"}) == 0.5
    assert evaluate.reciprocal_rank(["a"], {"z"}) == 0.0
    assert evaluate.mrr({"n": ["a", "b"]}, {"n": {"b"}, "m": {"a"}}) == 0.25
    assert evaluate.recall_at(["a", "b", "c"], {"a", "c", "d"}, 3) == pytest.approx(2 / 3)


def test_contest_metric() -> None:
    assert evaluate.contest_metric([1, 2, 4], [1, 3, 3]) == pytest.approx(1 / (1 + 2 / 3))


def test_bootstrap_holds_the_mean_and_repeats() -> None:
    values = list(np.linspace(0, 1, 50))
    first = evaluate.bootstrap_interval(values, seed=1)

    assert first == evaluate.bootstrap_interval(values, seed=1)
    assert first.low < first.mean < first.high
    assert first.mean == pytest.approx(0.5)
    with pytest.raises(ValueError, match="at least one"):
        evaluate.bootstrap_interval([])


def test_load_judged(tmp_path: Path) -> None:
    (tmp_path / "n.jsonl").write_text('{"id": "n1", "title": "t", "content": null}\n', encoding="utf-8")
    rows = [
        {"id": "r1", "title": None, "title_tokens": ["锂", "电池"]},
        {"id": "r2", "title": "x", "content": "y"},
    ]
    (tmp_path / "r.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    (tmp_path / "j.tsv").write_text("need_id\tresult_id\tlevel\nn1\tr1\t3\n", encoding="utf-8")

    judged = evaluate.load_judged(tmp_path / "n.jsonl", tmp_path / "r.jsonl.gz", tmp_path / "j.tsv")

    assert [result.title for result in judged.results] == ["锂 电池", "x"]
    assert judged.levels == {"n1": {"r1": 3}}


@pytest.mark.parametrize(
    ("line", "message"),
    [("n1\tr1", "separated by tabs"), ("n1\tr1\tx", "separated by tabs"), ("n1\tr9\t2", "'r9' is not among")],
)
def test_bad_judgement_names_its_line(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "j.tsv"
    path.write_text(f"need_id\tresult_id\tlevel\n{line}\n", encoding="utf-8")
    with pytest.raises(evaluate.JudgedFileError, match=f"j.tsv:2: .*{message}"):
        evaluate.load_levels(path, ["n1"], ["r1"])


@pytest.mark.parametrize("line", ["{", "[]", '{"title": "t"}'])
def test_bad_record_names_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "n.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(evaluate.JudgedFileError, match=r"n\.jsonl:1: "):
        evaluate.load_judged(path, path, path)


@needs_shared_data
def test_real_files_load() -> None:
    folder = SHARED_DATA / "needs-results-zh"
    judged = evaluate.load_judged(folder / "needs.jsonl", folder / "results.jsonl", folder / "judgements.tsv")

    assert (len(judged.needs), len(judged.results)) == (371, 12_273)
    assert sum(map(len, judged.levels.values())) == 6_941
