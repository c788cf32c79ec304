"""Reading grants of rights: the institution's and the inventors' own; what is on public notice anybody's."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from ronglian.apps.agreements.models import (
    DeedSignature,
    GrantMember,
    GrantObjection,
    RightsDeed,
    RightsGrant,
)
from ronglian.apps.agreements.rights_rules import noticed_q, visible_grants_q
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


def list_grants(actor: Actor) -> QuerySet[RightsGrant]:
    """The grants of the actor's institutions, and those in which he is named; newest first."""
    rows = RightsGrant.objects.filter(visible_grants_q(actor))
    return rows.select_related("owner", "result").order_by("-id")


def access_grant(actor: Actor, public_id: UUID) -> RightsGrant:
    """The grant; raises NotFound for one the actor may not know of."""
    found = list_grants(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def list_notices(today: date) -> QuerySet[RightsGrant]:
    """What is on public notice on this day, for everybody; what ends first comes first."""
    rows = RightsGrant.objects.filter(noticed_q(today)).select_related("owner")
    return rows.prefetch_related("members").order_by("notice_until", "id")


def access_notice(public_id: UUID, today: date) -> RightsGrant:
    """One of them; raises NotFound."""
    found = list_notices(today).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def members_of(grant: RightsGrant) -> list[GrantMember]:
    """The inventors, in the order of the application."""
    return list(GrantMember.objects.filter(grant=grant).select_related("person").order_by("number"))


def objections_to(grant: RightsGrant) -> list[GrantObjection]:
    return list(GrantObjection.objects.filter(grant=grant).order_by("id"))


def access_grant_objection(grant: RightsGrant, public_id: UUID) -> GrantObjection:
    """An objection to a grant that the actor holds; raises NotFound."""
    found = GrantObjection.objects.filter(grant=grant, public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def latest_deed(grant: RightsGrant) -> RightsDeed | None:
    return RightsDeed.objects.filter(grant=grant).order_by("-number").first()


def access_deed(grant: RightsGrant, number: int) -> RightsDeed:
    """One version of the written agreement of a grant the actor holds; raises NotFound."""
    found = RightsDeed.objects.filter(grant=grant, number=number).first()
    if found is None:
        raise NotFound
    return found


def signatures_under(deed: RightsDeed) -> dict[int | None, DeedSignature]:
    """The signatures, by the member's row; that of the institution under None."""
    return {row.member_id: row for row in DeedSignature.objects.filter(deed=deed).order_by("id")}
