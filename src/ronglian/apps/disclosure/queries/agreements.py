"""Reading agreements: each side sees its own; the log of readings is the disclosing party's."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from ronglian.apps.disclosure.enums import OPEN_STATES, NdaState
from ronglian.apps.disclosure.models import Nda, Viewing
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


def in_force(actor: Actor, today: date | None = None) -> QuerySet[Nda]:
    """The agreements by which the actor may read today. Asked anew each time: a revocation works at once."""
    today = today or timezone.localdate()
    return Nda.objects.filter(
        organisation_id__in=actor.organisation_ids,
        state=NdaState.GRANTED,
        starts_on__lte=today,
        ends_on__gte=today,
    )


def covering(actor: Actor, owner_id: int, public_id: UUID) -> QuerySet[Nda]:
    """Those of the agreements in force that are about this record, or about all of its owner's."""
    return in_force(actor).filter(Q(subject_id=public_id) | Q(subject_id=None, owner_id=owner_id))


def list_ndas(actor: Actor) -> QuerySet[Nda]:
    """The agreements that the actor's organisations gave or signed, newest first."""
    rows = Nda.objects.select_related("owner", "organisation").order_by("-id")
    if actor.is_system:
        return rows
    own = actor.organisation_ids
    return rows.filter(Q(owner_id__in=own) | Q(organisation_id__in=own))


def access_nda(actor: Actor, public_id: UUID) -> Nda:
    """The agreement; raises NotFound for one the actor may not know of."""
    nda = list_ndas(actor).filter(public_id=public_id).first()
    if nda is None:
        raise NotFound
    return nda


def waiting_ndas(actor: Actor) -> QuerySet[Nda]:
    """Signed by others and not decided on yet, for those who may decide."""
    own = [pk for pk in actor.organisation_ids if actor.may_review_for(pk)]
    return list_ndas(actor).filter(owner_id__in=own, state=NdaState.REQUESTED)


def latest_about(actor: Actor, public_id: UUID) -> Nda | None:
    """What the reader's own organisations last signed about a record; one still open goes first."""
    rows = Nda.objects.filter(organisation_id__in=actor.organisation_ids, asked_about_id=public_id)
    rows = rows.select_related("owner", "organisation").order_by("-id")
    return rows.filter(state__in=OPEN_STATES).first() or rows.first()


def list_viewings(actor: Actor, nda: Nda) -> QuerySet[Viewing]:
    """Who read what under an agreement, newest first; for the disclosing party."""
    if not (actor.is_system or actor.is_member(nda.owner_id)):
        raise NotFound
    return Viewing.objects.filter(nda=nda).order_by("-id")


def list_viewings_of(actor: Actor, owner_id: int, public_id: UUID) -> QuerySet[Viewing]:
    """The same for one record, under whatever agreement."""
    if not (actor.is_system or actor.is_member(owner_id)):
        raise NotFound
    return Viewing.objects.filter(subject_id=public_id).select_related("nda__organisation").order_by("-id")
