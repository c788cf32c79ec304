"""Telling the clinic a trouble, answering what it asks, and making a need of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.enums import ConsultationState, Topic
from ronglian.apps.clinic.models import Consultation
from ronglian.apps.clinic.reading import read_consultation, wanted_metrics
from ronglian.apps.clinic.rules import may_open, may_tell
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.operations.records import register_record
from ronglian.engines.text import format_metric
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation, StaleVersion
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_json, clean_record

# Answers that have a field of their own in the need; the others follow the words.
_FIELDS = {Topic.TRIED.value: "difficulty", Topic.CONDITION.value: "existing_conditions"}


@operation("consultation.open", target="owner", allowed=may_open)
def open_consultation(*, actor: Actor, owner: Organisation, title: str, words: str) -> Consultation:
    """Bring a trouble to the clinic."""
    consultation = Consultation(owner=owner, title=title, words=words, opened_by=actor.label)
    clean_record(consultation)
    consultation.save(force_insert=True)
    record_event(actor, "consultation.opened", consultation)
    return consultation


@operation("consultation.tell", target="consultation", allowed=may_tell)
def tell_consultation(
    *, actor: Actor, consultation: Consultation, title: str, words: str, version: int | None = None
) -> Consultation:
    """Tell it anew, in whole. Raises StaleVersion when a colleague was faster."""
    _insist_on_open(consultation)
    if version is not None and version != consultation.version:
        raise StaleVersion
    consultation.title, consultation.words = title, words
    return _save(actor, consultation, "told")


@operation("consultation.answer", target="consultation", allowed=may_tell)
def answer_question(*, actor: Actor, consultation: Consultation, topic: str, text: str) -> Consultation:
    """Answer what was asked: a topic of the sheet, or a metric by its name. An empty text takes the answer back."""
    _insist_on_open(consultation)
    topic, text = str(clean_json(topic))[:100], str(clean_json(text))
    if not topic:
        raise InvalidInput.of({"topic": [_("Say what the answer is about.")]})
    others = [each for each in consultation.answers if each["topic"] != topic]
    consultation.answers = [*others, {"topic": topic, "text": text}] if text else others
    return _save(actor, consultation, "answered", {"topic": topic})


@operation("consultation.set_acceptance", target="consultation", allowed=may_tell)
def set_acceptance(
    *, actor: Actor, consultation: Consultation, criteria: Sequence[Mapping[str, str]]
) -> Consultation:
    """Set the acceptance test: the enterprise is the examiner. It may be kept before it is whole."""
    _insist_on_open(consultation)
    consultation.acceptance = clean_json([dict(each) for each in criteria])
    return _save(actor, consultation, "acceptance_set", {"criteria": len(consultation.acceptance)})


@operation("consultation.register", target="consultation", allowed=may_tell)
def register_consultation(
    *,
    actor: Actor,
    consultation: Consultation,
    fields: Mapping[str, Any] | None = None,
    publish: bool = False,
) -> Consultation:
    """Make a need of it, published or as a draft. `fields` are attributes of the need that its owner set besides."""
    _insist_on_open(consultation)
    if publish and not read_consultation(consultation).has_acceptance_test:
        raise RuleViolation(
            _(
                "Before it is published, the acceptance test must be whole: what is measured, the threshold, how, by whom, and the evidence."
            )
        )
    told = need_fields(consultation) | dict(fields or {})
    need = register_record(actor=actor, owner=consultation.owner, model=Need, fields=told, publish=publish)
    consultation.need, consultation.state = need, ConsultationState.REGISTERED
    return _save(actor, consultation, "registered", {"need": str(need.public_id)})


@operation("consultation.close", target="consultation", allowed=may_tell)
def close_consultation(*, actor: Actor, consultation: Consultation, reason: str) -> Consultation:
    """End it without a need. The reason stays; nothing is closed in silence."""
    _insist_on_open(consultation)
    reason = str(clean_json(reason))[:500]
    if not reason:
        raise InvalidInput.of({"reason": [_("Say why it is closed.")]})
    consultation.state, consultation.closed_because = ConsultationState.CLOSED, reason
    return _save(actor, consultation, "closed", {"reason": reason})


def need_fields(consultation: Consultation) -> dict[str, Any]:
    """What the need says: every word told, the goals as metric lines, the budget in its own field."""
    sheet = read_consultation(consultation).sheet
    metrics = wanted_metrics(consultation, sheet)
    fields: dict[str, Any] = {
        "title": consultation.title,
        "metrics_text": "\n".join(format_metric(metric, "zh") for metric in metrics),
    }
    words = [consultation.words]
    for each in consultation.answers:
        own = _FIELDS.get(each["topic"])
        if own:
            fields[own] = each["text"]
        else:
            label = Topic(each["topic"]).label if each["topic"] in Topic.values else each["topic"]
            words.append(f"{label}：{each['text']}")
    fields["details"] = "\n".join(word for word in words if word)
    if sheet.budget:
        fields |= {"budget_low_fen": sheet.budget.low_fen, "budget_high_fen": sheet.budget.high_fen}
    return fields


def _insist_on_open(consultation: Consultation) -> None:
    if consultation.state != ConsultationState.OPEN:
        raise RuleViolation(
            _("This consultation is over (%(state)s). Open a new one.")
            % {"state": consultation.get_state_display()}
        )


def _save(
    actor: Actor, consultation: Consultation, past: str, data: Mapping[str, Any] | None = None
) -> Consultation:
    consultation.version += 1
    clean_record(consultation)
    consultation.save(force_update=True)
    record_event(actor, f"consultation.{past}", consultation, data)
    return consultation
