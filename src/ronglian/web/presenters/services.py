"""Services as pages show them."""

from __future__ import annotations

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ronglian.apps.clinic.models import Service, ServiceRequest
from ronglian.apps.clinic.service_enums import PriceBasis, RequestState, ServiceKind, ServiceState
from ronglian.apps.registry.enums import TechnologyField
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.queries.records import list_records
from ronglian.kernel.actor import Actor
from ronglian.web.presenters.badges import DEMO, Badge
from ronglian.web.presenters.cards import Card
from ronglian.web.presenters.owners import OwnerLine, organisation_line
from ronglian.web.presenters.pages import page_title
from ronglian.web.presenters.technology_managers import manager_name
from ronglian.web.presenters.texts import choose, excerpt, place, said, show

WITHDRAWN = Badge(_lazy("no longer offered"), "archive", "warn")


def service_card(service: Service) -> Card:
    """The card of a service, as on every list."""
    return Card(
        title=service_title(service),
        url=reverse("service", args=[service.public_id]),
        icon="settings",
        kind=_("service"),
        owner=provider_line(service),
        excerpt=excerpt(said(service, "summary")),
        badges=service_badges(service),
        facts=service_facts(service),
        field_name=str(ServiceKind(service.kind).label),
    )


def service_title(service: Service) -> SafeString:
    return show(choose(service.title, service.title_en))


def provider_line(service: Service) -> OwnerLine:
    """Who offers it: an organisation, or a technology manager with the one worked for."""
    if service.owner is not None:
        return organisation_line(service.owner)
    assert service.manager is not None
    works_for = service.manager.organisation
    details = (
        _("technology manager"),
        str(show(choose(works_for.name, works_for.name_en))) if works_for else "",
    )
    return OwnerLine(
        name=show(manager_name(service.manager)),
        url=reverse("manager", args=[service.manager.public_id]),
        details=tuple(filter(None, details)),
        is_hidden=False,
        is_small=False,
    )


def service_badges(service: Service) -> list[Badge]:
    found = [(service.state == ServiceState.WITHDRAWN, WITHDRAWN), (service.source_kind == "demo", DEMO)]
    return [badge for holds, badge in found if holds]


def service_facts(service: Service) -> list[tuple[str, str]]:
    """Price, fields, regions, and when an answer comes."""
    basis = str(PriceBasis(service.price_basis).label)
    price = (
        _("%(basis)s (%(note)s)") % {"basis": basis, "note": service.price_note}
        if service.price_note
        else basis
    )
    fields = [str(TechnologyField(code).label) for code in service.technology_fields]
    return [
        (_("Price"), price),
        (_("Technology fields"), _(", ").join(fields) or _("all")),
        (_("Regions"), _(", ").join(place(code) for code in service.regions) or _("everywhere")),
        (_("Answers within"), _("%(days)d days") % {"days": service.answer_days}),
    ]


def request_row(actor: Actor, request: ServiceRequest) -> dict[str, object]:
    """A request as a line of a list."""
    return {
        "request": request,
        "title": service_title(request.service),
        "state": RequestState(request.state).label,
        "is_waiting": request.state == RequestState.ASKED,
        "is_own": actor.is_member(request.organisation_id),
    }


def need_link(actor: Actor, request: ServiceRequest) -> tuple[SafeString, str] | None:
    """The need it is about, for whoever may know of that need."""
    if request.need_id is None:
        return None
    need = list_records(actor, Need).filter(pk=request.need_id).first()
    return (page_title(need), reverse("need", args=[need.public_id])) if need else None
