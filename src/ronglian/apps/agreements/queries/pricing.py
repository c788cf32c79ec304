"""Price findings as far as the actor may see them, the notices that run, and price supports."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from ronglian.apps.agreements.enums import NoticeReach, PricedWay, PriceState
from ronglian.apps.agreements.models import Agreement, PriceFinding, PriceObjection, Valuation
from ronglian.apps.agreements.pricing_rules import PUBLIC_STATES, may_read_basis
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


def list_prices(actor: Actor) -> QuerySet[PriceFinding]:
    """Those of the actor's organisations, the latest first."""
    rows: QuerySet[PriceFinding] = PriceFinding.objects.visible_to(actor)
    own = rows if actor.is_system else rows.filter(seller_id__in=actor.organisation_ids)
    return own.select_related("seller", "result").order_by("-id")


def list_notices(today: date) -> QuerySet[PriceFinding]:
    """What is on public notice or offered on the day, for everybody; what ends first comes first."""
    rows: QuerySet[PriceFinding] = PriceFinding.objects.filter(
        state__in=PUBLIC_STATES, reach=NoticeReach.PUBLIC, notice_until__gte=today
    )
    return rows.select_related("seller", "result").order_by("notice_until", "id")


def access_price(actor: Actor, public_id: UUID) -> PriceFinding:
    """A price finding that the actor may know of, or has objected to; raises NotFound."""
    rows: QuerySet[PriceFinding] = PriceFinding.objects.visible_to(actor)
    if actor.person_id is not None:
        objected = PriceObjection.objects.filter(person=actor.person_id).values("finding")
        rows |= PriceFinding.objects.filter(pk__in=objected)
    found = rows.select_related("seller", "result", "valuation").filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def objections_to(actor: Actor, finding: PriceFinding) -> list[PriceObjection]:
    """All of them for the seller; for everybody else one's own."""
    rows = PriceObjection.objects.filter(finding=finding).order_by("id")
    if not may_read_basis(actor, finding):
        if actor.person_id is None:
            return []
        rows = rows.filter(person=actor.person_id)
    return list(rows)


def access_price_objection(actor: Actor, finding: PriceFinding, public_id: UUID) -> PriceObjection:
    """Raises NotFound."""
    found = next((one for one in objections_to(actor, finding) if one.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found


def prices_for(agreement: Agreement) -> QuerySet[PriceFinding]:
    """Those on which party B may let the agreement rest."""
    if agreement.kind not in PricedWay.values:
        return PriceFinding.objects.none()
    same_result = Q(result_id=agreement.result_id) if agreement.result_id is not None else Q()
    rows: QuerySet[PriceFinding] = PriceFinding.objects.filter(
        same_result, seller_id=agreement.provider_id, way=agreement.kind
    )
    return rows.exclude(state=PriceState.WITHDRAWN).order_by("-id")


def list_valuations(actor: Actor) -> QuerySet[Valuation]:
    """Those of the actor's organisations, the latest first."""
    rows = Valuation.objects.select_related("holder", "result").order_by("-id")
    if actor.is_system:
        return rows
    held = actor.organisation_ids if actor.may_read_confidential else ()
    return rows.filter(holder_id__in=held)


def access_valuation(actor: Actor, public_id: UUID) -> Valuation:
    """Raises NotFound."""
    found = list_valuations(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found
