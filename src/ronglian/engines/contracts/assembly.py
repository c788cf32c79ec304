"""A contract put together from clauses (合同生成): which apply, in what order, with the terms filled in.

A clause is data: its number in the contract comes from its place, its text has `{names}` for what is filled in. Nothing
typed by a party is looked at for names, so that braces in it stay braces.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ronglian.engines.contracts.terms import Kind, Terms

Language = Literal["zh", "en"]
_NAME = re.compile(r"\{([a-z_]+)\}")


class ClauseError(ValueError):
    """A clause names something that no contract has; the message says which clause and which name."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: for which kinds (none: all), under which conditions, and its heading and text in both languages."""

    id: str
    heading: Mapping[Language, str]
    text: Mapping[Language, str]
    kinds: frozenset[Kind] = frozenset()
    when: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A clause as it stands in one contract."""

    id: str
    heading: str
    text: str


# What a clause may ask for. A leading "not " turns it round.
CONDITIONS: Mapping[str, Callable[[Terms], bool]] = {
    "fixed_price": lambda terms: bool(terms.items),
    "royalty": lambda terms: terms.royalty is not None,
    "inspects_books": lambda terms: terms.royalty is not None and terms.royalty.may_inspect_books,
    "after_use": lambda terms: terms.after_use is not None,
    "buy_out": lambda terms: terms.after_use is not None and terms.after_use.buy_out_fen is not None,
    "guarantee": lambda terms: terms.after_use is not None and bool(terms.after_use.guarantee),
    "retained": lambda terms: any(payment.retained_fen for payment in terms.payments),
    "rights": lambda terms: bool(terms.rights),
    "plan": lambda terms: bool(terms.plan),
    "confidentiality": lambda terms: bool(terms.confidentiality),
    "ownership": lambda terms: bool(terms.ownership),
    "improvements": lambda terms: bool(terms.improvements),
    "background": lambda terms: bool(terms.background),
    "ending": lambda terms: bool(terms.ending),
    "acceptance": lambda terms: bool(terms.acceptance),
    "definitions": lambda terms: bool(terms.definitions),
    "risk": lambda terms: bool(terms.risk),
    "disputes": lambda terms: bool(terms.disputes),
}


def assemble(
    clauses: Sequence[Clause], kind: Kind, terms: Terms, values: Mapping[str, str], language: Language
) -> tuple[Section, ...]:
    """The sections of a contract of this kind. `values`: what stands for each name, in this language.

    Raises ClauseError where a clause that applies names something that `values` lacks.
    """
    holding = {name for name, holds in CONDITIONS.items() if holds(terms)}
    of_kind = [clause for clause in clauses if not clause.kinds or kind in clause.kinds]
    return assemble_where(of_kind, holding, values, language)


def assemble_where(
    clauses: Sequence[Clause], holding: Collection[str], values: Mapping[str, str], language: Language
) -> tuple[Section, ...]:
    """The sections of the clauses whose conditions hold. Raises ClauseError as `assemble` does."""
    return tuple(
        Section(clause.id, clause.heading[language], _filled(clause, clause.text[language], values))
        for clause in clauses
        if _applies(clause, holding)
    )


def redline(before: Sequence[Section], after: Sequence[Section]) -> tuple[tuple[str, str, str, str], ...]:
    """What changed between two versions: (id, heading, what was, what is), the texts of changed sections only.

    A section that is new has nothing before, one that went has nothing after.
    """
    earlier, later = {section.id: section for section in before}, {section.id: section for section in after}
    changed = []
    for name in dict.fromkeys((*earlier, *later)):
        was, now = earlier.get(name), later.get(name)
        if was is None or now is None or was.text != now.text:
            heading = (now or was or Section("", "", "")).heading
            changed.append((name, heading, was.text if was else "", now.text if now else ""))
    return tuple(changed)


def changed_words(before: str, after: str) -> tuple[tuple[Literal["same", "gone", "new"], str], ...]:
    """A text beside its earlier form: runs of characters that stayed, went, or came."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    runs: list[tuple[Literal["same", "gone", "new"], str]] = []
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            runs.append(("same", before[first:last]))
            continue
        if last > first:
            runs.append(("gone", before[first:last]))
        if end > start:
            runs.append(("new", after[start:end]))
    return tuple(runs)


def names_in(clause: Clause) -> frozenset[str]:
    """What the clause fills in, in either language."""
    return frozenset(name for text in clause.text.values() for name in _NAME.findall(text))


def check_clause(clause: Clause, names: frozenset[str], conditions: Collection[str] = CONDITIONS) -> None:
    """Raise ClauseError where the clause asks for a condition or a name that there is not, or lacks a language."""
    for condition in clause.when:
        if condition.removeprefix("not ") not in conditions:
            raise ClauseError(f"{clause.id}: there is no condition {condition!r}")
    unknown = sorted(names_in(clause) - names)
    if unknown:
        raise ClauseError(f"{clause.id}: nothing is called {', '.join(unknown)}")
    if set(clause.heading) != {"zh", "en"} or set(clause.text) != {"zh", "en"}:
        raise ClauseError(f"{clause.id}: heading and text are needed in zh and en")


def _applies(clause: Clause, holding: Collection[str]) -> bool:
    return all(
        (condition.removeprefix("not ") in holding) is not condition.startswith("not ")
        for condition in clause.when
    )


def _filled(clause: Clause, text: str, values: Mapping[str, str]) -> str:
    def value_of(found: re.Match[str]) -> str:
        name = found.group(1)
        if name not in values:
            raise ClauseError(f"{clause.id}: nothing is called {name}")
        return values[name]

    return _NAME.sub(value_of, text).strip()
