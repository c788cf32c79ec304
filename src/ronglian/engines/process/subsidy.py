"""A subsidy by a scheme's rule: share of a base, capped, in instalments (补助测算)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ronglian.engines.process.definition import Definition
from ronglian.engines.text.wording import Words


@dataclass(frozen=True, slots=True)
class Paid:
    """An instalment in fen, paid when the transition `step` is taken."""

    step: str
    fen: int


@dataclass(frozen=True, slots=True)
class Grant:
    """The total in fen, whether the cap held it down, and the instalments, which add up to it."""

    total: int
    uncapped: int
    is_capped: bool
    instalments: tuple[Paid, ...]


class NoSubsidy(ValueError):
    """The rule does not apply; `words` say why."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def compute_subsidy(
    definition: Definition, subsidy: str, base_fen: int, day: date, share: Decimal | None = None
) -> Grant:
    """What the rule gives on a base in fen on that day; `share` in per cent where the rule leaves a choice.

    Rounded down to the fen. Raises NoSubsidy, KeyError for a rule that there is not.
    """
    rule = definition.subsidies[subsidy]
    least, most, cap = (
        _number(definition, name, day) for name in (rule.share_least, rule.share_most, rule.cap)
    )
    if share is None:
        if least != most:
            raise NoSubsidy(
                Words(
                    f"比例在{least}%到{most}%之间，请给出比例。",
                    f"The share is between {least} % and {most} %; say which.",
                )
            )
        share = most
    if not least <= share <= most:
        raise NoSubsidy(
            Words(
                f"比例应在{least}%到{most}%之间，不是{share}%。",
                f"The share must be between {least} % and {most} %, not {share} %.",
            )
        )
    if base_fen < 0:
        raise NoSubsidy(Words("金额不能为负。", "The base cannot be negative."))
    uncapped = int(Decimal(base_fen) * share / 100)
    total = min(uncapped, int(cap))
    left, paid = total, []
    for each in rule.instalments:
        if each.amount is None:
            fen = left
        else:
            wanted = (
                each.amount if isinstance(each.amount, int) else int(_number(definition, each.amount, day))
            )
            fen = min(wanted, left)
        left -= fen
        paid.append(Paid(each.step, fen))
    return Grant(total, uncapped, total < uncapped, tuple(paid))


def _number(definition: Definition, name: str, day: date) -> Decimal:
    value = definition.parameters[name].on(day)
    if isinstance(value, bool) or not isinstance(value, int | float):
        parameter = definition.parameters[name].name
        raise NoSubsidy(
            Words(f"{day}没有有效的“{parameter.zh}”。", f"On {day} there is no “{parameter.en}” in force.")
        )
    return Decimal(str(value))
