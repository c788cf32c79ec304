"""Asking the drafting assistant, keeping its suggestions, and what a person makes of each of them.

The call itself is a job: no transaction is open while a stranger thinks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Person
from ronglian.apps.clinic.assistant import drafting_assistant
from ronglian.apps.clinic.drafting_enums import DraftingState, SuggestionState
from ronglian.apps.clinic.drafting_rules import may_ask_assistant, may_decide_suggestion, may_keep_answer
from ronglian.apps.clinic.drafting_tasks import ask_assistant
from ronglian.apps.clinic.enums import ConsultationState
from ronglian.apps.clinic.models import Consultation, DraftingRun, DraftSuggestion
from ronglian.apps.clinic.models.drafting import SENT_LIMIT
from ronglian.apps.clinic.operations.consultations import answer_question
from ronglian.engines.diagnosis.drafting import Suggestion
from ronglian.engines.text.contacts import without_contacts
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_json, clean_record

RUNS_A_DAY = 20
"""Of one organisation: each costs money and time."""


@operation("drafting.ask", target="consultation", allowed=may_ask_assistant)
def ask_for_draft(*, actor: Actor, consultation: Consultation, words: str, is_public: bool) -> DraftingRun:
    """Send these words, and no others, to the assistant; names and contact data in them are blotted out first.

    `is_public` is the person's word that everybody may read them: an open consultation has no public layer of its own.
    """
    assistant = drafting_assistant()
    if assistant is None:
        raise RuleViolation(
            _(
                "No drafting assistant is set up here. Answer the questions yourself, or ask a technology manager."
            )
        )
    if consultation.state != ConsultationState.OPEN:
        raise RuleViolation(_("This consultation is over."))
    sent = sendable(consultation, words)
    if not is_public:
        raise InvalidInput.of(
            {"is_public": [_("Confirm that everybody may read these words: they leave the platform.")]}
        )
    _insist_on_few(consultation)
    run = DraftingRun(
        consultation=consultation,
        sent=sent,
        sent_digest=hashlib.sha256(sent.encode()).hexdigest(),
        model=assistant.model,
        host=assistant.host,
        asked_by=actor.label,
    )
    clean_record(run)
    run.save(force_insert=True)
    record_event(
        actor, "drafting.asked", run, {"model": run.model, "host": run.host, "sent_sha256": run.sent_digest}
    )
    key = str(run.public_id)
    transaction.on_commit(lambda: ask_assistant.enqueue(key))
    return run


def sendable(consultation: Consultation, words: str) -> str:
    """The words as they would be sent. Raises InvalidInput for none, or too many."""
    plain, _count = without_contacts(str(clean_json(words)), known_names(consultation))
    if not plain.strip():
        raise InvalidInput.of({"words": [_("Say which words are sent.")]})
    if len(plain) > SENT_LIMIT:
        raise InvalidInput.of(
            {"words": [_("At most 8,000 characters are sent. Leave out what says nothing of the trouble.")]}
        )
    return plain


def known_names(consultation: Consultation) -> list[str]:
    """The organisation's names and those of its people: none of them is sent."""
    owner = consultation.owner
    people = Person.objects.filter(memberships__organisation_id=owner.pk).exclude(name="")
    return [
        name
        for name in (owner.name, owner.name_en, owner.uscc or "", *people.values_list("name", flat=True))
        if name
    ]


@operation("drafting.keep", target="run", allowed=may_keep_answer)
def keep_suggestions(
    *,
    actor: Actor,
    run: DraftingRun,
    suggestions: Sequence[Suggestion] = (),
    left_out: int = 0,
    failure: str = "",
) -> DraftingRun:
    """Keep what came back, once: suggestions, or why there are none."""
    if run.state != DraftingState.ASKED:
        raise RuleViolation(_("This question is answered already."))
    run.state = DraftingState.FAILED if failure else DraftingState.ANSWERED
    run.failure, run.left_out = failure, min(left_out, 1_000)
    for each in suggestions:
        kept = DraftSuggestion(run=run, topic=each.part, text=each.text, source=each.source)
        clean_record(kept)
        kept.save(force_insert=True)
        record_event(actor, "draftsuggestion.made", kept, {"topic": kept.topic})
    run.version += 1
    run.save(force_update=True)
    record_event(actor, f"drafting.{run.state}", run, {"suggestions": len(suggestions), "failure": failure})
    return run


@operation("suggestion.decide", target="suggestion", allowed=may_decide_suggestion)
def decide_suggestion(
    *, actor: Actor, suggestion: DraftSuggestion, take: bool, text: str | None = None
) -> DraftSuggestion:
    """Take it as it is, take it with changes (`text`), or leave it. What the enterprise has written itself stays as it is."""
    if suggestion.state != SuggestionState.PROPOSED:
        raise RuleViolation(_("This suggestion is decided already."))
    run = suggestion.run
    written = suggestion.text if text is None else str(clean_json(text))
    if take:
        if any(each["topic"] == suggestion.topic for each in run.consultation.answers):
            raise RuleViolation(
                _(
                    "You have answered this yourself, and a suggestion overwrites nothing. Take your answer back first."
                )
            )
        if not written:
            raise InvalidInput.of({"text": [_("There is no text to take. Leave the suggestion instead.")]})
        answer_question(actor=actor, consultation=run.consultation, topic=suggestion.topic, text=written)
    changed = take and written != suggestion.text
    suggestion.state = (
        SuggestionState.EDITED if changed else SuggestionState.ACCEPTED if take else SuggestionState.REFUSED
    )
    suggestion.decided_by, suggestion.decided_at = actor.label, timezone.now()
    suggestion.version += 1
    suggestion.save(force_update=True)
    data = {"topic": suggestion.topic, "model": run.model, "host": run.host, "sent_sha256": run.sent_digest}
    record_event(actor, f"draftsuggestion.{suggestion.state}", suggestion, data)
    return suggestion


def _insist_on_few(consultation: Consultation) -> None:
    now = timezone.now()
    waiting = DraftingRun.objects.filter(consultation=consultation, state=DraftingState.ASKED)
    if waiting.exists():
        raise RuleViolation(_("The assistant is being asked already. Look again in a minute."))
    lately = DraftingRun.objects.filter(
        consultation__owner_id=consultation.owner_id, created_at__gte=now - timedelta(days=1)
    )
    if lately.count() >= RUNS_A_DAY:
        raise RuleViolation(
            _(
                "Your organisation has asked twenty times today. Go on tomorrow, or answer the questions yourself."
            )
        )
