"""Who offers services, who asks for them, and who reads what was asked.

The catalogue is public as far as its providers stand: an organisation, or a technology manager whom the register holds.
A request is between the two sides alone; a token never acts for a technology manager's office.
"""

from __future__ import annotations

from typing import Protocol

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.manager_enums import ManagerState
from ronglian.apps.clinic.manager_rules import Registered, is_oneself
from ronglian.apps.clinic.rules import works_as_manager
from ronglian.apps.clinic.service_enums import ServiceState
from ronglian.kernel.actor import Actor
from ronglian.kernel.permission import ALLOWED, Verdict, refused


class Offered(Protocol):
    """What the policy needs to know of a service."""

    owner_id: int | None
    state: str

    @property
    def manager(self) -> Registered | None: ...


class Asked(Protocol):
    """What the policy needs to know of a request."""

    organisation_id: int

    @property
    def service(self) -> Offered: ...


def visible_services_q(actor: Actor) -> Q:
    """The services the actor may know of, as a filter: those on offer, and one's own."""
    if actor.is_system:
        return Q()
    standing = Q(owner__isnull=False) | Q(manager__state=ManagerState.CONFIRMED)
    own = Q(owner_id__in=actor.organisation_ids)
    if works_as_manager(actor):
        own |= Q(manager__person__public_id=actor.person_id)
    return Q(state=ServiceState.OFFERED) & standing | own


def is_service_visible(actor: Actor, service: Offered) -> bool:
    """The same rule for one of them."""
    if actor.is_system or is_providing(actor, service):
        return True
    manager = service.manager
    stands = manager is None or manager.state == ManagerState.CONFIRMED
    return service.state == ServiceState.OFFERED and stands


def is_providing(actor: Actor, service: Offered) -> bool:
    """Whether the actor is on the provider's side."""
    if service.owner_id is not None:
        return actor.is_member(service.owner_id)
    return service.manager is not None and works_as_manager(actor) and is_oneself(actor, service.manager)


def may_offer_service(actor: Actor, provider: Organisation | Registered) -> Verdict:
    """An organisation's owners and editors; technology managers of the register, each their own."""
    if isinstance(provider, Organisation):
        allowed = actor.may_write_for(provider.pk)
    else:
        stands = provider.state == ManagerState.CONFIRMED
        allowed = stands and (actor.is_system or (works_as_manager(actor) and is_oneself(actor, provider)))
    if allowed:
        return ALLOWED
    return refused(
        _(
            "Owners and editors offer an organisation's services; technology managers of the register their own."
        )
    )


def may_change_service(actor: Actor, service: Offered) -> Verdict:
    if actor.is_system or _acts_for_provider(actor, service):
        return ALLOWED
    return refused(_("Only who offers a service changes it."))


def visible_requests_q(actor: Actor) -> Q:
    """The requests the actor may read, as a filter: those of both sides."""
    if actor.is_system:
        return Q()
    sides = Q(organisation_id__in=actor.organisation_ids) | Q(service__owner_id__in=actor.organisation_ids)
    if works_as_manager(actor):
        sides |= Q(service__manager__person__public_id=actor.person_id)
    return sides


def is_request_visible(actor: Actor, request: Asked) -> bool:
    """The same rule for one of them."""
    return actor.is_system or actor.is_member(request.organisation_id) or is_providing(actor, request.service)


def may_ask_for_service(actor: Actor, organisation: Organisation) -> Verdict:
    if actor.may_write_for(organisation.pk):
        return ALLOWED
    return refused(_("Owners and editors of an organisation ask for services."))


def may_answer_request(actor: Actor, request: Asked) -> Verdict:
    if actor.is_system or _acts_for_provider(actor, request.service):
        return ALLOWED
    return refused(_("Only who offers the service answers."))


def may_end_request(actor: Actor, request: Asked) -> Verdict:
    """Taking it back, and confirming what was delivered, are the asking side's."""
    if actor.may_write_for(request.organisation_id):
        return ALLOWED
    return refused(_("Only owners and editors of the organisation that asked do this."))


def _acts_for_provider(actor: Actor, service: Offered) -> bool:
    if service.owner_id is not None:
        return bool(actor.may_write_for(service.owner_id))
    return is_providing(actor, service)
