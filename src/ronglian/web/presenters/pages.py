"""What the page of one record says, section by section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ronglian.apps.registry.derived import record_metrics
from ronglian.apps.registry.enums import HardConstraint, IpKind, TransferMode
from ronglian.apps.registry.models import Expert, Need, RegistryRecord, Result, Scene
from ronglian.engines.text import Metric, format_metric
from ronglian.web.context import short_language
from ronglian.web.presenters.cards import field_names
from ronglian.web.presenters.texts import (
    choose,
    industry,
    mark_piece,
    money_range,
    place,
    said,
    show,
    show_paragraphs,
)

Facts = list[tuple[str, str | SafeString]]

# The sections of text of each kind: attribute and heading.
SECTIONS: dict[type[RegistryRecord], tuple[str, ...]] = {
    Result: ("summary", "details"),
    Need: ("summary", "details", "difficulty", "existing_conditions"),
    Expert: ("summary",),
    Scene: ("summary", "conditions"),
}

UNREAD_REASONS: dict[str, Promise] = {
    "no_name": _lazy("what is measured is not said"),
    "no_unit": _lazy("a number without a unit"),
    "unknown_unit": _lazy("the unit is not known"),
    "grain_notation": _lazy("a notation for grain sizes"),
    "ratio_notation": _lazy("a ratio of several numbers"),
    "identifier": _lazy("the number of a document or standard"),
    "not_technical": _lazy("a figure of the business, not of the technology"),
    "baseline": _lazy("the value to be improved upon"),
    "several_values": _lazy("several values that cannot be told apart"),
    "unclear_power": _lazy("a power whose exponent lost its place"),
    "reversed_range": _lazy("a range that runs backwards"),
}


@dataclass(frozen=True, slots=True)
class MetricView:
    """A metric as read, and the sentence it was read from with the piece marked."""

    text: str
    sentence: SafeString


def text_sections(record: RegistryRecord, terms: Sequence[str] = ()) -> list[tuple[str, SafeString]]:
    """Heading and paragraphs of each text that says something."""
    found = []
    for name in SECTIONS[type(record)]:
        text = said(record, name)
        if text:
            found.append((_label(record, name), show_paragraphs(text, terms)))
    return found


def record_facts(record: RegistryRecord) -> Facts:
    """Name and value of what the record states, in a fixed order; what is not stated is left out."""
    rows: list[tuple[str, str | SafeString]] = [(_("Technology field"), field_names(record))]
    rows += [
        (_("Industry"), industry(getattr(record, "industry", ""))),
        (_("Region"), place(record.region, short=False)),
    ]
    rows += _own_facts(record)
    return [(name, value) for name, value in rows if value]


def _own_facts(record: RegistryRecord) -> Iterator[tuple[str, str | SafeString]]:
    match record:
        case Result():
            yield from _result_facts(record)
        case Need():
            yield from _need_facts(record)
        case Expert():
            yield _("Post"), show(said(record, "post"))
            yield _("ORCID"), record.orcid
        case Scene():
            yield _("Opens"), record.opens_on.isoformat() if record.opens_on else ""
            yield _("Closes"), record.closes_on.isoformat() if record.closes_on else ""


def _result_facts(result: Result) -> Iterator[tuple[str, str | SafeString]]:
    yield _("Completed by"), result.completed_by
    yield _("Form of the result"), result.get_output_form_display()
    yield _("Stage"), result.get_stage_display()
    yield _("Technical level"), result.get_technical_level_display()
    yield _("Intellectual property"), labels(IpKind, result.ip)
    yield _("Patent or registration numbers"), result.ip_numbers
    yield _("Ways to have it"), labels(TransferMode, result.transfer_modes)
    yield _("Price"), _amount(result, result.price_low_fen, result.price_high_fen)


def _need_facts(need: Need) -> Iterator[tuple[str, str | SafeString]]:
    yield _("Cooperation wanted"), labels(TransferMode, need.modes)
    yield _("Budget"), _amount(need, need.budget_low_fen, need.budget_high_fen)
    if need.minimum_maturity:
        yield _("Lowest maturity accepted"), f"TRL {need.minimum_maturity}"
    yield _("Must be met"), labels(HardConstraint, need.hard)


def _amount(record: RegistryRecord, low_fen: int | None, high_fen: int | None) -> str:
    if record.is_closed:
        return _("under an agreement (NDA)")
    return money_range(low_fen, high_fen) or _("to be agreed")


def labels(codes: type[models.TextChoices], values: Iterable[str]) -> str:
    return str(_(", ")).join(str(codes(value).label) for value in values if value in codes.values)


def metric_views(record: RegistryRecord) -> list[MetricView]:
    """The metrics that were read out of the record's texts."""
    if not isinstance(record, Need | Result):
        return []
    return [_metric_view(metric) for metric in record_metrics(record)]


def _metric_view(metric: Metric) -> MetricView:
    return MetricView(format_metric(metric, short_language()), mark_piece(metric.sentence, metric.verbatim))


def unread_views(record: RegistryRecord) -> list[tuple[SafeString, str]]:
    """What looks like a metric and could not be read: its sentence, and why."""
    rows: list[dict[str, Any]] = getattr(record, "unread", [])
    return [
        (mark_piece(row["sentence"], row["verbatim"]), str(UNREAD_REASONS.get(row["reason"], "")))
        for row in rows
    ]


def page_title(record: RegistryRecord) -> SafeString:
    return show(choose(record.headline, record.headline_en))


def _label(record: RegistryRecord, name: str) -> str:
    field = record._meta.get_field(name)
    assert isinstance(field, models.Field)
    return capfirst(str(field.verbose_name))
