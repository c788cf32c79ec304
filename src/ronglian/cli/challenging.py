"""`ronglian challenge`: a review's record computed again, and a result file scored, offline and from files alone. No Django."""

from __future__ import annotations

import json
from collections.abc import Callable
from gettext import gettext as _
from pathlib import Path
from typing import Any

import click

from ronglian.cli.language import gettext_noop
from ronglian.cli.output import as_json, print_json
from ronglian.engines.review import Difference, RecordError, verify_record
from ronglian.engines.scoring import (
    METRICS,
    MetricError,
    TableError,
    compute_score,
    format_score,
    read_answers,
    read_submission,
)


@click.group(
    "challenge",
    help=gettext_noop(
        "Open challenges: compute a ranking again from its record, or score a result file, offline."
    ),
)
def command() -> None:
    """The group."""


@command.command(
    "verify",
    help=gettext_noop(
        "Compute the ranking in FILE, the record of a review, again from the published rules and the scores that stand in "
        "it, and name the first thing that differs. Exit code 1 if anything differs."
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@as_json
def verify(file: Path, as_json: bool) -> None:
    """Whether the ranking follows from what the file says."""
    record = _read(file)
    try:
        found = verify_record(record)
    except RecordError as error:
        raise click.BadParameter(
            _(
                "{path} is no whole record of a review ({reason}). Save it from the challenge's page again."
            ).format(path=file, reason=error),
            param_hint="FILE",
        ) from error
    if as_json:
        print_json({"follows": found is None, "difference": found and _as_json(found)})
    elif found is None:
        text = _(
            "The ranking follows from rules and scores: {bids} bids, {reviews} reviews, method {engine}."
        )
        click.echo(
            text.format(bids=len(record["order"]), reviews=len(record["reviews"]), engine=record["engine"])
        )
    else:
        text = _("Differs at {where}: the file says {stands}, computed is {computed}.")
        click.echo(
            text.format(where=found.where, stands=_short(found.stands), computed=_short(found.computed))
        )
    if found is not None:
        raise click.exceptions.Exit(1)


@command.command(
    "score",
    help=gettext_noop(
        "Score the result file SUBMISSION against ANSWERS, as the board of a challenge does: CSV files with a column of row "
        "keys and one of values, every key of ANSWERS once in SUBMISSION."
    ),
)
@click.argument("answers", type=click.Path(path_type=Path))
@click.argument("submission", type=click.Path(path_type=Path))
@click.option("--metric", type=click.Choice(list(METRICS)), required=True, help=gettext_noop("The metric."))
@click.option("--key", default="id", show_default=True, help=gettext_noop("Name of the column of row keys."))
@click.option(
    "--value", default="value", show_default=True, help=gettext_noop("Name of the column of values.")
)
@as_json
def score(answers: Path, submission: Path, metric: str, key: str, value: str, as_json: bool) -> None:
    """Over all rows of the answers: offline there is no hidden part."""
    form = {"metric": metric, "key_column": key, "value_column": value}
    truth = _table(answers, "ANSWERS", lambda data: read_answers(data, **form))
    given = _table(submission, "SUBMISSION", lambda data: read_submission(data, keys=truth, **form))
    try:
        found = compute_score(metric, truth, given)
    except MetricError as error:
        text = _("{path}: this metric needs rows of both classes.").format(path=answers)
        raise click.BadParameter(text, param_hint="ANSWERS") from error
    if as_json:
        better = "higher" if METRICS[metric].higher_is_better else "lower"
        print_json({"metric": metric, "score": format_score(found), "rows": len(truth), "better": better})
    else:
        click.echo(
            _("{metric} {score} over {rows} rows").format(
                metric=metric, score=format_score(found), rows=len(truth)
            )
        )


def _table(file: Path, hint: str, read: Callable[[bytes], dict[str, Any]]) -> dict[str, Any]:
    try:
        return read(file.read_bytes())
    except OSError as error:
        raise click.BadParameter(f"{file}: {error.strerror}", param_hint=hint) from error
    except TableError as error:
        text = _(error.text).format(**error.values)
        raise click.BadParameter(f"{file}: {text}", param_hint=hint) from error


def _read(file: Path) -> dict[str, Any]:
    try:
        value = json.loads(file.read_bytes())
    except OSError as error:
        raise click.BadParameter(f"{file}: {error.strerror}", param_hint="FILE") from error
    except (ValueError, RecursionError) as error:
        raise click.BadParameter(_("{path} is no JSON.").format(path=file), param_hint="FILE") from error
    if not isinstance(value, dict):
        raise click.BadParameter(_("{path} is no record of a review.").format(path=file), param_hint="FILE")
    return value


def _as_json(found: Difference) -> dict[str, Any]:
    return {"where": found.where, "stands": found.stands, "computed": found.computed}


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:79] + "…"
