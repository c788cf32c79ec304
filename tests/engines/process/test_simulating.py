"""Scripts and random runs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ronglian.engines.process import read_definition
from ronglian.engines.process.simulating import Line, run_script, simulate
from tests.engines.process.samples import BODY, CALENDAR, HEAD, NOW, packaged, sample

DAY = timedelta(days=1)


def test_a_script_says_what_would_be_refused_and_what_the_clock_does() -> None:
    facts = {"money": 0, "ready": True, "closes_at": NOW + 2 * DAY}
    lines = [
        Line(NOW + DAY, "issuer", "fork"),
        Line(NOW + 3 * DAY, "issuer", "fork", {"money": 10_000}),
        Line(NOW + 90 * DAY, "issuer", "stop"),
    ]
    traces = run_script(sample(), CALENDAR, NOW, facts, lines)
    assert [(trace.role, trace.step, trace.states) for trace in traces] == [
        ("issuer", "fork", ("a",)),
        ("clock", "remind", ("a",)),
        ("issuer", "fork", ("b", "c")),
        ("clock", "join", ("done",)),
        ("issuer", "stop", ("done",)),
    ]
    assert [bool(trace.reasons) for trace in traces] == [True, False, False, False, True]
    with pytest.raises(KeyError):
        run_script(sample(), CALENDAR, NOW, facts, [Line(NOW, "issuer", "dance")])


def test_durations_are_those_that_are_expected() -> None:
    text = (HEAD + BODY).replace("produces: [paper]", "produces: [paper], expects: {days: [10, 10, 10]}")
    text = text.replace("cancels: yes", "cancels: yes, expects: {share: 0}")
    found = simulate(read_definition(text, "x.yaml"), 100, 1)
    # ten days, then the notice of five working days, which are seven days on the average
    assert (found.by_end["done"].runs, found.unfinished) == (100, 0)
    assert found.by_end["done"].p10 == found.by_end["done"].p90 == pytest.approx(17)
    assert found.days_in_state["a"] == pytest.approx(10)


def test_the_seed_decides() -> None:
    definition = read_definition(packaged("*/processes/prize*.yaml")[0].read_text(encoding="utf-8"), "x")
    assert simulate(definition, 40, 7) == simulate(definition, 40, 7) != simulate(definition, 40, 8)


@pytest.mark.parametrize("path", packaged(), ids=lambda path: path.stem)
def test_every_scheme_ends_when_it_is_played(path: object) -> None:
    definition = read_definition(path.read_text(encoding="utf-8"), path.name)  # type: ignore[attr-defined]  # a Path
    found = simulate(definition, 60, 3)
    assert found.unfinished == 0
    assert sum(each.runs for each in found.by_end.values()) == 60
