"""The call to the drafting assistant, outside of any transaction. The job carries an id and nothing else."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from ronglian.apps.clinic.assistant import drafting_assistant
from ronglian.apps.clinic.drafting_enums import DraftingState
from ronglian.apps.clinic.models import DraftingRun
from ronglian.engines.diagnosis.drafting import INSTRUCTION, UnreadableAnswer, read_answer
from ronglian.kernel.actor import job_actor
from ronglian.kernel.chat import ChatFailed

ABANDONED = timedelta(minutes=15)


@task()
def ask_assistant(public_id: str) -> int:
    """Ask, and keep what comes back; answers how many suggestions there are."""
    from ronglian.apps.clinic.operations.drafting import keep_suggestions  # noqa: PLC0415 - it enqueues this job

    run = DraftingRun.objects.filter(public_id=public_id, state=DraftingState.ASKED).first()
    if run is None:
        return 0
    actor, assistant = job_actor("drafting assistant"), drafting_assistant()
    # Only whom the person was told of: another service may be set up since.
    if assistant is None or (assistant.model, assistant.host) != (run.model, run.host):
        keep_suggestions(actor=actor, run=run, failure="switched_off")
        return 0
    try:
        drafted = read_answer(assistant.ask(INSTRUCTION, run.sent), run.sent)
    except (ChatFailed, UnreadableAnswer) as error:
        keep_suggestions(actor=actor, run=run, failure=error.code)
        return 0
    keep_suggestions(actor=actor, run=run, suggestions=drafted.suggestions, left_out=drafted.left_out)
    return len(drafted.suggestions)


@task()
def give_up_drafting() -> int:
    """Every hour: what a worker began and never finished has failed, so that one may ask again; answers how many."""
    from ronglian.apps.clinic.operations.drafting import keep_suggestions  # noqa: PLC0415 - it enqueues a job of this file

    left = DraftingRun.objects.filter(state=DraftingState.ASKED, created_at__lt=timezone.now() - ABANDONED)
    rows = list(left)
    for run in rows:
        keep_suggestions(actor=job_actor("drafting assistant"), run=run, failure="abandoned")
    return len(rows)
