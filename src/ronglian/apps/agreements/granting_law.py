"""What the law says of a grant of rights (赋权): the conditions and the negative list of the rulebook, on a day and at a place.

The terms of the national pilot ended on a day; whether they go on is an open question of the rulebook. Then nothing is
determined, and the institution decides on grounds of its own; what would fail even if the pilot's terms went on is barred.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils import translation
from django.utils.translation import gettext

from ronglian.engines.contracts import Language
from ronglian.engines.rules import (
    Answer,
    ChecklistItem,
    answer_document,
    evaluate_rule,
    find_checklist,
    resolve,
    trace,
    word_reason,
    word_version,
)
from ronglian.kernel.documents import LOCALES
from ronglian.rulebook import load_rulebook

RULE = "rights.may_grant"
CONDITIONS = ("kind_fits", "not_excluded", "term_fits", "conditions_met")
FACTS = ("touches_security", "ownership_clear", "good_prospects", "taker_identified", "researchers_willing")
NOTICE_DAYS, LEAST_YEARS, TEAM_SHARE = "rights.notice_days", "rights.use_years_least", "rights.team_share"


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer as it is determined, and as it would be if what is open were confirmed."""

    answer: Answer
    if_confirmed: Answer

    @property
    def is_allowed(self) -> bool:
        return self.answer.is_met is True

    @property
    def is_barred(self) -> bool:
        """Whether it fails, or would fail whatever becomes of the open questions."""
        return self.answer.is_met is False or self.if_confirmed.is_met is False

    @property
    def conditions(self) -> tuple[tuple[str, bool | None], ...]:
        """Each condition with whether it is met; None where that cannot be said."""
        found = []
        for name in CONDITIONS:
            value = self.if_confirmed.step(name)
            found.append((name, value if isinstance(value, bool) else None))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """A condition in the reader's language."""

    title: str
    is_met: bool | None


def check_granting(
    right: str, form: str, use_years: int | None, facts: Mapping[str, bool], *, place: str, on: date
) -> Checked:
    """Ask the rule. `facts` names each of FACTS."""
    inputs: dict[str, Any] = {"right": right, "form": form, **{name: facts[name] for name in FACTS}}
    if use_years is not None:
        inputs["use_years"] = use_years
    book, where = load_rulebook(), place or "cn"
    return Checked(
        evaluate_rule(book, RULE, on=on, place=where, inputs=inputs),
        evaluate_rule(book, RULE, on=on, place=where, inputs=inputs, provisional=True),
    )


def condition_lines(checked: Checked, language: Language) -> tuple[ConditionLine, ...]:
    return tuple(
        ConditionLine(checked.if_confirmed.line(name).step.title.in_language(language), met)
        for name, met in checked.conditions
    )


def reasons_of(checked: Checked, language: Language) -> tuple[str, ...]:
    """Why nothing is determined; empty where it is."""
    book = load_rulebook()
    return tuple(word_reason(book, one, gettext, language=language) for one in checked.answer.reasons)


def articles_of(checked: Checked, language: Language) -> tuple[str, ...]:
    """The documents that the answer stands on."""
    book = load_rulebook()
    return tuple(word_version(book, one, gettext, language=language) for one in checked.if_confirmed.versions)


def told(checked: Checked) -> Any:
    """The answer as it was given, to be kept: its documents and its lines in both languages."""
    lines = {}
    for language, locale in LOCALES.items():
        with translation.override(locale):
            lines[language] = [
                [line.depth, line.text]
                for line in trace(load_rulebook(), checked.if_confirmed, gettext, language=locale)
            ]
    return {
        "answer": answer_document(load_rulebook(), checked.answer),
        "if_confirmed": answer_document(load_rulebook(), checked.if_confirmed),
        "lines": lines,
    }


def least_notice_days(place: str, on: date) -> int | None:
    """How many days of public notice are asked for, as far as is known; None where nothing is said."""
    return _whole(NOTICE_DAYS, place, on)


def least_use_years(place: str, on: date) -> int | None:
    return _whole(LEAST_YEARS, place, on)


def usual_share(place: str, on: date) -> Fraction | None:
    """What the place says a team is usually given; None where it says nothing."""
    found = resolve(load_rulebook(), TEAM_SHARE, on=on, place=place or "cn", provisional=True)
    return found.advised_value if isinstance(found.advised_value, Fraction) else None


def ledger_rules(on: date) -> tuple[ChecklistItem, ...]:
    """What holds of the separate ledger, point by point."""
    return _items("rights.separate_ledger", on)


def steps_of_granting(on: date) -> tuple[ChecklistItem, ...]:
    return _items("rights.granting_steps", on)


def _items(name: str, on: date) -> tuple[ChecklistItem, ...]:
    found = find_checklist(load_rulebook(), name, on=on, place="cn")
    versions = (found.version,) if found.version else found.open
    return versions[-1].items if versions else ()


def _whole(name: str, place: str, on: date) -> int | None:
    value = resolve(load_rulebook(), name, on=on, place=place or "cn", provisional=True).value
    return int(value) if isinstance(value, Fraction) else None
