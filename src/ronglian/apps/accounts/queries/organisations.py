"""Reading organisations. An organisation's own page is public; who acts for it is not."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from ronglian.apps.accounts.models import ApiToken, Membership, Organisation
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


def list_organisations(actor: Actor) -> QuerySet[Organisation]:
    return Organisation.objects.order_by("name", "id")


def access_organisation(actor: Actor, public_id: UUID) -> Organisation:
    """The organisation; raises NotFound when there is none the actor may know of."""
    organisation = list_organisations(actor).filter(public_id=public_id).first()
    if organisation is None:
        raise NotFound
    return organisation


def own_organisations(actor: Actor) -> QuerySet[Organisation]:
    """The organisations the actor acts for."""
    return Organisation.objects.filter(pk__in=actor.organisation_ids).order_by("name", "id")


def digests_wanted(actor: Actor) -> set[int]:
    """The rows of the organisations whose weekly digest the actor gets."""
    if actor.person_id is None:
        return set()
    rows = Membership.objects.filter(person__public_id=actor.person_id, wants_digest=True)
    return set(rows.values_list("organisation_id", flat=True))


def list_members(actor: Actor, organisation: Organisation) -> QuerySet[Membership]:
    """Who acts for the organisation; only its members may know."""
    if not (actor.is_system or actor.is_member(organisation.pk)):
        raise NotFound
    return Membership.objects.filter(organisation=organisation).select_related("person").order_by("id")


def own_tokens(actor: Actor) -> QuerySet[ApiToken]:
    if actor.person_id is None:
        return ApiToken.objects.none()
    return ApiToken.objects.filter(person__public_id=actor.person_id).order_by("-id")


def access_own_token(actor: Actor, public_id: UUID) -> ApiToken:
    token = own_tokens(actor).select_related("person").filter(public_id=public_id).first()
    if token is None:
        raise NotFound
    return token
