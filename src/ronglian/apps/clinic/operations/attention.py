"""Noting what was done about a need that lies without an answer."""

from __future__ import annotations

from ronglian.apps.clinic.attention_rules import may_attend
from ronglian.apps.clinic.models import Attention
from ronglian.apps.registry.models import Need
from ronglian.kernel.actor import Actor
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record


@operation("attention.note", target="need", allowed=may_attend)
def note_attention(*, actor: Actor, need: Need, kind: str, note: str) -> Attention:
    """Write down what was done, with reason and outcome. Raises InvalidInput without them."""
    attention = Attention(need=need, kind=kind, note=note, noted_by=actor.label)
    clean_record(attention)
    attention.save(force_insert=True)
    record_event(actor, "attention.noted", attention, {"need": str(need.public_id), "kind": attention.kind})
    return attention
