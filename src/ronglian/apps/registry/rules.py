"""The registry's policy: who may see what, and who may do what.

Each visibility rule exists twice, as a filter for queries and as a predicate on one record; a property test
holds the two equal. Reads go through `visible_to(actor)`, which applies the filter.
"""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.queries.conflicts import has_conflict
from ronglian.apps.disclosure.rules import agreement_q, holds_agreement, may_sign
from ronglian.apps.registry.enums import Disclosure, State
from ronglian.kernel.actor import Actor, ActorKind
from ronglian.kernel.permission import ALLOWED, Verdict, refused


class Disclosed(Protocol):
    """What the policy needs to know of a record."""

    public_id: UUID
    owner_id: int
    state: str
    disclosure: str


def visible_q(actor: Actor) -> Q:
    """The records the actor may see, as a filter."""
    if actor.is_system:
        return Q()
    public = Q(state=State.PUBLISHED, disclosure=Disclosure.PUBLIC)
    if actor.is_operator:
        public = Q(state=State.PUBLISHED)
    if actor.organisation_ids:
        return public | Q(owner_id__in=actor.organisation_ids)
    return public


def is_visible(actor: Actor, record: Disclosed) -> bool:
    """The same rule for one record."""
    if actor.is_system or actor.is_member(record.owner_id):
        return True
    if record.state != State.PUBLISHED:
        return False
    return actor.is_operator or record.disclosure == Disclosure.PUBLIC


def may_see_owner(actor: Actor, record: Disclosed) -> bool:
    """Whether the actor may learn whose record it is: an enterprise may publish a need without its name."""
    if not getattr(record, "anonymous", False):
        return True
    return actor.is_system or actor.is_operator or actor.is_member(record.owner_id)


def named_owner_q(actor: Actor) -> Q:
    """The filter form of `may_see_owner`, for models with an `anonymous` column."""
    if actor.is_system or actor.is_operator:
        return Q()
    named = Q(anonymous=False)
    return named | Q(owner_id__in=actor.organisation_ids) if actor.organisation_ids else named


def may_read_details(actor: Actor, record: Disclosed) -> bool:
    """Whether the actor may read what stands under an agreement: its own organisation, and one that has one in force.

    An agreement opens no record that its reader could not see: a draft or a withdrawn one stays closed.
    """
    if not getattr(record, "under_nda", False) or actor.is_system:
        return True
    if actor.is_member(record.owner_id):
        return actor.may_read_confidential
    return is_visible(actor, record) and holds_agreement(actor, record)


def open_details_q(actor: Actor) -> Q:
    """The filter form of `may_read_details`, for models with an `under_nda` column."""
    if actor.is_system:
        return Q()
    told = visible_q(actor) & agreement_q(actor)
    if actor.may_read_confidential:
        told |= Q(owner_id__in=actor.organisation_ids)
    return Q(under_nda=False) | told


def may_sign_for_details(actor: Actor, record: Disclosed) -> Verdict:
    """Whether the actor may sign the agreement about a record."""
    if not is_visible(actor, record) or not getattr(record, "under_nda", False):
        return refused(_("This record has no details under an agreement."))
    if actor.is_member(record.owner_id):
        return refused(_("Your own organisation holds this record; it needs no agreement."))
    return may_sign(actor)


def may_register_record(actor: Actor, owner: Organisation) -> Verdict:
    if actor.may_write_for(owner.pk):
        return ALLOWED
    return refused(
        _("Only owners and editors of an organisation register records for it."),
        _("Ask an owner of %(organisation)s.") % {"organisation": owner.name},
    )


def may_verify_record(actor: Actor, record: Disclosed) -> Verdict:
    """Whoever stands behind a record does not vouch for it, nor who declared a tie to its organisation: the bureau or an operator does."""
    if actor.is_member(record.owner_id):
        return refused(
            _("Your own organisation holds this record; somebody else checks it."),
            _("Ask the science and technology bureau or an operator."),
        )
    if actor.is_system:
        return ALLOWED
    if actor.kind != ActorKind.PERSON or not (actor.is_bureau or actor.is_operator):
        return refused(
            _("Only the science and technology bureau and operators say how far a record was checked.")
        )
    if has_conflict(actor.person, record.owner_id):
        return refused(
            _("You have declared a tie to the organisation that holds this record; somebody else checks it."),
            _("Ask the science and technology bureau or an operator."),
        )
    return ALLOWED


def may_edit_record(actor: Actor, record: Disclosed) -> Verdict:
    if actor.may_write_for(record.owner_id):
        return ALLOWED
    return refused(_("Only owners and editors of the organisation that holds a record may change it."))
