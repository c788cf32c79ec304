"""The quality report in words and figures; what must not or cannot be said is said to be so."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ronglian.apps.matching.queries.measured import Measured, MeasuredSet
from ronglian.apps.matching.queries.quality import BAND_WIDTH, Answers, Group, QualityReport, Share
from ronglian.engines.matching.measures import Interval

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its share, the counts behind it with their lists, and a note where it cannot be told."""

    title: str
    percent: str
    interval: str
    part: str
    part_url: str
    whole: str
    whole_url: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One line of the tables by score band and by month."""

    name: str
    url: str
    mean_score: str
    percent: str
    interval: str
    counts: str


@dataclass(frozen=True, slots=True)
class MeasuredTable:
    """One set of judgements as a table."""

    title: str
    basis: str
    measures: tuple[str, ...]
    rows: list[tuple[str, list[str]]]


def figures(report: QualityReport) -> list[Figure]:
    return [
        _figure(
            _("Suggestions confirmed, of those decided on"),
            report.confirmed,
            "decisions?kind=confirmed",
            "decisions",
        ),
        _figure(
            _("Current needs with a suggestion of 50 points or more"),
            report.needs_covered,
            "covered-needs",
            "uncovered-needs",
        ),
        _figure(
            _("Current results suggested to at least one need"),
            report.results_suggested,
            "suggested-results",
            "unsuggested-results",
        ),
        _figure(
            _("Published needs that nobody has decided anything about"),
            report.answers.unanswered,
            "unanswered-needs",
            "answered-needs",
        ),
    ]


def waiting_lines(answers: Answers) -> list[str]:
    """The time to a first answer in sentences; those still waiting are counted, never left out."""
    if answers.unanswered.whole is None:
        return [too_few()]
    if not answers.unanswered.whole:
        return [_("No need has been published yet: nothing can be said.")]
    lines = []
    for days, share in ((answers.median_days, 50), (answers.p90_days, 90)):
        if days is None:
            text = _(
                "Fewer than %(share)d %% of the needs have had an answer, so this time is not known yet."
            )
            lines.append(text % {"share": share})
        else:
            text = _("%(share)d %% of the needs have a first answer within %(days)s days.")
            lines.append(text % {"share": share, "days": f"{days:.1f}"})
    waiting, whole = answers.unanswered.part or 0, answers.unanswered.whole
    text = ngettext(
        "Of %(whole)d need %(waiting)d went without an answer; it counts for as long as it has waited.",
        "Of %(whole)d needs %(waiting)d went without an answer; they count for as long as they have waited.",
        whole,
    )
    return [*lines, text % {"whole": whole, "waiting": waiting}]


def band_rows(report: QualityReport) -> list[GroupRow]:
    return [
        _row(each, f"{each.key}–{int(each.key) + BAND_WIDTH}", f"band={each.key}") for each in report.bands
    ]


def month_rows(report: QualityReport) -> list[GroupRow]:
    return [_row(each, each.key, f"month={each.key}") for each in report.months]


def measured_tables(measured: Measured) -> list[MeasuredTable]:
    return [_table(each) for each in measured.sets]


def too_few() -> str:
    return _("Fewer than five organisations stand behind this, so it is not shown.")


def _figure(title: str, share: Share, part_list: str, other_list: str) -> Figure:
    if share.whole is None:
        return Figure(title, NOTHING, "", "", "", "", "", too_few())
    if not share.whole:
        return Figure(title, NOTHING, "", "0", "", "0", "", _("There is none yet: nothing can be said."))
    return Figure(
        title=title,
        percent=percent(share.interval),
        interval=bounds(share.interval),
        part=str(share.part),
        part_url=_list_url(part_list),
        whole=str(share.whole),
        whole_url=_list_url(other_list),
    )


def _list_url(name: str) -> str:
    path, _mark, query = name.partition("?")
    return reverse("quality-list", args=[path]) + (f"?{query}" if query else "")


def _row(group: Group, name: str, query: str) -> GroupRow:
    share = group.confirmed
    counts = NOTHING if share.whole is None else f"{share.part} / {share.whole}"
    return GroupRow(
        name=name,
        url=_list_url(f"decisions?{query}") if share.whole else "",
        mean_score=NOTHING if group.mean_score is None else f"{group.mean_score:.0f}",
        percent=percent(share.interval),
        interval=bounds(share.interval),
        counts=counts,
    )


def percent(interval: Interval | None) -> str:
    return NOTHING if interval is None else f"{100 * interval.mean:.0f} %"


def bounds(interval: Interval | None) -> str:
    return "" if interval is None else f"{100 * interval.low:.0f}–{100 * interval.high:.0f} %"


def _table(each: MeasuredSet) -> MeasuredTable:
    basis = _(
        "%(needs)d needs, %(results)d results, %(pairs)d judged pairs; engine %(engine)s, parameters %(parameters)s"
    )
    values = {name: getattr(each, name) for name in ("needs", "results", "pairs", "engine", "parameters")}
    rows = [
        (system.name, [_measure(system.measures[name]) for name in each.measures]) for system in each.systems
    ]
    return MeasuredTable(each.name, basis % values, each.measures, rows)


def _measure(value: Interval | None) -> str:
    return NOTHING if value is None else f"{value.mean:.3f} [{value.low:.3f}, {value.high:.3f}]"
