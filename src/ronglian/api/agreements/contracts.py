"""Technology contracts for programs: draft, negotiate, and what happens under them.

A person signs at the site: a program cannot bind an organisation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router
from ninja.responses import Status
from pydantic import Field

from ronglian.api.agreements.shown import (
    ContractListed,
    ContractShown,
    ContractVersionShown,
    list_contract,
    show_contract,
    show_version,
)
from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.api.fields import Id, Lax, Reason, ShortText, Strict, Title
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.agreements.enums import AgreementKind, Side
from ronglian.apps.agreements.models import Agreement
from ronglian.apps.agreements.operations.drafting import (
    abandon_agreement,
    draft_agreement,
    propose_terms,
    send_agreement,
)
from ronglian.apps.agreements.queries.agreements import access_agreement, access_version, list_agreements
from ronglian.apps.challenges.queries.reviews import access_award
from ronglian.apps.registry.models import Need, Result
from ronglian.apps.registry.queries.records import access_record

router = Router(tags=["contracts"], auth=signed_in)
Terms = Annotated[
    dict[str, Any],
    Field(
        description="As a contract shows them in `text.terms`; amounts in fen, rates in hundredths of a per cent. What is "
        "wrong is named as `payments.0.amount_fen`.",
        examples=[{"subject": "除铬技术实施许可", "items": [{"name": "许可费", "amount_fen": 10000000}]}],
    ),
]
LongReason = Annotated[ShortText, Field(min_length=1, max_length=2_000)]
SpokenSide = Annotated[Side | None, Lax]


class NewContract(Strict):
    """Who concludes what with whom, and the first terms."""

    kind: Annotated[AgreementKind, Lax]
    title: Annotated[Title, Field(max_length=200)]
    client: Id = Field(description="Party A, which pays.")
    provider: Id = Field(description="Party B, which provides the technology.")
    drafted_by: Annotated[Side, Lax] = Field(description="The side you draft for.")
    terms: Terms
    need: Id | None = None
    result: Id | None = None
    award: Id | None = Field(None, description="The award of a challenge that it follows from.")


class OtherTerms(Strict):
    """Terms in the place of the latest ones."""

    replaces: int = Field(
        ge=1, description="The number of the version you read; 412 where there is a later one."
    )
    terms: Terms
    note: Annotated[ShortText, Field(max_length=2_000)] = ""
    side: SpokenSide = Field(None, description="Needed only by who acts for both.")


class Why(Strict):
    """A reason that the other side reads."""

    reason: Reason


@router.get("", response=Page[ContractListed], operation_id="list_contracts", summary="Your contracts")
def list_all(request: ApiRequest, parameters: Query[PageParameters]) -> Any:
    """Those of your organisations, the latest first."""
    parameters.check_names(request)
    rows = list_agreements(request.auth)

    def present(page: Sequence[Agreement]) -> list[ContractListed]:
        return [list_contract(one) for one in page]

    return paginate(request, rows, rows.count(), parameters, present)


@router.get(
    "/{uuid:public_id}", response=ContractShown, operation_id="get_contract", summary="Read one contract"
)
def get_one(request: ApiRequest, public_id: UUID) -> Any:
    """The latest version, or the one that both signed, and the money."""
    return show_contract(access_agreement(request.auth, public_id))


@router.get(
    "/{uuid:public_id}/versions/{int:number}",
    response=ContractVersionShown,
    operation_id="get_contract_version",
    summary="Read one version",
)
def get_version(request: ApiRequest, public_id: UUID, number: int) -> Any:
    """Terms, both texts and signatures."""
    return show_version(access_version(access_agreement(request.auth, public_id), number))


@router.post("", response={201: ContractShown}, operation_id="draft_contract", summary="Draft a contract")
@repeatable
def draft(request: ApiRequest, body: NewContract) -> Any:
    """Only your side sees it until it is sent."""
    actor = request.auth
    agreement = draft_agreement(
        actor=actor,
        kind=body.kind,
        title=body.title,
        client=access_organisation(actor, body.client),
        provider=access_organisation(actor, body.provider),
        drafted_by=body.drafted_by,
        terms=body.terms,
        need=access_record(actor, Need, body.need) if body.need else None,
        result=access_record(actor, Result, body.result) if body.result else None,
        award=access_award(actor, body.award) if body.award else None,
    )
    return Status(201, show_contract(agreement))


@router.post(
    "/{uuid:public_id}/versions",
    response={201: ContractShown},
    operation_id="propose_contract_terms",
    summary="Propose other terms",
)
@repeatable
def propose(request: ApiRequest, public_id: UUID, body: OtherTerms) -> Any:
    """Signatures under earlier versions count no more."""
    agreement = propose_terms(
        actor=request.auth,
        agreement=access_agreement(request.auth, public_id),
        terms=body.terms,
        note=body.note,
        number=body.replaces,
        side=body.side or "",
    )
    return Status(201, show_contract(agreement))


@router.post(
    "/{uuid:public_id}/send", response=ContractShown, operation_id="send_contract", summary="Send a draft"
)
@repeatable
def send(request: ApiRequest, public_id: UUID) -> Any:
    """The other side sees it from here on and is told by e-mail."""
    agreement = access_agreement(request.auth, public_id)
    return show_contract(send_agreement(actor=request.auth, agreement=agreement))


@router.post(
    "/{uuid:public_id}/abandon", response=ContractShown, operation_id="abandon_contract", summary="Give it up"
)
@repeatable
def abandon(request: ApiRequest, public_id: UUID, body: Why) -> Any:
    """Before both have signed."""
    agreement = access_agreement(request.auth, public_id)
    return show_contract(abandon_agreement(actor=request.auth, agreement=agreement, reason=body.reason))
