"""A match in words, for every door: the engine's codes and values become sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ronglian.apps.matching.queries.exposure import Move
from ronglian.apps.registry.enums import TechnologyField, TransferMode
from ronglian.engines.matching import Exclusion, Improvement, MetricRow, Part
from ronglian.engines.text import format_metric, format_money
from ronglian.kernel.codes.industries import industry_name
from ronglian.kernel.codes.regions import region_name

Detail = Mapping[str, Any]
NOTHING_SAID = "—"

FACTOR_NAMES: dict[str, Promise] = {
    "text": _lazy("Text"),
    "metrics": _lazy("Metrics"),
    "field": _lazy("Field"),
    "maturity": _lazy("Maturity"),
    "region": _lazy("Region"),
    "budget": _lazy("Price"),
    "mode": _lazy("Mode"),
    "freshness": _lazy("Freshness"),
}

VERDICTS: dict[str, Promise] = {
    "met": _lazy("met"),
    "partly": _lazy("partly met"),
    "not_met": _lazy("not met"),
    "not_stated": _lazy("not stated"),
    "neutral": _lazy("not asked for"),
}

SIGNS = {"met": "✓", "partly": "◐", "not_met": "✗", "not_stated": "?", "neutral": "·"}

ADVICE: dict[tuple[str, str], Promise] = {
    ("metrics", "state"): _lazy("Ask the result's owner for the metrics the need names."),
    ("metrics", "improve"): _lazy("Reach the metrics that are missed or not stated."),
    ("field", "state"): _lazy("State the result's technology field and where it applies."),
    ("field", "improve"): _lazy("The result comes from another field; ask whether it carries over."),
    ("maturity", "state"): _lazy("State the technology readiness level, with evidence."),
    ("maturity", "improve"): _lazy("Raise the maturity, for instance by a pilot."),
    ("region", "state"): _lazy("State where the result's owner is."),
    ("region", "improve"): _lazy("The two sides are far apart; a partner nearby would help."),
    ("budget", "state"): _lazy("State a price, or a range of prices."),
    ("budget", "improve"): _lazy("Bring price and budget together, for instance by paying after use."),
    ("mode", "state"): _lazy("State in which ways the result can be had."),
    ("mode", "improve"): _lazy("Agree on a way of cooperating that both accept."),
    ("freshness", "state"): _lazy("Confirm that both records still hold."),
    ("freshness", "improve"): _lazy("Confirm that both records still hold."),
}

EXCLUSIONS: dict[str, Promise] = {
    "need_expired": _lazy("The need has expired."),
    "result_expired": _lazy("The result has expired."),
    "price_above_budget": _lazy(
        "The price (%(result)s) is above the budget (%(need)s), which is a firm limit."
    ),
    "other_field": _lazy("The result is of another field (%(result)s) than the need insists on (%(need)s)."),
    "maturity_too_low": _lazy("Maturity %(result)s is below the level %(need)s that the need insists on."),
    "no_common_mode": _lazy(
        "No way of cooperating suits both: the need insists on %(need)s, offered is %(result)s."
    ),
    "other_region": _lazy("The need insists on %(need)s; the result is in %(result)s."),
    "metric_not_met": _lazy("A metric that must be met is not met."),
}


def factor_name(factor: str) -> str:
    return str(FACTOR_NAMES[factor])


def verdict_label(verdict: str) -> str:
    """The verdict as a word; a sign alone would be lost on whoever cannot see it."""
    return str(VERDICTS[verdict])


def verdict_sign(verdict: str) -> str:
    return SIGNS[verdict]


def describe_part(part: Part) -> str:
    """One factor in one line: what was asked, what is offered."""
    if part.verdict == "neutral":
        return _("The need says nothing about this; it counts for neither side.")
    return DESCRIPTIONS[part.factor](part.detail)


def describe_exclusion(exclusion: Exclusion) -> str:
    """Why the pair is not suggested."""
    show = SHOWN.get(exclusion.factor, str)
    values = {name: show(exclusion.detail.get(name)) for name in ("need", "result")}
    return str(EXCLUSIONS[exclusion.reason]) % values


def describe_improvement(improvement: Improvement) -> str:
    """What would raise the score, and by how much at most."""
    advice = str(ADVICE[improvement.factor, improvement.code])
    return _("%(advice)s (up to +%(points).0f)") % {"advice": advice, "points": improvement.points}


def describe_move(move: Move) -> str:
    """Why a line stands elsewhere than its score alone would put it."""
    placed = move.placed
    values = {"places": abs(placed.place - placed.by_score), "cap": move.cap, "place": placed.by_score}
    if placed.reason == "crowded":
        text = ngettext(
            "Shown %(places)d place lower: it stands among the first of %(cap)d needs already that it fits better. The score is unchanged.",
            "Shown %(places)d places lower: it stands among the first of %(cap)d needs already that it fits better. The score is unchanged.",
            values["places"],
        )
    elif placed.reason == "others":
        text = _("Place %(place)d by score; others were moved. The score is unchanged.")
    elif move.side == "results":
        text = ngettext(
            "Shown %(places)d place higher: small suppliers were seen less than their share. The score is unchanged.",
            "Shown %(places)d places higher: small suppliers were seen less than their share. The score is unchanged.",
            values["places"],
        )
    else:
        text = ngettext(
            "Shown %(places)d place higher: small firms' needs were seen less than their share. The score is unchanged.",
            "Shown %(places)d places higher: small firms' needs were seen less than their share. The score is unchanged.",
            values["places"],
        )
    return text % values


def metric_row_texts(row: MetricRow) -> dict[str, str]:
    """A row of the metric table: what is needed, what is claimed, the verdict in a word and a sign."""
    return {
        "need": format_metric(row.need, _language()),
        "claim": format_metric(row.claim, _language()) if row.claim else "",
        "verdict": row.verdict,
        "label": verdict_label(row.verdict),
        "sign": verdict_sign(row.verdict),
    }


def _text(detail: Detail) -> str:
    text = _("The texts are alike to %(similarity).0f %%.") % {"similarity": 100 * detail["similarity"]}
    if "meaning" not in detail:
        return text
    values = {"meaning": 100 * detail["meaning"], "points": detail["points_by_meaning"]}
    return text + _(" By meaning: %(meaning).0f %%, which brings %(points).1f of these points.") % values


def _metrics(detail: Detail) -> str:
    counts = {name: detail[name] for name in ("met", "not_met", "not_stated")}
    if not any(counts.values()):
        return _("The need names no metric.")
    return _("%(met)d met, %(not_met)d not met, %(not_stated)d not stated") % counts


def _field(detail: Detail) -> str:
    need = _field_or_industry(detail["need_field"]), _field_or_industry(detail["need_industry"])
    result = _field_or_industry(detail["result_field"]), _field_or_industry(detail["result_industry"])
    return _asked_and_offered(_join(need), _join(result))


def _maturity(detail: Detail) -> str:
    need, result = detail["need"], detail["result"]
    if result is None:
        return _("At least level %(need)d is needed; the result states none.") % {"need": need}
    return _("At least level %(need)d is needed, the result is at %(result)d.") % {
        "need": need,
        "result": result,
    }


def _region_part(detail: Detail) -> str:
    return _asked_and_offered(_region(detail["need"]), _region(detail["result"]))


def _budget(detail: Detail) -> str:
    budget = _money_range(detail["budget_low_fen"], detail["budget_high_fen"])
    price = _money_range(detail["price_low_fen"], detail["price_high_fen"])
    return _("Budget %(budget)s, price %(price)s") % {"budget": budget, "price": price}


def _mode(detail: Detail) -> str:
    if detail["common"]:
        return _("Both accept: %(modes)s") % {"modes": _modes(detail["common"])}
    return _asked_and_offered(_modes(detail["need"]), _modes(detail["result"]))


def _freshness(detail: Detail) -> str:
    return _("Confirmed: need %(need)s, result %(result)s") % {
        "need": _age(detail["need_days"]),
        "result": _age(detail["result_days"]),
    }


DESCRIPTIONS: dict[str, Callable[[Detail], str]] = {
    "text": _text,
    "metrics": _metrics,
    "field": _field,
    "maturity": _maturity,
    "region": _region_part,
    "budget": _budget,
    "mode": _mode,
    "freshness": _freshness,
}


def _asked_and_offered(need: str, result: str) -> str:
    return _("Asked for: %(need)s; offered: %(result)s") % {"need": need, "result": result}


def _age(days: int | None) -> str:
    if days is None:
        return _("never")
    return ngettext("%(days)d day ago", "%(days)d days ago", days) % {"days": days}


def _region(code: str | None) -> str:
    return region_name(code, _language()) if code else NOTHING_SAID


def _field_or_industry(code: str | None) -> str:
    if not code:
        return NOTHING_SAID
    if code in TechnologyField.values:
        return str(TechnologyField(code).label)
    return industry_name(code, _language())


def _modes(codes: list[str] | None) -> str:
    labels = [str(TransferMode(code).label) for code in codes or ()]
    return (_(", ") if labels else "").join(labels) or NOTHING_SAID


def _money(fen: int | None) -> str:
    return NOTHING_SAID if fen is None else format_money(fen, _language())


def _money_range(low: int | None, high: int | None) -> str:
    ends = [_money(fen) for fen in dict.fromkeys((low, high)) if fen is not None]
    return "–".join(ends) or _("not stated")


def _join(parts: tuple[str, str]) -> str:
    return " · ".join(part for part in parts if part != NOTHING_SAID) or NOTHING_SAID


def _language() -> Any:
    return "en" if (get_language() or "").startswith("en") else "zh"


# How the two values of an exclusion are shown; what is not listed is a number.
SHOWN: dict[str, Callable[[Any], str]] = {
    "budget": _money,
    "field": _field_or_industry,
    "mode": _modes,
    "region": _region,
}
