"""Lines of a bank statement and the instructions they belong to."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.money import Finding, Instruction, StatementLine, reconcile

DAY = date(2026, 11, 25)


def found(instructions: list[Instruction], lines: list[StatementLine]) -> list[tuple[Finding, str]]:
    return [(match.finding, match.reference) for match in reconcile(instructions, lines, days=5)]


def test_a_reference_and_an_equal_amount_belong_together() -> None:
    instructions = [Instruction("RL-1", 500, DAY), Instruction("RL-12", 500, DAY)]
    lines = [
        StatementLine(2, 500, DAY, "货款 RL-12 二期"),
        StatementLine(3, 499, DAY, "RL-1"),
        StatementLine(4, 500, DAY, "RL-12"),
        StatementLine(5, -500, DAY, ""),
    ]
    assert found(instructions, lines) == [
        (Finding.CONFIRMED, "RL-12"),
        (Finding.OTHER_AMOUNT, "RL-1"),
        (Finding.AGAIN, "RL-12"),
        (Finding.UNKNOWN, ""),
    ]


def test_without_a_reference_only_what_is_alone_is_proposed() -> None:
    instructions = [Instruction("a", 100, DAY), Instruction("b", 200, DAY), Instruction("c", 200, DAY)]
    lines = [StatementLine(2, 100, DAY + timedelta(days=5), "?"), StatementLine(3, 200, DAY, "?")]
    assert found(instructions, lines) == [(Finding.PROPOSED, "a"), (Finding.SEVERAL, "")]
    assert found(instructions, [StatementLine(2, 100, DAY + timedelta(days=6), "?")]) == [
        (Finding.UNKNOWN, "")
    ]
    twice = [StatementLine(2, 100, DAY, "?"), StatementLine(3, 100, DAY, "?")]
    assert found(instructions, twice) == [(Finding.SEVERAL, ""), (Finding.SEVERAL, "")]


@given(
    st.lists(st.integers(1, 5), max_size=8),
    st.lists(st.tuples(st.integers(1, 5), st.integers(0, 9)), max_size=12),
)
def test_no_instruction_is_confirmed_twice(amounts: list[int], rows: list[tuple[int, int]]) -> None:
    instructions = [Instruction(f"r{place}.", amount, DAY) for place, amount in enumerate(amounts)]
    lines = [StatementLine(place, amount, DAY, f"r{name}.") for place, (amount, name) in enumerate(rows)]
    matches = reconcile(instructions, lines, days=5)
    taken = [match.reference for match in matches if match.finding in (Finding.CONFIRMED, Finding.PROPOSED)]
    assert len(taken) == len(set(taken))
    assert [match.line for match in matches] == lines
    by_name = {one.reference: one.amount for one in instructions}
    for match in matches:
        if match.finding is Finding.CONFIRMED:
            assert by_name[match.reference] == match.line.amount
