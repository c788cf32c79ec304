"""Organisations and the caller: what can be sent, what is shown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from ronglian.api.calling import Known
from ronglian.api.fields import Industry, Line, LongLine, QueryText, Region, ShortText, Strict, Text, Title
from ronglian.api.paging import PageParameters
from ronglian.apps.accounts.enums import OrganisationKind, OrganisationSize
from ronglian.kernel.actor import ActorKind, Role
from ronglian.kernel.provenance import SourceKind, Verification

Lax = Field(strict=False)


class OrganisationFields(Strict):
    """单位."""

    name: Annotated[Title, Field(max_length=200)] = Field(examples=["云澜表面处理有限公司"])
    name_en: Annotated[LongLine, Field(max_length=300)] = ""
    uscc: Annotated[Line, Field(min_length=18, max_length=18)] | None = Field(
        None, description="统一社会信用代码 (GB 32100), 18 characters."
    )
    ror: Annotated[Line, Field(min_length=9, max_length=9)] | None = Field(
        None, description="ROR id.", examples=["05dxps055"]
    )
    kind: Annotated[OrganisationKind, Lax]
    size: Annotated[OrganisationSize, Lax] | None = None
    region: Region = Field("", examples=["3205"])
    industry: Industry = Field("", examples=["C33"])
    summary: ShortText = ""
    summary_en: Annotated[Text, Field(max_length=8_000)] = ""


class OrganisationShown(BaseModel):
    """单位, as everybody sees it."""

    id: UUID
    version: int
    name: str
    name_en: str
    uscc: str | None
    ror: str | None
    kind: OrganisationKind
    size: str | None
    region: str
    industry: str
    summary: str
    summary_en: str
    source_kind: SourceKind
    verification: Verification
    confirmed_on: date | None
    created_at: datetime
    updated_at: datetime


class OrganisationFilters(Known):
    """Lists of organisations."""

    q: QueryText = Field("", description="Words of the name or the summary.")
    region: Region = Field("", description="GB/T 2260: a province has two digits, a city four.")
    kind: OrganisationKind | None = None


class OrganisationList(OrganisationFilters, PageParameters):
    """A page of organisations."""


class MembershipShown(BaseModel):
    """For which organisation the caller acts, and how."""

    organisation: UUID
    name: str
    role: Role
    wants_digest: bool = Field(description="Whether the organisation's weekly digest is sent to the caller.")


class DigestChoice(Strict):
    """Whether the weekly digest is wanted."""

    wanted: bool


class MeShown(BaseModel):
    """Who the token stands for."""

    kind: ActorKind
    label: str
    may_write: bool
    may_read_confidential: bool
    organisations: list[MembershipShown]
