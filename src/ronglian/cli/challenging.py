"""`ronglian challenge`: the record of a review computed again offline, with nothing but the file. No Django."""

from __future__ import annotations

import json
from gettext import gettext as _
from pathlib import Path
from typing import Any

import click

from ronglian.cli.language import gettext_noop
from ronglian.cli.output import as_json, print_json
from ronglian.engines.review import Difference, RecordError, verify_record


@click.group(
    "challenge", help=gettext_noop("Open challenges: compute a ranking again from its record, offline.")
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
