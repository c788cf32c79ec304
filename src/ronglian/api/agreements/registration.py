"""Registering contracts, and the statistics of what was registered, for programs."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from ronglian.api.agreements.contracts import Why
from ronglian.api.agreements.shown import RegistrationShown, show_registration
from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import Known, repeatable
from ronglian.api.fields import Day, Fen, Industry, Line, QueryWhole, Region, Strict
from ronglian.api.registry.presenting import short_language
from ronglian.apps.agreements.models import Agreement, Registration
from ronglian.apps.agreements.operations.registering import (
    cancel_registration,
    change_registration,
    fill_in_registration,
    hand_in_registration,
    record_registration,
    refuse_registration,
)
from ronglian.apps.agreements.queries.agreements import access_agreement
from ronglian.apps.agreements.queries.registrations import (
    access_registration,
    registered_entries,
    standing_registration,
)
from ronglian.apps.agreements.recognition import recognition_of
from ronglian.apps.agreements.registration_form import form_rows, particulars_of, suggested
from ronglian.engines.contracts import Sum, Verdict, count_contracts
from ronglian.kernel.errors import NotFound

router = Router(tags=["contracts"], auth=signed_in)
statistics = Router(tags=["contracts"], auth=signed_in)


class ParticularsIn(Strict):
    """What the form asks beside the contract. Codes as in docs/reference: natures, plans, objectives."""

    client_nature: Line = ""
    provider_nature: Line = ""
    client_country: Annotated[str, Field(pattern=r"^[0-9]{3}$")] = "142"
    provider_country: Annotated[str, Field(pattern=r"^[0-9]{3}$")] = "142"
    plan: Line = ""
    objective: Line = ""
    industry: Industry = ""
    technology_field: Line = ""
    new_investment_fen: Fen | None = None
    new_output_fen: Fen | None = None
    technology_fen: Fen | None = None
    responsible: Annotated[Line, Field(max_length=100)] = ""
    filled_by: Annotated[Line, Field(max_length=100)] = ""
    said: dict[str, bool] = Field(default={}, description="Which conditions of recognition hold, by id.")


class HandIn(Strict):
    """To which body, and when."""

    body: Annotated[Line, Field(min_length=1, max_length=200)]
    day: Day


class Certificate(Strict):
    """The certificate, with both amounts as the body verified them."""

    number: Annotated[str, Field(pattern=r"^([0-9]{14}|[0-9]{16})$")]
    day: Day
    turnover_fen: Fen
    technology_fen: Fen


class Decided(Why):
    """When, and why."""

    day: Day


class Changed(Decided):
    """Both amounts as they are now."""

    turnover_fen: Fen
    technology_fen: Fen


class FormLine(BaseModel):
    """A line of the form; `missing` says what is right where it has no value yet, `field` what mends it."""

    label: str
    value: str
    source: str
    missing: str
    field: str


class ConditionLine(BaseModel):
    """A condition of recognition."""

    id: str
    verdict: Verdict
    text: str
    article: str


class RegistrationForm(BaseModel):
    """技术合同登记表 as far as the record goes, and how the contract stands with the conditions of recognition."""

    registration: RegistrationShown | None
    lines: list[FormLine]
    recognition: list[ConditionLine]


class SumShown(BaseModel):
    """Contracts and amounts in fen."""

    contracts: int
    turnover_fen: int
    technology_fen: int


class ContractStatistics(BaseModel):
    """What sellers of a region sold in a year, and its buyers bought; keys as in the form's code lists."""

    sold: SumShown
    bought: SumShown
    sold_inside: SumShown
    sold_outside: SumShown
    bought_outside: SumShown
    with_rights: SumShown
    by_kind: dict[str, SumShown]
    by_field: dict[str, SumShown]
    by_objective: dict[str, SumShown]
    by_plan: dict[str, SumShown]
    by_nature: dict[str, SumShown]
    flows: dict[str, SumShown] = Field(description="By the province of the buyer.")


class StatisticsAsked(Known):
    """Of which year and region."""

    year: QueryWhole = Field(ge=1, le=9998)
    region: Region = ""


@router.get(
    "/{uuid:public_id}/registration",
    response=RegistrationForm,
    operation_id="get_contract_registration",
    summary="The registration form of a contract",
)
def get_form(request: ApiRequest, public_id: UUID) -> Any:
    """404 before both have signed."""
    return _form(_signed(request, public_id))


@router.post(
    "/{uuid:public_id}/registration",
    response=RegistrationForm,
    operation_id="fill_in_contract_registration",
    summary="Fill in the registration form",
)
@repeatable
def fill_in(request: ApiRequest, public_id: UUID, body: ParticularsIn) -> Any:
    """By party B, until it is handed in."""
    agreement = _signed(request, public_id)
    fill_in_registration(actor=request.auth, agreement=agreement, particulars=body.model_dump())
    return _form(agreement)


