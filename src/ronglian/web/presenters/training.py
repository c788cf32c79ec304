"""A training run as a page shows it: points before and after, the proof, and what can be done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ronglian.apps.matching.enums import TrainingState
from ronglian.apps.matching.models import TrainingRun
from ronglian.apps.matching.wording import factor_name
from ronglian.engines.matching import FACTORS

VERDICTS: dict[str, tuple[str, str | Promise]] = {
    "better": ("circle-check", _lazy("The new points predict held-out decisions better.")),
    "unclear": ("info-circle", _lazy("On held-out decisions no difference can be told from chance.")),
    "worse": (
        "alert-triangle",
        _lazy("The new points predict held-out decisions worse; they cannot be used."),
    ),
}
MEASURES: dict[str, str | Promise] = {
    "auc": _lazy("Confirmed above declined (AUC; higher is better)"),
    "ndcg@10": _lazy("Order within a need (NDCG@10; higher is better)"),
    "log_loss": _lazy("Surprise at a decision (log-loss; lower is better)"),
}
LEFT_OUT: dict[str, str | Promise] = {
    "not_about_fit": _lazy("the reason says nothing of the fit"),
    "other_version": _lazy("made under other parameters or another engine"),
}


@dataclass(frozen=True, slots=True)
class PointsRow:
    factor: str
    before: str
    after: str
    change: str


@dataclass(frozen=True, slots=True)
class MeasureRow:
    name: str
    before: str
    after: str
    change: str


@dataclass(frozen=True, slots=True)
class ShownRun:
    """训练记录, in words and figures."""

    run: TrainingRun
    state: str
    icon: str
    verdict: str
    basis: str
    left_out: str
    points: list[PointsRow]
    measures: list[MeasureRow]
    may_activate: bool
    may_revert: bool
    when: datetime


def shown_runs(runs: Iterable[TrainingRun]) -> list[ShownRun]:
    return [shown_run(run) for run in runs]


def shown_run(run: TrainingRun) -> ShownRun:
    icon, verdict = VERDICTS[run.report["verdict"]]
    return ShownRun(
        run=run,
        state=str(TrainingState(run.state).label),
        icon=icon,
        verdict=str(verdict),
        basis=_(
            "%(decisions)d decisions of %(organisations)d organisations about %(needs)d needs; %(confirmed)d confirmed."
        )
        % run.counts,
        left_out=_left_out(run.counts["left_out"]),
        points=[_points_row(run, factor) for factor in FACTORS],
        measures=[_measure_row(name, run.report["measures"].get(name)) for name in MEASURES],
        may_activate=run.state == TrainingState.PROPOSED and run.report["verdict"] != "worse",
        may_revert=run.state == TrainingState.ACTIVE,
        when=run.created_at,
    )


def _left_out(counts: dict[str, int]) -> str:
    parts = [f"{count} ({LEFT_OUT[reason]})" for reason, count in sorted(counts.items())]
    return _("Left out: %(parts)s.") % {"parts": ", ".join(parts)} if parts else ""


def _points_row(run: TrainingRun, factor: str) -> PointsRow:
    before, after = run.points_before[factor], run.points_after[factor]
    return PointsRow(factor_name(factor), f"{before:.2f}", f"{after:.2f}", _signed(after - before, 2))


def _measure_row(name: str, values: dict[str, float] | None) -> MeasureRow:
    if values is None:
        return MeasureRow(str(MEASURES[name]), "–", "–", "–")
    change, low, high = (_signed(values[name], 3) for name in ("change", "low", "high"))
    return MeasureRow(
        str(MEASURES[name]), f"{values['before']:.3f}", f"{values['after']:.3f}", f"{change} [{low}, {high}]"
    )


def _signed(value: float, digits: int) -> str:
    """With a real minus, and none before nought."""
    return f"{round(value, digits) + 0.0:+.{digits}f}".replace("-", "−")
