"""Which way a trouble was sent and whether a need was found to be real, for programs to read and object to.

Technology managers decide and check at the site: a token has none of an office's rights.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Router
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.api.fields import ShortText, Strict
from ronglian.apps.clinic.enums import Route
from ronglian.apps.clinic.models import AuthenticityCheck, Consultation, Triage
from ronglian.apps.clinic.operations.checks import object_to_check
from ronglian.apps.clinic.operations.triage import object_to_triage
from ronglian.apps.clinic.queries.consultations import access_consultation
from ronglian.apps.clinic.queries.triage import access_check, access_triage, checks_of, latest_triage
from ronglian.apps.clinic.triage_enums import CheckFinding, CheckMeans
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.queries.records import access_record
from ronglian.kernel.actor import Actor

consultations = Router(tags=["clinic"], auth=signed_in)
needs = Router(tags=["clinic"])
triages = Router(tags=["clinic"], auth=signed_in)
checks = Router(tags=["clinic"], auth=signed_in)


class Objection(Strict):
    """What is wrong with it."""

    objection: Annotated[ShortText, Field(min_length=1, max_length=1_000)]


class TriageShown(BaseModel):
    """分诊单, for those whose trouble it is. Texts are null for a token that may not read confidential details."""

    id: UUID
    version: int
    route: Route
    proposed: Route = Field(description="What the rules had proposed.")
    reasons: list[str] = Field(description="Why the rules had proposed it, as codes.")
    minutes: str | None
    decided_by: str
    decided_at: datetime
    is_objected: bool
    objection: str | None


class TriagesShown(BaseModel):
    """The decision that holds, for those whose trouble it is; empty for others and while there is none."""

    items: list[TriageShown]


class CheckShown(BaseModel):
    """真需求核验."""

    id: UUID
    version: int
    means: CheckMeans
    checked_on: date
    finding: CheckFinding
    what: str
    checked_by: str
    objection: str
    objected_by: str
    answer: str
    answered_by: str
    is_upheld: bool


class ChecksShown(BaseModel):
    """Checks, the latest first."""

    items: list[CheckShown]


@consultations.get(
    "/{uuid:public_id}/triages",
    response=TriagesShown,
    operation_id="list_consultation_triages",
    summary="Which way the trouble was sent",
)
def of_consultation(request: ApiRequest, public_id: UUID) -> Any:
    """The decision that holds, with its minutes."""
    return _latest(request.auth, access_consultation(request.auth, public_id))


@needs.get(
    "/{uuid:public_id}/triages",
    response=TriagesShown,
    operation_id="list_need_triages",
    summary="Which way the need was sent",
)
def of_need(request: ApiRequest, public_id: UUID) -> Any:
    """For the need's own organisation; others find nothing here."""
    return _latest(request.auth, access_record(request.auth, Need, public_id))


@needs.get(
    "/{uuid:public_id}/checks",
    response=ChecksShown,
    operation_id="list_need_checks",
    summary="How far the need was checked",
)
def of_checks(request: ApiRequest, public_id: UUID) -> Any:
    """Who verified what, by which means, with objections and their answers."""
    need = access_record(request.auth, Need, public_id)
    return ChecksShown(items=[show_check(one) for one in checks_of(need)])


@triages.post(
    "/{uuid:public_id}/object",
    response=TriageShown,
    operation_id="object_to_triage",
    summary="Object to the way",
)
@repeatable
def object_to_way(request: ApiRequest, public_id: UUID, body: Objection) -> Any:
    """A technology manager decides anew."""
    triage = access_triage(request.auth, public_id)
    said = object_to_triage(actor=request.auth, triage=triage, objection=body.objection)
    return show_triage(request.auth, said)


@checks.post(
    "/{uuid:public_id}/object",
    response=CheckShown,
    operation_id="object_to_check",
    summary="Object to a check",
)
@repeatable
def object_to_finding(request: ApiRequest, public_id: UUID, body: Objection) -> Any:
    """It stands beside the check until it is answered, and after."""
    check = access_check(request.auth, public_id)
    return show_check(object_to_check(actor=request.auth, check=check, objection=body.objection))


def _latest(actor: Actor, subject: Consultation | Need) -> TriagesShown:
    triage = latest_triage(subject) if actor.is_member(subject.owner_id) else None
    return TriagesShown(items=[show_triage(actor, triage)] if triage else [])


def show_triage(actor: Actor, triage: Triage) -> TriageShown:
    reads = actor.may_read_confidential
    return TriageShown(
        id=triage.public_id,
        version=triage.version,
        route=Route(triage.route),
        proposed=Route(triage.proposed),
        reasons=triage.reasons,
        minutes=triage.minutes if reads else None,
        decided_by=triage.decided_by,
        decided_at=triage.created_at,
        is_objected=triage.is_objected,
        objection=triage.objection if reads else None,
    )


def show_check(check: AuthenticityCheck) -> CheckShown:
    values = {name: getattr(check, name) for name in CheckShown.model_fields if name != "id"}
    return CheckShown(id=check.public_id, **values)
