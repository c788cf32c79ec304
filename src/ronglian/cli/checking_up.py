"""`ronglian checkups`: check-ups of enterprises."""

from __future__ import annotations

import json
from gettext import gettext as _
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from ronglian.apps.prospecting.models import Checkup
from ronglian.apps.prospecting.operations.checkups import answer_checkup, bring_to_clinic, open_checkup
from ronglian.apps.prospecting.queries.checkups import access_checkup, list_checkups, troubles_of
from ronglian.apps.prospecting.questionnaire import questionnaire_on
from ronglian.cli.failures import not_found
from ronglian.cli.language import current_language, gettext_noop
from ronglian.cli.output import as_json, console, print_json
from ronglian.cli.records import find_organisation, keeper_of_the_machine
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound

ACTIONS = ("list", "questions", "open", "answer", "report", "bring")


@click.command(
    "checkups",
    help=gettext_noop(
        "Check-ups of enterprises. `list` shows them, `questions` the questionnaire of today; `open` begins one for --owner; "
        "`answer` CHECKUP takes the --answers; `report` CHECKUP says what they point to; `bring` CHECKUP takes the finding of "
        "--question to the clinic."
    ),
)
@click.argument("action", type=click.Choice(ACTIONS), default="list")
@click.argument("checkup", required=False, type=click.UUID)
@click.option("--owner", help=gettext_noop("The enterprise: name, credit code or id."))
@click.option(
    "--answers",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=gettext_noop('A JSON file: {"QUESTION": {"choice": "…", "words": "…"}}.'),
)
@click.option(
    "--question", default="", help=gettext_noop("The question whose answer is taken to the clinic.")
)
@as_json
def command(action: str, checkup: Any, as_json: bool, **options: Any) -> None:
    """The command."""
    actor = keeper_of_the_machine("checkups")
    if action == "questions":
        _print_questions(as_json=as_json)
        return
    if action == "list":
        _print_list(list(list_checkups(actor)), as_json=as_json)
        return
    _print_report(_changed(actor, action, checkup, **options), as_json=as_json)


def _changed(
    actor: Actor, action: str, key: Any, *, owner: str | None, answers: Path | None, question: str
) -> Checkup:
    if action == "open":
        if owner is None:
            raise click.UsageError(_("`open` takes --owner."))
        return open_checkup(actor=actor, owner=find_organisation(actor, owner))
    if key is None:
        raise click.UsageError(_("Say which CHECKUP; `ronglian checkups` shows them."))
    try:
        checkup = access_checkup(actor, key)
    except NotFound as error:
        raise not_found(str(key)) from error
    if action == "answer":
        if answers is None:
            raise click.UsageError(_("`answer` takes --answers."))
        return answer_checkup(actor=actor, checkup=checkup, answers=_read(answers))
    if action == "bring":
        bring_to_clinic(actor=actor, checkup=checkup, question=question)
    return checkup


def _read(path: Path) -> dict[str, dict[str, str]]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        told = None
    if not isinstance(told, dict) or not all(isinstance(each, dict) for each in told.values()):
        raise click.UsageError(
            _('The file holds no answers. Right would be {"QUESTION": {"choice": "…", "words": "…"}}.')
        )
    return told


def _print_questions(*, as_json: bool) -> None:
    language = current_language()
    found = questionnaire_on(timezone.localdate())
    asked = [one for section in found.sections for one in section.questions]
    if as_json:
        rows = [
            {
                "question": one.id,
                "text": one.text.said(language),
                "choices": {each.id: each.text.said(language) for each in one.choices},
            }
            for one in asked
        ]
        print_json({"version": found.version, "questions": rows})
        return
    for one in asked:
        console().print(f"{one.id}: {one.text.said(language)}")
        for each in one.choices:
            console().print(f"    {each.id}: {each.text.said(language)}")


def _print_list(checkups: list[Checkup], *, as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {"id": str(each.public_id), "owner": each.owner.name, "questionnaire": each.questionnaire}
                for each in checkups
            ]
        )
    elif not checkups:
        console().print(_("No check-up yet. `ronglian checkups open` begins one."))
    for each in checkups if not as_json else ():
        console().print(f"{each.public_id} {each.owner.name} {each.created_at:%Y-%m-%d}")


def _print_report(checkup: Checkup, *, as_json: bool) -> None:
    language = current_language()
    rows = [
        {"question": each.question.id, "why": each.choice.why.said(language) if each.choice.why else "", "presses": each.choice.trouble > 1,
         "words": each.words}
        for each in troubles_of(checkup)
    ]  # fmt: skip
    if as_json:
        print_json({"id": str(checkup.public_id), "answered": len(dict(checkup.answers)), "troubles": rows})
        return
    console().print(str(checkup.public_id))
    for row in rows:
        console().print(f"{'!' if row['presses'] else '·'} {row['question']}: {row['why']}")
