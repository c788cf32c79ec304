"""What is shown of a case, each reader as far as it is the reader's to know."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from pydantic import BaseModel, Field

from ronglian.api.clinic.presenting import ManagerLink, link_manager
from ronglian.api.registry.presenting import link_organisation
from ronglian.api.registry.shown import OwnerShown
from ronglian.apps.clinic.case_enums import CaseOrigin, CaseStage, StopReason
from ronglian.apps.clinic.case_rules import View, knows_seeker, view_of
from ronglian.apps.clinic.models import Case
from ronglian.apps.registry.models import RegistryRecord
from ronglian.apps.registry.rules import is_visible
from ronglian.kernel.actor import Actor


class CaseShown(BaseModel):
    """个案."""

    id: UUID
    version: int
    stage: CaseStage
    stage_since: datetime
    origin: CaseOrigin
    roles: list[str] = Field(
        description="What you are in it: `carries`, `introduced`, `offered`, `seeker`, `partner`."
    )
    need: UUID | None = Field(
        description="Null where you cannot open it, or where it is a consultation still."
    )
    result: UUID | None
    seeker: OwnerShown | None = Field(description="The side of the need; null while it is not to be named.")
    partner: OwnerShown | None
    manager: ManagerLink
    introducer: ManagerLink | None = Field(description="Who introduced the two; stays so after a hand-over.")
    introduced_at: datetime | None
    next_step: str
    next_due: date | None
    overdue_since: date | None
    stop_reason: StopReason | None
    stop_note: str
    contract_number: str
    amount_fen: int | None
    seeker_confirmed_at: datetime | None
    partner_confirmed_at: datetime | None


def show_case(actor: Actor, case: Case) -> CaseShown:
    view = view_of(actor, case)
    plain = ("version", "stage", "stage_since", "origin", "introduced_at", "next_step", "next_due",
             "stop_note", "contract_number", "amount_fen", "seeker_confirmed_at", "partner_confirmed_at")  # fmt: skip
    return CaseShown(
        id=case.public_id,
        roles=_roles(view),
        need=_id(actor, case.need),
        result=_id(actor, case.result),
        seeker=link_organisation(case.seeker) if knows_seeker(case, view) else None,
        partner=link_organisation(case.partner) if case.partner else None,
        manager=link_manager(case.manager),
        introducer=link_manager(case.introducer) if case.introducer else None,
        overdue_since=case.overdue_since(timezone.localdate()),
        stop_reason=StopReason(case.stop_reason) if case.stop_reason else None,
        **{name: getattr(case, name) for name in plain},
    )


def _roles(view: View) -> list[str]:
    named = {"carries": view.carries, "introduced": view.introduced, "offered": view.is_offered}
    return [*(name for name, holds in named.items() if holds), *sorted(view.sides, reverse=True)]


def _id(actor: Actor, record: RegistryRecord | None) -> UUID | None:
    return record.public_id if record is not None and is_visible(actor, record) else None
