"""尽职免责档案: noting what was done at each step that the law names. Notes are added and never changed."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.enums import DiligenceStep
from ronglian.apps.agreements.models import Agreement, DiligenceNote
from ronglian.apps.agreements.rules import may_distribute
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record, clean_text


@operation("diligence.note", target="agreement", allowed=may_distribute)
def note_diligence(
    *, actor: Actor, agreement: Agreement, step: DiligenceStep, taken_on: date, text: str
) -> DiligenceNote:
    """Note that a step was taken, when, and what shows it. The log proves when it was noted."""
    if taken_on > timezone.localdate():
        raise InvalidInput.of({"taken_on": [_("This day has not come yet.")]})
    note = DiligenceNote(
        agreement=agreement, step=step, taken_on=taken_on, text=clean_text(text), noted_by=actor.label
    )
    if not note.text:
        raise InvalidInput.of({"text": [_("Say what shows it: minutes, a notice, a pledge.")]})
    clean_record(note)
    note.save(force_insert=True)
    said = {"agreement": str(agreement.public_id), "step": step.value, "taken_on": taken_on.isoformat()}
    record_event(actor, "diligencenote.added", note, said)
    return note
