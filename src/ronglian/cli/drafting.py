"""`ronglian drafting`: the drafting assistant."""

from __future__ import annotations

from gettext import gettext as _
from typing import Any

import click

from ronglian.apps.clinic.assistant import drafting_assistant
from ronglian.apps.clinic.drafting_wording import failure_text
from ronglian.apps.clinic.models import DraftingRun
from ronglian.apps.clinic.operations.drafting import ask_for_draft
from ronglian.apps.clinic.queries.consultations import access_consultation
from ronglian.apps.clinic.queries.drafting import access_run
from ronglian.cli.failures import not_found
from ronglian.cli.language import gettext_noop
from ronglian.cli.output import as_json, console, print_json
from ronglian.cli.records import keeper_of_the_machine
from ronglian.kernel.errors import NotFound


@click.command(
    "drafting",
    help=gettext_noop(
        "The drafting assistant. `status` says whether one is set up; `ask` CONSULTATION sends the --words, which have to be "
        "public, and the worker keeps what comes back; `show` RUN reads it."
    ),
)
@click.argument("action", type=click.Choice(["status", "ask", "show"]), default="status")
@click.argument("subject", required=False, type=click.UUID)
@click.option("--words", default="", help=gettext_noop("The words that are sent; everybody may read them."))
@as_json
def command(action: str, subject: Any, words: str, as_json: bool) -> None:
    """The command."""
    actor = keeper_of_the_machine("drafting")
    if action == "status":
        _print_status(as_json=as_json)
        return
    if subject is None:
        raise click.UsageError(_("Say which: a consultation for `ask`, a run for `show`."))
    try:
        if action == "ask":
            consultation = access_consultation(actor, subject)
            run = ask_for_draft(actor=actor, consultation=consultation, words=words, is_public=True)
        else:
            run = access_run(actor, subject)
    except NotFound as error:
        raise not_found(str(subject)) from error
    _print_run(run, as_json=as_json)


def _print_status(*, as_json: bool) -> None:
    assistant = drafting_assistant()
    if as_json:
        print_json(
            {"model": assistant.model, "host": assistant.host} if assistant else {"model": None, "host": None}
        )
    elif assistant is None:
        console().print(
            _("No drafting assistant is set up. RONGLIAN_DRAFTING_URL and RONGLIAN_DRAFTING_MODEL name one.")
        )
    else:
        console().print(_("{model} at {host}").format(model=assistant.model, host=assistant.host))


def _print_run(run: DraftingRun, *, as_json: bool) -> None:
    suggestions = list(run.suggestions.all())
    if as_json:
        names = ("topic", "text", "source", "state")
        rows = [{name: getattr(each, name) for name in names} for each in suggestions]
        print_json(
            {
                "id": str(run.public_id),
                "state": run.state,
                "sent_sha256": run.sent_digest,
                "suggestions": rows,
            }
        )
        return
    console().print(
        f"{run.public_id} · {run.get_state_display()} · {failure_text(run.failure) if run.failure else run.host}"
    )
    for each in suggestions:
        console().print(f"{each.get_topic_display()}: {each.text}")
