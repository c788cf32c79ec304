"""Distributions of income: party B's own. What may be shared is what it received and has not shared yet."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet, Sum

from ronglian.apps.agreements.enums import DistributionState
from ronglian.apps.agreements.models import Agreement, Distribution, ShareObjection
from ronglian.apps.agreements.queries.money import book_of
from ronglian.engines.money import Account
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


def list_distributions(actor: Actor, agreement: Agreement) -> QuerySet[Distribution]:
    """Those of an agreement, the latest first. Raises NotFound for everybody outside party B."""
    reads = actor.is_member(agreement.provider_id) and actor.may_read_confidential
    if agreement.signed_id is None or not (actor.is_system or reads):
        raise NotFound
    return Distribution.objects.filter(agreement=agreement).order_by("-number")


def access_distribution(actor: Actor, agreement: Agreement, number: int) -> Distribution:
    """One of them; raises NotFound."""
    found = list_distributions(actor, agreement).select_related("agreement").filter(number=number).first()
    if found is None:
        raise NotFound
    return found


def access_share_objection(actor: Actor, agreement: Agreement, public_id: UUID) -> ShareObjection:
    """An objection to one of the plans; raises NotFound."""
    plans = list_distributions(actor, agreement)
    found = (
        ShareObjection.objects.select_related("distribution__agreement")
        .filter(distribution__in=plans.order_by(), public_id=public_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def undistributed(agreement: Agreement) -> int:
    """What party B has received under the agreement and no plan that stands has shared, in fen."""
    standing = Distribution.objects.filter(agreement=agreement).exclude(state=DistributionState.WITHDRAWN)
    shared = standing.aggregate(total=Sum("income_fen"))["total"] or 0
    return book_of(agreement).balance(Account.PAYEE) - int(shared)
