"""The quality report in words and figures; what must not or cannot be said is said to be so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from ronglian.apps.accounts.enums import OrganisationSize
from ronglian.apps.matching.enums import DecisionKind
from ronglian.apps.matching.models import Decision
from ronglian.apps.matching.queries.measured import Measured, MeasuredSet
from ronglian.apps.matching.queries.quality import BAND_WIDTH, Answers, Group, QualityReport, Share
from ronglian.engines.matching.measures import Interval
from ronglian.web.presenters.curves import Curve, draw_curve
from ronglian.web.presenters.pages import page_title
from ronglian.web.presenters.texts import choose, show

NOTHING = "–"
# How an address asks for the firms that state no size.
UNSTATED = "unstated"

RANKERS: dict[str, Promise] = {
    "random": _lazy("chance"),
    "BM25 words": _lazy("BM25 over words"),
    "character-bigram idf": _lazy("pairs of characters, weighted by rarity"),
    "character 1-2-gram tf-idf": _lazy("characters and pairs, tf-idf"),
    "Ronglian, trained by folds": _lazy("Ronglian, trained on the other folds"),
    "Ronglian, wording alone": _lazy("Ronglian, by wording alone"),
    "Ronglian": _lazy("Ronglian as shipped"),
}
MEASURES: dict[str, str | Promise] = {
    "ndcg@10": "NDCG@10",
    "spearman": _lazy("Spearman correlation"),
    "contest": "1/(1+MAE)",
    "mrr": "MRR",
    "recall@10": _lazy("found in 10"),
    "recall@100": _lazy("found in 100"),
}
SETS: dict[str, Promise] = {
    "needs-results-zh": _lazy("Chinese needs of enterprises and research results"),
    "needs-results-en": _lazy("English research topics and the awards that answered them"),
}


LISTS: dict[str, str | Promise] = {
    "decisions": _lazy("Decisions"),
    "covered-needs": _lazy("Current needs with a suggestion of 50 points or more"),
    "uncovered-needs": _lazy("Current needs without a suggestion of 50 points or more"),
    "suggested-results": _lazy("Current results suggested to at least one need"),
    "unsuggested-results": _lazy("Current results suggested to no need"),
    "unanswered-needs": _lazy("Published needs that nobody has decided anything about"),
    "answered-needs": _lazy("Published needs that somebody has decided something about"),
    "small-results": _lazy("Current results of small suppliers"),
    "other-results": _lazy("Current results of other suppliers"),
    "small-needs": _lazy("Current needs of small firms"),
    "other-needs": _lazy("Current needs of other firms and of those that are not named"),
}


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
class SizeRow:
    """One line of the table by size of firm."""

    name: str
    percent: str
    interval: str
    part: str
    part_url: str
    whole: str
    whole_url: str
    median: str


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision in a list; `url` is empty and no title is told where the reader may not see the pair."""

    pair: SafeString | str
    url: str
    score: str
    decision: str
    organisation: SafeString
    day: str


@dataclass(frozen=True, slots=True)
class MeasuredTable:
    """One set of judgements as a table."""

    title: str
    basis: str
    measures: tuple[str, ...]
    rows: list[tuple[str, list[tuple[str, str]]]]


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
    return [_row(each, _band_name(each.key), f"band={each.key}") for each in report.bands]


def month_rows(report: QualityReport) -> list[GroupRow]:
    return [_row(each, each.key, f"month={each.key}") for each in report.months]


def size_rows(report: QualityReport) -> list[SizeRow]:
    """Who waits: the firms by size, the largest first."""
    return [_size_row(each.size, each.answers) for each in report.answers_by_size]


def size_name(size: str) -> str:
    return str(OrganisationSize(size).label) if size else _("size not stated")


def list_title(name: str, *, band: str, month: str, kind: str, size: str) -> str:
    """What a list holds; empty for one that there is not."""
    narrowed = [
        _("score %(band)s") % {"band": _band_name(band)} if band else "",
        month,
        str(DecisionKind(kind).label) if kind else "",
        size_name("" if size == UNSTATED else size) if size else "",
    ]
    return " · ".join([str(LISTS[name]), *filter(None, narrowed)]) if name in LISTS else ""