@router.post(
    "/{uuid:public_id}/registration/{uuid:registration_id}/hand-in",
    response=RegistrationShown,
    operation_id="hand_in_contract_registration",
    summary="Note that it was handed in",
)
@repeatable
def hand_in(request: ApiRequest, public_id: UUID, registration_id: UUID, body: HandIn) -> Any:
    """409 while the form lacks something."""
    agreement, row = _row(request, public_id, registration_id)
    return show_registration(
        hand_in_registration(actor=request.auth, agreement=agreement, registration=row, **body.model_dump())
    )


@router.post(
    "/{uuid:public_id}/registration/{uuid:registration_id}/record",
    response=RegistrationShown,
    operation_id="record_contract_registration",
    summary="Record the certificate",
)
@repeatable
def record(request: ApiRequest, public_id: UUID, registration_id: UUID, body: Certificate) -> Any:
    """Its number stands once."""
    agreement, row = _row(request, public_id, registration_id)
    return show_registration(
        record_registration(actor=request.auth, agreement=agreement, registration=row, **body.model_dump())
    )


@router.post(
    "/{uuid:public_id}/registration/{uuid:registration_id}/refuse",
    response=RegistrationShown,
    operation_id="refuse_contract_registration",
    summary="Record that it was not recognised",
)
@repeatable
def refuse(request: ApiRequest, public_id: UUID, registration_id: UUID, body: Decided) -> Any:
    """Another form may be filled in."""
    agreement, row = _row(request, public_id, registration_id)
    return show_registration(
        refuse_registration(actor=request.auth, agreement=agreement, registration=row, **body.model_dump())
    )


@router.post(
    "/{uuid:public_id}/registration/{uuid:registration_id}/change",
    response=RegistrationShown,
    operation_id="change_contract_registration",
    summary="Record a change of the registration",
)
@repeatable
def change(request: ApiRequest, public_id: UUID, registration_id: UUID, body: Changed) -> Any:
    """With the same body."""
    agreement, row = _row(request, public_id, registration_id)
    return show_registration(
        change_registration(actor=request.auth, agreement=agreement, registration=row, **body.model_dump())
    )


@router.post(
    "/{uuid:public_id}/registration/{uuid:registration_id}/cancel",
    response=RegistrationShown,
    operation_id="cancel_contract_registration",
    summary="Record that it was cancelled",
)
@repeatable
def cancel(request: ApiRequest, public_id: UUID, registration_id: UUID, body: Decided) -> Any:
    """As after the end of the contract."""
    agreement, row = _row(request, public_id, registration_id)
    return show_registration(
        cancel_registration(actor=request.auth, agreement=agreement, registration=row, **body.model_dump())
    )


@statistics.get(
    "",
    response=ContractStatistics,
    operation_id="get_contract_statistics",
    summary="Statistics of registered contracts",
)
def count(request: ApiRequest, asked: Query[StatisticsAsked]) -> Any:
    """For bureaus and operators; 404 for everybody else. No party is named."""
    asked.check_names(request)
    entries = registered_entries(request.auth, date(asked.year, 1, 1), date(asked.year, 12, 31))
    tables = count_contracts(entries, asked.region)
    return {
        name: {key: _sum(one) for key, one in value.items()} if isinstance(value, dict) else _sum(value)
        for name in ContractStatistics.model_fields
        for value in (getattr(tables, name),)
    }


def _sum(found: Sum) -> SumShown:
    names = SumShown.model_fields.keys()
    return SumShown(**{name: getattr(found, name) for name in names})


def _form(agreement: Agreement) -> RegistrationForm:
    row, language = standing_registration(agreement), short_language()
    typed = particulars_of(row) if row else suggested(agreement)
    lines = [
        FormLine(label=one.label, value=one.value, source=one.source, missing=one.missing, field=one.name)
        for one in form_rows(agreement, typed, language, row.number if row else "")
    ]
    recognition = [
        ConditionLine(id=one.id, verdict=one.verdict, text=one.text, article=one.article)
        for one in recognition_of(agreement, typed, language)
    ]
    return RegistrationForm(
        registration=show_registration(row) if row else None, lines=lines, recognition=recognition
    )


def _signed(request: ApiRequest, public_id: UUID) -> Agreement:
    agreement = access_agreement(request.auth, public_id)
    if agreement.signed_id is None:
        raise NotFound
    return agreement


def _row(request: ApiRequest, public_id: UUID, registration_id: UUID) -> tuple[Agreement, Registration]:
    agreement = _signed(request, public_id)
    return agreement, access_registration(agreement, registration_id)
