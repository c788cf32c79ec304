"""Who may see, grant and sign rights in service results, and who keeps the ledger of results.

A grant is its institution's and the named inventors' own; the public learns of it through the notice alone. Nobody decides
for the institution, or signs for it, about a grant in which he is named.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.models.rights import GrantMember
from ronglian.apps.agreements.rights_enums import GrantState
from ronglian.apps.registry.models import Result
from ronglian.kernel.actor import Actor, ActorKind
from ronglian.kernel.permission import ALLOWED, Verdict, refused


class Granted(Protocol):
    """What the rules need to know of a grant."""

    pk: Any
    owner_id: int


class Entered(Protocol):
    """What the rules need to know of an entry in the ledger."""

    owner_id: int


def visible_grants_q(actor: Actor) -> Q:
    """The grants the actor may see, as a filter."""
    if actor.is_system:
        return Q()
    if not actor.may_read_confidential:
        return Q(pk__in=())
    return Q(owner_id__in=actor.organisation_ids) | Q(pk__in=_named_as(actor).values("grant_id"))


def may_see_grant(actor: Actor, grant: Granted) -> bool:
    """The same rule for one grant."""
    if actor.is_system:
        return True
    if not actor.may_read_confidential:
        return False
    return actor.is_member(grant.owner_id) or is_named(actor, grant)


def is_named(actor: Actor, grant: Granted) -> bool:
    """Whether the person is an inventor of the grant."""
    return _named_as(actor).filter(grant_id=grant.pk).exists()


def _named_as(actor: Actor) -> QuerySet[GrantMember]:
    """Where the person is named; nowhere for who is no person."""
    people = [] if actor.person_id is None else [actor.person_id]
    return GrantMember.objects.filter(person__public_id__in=people)


def noticed_q(today: date) -> Q:
    """The grants that the public may read of, on this day."""
    return Q(state=GrantState.NOTICED, notice_from__lte=today, notice_until__gte=today)


def may_apply_for_rights(actor: Actor, result: Result) -> Verdict:
    """Whoever is of the institution, in whatever role: researchers seldom write for it."""
    if actor.is_system:
        return ALLOWED
    if actor.may_write and actor.is_member(result.owner_id):
        return ALLOWED
    return refused(_("People of the institution that holds the result apply for rights in it."))


def may_withdraw_grant(actor: Actor, grant: Granted) -> Verdict:
    if actor.is_system:
        return ALLOWED
    if actor.may_write and is_named(actor, grant) and may_see_grant(actor, grant):
        return ALLOWED
    return refused(_("The named inventors withdraw their application."))


def may_decide_grant(actor: Actor, grant: Granted) -> Verdict:
    """For the institution."""
    if not actor.may_write_for(grant.owner_id) or not may_see_grant(actor, grant):
        return refused(_("Owners and editors of the institution decide on it."))
    if is_named(actor, grant):
        return refused(_("You are named in this grant; somebody else decides for the institution."))
    return ALLOWED


def may_object_to_grant(actor: Actor, grant: Granted) -> Verdict:
    """Everybody who gives his name: the notice is public."""
    if actor.is_signed_in and actor.may_write:
        return ALLOWED
    return refused(_("Objections carry a name."), _("Sign in first."))


def may_sign_deed(actor: Actor, grant: Granted) -> Verdict:
    """Each inventor for himself, and one person for the institution. A program cannot bind anybody."""
    if actor.kind != ActorKind.PERSON:
        return refused(_("A person signs an agreement, at the site."), _("Sign in first."))
    if is_named(actor, grant):
        return ALLOWED
    return may_decide_grant(actor, grant)


def visible_assets_q(actor: Actor) -> Q:
    """The entries of the ledgers the actor may read, as a filter."""
    if actor.is_system:
        return Q()
    if not actor.may_read_confidential:
        return Q(pk__in=())
    return Q(owner_id__in=actor.organisation_ids)


def may_see_asset(actor: Actor, entry: Entered) -> bool:
    """The same rule for one entry."""
    return actor.is_system or (actor.may_read_confidential and actor.is_member(entry.owner_id))


def may_enter_asset(actor: Actor, owner: Organisation) -> Verdict:
    if actor.may_write_for(owner.pk) and actor.may_read_confidential:
        return ALLOWED
    return refused(_("Owners and editors of the institution keep its ledger."))


def may_keep_asset(actor: Actor, entry: Entered) -> Verdict:
    if actor.may_write_for(entry.owner_id) and may_see_asset(actor, entry):
        return ALLOWED
    return refused(_("Owners and editors of the institution keep its ledger."))
