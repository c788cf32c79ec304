"""Which line of a bank statement belongs to which instruction (对账). Prose: docs/explanation/algorithms/money.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Instruction:
    """Money that should move: `amount` fen, positive where it comes in, negative where it goes out."""

    reference: str
    amount: int
    day: date


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A line of the statement: `row` is where it stands in the file, `amount` fen as for an instruction."""

    row: int
    amount: int
    day: date
    remark: str


class Finding(StrEnum):
    CONFIRMED = "confirmed"
    PROPOSED = "proposed"
    OTHER_AMOUNT = "other_amount"
    AGAIN = "again"  # the reference was found in an earlier line: paid twice, or one line twice
    SEVERAL = "several"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Match:
    """What was found for one line; `reference` is empty where nothing was."""

    line: StatementLine
    finding: Finding
    reference: str = ""


def reconcile(
    instructions: Sequence[Instruction], lines: Sequence[StatementLine], *, days: int
) -> tuple[Match, ...]:
    """One finding for each line, in the order of the lines. Each instruction is found by at most one line.

    `days`: how far the bank's day may lie from the instruction's where no reference says that they belong together.
    """
    by_reference = {instruction.reference: instruction for instruction in instructions}
    taken: set[str] = set()
    found: dict[int, Match] = {}
    for place, line in enumerate(lines):
        named = _named(line, by_reference)
        if named is None:
            continue
        finding = Finding.CONFIRMED if named.amount == line.amount else Finding.OTHER_AMOUNT
        if named.reference in taken:
            finding = Finding.AGAIN
        elif finding is Finding.CONFIRMED:
            taken.add(named.reference)
        found[place] = Match(line, finding, named.reference)
    left = [place for place in range(len(lines)) if place not in found]
    rivals = Counter(lines[place].amount for place in left)
    untaken = [instruction for instruction in instructions if instruction.reference not in taken]
    for place in left:
        found[place] = _by_amount(lines[place], rivals[lines[place].amount], untaken, days)
    return tuple(found[place] for place in range(len(lines)))


def _named(line: StatementLine, instructions: Mapping[str, Instruction]) -> Instruction | None:
    """The instruction whose reference the remark carries; the longest where one reference begins another."""
    names = [reference for reference in instructions if reference and reference in line.remark]
    return instructions[max(names, key=lambda name: (len(name), name))] if names else None


def _by_amount(line: StatementLine, rivals: int, instructions: Iterable[Instruction], days: int) -> Match:
    alike = [
        instruction
        for instruction in instructions
        if instruction.amount == line.amount and abs((instruction.day - line.day).days) <= days
    ]
    if not alike:
        return Match(line, Finding.UNKNOWN)
    if len(alike) > 1 or rivals > 1:
        return Match(line, Finding.SEVERAL)
    return Match(line, Finding.PROPOSED, alike[0].reference)
