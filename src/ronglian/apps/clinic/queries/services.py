"""Reading the catalogue of services and the requests for them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from ronglian.apps.clinic.manager_enums import ManagerState
from ronglian.apps.clinic.models import Service, ServiceRequest, TechnologyManager
from ronglian.apps.clinic.queries.technology_managers import serves
from ronglian.apps.clinic.rules import works_as_manager
from ronglian.apps.clinic.service_enums import RequestState, ServiceState
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


def list_services(actor: Actor) -> QuerySet[Service]:
    """All the actor may know of, with their providers, by kind and title."""
    rows: QuerySet[Service] = Service.objects.visible_to(actor)
    return rows.select_related("owner", "manager__person", "manager__organisation").order_by(
        "kind", "title", "id"
    )


def catalogue(actor: Actor) -> QuerySet[Service]:
    """Those on offer by providers that stand."""
    standing = Q(owner__isnull=False) | Q(manager__state=ManagerState.CONFIRMED)
    return list_services(actor).filter(standing, state=ServiceState.OFFERED)


def search_services(
    rows: QuerySet[Service],
    *,
    query: str = "",
    kind: str = "",
    technology_field: str = "",
    region: str = "",
    price_basis: str = "",
) -> QuerySet[Service]:
    """Those of `rows` that fit; a service without a field or region is meant for all of them."""
    if query:
        words = Q(title__icontains=query) | Q(title_en__icontains=query)
        rows = rows.filter(words | Q(summary__icontains=query) | Q(summary_en__icontains=query))
    if kind:
        rows = rows.filter(kind=kind)
    if price_basis:
        rows = rows.filter(price_basis=price_basis)
    if technology_field or region:
        # SQLite cannot ask JSON lists for an item, so the few codes of each entry are read and compared here.
        lists = rows.values_list("pk", "technology_fields", "regions")
        rows = rows.filter(
            pk__in=[
                pk
                for pk, fields, regions in lists
                if (not technology_field or not fields or technology_field in fields)
                and (not region or not regions or any(serves(code, region) for code in regions))
            ]
        )
    return rows


def access_service(actor: Actor, public_id: UUID) -> Service:
    """The service; raises NotFound when there is none the actor may know of."""
    found = list_services(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def own_services(actor: Actor) -> QuerySet[Service]:
    """Those the actor's organisations and the actor as a technology manager offer or offered."""
    own = Q(owner_id__in=actor.organisation_ids)
    if works_as_manager(actor):
        own |= Q(manager__person__public_id=actor.person_id)
    return list_services(actor).filter(own)


def services_of(actor: Actor, manager: TechnologyManager) -> QuerySet[Service]:
    """What a technology manager has on offer."""
    return catalogue(actor).filter(manager=manager)


def list_requests(actor: Actor) -> QuerySet[ServiceRequest]:
    """The requests of both sides, the latest first."""
    rows = ServiceRequest.visible_to(actor).select_related(
        "service__owner", "service__manager__person", "organisation", "need__owner"
    )
    return rows.order_by("-asked_at", "-id")


def access_request(actor: Actor, public_id: UUID) -> ServiceRequest:
    """The request, if the actor is on one of its sides. Raises NotFound."""
    found = list_requests(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def waiting_requests(actor: Actor) -> QuerySet[ServiceRequest]:
    """Those that wait for the actor's own answer, the first due first."""
    mine = Q(service__owner_id__in=actor.organisation_ids)
    if works_as_manager(actor):
        mine |= Q(service__manager__person__public_id=actor.person_id)
    return list_requests(actor).filter(mine, state=RequestState.ASKED).order_by("answer_due", "id")
