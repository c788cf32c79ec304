"""The worked example of the algorithm's page is what the engine does, and what its formulas give."""

import math
from datetime import date

import pytest

from ronglian.engines.matching import DEFAULT_PARAMETERS, Match, MatchIndex, NeedProfile, ResultProfile
from ronglian.engines.text import Comparison, Metric
from tests.paths import REPOSITORY

PAGE = REPOSITORY / "docs" / "explanation" / "algorithms" / "matching.md"
TEXT = PAGE.read_text(encoding="utf-8")
TODAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def match() -> Match:
    need = NeedProfile(
        "n1",
        "膜法回收锂",
        metrics=(
            Metric("锂回收率", Comparison.AT_LEAST, 90, None, "%", ""),
            Metric("能耗", Comparison.AT_MOST, None, 20, "kW·h/t", ""),
        ),
        technology_field="new_materials",
        industry="C26",
        region="4201",
        budget_high_fen=50_000_000,
        minimum_maturity=6,
    )
    result = ResultProfile(
        "r1",
        "膜法提锂工艺",
        metrics=(Metric("锂回收率", Comparison.EQUAL, 92, 92, "%", ""),),
        technology_field="new_materials",
        industry="C261",
        region="4202",
        price_low_fen=60_000_000,
        maturity=5,
        confirmed_on=date(2025, 6, 1),
    )
    others = NeedProfile("n2", "污泥脱水"), ResultProfile("r2", "污泥脱水")
    index = MatchIndex.build([need, others[0]], [result, others[1]])
    return index.explain("n1", "r1", today=TODAY)


def table(first_header: str) -> list[list[str]]:
    lines = TEXT.splitlines()
    start = next(
        at for at, line in enumerate(lines) if line.startswith(f"| {first_header} |") and "Worked" not in line
    )
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def weights(token: str, need: bool, result: bool) -> tuple[float, float]:
    """The page's formulas, written out for its four records; every token stands in at most one need and result."""
    generic = {"工艺"}
    share = 0.15 if token in generic else 0.03 if len(token) == 1 else 0.003
    rarity = 1 + math.log((4 + 200 + 1) / (need + result + 200 * share + 1))
    among_needs = math.log((2 + 200 + 1) / (need + 200 * share + 1))
    return rarity * math.sqrt(among_needs), rarity


def tokens(title: str) -> list[str]:
    return [*title, *(title[at : at + 2] for at in range(len(title) - 1))]


def test_token_table_follows_the_formulas(match: Match) -> None:
    asked, offered = tokens("膜法回收锂"), tokens("膜法提锂工艺")
    damped = 1 + math.log(8), 1 + math.log(3)
    total = 0.0
    rows = table("token")
    assert [row[0] for row in rows] == [token for token in asked if token in offered]
    for token, *cells in rows:
        heavy, light = weights(token, need=True, result=True)
        product = damped[0] * heavy * damped[1] * light
        total += product
        expected = (damped[0], heavy, damped[1], light, product)
        assert [float(cell) for cell in cells] == pytest.approx(expected, abs=6e-5)

    squares = (
        sum((damped[0] * weights(token, need=True, result=token in offered)[0]) ** 2 for token in asked),
        sum((damped[1] * weights(token, need=token in asked, result=True)[1]) ** 2 for token in offered),
    )
    similarity = total / math.sqrt(squares[0] * squares[1])
    assert match.parts[0].detail["similarity"] == pytest.approx(similarity, abs=1e-6)
    assert (
        f"The squared lengths are {squares[0]:.2f} and {squares[1]:.2f}; "
        f"similarity = {total:.2f} / √({squares[0]:.2f} · {squares[1]:.2f}) = {similarity:.4f},"
    ) in TEXT.replace("\n", " ")


def test_parts_table_is_the_engine(match: Match) -> None:
    rows = table("factor | maximum")

    assert [row[0] for row in rows] == [*(part.factor for part in match.parts), "score"]
    for part, row in zip(match.parts, rows, strict=False):
        share = part.points / part.maximum if part.maximum else 0.0
        assert row[1:] == [f"{part.maximum:.4f}", f"{share:.4f}", f"{part.points:.4f}", part.verdict]
    assert rows[-1] == ["score", "100.0000", "", f"{match.score:.4f}", ""]


def test_page_names_the_parameters() -> None:
    knots = DEFAULT_PARAMETERS.text_knots
    similarity, share = (
        next(line for line in TEXT.splitlines() if line.startswith(f"| {name} |"))
        for name in ("similarity", "share")
    )
    assert [float(cell) for cell in similarity.split("|")[2:-1]] == [knot[0] for knot in knots]
    assert [float(cell) for cell in share.split("|")[2:-1]] == [knot[1] for knot in knots]
    for factor, points in DEFAULT_PARAMETERS.points.items():
        assert any(line.startswith(f"| {factor} | {points:g} |") for line in TEXT.splitlines())
