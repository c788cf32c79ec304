"""From a step of the scheme that pays to the payment orders it issues, never above what the challenge promised.

A milestone is paid as it was planned. The step that pays at the end pays what is left of the promised amount: to the one
winner, or to several alike, each fen accounted for (what cannot be divided goes to the first places).

Worked table: promised 100,000.01 yuan; milestones paid 30,000.00 and 20,000.00.

    one winner          50,000.01
    three winners       16,666.67  16,666.67  16,666.67
"""

from __future__ import annotations

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.challenges.enums import AwardState
from ronglian.apps.challenges.models import Award, Challenge, Milestone, PaymentOrder
from ronglian.engines.process import Transition
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.validation import clean_record, clean_text

PAPER = "payment_order"


def is_paying(transition: Transition) -> bool:
    """Whether the step issues a payment order."""
    return PAPER in transition.produces


def ordered_fen(challenge: Challenge) -> int:
    """What all payment orders of a challenge come to."""
    found = PaymentOrder.objects.filter(challenge=challenge).aggregate(total=Sum("amount_fen"))["total"]
    return int(found or 0)


def order_milestone(actor: Actor, milestone: Milestone, basis: str) -> None:
    """Issue the order for a milestone; one without an amount needs none."""
    if milestone.amount_fen:
        _issue(actor, milestone.award, milestone.amount_fen, basis, milestone)


def order_rest(actor: Actor, challenge: Challenge, basis: str) -> None:
    """Issue the orders for what is left of the promised amount; a challenge that promises an order or a contract has none."""
    rest = challenge.reward_fen - ordered_fen(challenge)
    awards = list(Award.objects.filter(challenge=challenge, state=AwardState.STANDING).order_by("place"))
    if rest <= 0 or not awards:
        return
    for award, amount in zip(awards, shared_alike(rest, len(awards)), strict=True):
        if amount:
            _issue(actor, award, amount, basis)


def shared_alike(fen: int, among: int) -> list[int]:
    """`fen` in `among` parts that differ by one fen at most, the larger ones first; they add up to `fen`."""
    each, over = divmod(fen, among)
    return [each + (at < over) for at in range(among)]


def _issue(
    actor: Actor, award: Award, amount_fen: int, basis: str, milestone: Milestone | None = None
) -> None:
    challenge = Challenge.objects.select_for_update().get(pk=award.challenge_id)
    if challenge.reward_fen and ordered_fen(challenge) + amount_fen > challenge.reward_fen:
        raise RuleViolation(_("The payment orders together would be more than the challenge promises."))
    order = PaymentOrder(
        challenge=challenge,
        award=award,
        milestone=milestone,
        number=PaymentOrder.objects.filter(challenge=challenge).count() + 1,
        amount_fen=amount_fen,
        basis=clean_text(basis),
        issued_at=timezone.now(),
        issued_by=actor.label,
    )
    clean_record(order)
    order.save(force_insert=True)
    said = {"challenge": str(challenge.public_id), "number": order.number, "amount_fen": amount_fen}
    record_event(actor, "paymentorder.issued", order, said)
