"""The catalogue of services: offering, asking, answering, and confirming what was delivered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.manager_rules import is_oneself
from ronglian.apps.clinic.models import Service, ServiceRequest, TechnologyManager
from ronglian.apps.clinic.service_enums import Met, RequestState, ServiceState
from ronglian.apps.clinic.service_mails import RequestNews, tell_of_request
from ronglian.apps.clinic.service_rules import (
    may_answer_request,
    may_ask_for_service,
    may_change_service,
    may_end_request,
    may_offer_service,
)
from ronglian.apps.registry.models import Need
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict, InvalidInput, RuleViolation, StaleVersion
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.provenance import SourceKind, Verification
from ronglian.kernel.validation import clean_json, clean_record, clean_text


@operation("service.offer", target="provider", allowed=may_offer_service)
def offer_service(
    *,
    actor: Actor,
    provider: Organisation | TechnologyManager,
    fields: Mapping[str, Any],
    source_kind: SourceKind = SourceKind.TYPED,
) -> Service:
    """Put a service in the catalogue; everybody finds it at once."""
    service = Service(source_kind=source_kind, recorded_by=actor.label)
    if isinstance(provider, Organisation):
        service.owner = provider
    else:
        service.manager = provider
    service.verification = Verification.SELF_DECLARED
    for name, value in fields.items():
        setattr(service, name, value)
    clean_record(service)
    service.save(force_insert=True)
    record_event(actor, "service.offered", service, {"kind": service.kind})
    return service


@operation("service.edit", target="service", allowed=may_change_service)
def edit_service(
    *, actor: Actor, service: Service, fields: Mapping[str, Any], version: int | None = None
) -> Service:
    """Change what is offered. Requests that were asked before keep the day by which they are answered."""
    if version is not None and version != service.version:
        raise StaleVersion
    changed = sorted(name for name, value in fields.items() if getattr(service, name) != value)
    for name in changed:
        setattr(service, name, fields[name])
    return _save(actor, service, "edited", {"changed": changed})


@operation("service.withdraw", target="service", allowed=may_change_service)
def withdraw_service(*, actor: Actor, service: Service, reason: str) -> Service:
    """Offer it no longer. Requests go on: who was promised something may hold the provider to it."""
    if service.state == ServiceState.WITHDRAWN:
        raise RuleViolation(_("This is so already."))
    service.withdrawn_because = clean_text(reason, one_line=True)
    if not service.withdrawn_because:
        raise InvalidInput.of({"reason": [_("Say why it is no longer offered.")]})
    service.state = ServiceState.WITHDRAWN
    return _save(actor, service, "withdrawn")


@operation("service.resume", target="service", allowed=may_change_service)
def resume_service(*, actor: Actor, service: Service) -> Service:
    """Offer it again."""
    if service.state == ServiceState.OFFERED:
        raise RuleViolation(_("This is so already."))
    service.state, service.withdrawn_because = ServiceState.OFFERED, ""
    return _save(actor, service, "resumed")


@operation("service.ask", target="organisation", allowed=may_ask_for_service)
def ask_for_service(
    *, actor: Actor, organisation: Organisation, service: Service, wish: str, need: Need | None = None
) -> ServiceRequest:
    """Ask for a service, for a need of one's own where there is one. Raises Conflict while the last request waits."""
    # The target that is locked is the organisation: the service may have changed since it was read.
    service = Service.objects.select_related("manager__person").get(pk=service.pk)
    if service.state != ServiceState.OFFERED:
        raise RuleViolation(_("This service is no longer offered."))
    is_own = service.manager is not None and is_oneself(actor, service.manager)
    if is_own or service.owner_id == organisation.pk:
        raise RuleViolation(_("You offer this service yourself."))
    if need is not None and need.owner_id != organisation.pk:
        raise InvalidInput.of({"need": [_("Choose a need of the organisation that asks.")]})
    waiting = ServiceRequest.objects.filter(
        service=service, organisation=organisation, state=RequestState.ASKED
    )
    if waiting.exists():
        raise Conflict(_("Your organisation has asked already and waits for an answer."))
    now = timezone.now()
    request = ServiceRequest(
        service=service,
        organisation=organisation,
        need=need,
        wish=str(clean_json(wish)),
        asked_by=actor.label,
        asked_at=now,
        answer_due=timezone.localdate(now) + timedelta(days=service.answer_days),
    )
    if not request.wish:
        raise InvalidInput.of({"wish": [_("Say what you wish for.")]})
    clean_record(request)
    request.save(force_insert=True)
    data = {"service": str(service.public_id), "need": str(need.public_id) if need else None}
    record_event(actor, "servicerequest.asked", request, data)
    _tell(request, RequestNews.ASKED)
    return request


@operation("servicerequest.answer", target="request", allowed=may_answer_request)
def answer_request(*, actor: Actor, request: ServiceRequest, accepts: bool, answer: str) -> ServiceRequest:
    """Accept and say what happens next, or decline and say why."""
    _insist_on(request, RequestState.ASKED)
    request.answer = str(clean_json(answer))
    if not request.answer:
        raise InvalidInput.of({"answer": [_("Say what happens next, or why not.")]})
    request.state = RequestState.ACCEPTED if accepts else RequestState.DECLINED
    request.answered_at = timezone.now()
    return _keep(actor, request, "accepted" if accepts else "declined", RequestNews.ANSWERED)


@operation("servicerequest.take_back", target="request", allowed=may_end_request)
def take_back_request(*, actor: Actor, request: ServiceRequest) -> ServiceRequest:
    """Ask no longer, before the answer."""
    _insist_on(request, RequestState.ASKED)
    request.state = RequestState.TAKEN_BACK
    return _keep(actor, request, "taken_back", RequestNews.TAKEN_BACK)


@operation("servicerequest.confirm", target="request", allowed=may_end_request)
def confirm_delivery(*, actor: Actor, request: ServiceRequest, met: str) -> ServiceRequest:
    """Say that the service was delivered and whether it helped. Only who asked says so."""
    _insist_on(request, RequestState.ACCEPTED)
    if met not in Met.values:
        raise InvalidInput.of({"met": [_("Say whether it helped.")]})
    request.state, request.met, request.confirmed_at = RequestState.CONFIRMED, met, timezone.now()
    return _keep(actor, request, "confirmed", RequestNews.CONFIRMED)


def _insist_on(request: ServiceRequest, state: RequestState) -> None:
    if request.state != state:
        raise RuleViolation(
            _("This request is in another state: %(state)s.") % {"state": RequestState(request.state).label}
        )


def _save(actor: Actor, service: Service, past: str, data: Mapping[str, Any] | None = None) -> Service:
    service.version += 1
    clean_record(service)
    service.save()
    record_event(actor, f"service.{past}", service, data)
    return service


def _keep(actor: Actor, request: ServiceRequest, past: str, news: RequestNews) -> ServiceRequest:
    request.version += 1
    clean_record(request)
    request.save()
    record_event(actor, f"servicerequest.{past}", request)
    _tell(request, news)
    return request


def _tell(request: ServiceRequest, news: RequestNews) -> None:
    transaction.on_commit(partial(tell_of_request.enqueue, str(request.public_id), news.value))
