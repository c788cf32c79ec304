"""The measures against values computed by hand."""

import gzip
import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.matching import NeedProfile, ResultProfile, evaluate
from ronglian.engines.matching.calibrate import learn_thresholds, predict_levels
from tests.engines.matching import samples
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


def test_thresholds_are_the_best_there_are() -> None:
    scores = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    levels = [1, 2, 1, 2, 4, 4]

    learned = learn_thresholds(scores, levels)

    def error(thresholds: tuple[float, ...]) -> int:
        predicted = predict_levels(scores, thresholds)
        return sum(abs(one - other) for one, other in zip(predicted, levels, strict=True))

    cuts = [-math.inf, 1.5, 2.5, 3.5, 4.5, 5.5, math.inf]
    best = min(error(each) for each in itertools.combinations_with_replacement(cuts, 3))
    assert error(learned) == best
    assert list(learned) == sorted(learned)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 4)), min_size=1, max_size=12))
def test_thresholds_beat_every_constant(pairs: list[tuple[int, int]]) -> None:
    scores, levels = [float(score) for score, _ in pairs], [level for _, level in pairs]
    predicted = predict_levels(scores, learn_thresholds(scores, levels))
    error = sum(abs(one - other) for one, other in zip(predicted, levels, strict=True))
    assert all(error <= sum(abs(level - constant) for level in levels) for constant in (1, 2, 3, 4))


def _judged() -> evaluate.Judged:
    needs, results = samples.small_collection()
    bare = [NeedProfile(need.id, need.title, need.body) for need in needs]
    levels = {"n1": {"r1": 4, "r2": 2, "r5": 1, "r3": 1}, "n2": {"r3": 4, "r5": 1}, "n3": {"r4": 3, "r1": 1}}
    offered = [ResultProfile(result.id, result.title, result.body, result.title_en) for result in results]
    return evaluate.Judged(tuple(bare), tuple(offered), levels)


def test_report_holds_engine_and_baselines() -> None:
    heard: list[str] = []
    report = evaluate.evaluate(_judged(), by_folds=True, rounds=50, progress=heard.append)

    assert heard == [system.name for system in report.systems]
    assert heard[-1] == "Ronglian"
    engine = report.systems[-1]
    assert engine.intervals["ndcg@10"] is None  # no need has ten judgements
    assert engine.values["mrr"]["n2"] == 1.0
    assert engine.intervals["contest"] is not None
    assert json.loads(json.dumps(report.to_dict()))["pairs"] == 8
    assert report == evaluate.evaluate(_judged(), by_folds=True, rounds=50)


def test_training_replaces_the_shipped_thresholds() -> None:
    judged = _judged()
    trained = evaluate.evaluate(judged, train=judged.levels, rounds=50)
    shipped = evaluate.evaluate(judged, rounds=50)

    assert (trained.calibration, shipped.calibration) == ("train", "shipped")
    assert sum(trained.systems[-1].values["contest"].values()) <= sum(
        shipped.systems[-1].values["contest"].values()
    )


def test_equal_titles_share_a_fold() -> None:
    folds = {evaluate.fold_of(NeedProfile(str(number), "锂电池 回收")) for number in range(9)}
    assert len(folds) == 1
    assert {evaluate.fold_of(NeedProfile("n", str(number))) for number in range(60)} == set(
        range(evaluate.FOLDS)
    )
