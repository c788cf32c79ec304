"""Who says which way a trouble goes, who vouches for a need, and who may object."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.enums import ConsultationState
from ronglian.apps.clinic.rules import works_as_manager
from ronglian.apps.registry.rules import Disclosed, is_visible
from ronglian.kernel.actor import Actor, ActorKind
from ronglian.kernel.permission import ALLOWED, Verdict, refused


class Consulted(Protocol):
    """What the policy needs to know of a consultation or of a need."""

    owner_id: int
    state: str


class Checked(Protocol):
    """What the policy needs to know of a check: the need it is about."""

    @property
    def need(self) -> Disclosed: ...


class Triaged(Protocol):
    """What the policy needs to know of a triage."""

    @property
    def owner_id(self) -> int: ...


def may_triage(actor: Actor, subject: Consulted) -> Verdict:
    """A technology manager from outside the firm, for what the firm has shown."""
    if actor.is_member(subject.owner_id):
        return refused(_("Your own organisation told it; a technology manager from outside decides."))
    if not (actor.is_system or works_as_manager(actor)):
        return refused(_("Technology managers say which way a trouble goes."))
    shown = getattr(subject, "shown_to_managers", subject.state == "published")
    if not shown or subject.state not in (ConsultationState.OPEN, "published"):
        return refused(_("It is not shown to technology managers."), _("Its organisation can show it."))
    return ALLOWED


def may_object_to_triage(actor: Actor, triage: Triaged) -> Verdict:
    if actor.may_write_for(triage.owner_id):
        return ALLOWED
    return refused(_("Only owners and editors of the organisation object to where its trouble was sent."))


def may_check(actor: Actor, need: Disclosed) -> Verdict:
    """Technology managers, the bureau and operators, at the site and from outside the firm."""
    if actor.is_member(need.owner_id):
        return refused(_("Your own organisation holds this need; somebody else checks it."))
    keeps = actor.kind == ActorKind.PERSON and (actor.is_bureau or actor.is_operator)
    if actor.is_system or ((keeps or works_as_manager(actor)) and is_visible(actor, need)):
        return ALLOWED
    return refused(_("Technology managers, the bureau and operators check whether a need is real."))


def may_object_to_check(actor: Actor, check: Checked) -> Verdict:
    """Whoever sees the need and acts for an organisation."""
    if actor.is_signed_in and actor.may_write and actor.organisation_ids and is_visible(actor, check.need):
        return ALLOWED
    return refused(
        _("People who act for an organisation may object."), _("Register your organisation first.")
    )


def may_answer_objection(actor: Actor, check: Checked) -> Verdict:
    return may_check(actor, check.need)
