"""Whether a contract would be recognised as a technology contract, condition by condition (认定).

Which conditions there are, for which kinds, is data (`registration.yaml` of the app); here stands only what can be read off
the terms. What cannot is asked of party B. Nothing here decides: the registration body does. Source: 技术合同认定规则
(国科发政字〔2001〕253号), as far as it was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from ronglian.engines.contracts.terms import Kind, Terms


class Verdict(StrEnum):
    """What is known of a condition."""

    MET = "met"
    NOT_MET = "not_met"
    OPEN = "open"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of recognition. `seen` names a reading of SEEN; without it party B says whether it holds."""

    id: str
    kinds: frozenset[Kind]
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Excluded:
    """Words in the subject that point at what is not recognised."""

    id: str
    kinds: frozenset[Kind]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A condition with its verdict; `detail` is the word that was found."""

    id: str
    verdict: Verdict
    detail: str = ""


SEEN: Mapping[str, Callable[[Terms], bool]] = MappingProxyType(
    {
        "subject": lambda terms: bool(terms.subject.strip()),
        "ownership": lambda terms: bool(terms.ownership.strip()),
        "acceptance": lambda terms: bool(terms.acceptance.strip()),
        "rights": lambda terms: bool(terms.rights),
        "no_rights": lambda terms: not terms.rights,
    }
)


def check_recognition(
    kind: Kind,
    terms: Terms,
    conditions: Iterable[Condition],
    excluded: Iterable[Excluded],
    said: Mapping[str, bool],
) -> tuple[Checked, ...]:
    """Every condition of the kind in the order of the data, then what the words of the subject point at.

    `said`: what party B has said of conditions that cannot be read off; one it said nothing of stays open.
    Raises KeyError for a condition whose `seen` is unknown.
    """
    found = [_check(one, terms, said) for one in conditions if kind in one.kinds]
    for one in excluded:
        words = [word for word in one.words if kind in one.kinds and word in terms.subject]
        if words:
            found.append(Checked(one.id, Verdict.LOOK, "、".join(words)))
    return tuple(found)


def _check(condition: Condition, terms: Terms, said: Mapping[str, bool]) -> Checked:
    if condition.seen:
        holds = SEEN[condition.seen](terms)
    elif condition.id in said:
        holds = said[condition.id]
    else:
        return Checked(condition.id, Verdict.OPEN)
    return Checked(condition.id, Verdict.MET if holds else Verdict.NOT_MET)
