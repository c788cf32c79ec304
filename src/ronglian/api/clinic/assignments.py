"""What is proposed to a technology manager, for the manager's own programs. The bureau confirms at the site."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.api.clinic.presenting import ManagerLink, link_manager
from ronglian.api.fields import Lax, Line, Strict
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.apps.clinic.assignment_enums import DeclineReason, ProposalState
from ronglian.apps.clinic.models import AssignmentProposal
from ronglian.apps.clinic.operations.assignments import decline_assignment
from ronglian.apps.clinic.queries.assignments import access_proposal, list_proposals
from ronglian.apps.registry.rules import is_visible
from ronglian.kernel.actor import ANONYMOUS

router = Router(tags=["technology managers"], auth=signed_in)


class Declining(Strict):
    """Why one does not carry it."""

    reason: Annotated[DeclineReason, Lax]
    note: Line = ""


class ProposalShown(BaseModel):
    """分派方案."""

    id: UUID
    version: int
    state: ProposalState
    need: UUID | None = Field(description="Null where it is not public any more.")
    manager: ManagerLink
    worth: float = Field(description="Points of all parts.")
    parts: dict[str, float]
    terms: list[str] = Field(description="Words that the need and the profile share.")
    reason: DeclineReason | None
    note: str


@router.get(
    "", response=Page[ProposalShown], operation_id="list_assignments", summary="What is proposed to you"
)
def list_own(request: ApiRequest, parameters: Query[PageParameters]) -> Any:
    """Open ones first, then the latest."""
    parameters.check_names(request)
    rows = list_proposals(request.auth)

    def present(page: Sequence[AssignmentProposal]) -> list[ProposalShown]:
        return [_show(one) for one in page]

    return paginate(request, rows, rows.count(), parameters, present)


@router.post(
    "/{uuid:public_id}/decline",
    response=ProposalShown,
    operation_id="decline_assignment",
    summary="Decline one",
)
@repeatable
def decline(request: ApiRequest, public_id: UUID, body: Declining) -> Any:
    """The next proposal looks for somebody else."""
    proposal = access_proposal(request.auth, public_id)
    said = decline_assignment(actor=request.auth, proposal=proposal, reason=body.reason, note=body.note)
    return _show(said)


def _show(one: AssignmentProposal) -> ProposalShown:
    return ProposalShown(
        id=one.public_id,
        version=one.version,
        state=ProposalState(one.state),
        need=one.need.public_id if is_visible(ANONYMOUS, one.need) else None,
        manager=link_manager(one.manager),
        worth=one.worth,
        parts=one.parts,
        terms=one.terms,
        reason=DeclineReason(one.reason) if one.reason else None,
        note=one.note,
    )
