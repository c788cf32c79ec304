"""Who may see and change what about technology managers.

The register is public as far as it is confirmed. Who is not confirmed yet, or no longer, is known to oneself and to
those who keep the register: the science and technology bureau and the platform's operators.
"""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.manager_enums import ManagerState
from ronglian.kernel.actor import Actor, ActorKind
from ronglian.kernel.permission import ALLOWED, Verdict, refused


class HasPublicId(Protocol):
    """A person as far as these rules need to know."""

    public_id: UUID


class Registered(Protocol):
    """What the policy needs to know of a technology manager."""

    state: str

    @property
    def person(self) -> HasPublicId: ...


def keeps_register(actor: Actor) -> bool:
    """The bureau and the operators, at the site; the machine's keeper. A token never does."""
    at_site = actor.kind == ActorKind.PERSON and (actor.is_bureau or actor.is_operator)
    return actor.is_system or at_site


def visible_managers_q(actor: Actor) -> Q:
    """The technology managers the actor may know of, as a filter."""
    if keeps_register(actor):
        return Q()
    public = Q(state=ManagerState.CONFIRMED)
    return public | Q(person__public_id=actor.person_id) if actor.person_id else public


def is_manager_visible(actor: Actor, manager: Registered) -> bool:
    """The same rule for one of them."""
    return keeps_register(actor) or manager.state == ManagerState.CONFIRMED or is_oneself(actor, manager)


def is_oneself(actor: Actor, manager: Registered) -> bool:
    return actor.person_id is not None and actor.person_id == manager.person.public_id


def may_register_manager(actor: Actor, person: HasPublicId) -> Verdict:
    if actor.is_system or (actor.may_write and actor.person_id == person.public_id):
        return ALLOWED
    return refused(_("People register themselves as technology managers."), _("Sign in first."))


def may_edit_manager(actor: Actor, manager: Registered) -> Verdict:
    if actor.is_system or (actor.may_write and is_oneself(actor, manager)):
        return ALLOWED
    return refused(_("Technology managers keep their own entry; nobody else changes it."))


def may_confirm_manager(actor: Actor, manager: Registered) -> Verdict:
    """Nobody vouches for oneself."""
    if is_oneself(actor, manager):
        return refused(
            _("You cannot confirm your own registration."),
            _("Ask the science and technology bureau or another operator."),
        )
    return may_keep_register(actor, manager)


def may_keep_register(actor: Actor, _target: object) -> Verdict:
    if keeps_register(actor):
        return ALLOWED
    return refused(
        _("Only the science and technology bureau and operators keep the register of technology managers.")
    )


def may_end_manager(actor: Actor, manager: Registered) -> Verdict:
    if may_edit_manager(actor, manager):
        return ALLOWED
    return may_keep_register(actor, manager)
