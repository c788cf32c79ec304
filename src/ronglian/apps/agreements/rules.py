"""Who may see, change and sign agreements.

An agreement is its two parties' own: nobody else learns that it exists. A draft is seen by the side that writes it, until it
is sent.
"""

from __future__ import annotations

from typing import Protocol

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.enums import AgreementState, Side
from ronglian.kernel.actor import Actor, ActorKind
from ronglian.kernel.permission import ALLOWED, Verdict, refused


class Agreed(Protocol):
    """What the rules need to know of an agreement."""

    state: str
    drafted_by: str
    client_id: int
    provider_id: int


def visible_agreements_q(actor: Actor) -> Q:
    """The agreements the actor may see, as a filter."""
    if actor.is_system:
        return Q()
    if not actor.may_read_confidential:
        return Q(pk__in=())
    own, sent = actor.organisation_ids, ~Q(state=AgreementState.DRAFT)
    client = Q(client_id__in=own) & (sent | Q(drafted_by=Side.CLIENT))
    return client | (Q(provider_id__in=own) & (sent | Q(drafted_by=Side.PROVIDER)))


def may_see(actor: Actor, agreement: Agreed) -> bool:
    """The same rule for one agreement."""
    if actor.is_system:
        return True
    if not actor.may_read_confidential:
        return False
    for side, organisation in ((Side.CLIENT, agreement.client_id), (Side.PROVIDER, agreement.provider_id)):
        if actor.is_member(organisation) and (
            agreement.state != AgreementState.DRAFT or agreement.drafted_by == side
        ):
            return True
    return False


def sides_of(actor: Actor, agreement: Agreed) -> list[Side]:
    """The sides the actor may act for."""
    sides = {Side.CLIENT: agreement.client_id, Side.PROVIDER: agreement.provider_id}
    return [side for side, organisation in sides.items() if actor.may_write_for(organisation)]


def may_act(actor: Actor, agreement: Agreed) -> Verdict:
    """Change terms, record money, report: owners and editors of either side."""
    if sides_of(actor, agreement) and may_see(actor, agreement):
        return ALLOWED
    return refused(_("Owners and editors of the two parties do this."))


def may_act_for(side: Side, actor: Actor, agreement: Agreed) -> Verdict:
    if side in sides_of(actor, agreement):
        return ALLOWED
    if side == Side.CLIENT:
        return refused(_("Owners and editors of party A do this: it pays, and it decides on acceptance."))
    return refused(_("Owners and editors of party B do this: it provides the technology."))


def may_accept(actor: Actor, agreement: Agreed) -> Verdict:
    return may_act_for(Side.CLIENT, actor, agreement)


def may_distribute(actor: Actor, agreement: Agreed) -> Verdict:
    return may_act_for(Side.PROVIDER, actor, agreement)


def may_register(actor: Actor, agreement: Agreed) -> Verdict:
    """The seller registers, once, at its place (征求意见稿第11条)."""
    return may_act_for(Side.PROVIDER, actor, agreement)


def may_read_statistics(actor: Actor) -> bool:
    """Counts of registered contracts, without names: bureaus and operators."""
    return actor.is_system or actor.is_bureau or actor.is_operator


def may_object_to_shares(actor: Actor, agreement: Agreed) -> Verdict:
    """Everybody of party B, whatever the role: the notice is for them."""
    if (
        actor.is_signed_in
        and actor.may_write
        and actor.is_member(agreement.provider_id)
        and may_see(actor, agreement)
    ):
        return ALLOWED
    return refused(_("People of party B object to how it shares its income."))


def may_demand(actor: Actor, agreement: Agreed) -> Verdict:
    return may_act_for(Side.PROVIDER, actor, agreement)


def may_buy_out(actor: Actor, agreement: Agreed) -> Verdict:
    return may_act_for(Side.CLIENT, actor, agreement)


def may_sign(actor: Actor, agreement: Agreed) -> Verdict:
    """A program cannot bind an organisation."""
    if actor.kind != ActorKind.PERSON:
        return refused(_("A person signs an agreement, at the site."), _("Sign in first."))
    return may_act(actor, agreement)


def may_draft(actor: Actor, _target: None) -> Verdict:
    if any(actor.may_write_for(pk) for pk in actor.organisation_ids) or actor.is_system:
        return ALLOWED
    return refused(
        _("Owners and editors draft agreements for their organisation."),
        _("Ask an owner of yours, or register your organisation."),
    )


def may_keep_certificates(actor: Actor, _target: Agreed) -> Verdict:
    """What the e-signature provider answers is kept by the machine, which has checked who answers."""
    if actor.is_system:
        return ALLOWED
    return refused(_("The e-signature provider tells what it certified."))