def _band_name(band: str) -> str:
    return f"{band}–{int(band) + BAND_WIDTH}"


def calibration_curve(report: QualityReport) -> Curve:
    """The share confirmed over the mean score of each band."""
    points = [
        (each.mean_score / 100, each.confirmed.interval)
        for each in report.bands
        if each.mean_score is not None
    ]
    return draw_curve(points, [(at / 100, str(at)) for at in range(0, 101, 20)])


def drift_curve(report: QualityReport) -> Curve:
    """The share confirmed month by month."""
    months = [each.key for each in report.months]
    places = [(at + 0.5) / len(months) for at in range(len(months))]
    points = [(place, each.confirmed.interval) for place, each in zip(places, report.months, strict=True)]
    return draw_curve(points, [(place, month[2:]) for place, month in zip(places, months, strict=True)])


def decision_rows(decisions: Iterable[Decision], seen: Collection[int]) -> list[DecisionRow]:
    """`seen` are the decisions about pairs that the reader may open."""
    return [_decision_row(each, is_seen=each.pk in seen) for each in decisions]


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


def _size_row(size: str, answers: Answers) -> SizeRow:
    share, query = answers.unanswered, f"?size={size or UNSTATED}"
    is_told = bool(share.whole)
    return SizeRow(
        name=size_name(size),
        percent=percent(share.interval),
        interval=bounds(share.interval),
        part=str(share.part) if is_told else NOTHING,
        part_url=_list_url(f"unanswered-needs{query}") if is_told else "",
        whole=str(share.whole) if is_told else NOTHING,
        whole_url=_list_url(f"answered-needs{query}") if is_told else "",
        median=NOTHING if answers.median_days is None else f"{answers.median_days:.1f}",
    )


def _decision_row(decision: Decision, *, is_seen: bool) -> DecisionRow:
    need, result, organisation = decision.need, decision.result, decision.organisation
    titles = {"need": page_title(need), "result": page_title(result)}
    return DecisionRow(
        pair=format_html("{need} – {result}", **titles) if is_seen else _("a pair no longer offered"),
        url=reverse("match", args=[need.public_id, result.public_id]) if is_seen else "",
        score=f"{decision.explanation['score']:.0f}",
        decision=f"{decision.get_kind_display()}{_(': ')}{decision.get_reason_display()}",
        organisation=show(choose(organisation.name, organisation.name_en)),
        day=f"{timezone.localtime(decision.created_at):%Y-%m-%d}",
    )


def percent(interval: Interval | None) -> str:
    if interval is None:
        return NOTHING
    return _("%(share).0f %%") % {"share": 100 * interval.mean}


def bounds(interval: Interval | None) -> str:
    if interval is None:
        return ""
    return _("%(low).0f–%(high).0f %%") % {"low": 100 * interval.low, "high": 100 * interval.high}


def _named(name: str, names: Mapping[str, str | Promise]) -> str:
    """In words, or as the file has it."""
    return str(names.get(name, name))


def _table(each: MeasuredSet) -> MeasuredTable:
    basis = _(
        "%(needs)d needs, %(results)d results, %(pairs)d judged pairs; engine %(engine)s, parameters %(parameters)s"
    )
    values = {name: getattr(each, name) for name in ("needs", "results", "pairs", "engine", "parameters")}
    measures = tuple(_named(name, MEASURES) for name in each.measures)
    rows = [
        (
            _named(system.name, RANKERS),
            [
                (measure, _measure(system.measures[name]))
                for measure, name in zip(measures, each.measures, strict=True)
            ],
        )
        for system in each.systems
    ]
    return MeasuredTable(_named(each.name, SETS), basis % values, measures, rows)


def _measure(value: Interval | None) -> str:
    return NOTHING if value is None else f"{value.mean:.3f} [{value.low:.3f}, {value.high:.3f}]"
