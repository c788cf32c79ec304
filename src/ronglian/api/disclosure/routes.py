"""Agreements about confidential details, for programs to read. People sign and decide at the site."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.paging import Page, PageParameters, paginate
from ronglian.api.registry.presenting import link_organisation
from ronglian.api.registry.shown import OwnerShown
from ronglian.apps.disclosure.agreement_text import agreement_text
from ronglian.apps.disclosure.enums import NdaState
from ronglian.apps.disclosure.models import Nda, Viewing
from ronglian.apps.disclosure.queries.agreements import access_nda, list_ndas, list_viewings
from ronglian.kernel.actor import Actor

router = Router(tags=["agreements"], auth=signed_in)


class AgreementShown(BaseModel):
    """A non-disclosure agreement, as one of its two sides sees it."""

    id: UUID
    version: int
    state: NdaState
    is_in_force: bool = Field(description="Whether the receiving party may read today.")
    owner: OwnerShown | None = Field(
        description="The disclosing party; null for the other side of a record shown without its name."
    )
    organisation: OwnerShown = Field(description="The receiving party.")
    record_kind: str = Field(examples=["need"])
    record: UUID = Field(description="The record it was signed for.")
    for_all: bool = Field(description="Whether it is about all records of the disclosing party.")
    purpose: str
    text_version: str
    text_digest: str
    signed_by: str
    signed_at: datetime
    starts_on: date | None
    ends_on: date | None
    reason: str


class AgreementText(BaseModel):
    """The text that is signed today."""

    version: str
    digest: str = Field(description="SHA-256 over both texts, the Chinese first, separated by a NUL.")
    zh: str
    en: str


class ReadingShown(BaseModel):
    """That a person was shown confidential fields of a record."""

    record_kind: str
    record: UUID
    person: str
    first_at: datetime
    fields: list[str]


@router.get("", response=Page[AgreementShown], operation_id="list_agreements", summary="Your agreements")
def list_all(request: ApiRequest, parameters: Query[PageParameters]) -> Any:
    """Those that your organisations gave or signed, newest first."""
    parameters.check_names(request)
    rows = list_ndas(request.auth)

    def present(page: Sequence[Nda]) -> list[AgreementShown]:
        return [_show(request.auth, nda) for nda in page]

    return paginate(request, rows, rows.count(), parameters, present)


@router.get(
    "/text", response=AgreementText, operation_id="get_agreement_text", summary="The text that is signed"
)
def get_text(request: ApiRequest) -> Any:
    """In both languages; the Chinese prevails."""
    text = agreement_text()
    return AgreementText(version=text.version, digest=text.digest, zh=text.zh, en=text.en)


@router.get(
    "/{uuid:public_id}",
    response=AgreementShown,
    operation_id="get_agreement",
    summary="Read one agreement",
)
def get_one(request: ApiRequest, public_id: UUID) -> Any:
    """Where it stands, and what was signed."""
    return _show(request.auth, access_nda(request.auth, public_id))


@router.get(
    "/{uuid:public_id}/readings",
    response=Page[ReadingShown],
    operation_id="list_agreement_readings",
    summary="Who read the details",
)
def list_readings(request: ApiRequest, public_id: UUID, parameters: Query[PageParameters]) -> Any:
    """Newest first, once for each person, record and day; for the disclosing party alone."""
    parameters.check_names(request)
    rows = list_viewings(request.auth, access_nda(request.auth, public_id))

    def present(page: Sequence[Viewing]) -> list[ReadingShown]:
        return [
            ReadingShown(
                record_kind=one.subject_type,
                record=one.subject_id,
                person=one.person_label,
                first_at=one.first_at,
                fields=one.fields,
            )
            for one in page
        ]

    return paginate(request, rows, rows.count(), parameters, present)


def _show(actor: Actor, nda: Nda) -> AgreementShown:
    knows_owner = actor.is_member(nda.owner_id) or not nda.hides_owner
    return AgreementShown(
        id=nda.public_id,
        version=nda.version,
        state=NdaState(nda.state),
        is_in_force=nda.is_in_force(timezone.localdate()),
        owner=link_organisation(nda.owner) if knows_owner else None,
        organisation=link_organisation(nda.organisation),
        record_kind=nda.asked_about_type,
        record=nda.asked_about_id,
        for_all=nda.subject_id is None,
        purpose=nda.purpose,
        text_version=nda.text_version,
        text_digest=nda.text_digest,
        signed_by=nda.signed_by_label,
        signed_at=nda.signed_at,
        starts_on=nda.starts_on,
        ends_on=nda.ends_on,
        reason=nda.reason,
    )
