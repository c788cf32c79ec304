"""Reading the register of technology managers."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from ronglian.apps.clinic.manager_enums import ManagerState
from ronglian.apps.clinic.models import ManagerCertificate, TechnologyManager
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


def list_managers(actor: Actor) -> QuerySet[TechnologyManager]:
    """All the actor may know of, by name, with their organisations."""
    rows: QuerySet[TechnologyManager] = TechnologyManager.objects.visible_to(actor)
    return rows.select_related("person", "organisation").order_by("name", "id")


def list_register(actor: Actor) -> QuerySet[TechnologyManager]:
    """The register as everybody reads it: the confirmed ones."""
    return list_managers(actor).filter(state=ManagerState.CONFIRMED)


def waiting_managers(actor: Actor) -> QuerySet[TechnologyManager]:
    """Those who wait for confirmation, the longest first, oneself not among them."""
    waiting = list_managers(actor).filter(state=ManagerState.PENDING).order_by("updated_at", "id")
    return waiting.exclude(person__public_id=actor.person_id) if actor.person_id else waiting


def search_managers(
    rows: QuerySet[TechnologyManager],
    *,
    query: str = "",
    technology_field: str = "",
    region: str = "",
    level: str = "",
    language: str = "",
    takes_new: bool = False,
) -> QuerySet[TechnologyManager]:
    """Those of `rows` that fit. A region is fit by who works in it, in a part of it, or in the whole around it."""
    if query:
        words = Q(name__icontains=query) | Q(name_en__icontains=query)
        rows = rows.filter(words | Q(summary__icontains=query) | Q(summary_en__icontains=query))
    if level:
        rows = rows.filter(level=level)
    if takes_new:
        rows = rows.filter(takes_new=True)
    # SQLite cannot ask JSON lists for an item, so the few codes of each entry are read and compared here.
    asked = [
        (manager_id, fields, regions, languages)
        for manager_id, fields, regions, languages in rows.values_list(
            "pk", "technology_fields", "regions", "languages"
        )
        if (not technology_field or technology_field in fields)
        and (not language or language in languages)
        and (not region or any(serves(code, region) for code in regions))
    ]
    if technology_field or region or language:
        rows = rows.filter(pk__in=[manager_id for manager_id, *_lists in asked])
    return rows


def serves(code: str, region: str) -> bool:
    """Whether who works in `code` works in `region` or in a part of it."""
    return code.startswith(region) or region.startswith(code)


def access_manager(actor: Actor, public_id: UUID) -> TechnologyManager:
    """The technology manager; raises NotFound when there is none the actor may know of."""
    found = list_managers(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def own_manager(actor: Actor) -> TechnologyManager | None:
    """The actor's own entry."""
    if actor.person_id is None:
        return None
    return list_managers(actor).filter(person__public_id=actor.person_id).first()


def access_own_manager(actor: Actor) -> TechnologyManager:
    found = own_manager(actor)
    if found is None:
        raise NotFound
    return found


def list_certificates(manager: TechnologyManager) -> list[ManagerCertificate]:
    """The newest first; one query, none where they were prefetched."""
    rows = ManagerCertificate.objects.none() if manager.pk is None else manager.certificates.all()
    return sorted(rows, key=lambda row: (row.issued_on, row.pk), reverse=True)


def access_certificate(actor: Actor, public_id: UUID) -> ManagerCertificate:
    """A certificate of somebody the actor may know of."""
    rows = ManagerCertificate.objects.filter(manager__in=list_managers(actor).order_by())
    found = rows.select_related("manager__person").filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found
