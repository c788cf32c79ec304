"""The compiled first stage answers as the plain one does: same records, same scores, same order."""

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ronglian.engines.matching import MatchIndex, NeedProfile, ResultProfile, row_bounds, side
from ronglian.engines.matching.packing import unpack
from tests.engines.matching.samples import TODAY, at_least, equal

PIECES = (
    *"锂离子电池负极材料污水处理膜分离机器人焊接图像识别水稻育种催化剂回收",
    "battery",
    "membrane",
    "robot",
)
HARD = ("metrics", "field", "maturity", "region", "budget", "mode")


def _text(chance: random.Random, size: int) -> str:
    return "".join(chance.choice(PIECES) for _ in range(size))


def _shared(chance: random.Random) -> dict[str, Any]:
    return {
        "title": _text(chance, 6),
        "body": _text(chance, chance.randrange(40)),
        "technology_field": chance.choice((None, "energy", "materials")),
        "industry": chance.choice((None, "C", "C26", "C2661", "I65")),
        "region": chance.choice((None, "42", "4201", "31")),
        "modes": frozenset(chance.sample(("licence", "transfer"), chance.randrange(3))),
        "confirmed_on": TODAY - timedelta(days=chance.randrange(500)),
        "expires_on": TODAY + timedelta(days=chance.randrange(-50, 300)),
    }


def _need(chance: random.Random, number: int) -> NeedProfile:
    return NeedProfile(
        f"n{number:03d}",
        **_shared(chance),
        metrics=chance.choice(((), (at_least("回收率", float(chance.randrange(50, 100))),))),
        budget_high_fen=chance.choice((None, 100, 200, 300)),
        minimum_maturity=chance.choice((None, 4, 7)),
        hard=frozenset(chance.sample(HARD, chance.randrange(3))),
    )


def _result(chance: random.Random, number: int) -> ResultProfile:
    return ResultProfile(
        f"r{number:03d}",
        **_shared(chance),
        metrics=chance.choice(((), (equal("回收率", float(chance.randrange(50, 100))),))),
        price_low_fen=chance.choice((None, 100, 200, 300)),
        maturity=chance.choice((None, 3, 5, 9)),
    )


def _make(steps: int = 0) -> MatchIndex:
    """Needs and results in several segments, some of them removed; then changed one by one."""
    chance = random.Random(7)
    made = MatchIndex.build([_need(chance, n) for n in range(40)], [_result(chance, n) for n in range(250)])
    made.update(results=[_result(chance, n) for n in range(200, 290)], removed=["r003", "n004"])
    made.update(needs=[_need(chance, 40)], results=[_result(chance, 290)])
    for step in range(steps):
        made.update(results=[_result(chance, 5 * step)], removed=[f"r{5 * step + 1:03d}"])
    return made


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small sides are searched as large ones, and some of their segments have postings."""
    monkeypatch.setattr(side, "KERNEL_ROWS", 0)
    monkeypatch.setattr(side, "POSTED_ROWS", 30)


def _answers(index: MatchIndex) -> list[object]:
    allowed = {f"r{number:03d}" for number in range(0, 300, 7)}
    found: list[object] = []
    for record in index.ids("needs"):
        found.append(index.match_need(record, today=TODAY, top=5))
        found.append(index.match_need(record, today=TODAY, top=5, allowed=allowed))
        found.append(index.match_need(record, today=TODAY, top=3, include_excluded=True))
    for record in index.ids("results")[::5]:
        found.append(index.match_result(record, today=TODAY, top=5))
        found.append(index.similar(record, "results", top=4))
    found.append(index.search("锂电池", "results", top=7))
    found.append(index.search("锂电池", "results", top=7, allowed=allowed))
    found.append(index.match_text("qqq", today=TODAY))
    return found


@pytest.mark.parametrize("few_allowed", [0, 2_000])
def test_kernel_and_numpy_agree(
    few_allowed: int, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = _answers(_make())
    assert sum(len(answer) for answer in plain if isinstance(answer, list)) > 300
    request.getfixturevalue("compiled")
    from ronglian.engines.matching import first_stage  # noqa: PLC0415 - as the engine does, only where needed

    monkeypatch.setattr(first_stage, "FEW_ALLOWED", few_allowed)
    index = _make()
    assert [segment.postings is not None for segment in index.state.results.segments] == [True, True, False]
    assert _answers(index) == plain


def test_they_agree_after_changes_and_saving(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    plain = _answers(_make(steps=12))
    request.getfixturevalue("compiled")
    index = _make(steps=12)
    bounds = index.state.weighting.bounds["results"]
    assert 0.0 < bounds.drift < row_bounds.DRIFT
    assert _answers(index) == plain
    index.save(tmp_path / "index")
    loaded = MatchIndex.load(tmp_path / "index")
    assert loaded.state.weighting.bounds["results"].drift == 0.0
    assert _answers(loaded) == plain
    loaded.update(removed=["r010"])
    index.update(removed=["r010"])
    assert _answers(loaded) == _answers(index)


@pytest.mark.usefixtures("compiled")
def test_norms_stay_within_what_is_promised() -> None:
    index = _make(steps=12)
    weighting, results = index.state.weighting, index.state.results
    weights = weighting.terms["results"]
    bounds = weighting.bounds["results"]
    for segment, known in bounds.parts:
        tokens, levels = unpack(segment.contents.tokens)
        values = (segment.levels[levels] * weights[tokens.items]) ** 2
        owners = np.repeat(np.arange(len(segment)), np.diff(tokens.starts))
        true = np.bincount(owners, weights=values, minlength=len(segment))
        assert np.abs((known[0] + known[1]) / true - 1.0).max() <= 4.1 * bounds.drift + 1e-5
    assert len(bounds.parts) == 2
    assert results.large


def test_a_light_import() -> None:
    import subprocess  # noqa: PLC0415 - a fresh process shows what an import brings
    import sys  # noqa: PLC0415

    code = "import ronglian.engines.matching, sys; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
