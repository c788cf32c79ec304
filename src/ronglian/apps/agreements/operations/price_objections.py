"""Objecting to a price while it is public, answering, and naming the price that a contract rests on."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.enums import OPEN_TO_TERMS, PriceObjectionState, PriceState
from ronglian.apps.agreements.models import Agreement, PriceFinding, PriceObjection
from ronglian.apps.agreements.operations.pricing import insist_on_state, save_price
from ronglian.apps.agreements.pricing_rules import may_find_price, may_object_to_price
from ronglian.apps.agreements.rules import may_distribute
from ronglian.apps.agreements.tasks import tell_of_price
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record, clean_text


@operation("price.object", target="finding", allowed=may_object_to_price)
def object_to_price(*, actor: Actor, finding: PriceFinding, text: str) -> PriceObjection:
    """Object while it is public; the price is not found before the answer. One open objection a person."""
    insist_on_state(finding, PriceState.NOTICED, PriceState.OFFERED)
    if not clean_text(text):
        raise InvalidInput.of({"text": [_("Say what is not right about the price.")]})
    waiting = PriceObjection.objects.filter(
        finding=finding, person=actor.person, state=PriceObjectionState.OPEN
    )
    if waiting.exists():
        raise RuleViolation(_("Your objection waits for its answer already."))
    objection = PriceObjection(
        finding=finding, text=clean_text(text), person=actor.person, objected_by=actor.label
    )
    clean_record(objection)
    objection.save(force_insert=True)
    record_event(actor, "priceobjection.raised", objection, {"finding": str(finding.public_id)})
    tell_of_price.enqueue(str(finding.public_id))
    return objection


@operation("price.answer_objection", target="finding", allowed=may_find_price)
def answer_price_objection(
    *, actor: Actor, finding: PriceFinding, objection: PriceObjection, upholds: bool, answer: str
) -> PriceObjection:
    """Answer with reasons. An upheld objection withdraws the price."""
    if objection.state != PriceObjectionState.OPEN:
        raise RuleViolation(_("This was answered already."))
    if not clean_text(answer):
        raise InvalidInput.of({"answer": [_("Answer with reasons.")]})
    objection.answer = clean_text(answer)
    objection.state = PriceObjectionState.UPHELD if upholds else PriceObjectionState.DISMISSED
    objection.answered_by = actor.label
    objection.version += 1
    clean_record(objection)
    objection.save(force_update=True)
    record_event(actor, "priceobjection.answered", objection, {"upheld": upholds})
    if upholds and finding.state != PriceState.WITHDRAWN:
        insist_on_state(finding, PriceState.NOTICED, PriceState.OFFERED)
        finding.state = PriceState.WITHDRAWN
        finding.withdrawn_because = gettext("An objection was upheld.")
        save_price(actor, finding, "withdrawn", {})
    return objection


@operation("agreement.name_price", target="agreement", allowed=may_distribute)
def name_price(*, actor: Actor, agreement: Agreement, finding: PriceFinding | None) -> Agreement:
    """Say on which price finding a contract rests, or on none; party B's own, for this result where it has one."""
    if agreement.state not in OPEN_TO_TERMS:
        raise RuleViolation(_("The price of a contract is named before it is signed."))
    if finding is not None:
        if finding.seller_id != agreement.provider_id:
            raise InvalidInput.of({"finding": [_("Party B found no such price.")]})
        if agreement.result_id not in (None, finding.result_id):
            raise InvalidInput.of({"finding": [_("This price is of another result.")]})
        if finding.way != agreement.kind:
            raise InvalidInput.of({"finding": [_("This price is of another way of conversion.")]})
        if finding.state == PriceState.WITHDRAWN:
            raise InvalidInput.of({"finding": [_("This price is withdrawn.")]})
    agreement.price_finding = finding
    agreement.version += 1
    clean_record(agreement)
    agreement.save(force_update=True)
    said = str(finding.public_id) if finding else ""
    record_event(actor, "agreement.price_named", agreement, {"finding": said})
    return agreement
