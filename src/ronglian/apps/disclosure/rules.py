"""Who may sign, grant, decline and revoke agreements, and read sealed annexes."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.disclosure.models import Annex, AnnexReader, Nda
from ronglian.apps.disclosure.queries.agreements import covering, in_force
from ronglian.kernel.actor import Actor, ActorKind
from ronglian.kernel.permission import ALLOWED, Verdict, refused


class Held(Protocol):
    """What the rules need to know of a record, of whatever app."""

    owner_id: int
    public_id: UUID


def holds_agreement(actor: Actor, record: Held) -> bool:
    """Whether the actor acts for an organisation with an agreement in force about the record."""
    if not (actor.organisation_ids and actor.may_read_confidential):
        return False
    return covering(actor, record.owner_id, record.public_id).exists()


def agreement_q(actor: Actor) -> Q:
    """The filter form of `holds_agreement`, for models with an owner and a public id."""
    if not (actor.organisation_ids and actor.may_read_confidential):
        return Q(pk__in=())
    agreements = in_force(actor)
    return Q(public_id__in=agreements.exclude(subject_id=None).values("subject_id")) | Q(
        owner_id__in=agreements.filter(subject_id=None).values("owner_id")
    )


def may_read_annex(actor: Actor, annex: Annex) -> bool:
    """The owning organisation, and whoever it named. No agreement and no office opens an annex."""
    if actor.is_system:
        return True
    if not actor.may_read_confidential:
        return False
    if actor.is_member(annex.owner_id):
        return True
    return (
        actor.person_id is not None
        and AnnexReader.objects.filter(annex=annex, person__public_id=actor.person_id).exists()
    )


def annex_q(actor: Actor) -> Q:
    """The filter form of `may_read_annex`."""
    if actor.is_system:
        return Q()
    if not actor.may_read_confidential:
        return Q(pk__in=())
    own = Q(owner_id__in=actor.organisation_ids)
    if actor.person_id is None:
        return own
    named = AnnexReader.objects.filter(person__public_id=actor.person_id).values("annex_id")
    return own | Q(pk__in=named)


def may_decide_nda(actor: Actor, nda: Nda) -> Verdict:
    if actor.may_review_for(nda.owner_id):
        return ALLOWED
    return refused(
        _("Only owners, editors and reviewers of the organisation that holds the record decide on this.")
    )


def may_end_nda(actor: Actor, nda: Nda) -> Verdict:
    if actor.may_review_for(nda.owner_id) or actor.may_write_for(nda.organisation_id):
        return ALLOWED
    return refused(
        _(
            "Owners and editors of one of the two organisations end an agreement, and reviewers of the one that holds the record."
        )
    )


def may_sign(actor: Actor) -> Verdict:
    """A program cannot bind an organisation."""
    if actor.kind != ActorKind.PERSON:
        return refused(_("A person signs an agreement, at the site."), _("Sign in first."))
    if any(actor.may_write_for(pk) for pk in actor.organisation_ids):
        return ALLOWED
    return refused(
        _("Owners and editors sign for their organisation."),
        _("Ask an owner of yours, or register your organisation."),
    )
