"""After the plan: objections while it is on notice, and paying it out with what is withheld from each person.

What of a cash reward counts as salary comes from the rulebook (财税〔2018〕58号). The tax itself depends on the person's other
pay of the month: the unit computes it, and says here what it withheld.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.enums import DistributionState, ShareObjectionState, ShareRole
from ronglian.apps.agreements.models import Agreement, Distribution, ShareObjection
from ronglian.apps.agreements.operations.distributions import insist_on_state, save_plan
from ronglian.apps.agreements.rules import may_distribute, may_object_to_shares
from ronglian.engines.rules import Answer, evaluate_rule, word_reason
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_json, clean_record
from ronglian.rulebook import load_rulebook

TAX_RULE = "tax.cash_reward"


@operation("distribution.object", target="agreement", allowed=may_object_to_shares)
def object_to_shares(*, actor: Actor, agreement: Agreement, plan: Distribution, text: str) -> ShareObjection:
    """Object to a plan while it is on public notice; it is not effective before the objection is answered."""
    insist_on_state(plan, DistributionState.NOTICED)
    objection = ShareObjection(distribution=plan, text=str(clean_json(text)), objected_by=actor.label)
    if not objection.text:
        raise InvalidInput.of({"text": [_("Say what is not right about the plan.")]})
    clean_record(objection)
    objection.save(force_insert=True)
    record_event(actor, "shareobjection.raised", objection, {"agreement": str(agreement.public_id)})
    return objection


@operation("distribution.answer_objection", target="agreement", allowed=may_distribute)
def answer_share_objection(
    *, actor: Actor, agreement: Agreement, objection: ShareObjection, upholds: bool, answer: str
) -> ShareObjection:
    """Answer with reasons. An upheld objection withdraws the plan; what it shared is open again."""
    plan = objection.distribution
    if objection.state != ShareObjectionState.OPEN:
        raise RuleViolation(_("This was answered already."))
    objection.answer = str(clean_json(answer))
    if not objection.answer:
        raise InvalidInput.of({"answer": [_("Answer with reasons.")]})
    objection.state = ShareObjectionState.UPHELD if upholds else ShareObjectionState.DISMISSED
    objection.answered_by = actor.label
    objection.version += 1
    clean_record(objection)
    objection.save(force_update=True)
    record_event(actor, "shareobjection.answered", objection, {"upheld": upholds})
    if upholds:
        insist_on_state(plan, DistributionState.NOTICED)
        plan.state = DistributionState.WITHDRAWN
        plan.withdrawn_because = gettext("An objection was upheld.")
        save_plan(actor, plan, "withdrawn", {})
    return objection


@operation("distribution.pay_out", target="agreement", allowed=may_distribute)
def pay_out(
    *,
    actor: Actor,
    agreement: Agreement,
    plan: Distribution,
    paid_on: date,
    income_on: date,
    withheld: Sequence[int],
    non_profit: bool,
    is_certified: bool,
) -> Distribution:
    """Say that an effective plan was paid out, with what was withheld from each share, in fen.

    `income_on`: the day on which the unit received the income; `is_certified`: the contract is registered and has its
    certificate; `non_profit`: the unit is a non-profit research body or a university.
    """
    insist_on_state(plan, DistributionState.EFFECTIVE)
    today = timezone.localdate()
    if paid_on > today or income_on > paid_on:
        raise InvalidInput.of(
            {"paid_on": [_("Income comes before the payment, and the payment not after today.")]}
        )
    shares: list[dict[str, Any]] = list(plan.shares)
    if len(withheld) != len(shares):
        raise InvalidInput.of({"withheld": [_("Say for each share what was withheld; nothing is 0.")]})
    told = {"non_profit": non_profit, "is_certified": is_certified, "was_published": True}
    days = {"income_on": income_on, "paid_on": paid_on}
    lines: Any = [
        _payslip(share, tax, agreement, {**told, **days}, paid_on)
        for share, tax in zip(shares, withheld, strict=True)
    ]
    plan.shares = lines
    plan.state, plan.paid_on = DistributionState.PAID, paid_on
    plan.version += 1
    clean_record(plan)
    plan.save(force_update=True)
    record_event(actor, "distribution.paid_out", plan, {"paid_on": paid_on.isoformat()})
    return plan


def _payslip(
    share: dict[str, Any], withheld: int, agreement: Agreement, told: dict[str, Any], paid_on: date
) -> dict[str, Any]:
    """The share with what of it counts as salary, what was withheld and what the person received."""
    if not 0 <= withheld <= share["fen"]:
        raise InvalidInput.of({"withheld": [_("What is withheld lies between 0 and the share itself.")]})
    line = {**share, "withheld": withheld, "received": share["fen"] - withheld}
    if share["role"] != ShareRole.CONTRIBUTOR:
        return line
    answer = evaluate_rule(
        load_rulebook(),
        TAX_RULE,
        on=paid_on,
        place=agreement.place or "cn",
        inputs={"reward": share["fen"], **told},
    )
    value = answer.step("counted") if answer.is_determined else None
    is_amount = isinstance(value, int | Fraction) and not isinstance(value, bool)
    return {**line, "counted": int(value) if is_amount else None, "why": _reasons(answer)}  # type: ignore[arg-type]  # an amount


def _reasons(answer: Answer) -> list[str]:
    language = translation.get_language() or "zh"
    return [word_reason(load_rulebook(), one, gettext, language=language) for one in answer.reasons]
