"""What several of the clinic's answers hold."""

from __future__ import annotations

from uuid import UUID

from pydantic import BaseModel

from ronglian.apps.clinic.models import TechnologyManager


class ManagerLink(BaseModel):
    """A technology manager by name; the register tells the rest."""

    id: UUID
    name: str
    name_en: str


def link_manager(manager: TechnologyManager) -> ManagerLink:
    return ManagerLink(id=manager.public_id, name=manager.name, name_en=manager.name_en)
