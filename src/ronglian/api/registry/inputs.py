"""What can be sent about results, needs, experts and scenes."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from ronglian.api.fields import (
    Day,
    Fen,
    Id,
    Industry,
    Keywords,
    Level,
    Line,
    LongLine,
    LongText,
    Region,
    ShortText,
    Strict,
    Text,
    Title,
    changes_of,
)
from ronglian.apps.registry.enums import (
    Disclosure,
    HardConstraint,
    IpKind,
    OutputForm,
    Stage,
    TechnicalLevel,
    TechnologyField,
    TransferMode,
)

# Strict schemas take no text for a member of a list of codes; these do, and nothing else than its codes.
Lax = Field(strict=False)
FieldCode = Annotated[TechnologyField, Lax]
ModeCode = Annotated[TransferMode, Lax]
Modes = Annotated[list[ModeCode], Field(max_length=len(TransferMode))]


class RecordFields(Strict):
    """What every record can say."""

    keywords: Keywords = Field([], examples=[["电镀废水", "六价铬"]])
    keywords_en: Keywords = Field([], examples=[["plating wastewater", "hexavalent chromium"]])
    region: Region = Field("", examples=["3205"])
    disclosure: Annotated[Disclosure, Lax] = Field(Disclosure.PUBLIC, description="Who may see it.")
    expires_on: Day | None = Field(
        None, description="Until when it holds; a year when left out.", examples=["2027-06-30"]
    )
    source_name: Annotated[Line, Field(max_length=200)] = Field("", description="Where it comes from.")
    source_id: Annotated[Line, Field(max_length=120)] = Field("", description="Its id there.")


class TechnicalFields(RecordFields):
    """What results, needs and scenes can say."""

    title: Title = Field(examples=["电镀废水六价铬深度处理"])
    title_en: LongLine = Field("", examples=["Deep removal of hexavalent chromium from plating wastewater"])
    summary: Text = Field(
        "", description="What everybody may read.", examples=["电镀企业寻求废水中六价铬的深度处理技术。"]
    )
    summary_en: LongText = ""
    technology_field: FieldCode | None = Field(None, description="One of the eleven technology fields.")
    industry: Industry = Field("", examples=["C33"])
    under_nda: bool = Field(
        False,
        description="Keep details, metrics and money under an agreement (NDA); title and summary stay public.",
    )
    signing_suffices: bool = Field(
        False, description="Whoever signs the agreement reads the details at once; else you decide on each."
    )


class ResultFields(TechnicalFields):
    """科技成果."""

    details: Text = Field("", description="More than the summary says.")
    details_en: LongText = ""
    completed_by: Line = Field("", description="Who completed the result.")
    output_form: Annotated[OutputForm, Lax] | None = None
    stage: Annotated[Stage, Lax] | None = None
    maturity: Level | None = Field(None, examples=[6])
    technical_level: Annotated[TechnicalLevel, Lax] | None = None
    ip: Annotated[list[Annotated[IpKind, Lax]], Field(max_length=len(IpKind))] = Field(
        [], examples=[["invention_patent"]]
    )
    ip_numbers: Annotated[Line, Field(max_length=1_000)] = ""
    transfer_modes: Modes = Field([], examples=[["licence_ordinary", "pay_after_use"]])
    price_low_fen: Fen | None = Field(None, examples=[20_000_000])
    price_high_fen: Fen | None = Field(None, examples=[50_000_000])
    metrics_text: Text = Field("", description="Metrics, one to a line.", examples=["六价铬 ≤0.05 mg/L"])
    metrics_text_en: Text = ""


class NeedFields(TechnicalFields):
    """技术需求."""

    details: Text = Field("", examples=["现有工艺出水六价铬0.3 mg/L，要求降到0.1 mg/L以下。"])
    details_en: LongText = ""
    difficulty: Text = ""
    difficulty_en: LongText = ""
    existing_conditions: Text = ""
    existing_conditions_en: Text = ""
    modes: Modes = Field([], examples=[["development", "pay_after_use"]])
    budget_low_fen: Fen | None = Field(None, examples=[30_000_000])
    budget_high_fen: Fen | None = Field(None, examples=[60_000_000])
    minimum_maturity: Level | None = Field(None, examples=[6])
    hard: Annotated[list[Annotated[HardConstraint, Lax]], Field(max_length=len(HardConstraint))] = Field(
        [], description="What rules a result out instead of lowering its score.", examples=[["budget"]]
    )
    anonymous: bool = Field(False, description="Shown without the organisation's name.")
    metrics_text: Text = Field("", description="Metrics, one to a line.", examples=["六价铬 ≤0.1 mg/L"])
    metrics_text_en: Text = ""


class ExpertFields(RecordFields):
    """专家."""

    name: Annotated[Title, Field(max_length=80)] = Field(examples=["云澜某"])
    name_en: Annotated[Line, Field(max_length=160)] = ""
    post: Annotated[Line, Field(max_length=80)] = ""
    post_en: Annotated[Line, Field(max_length=160)] = ""
    orcid: Annotated[Line, Field(max_length=19)] = Field("", examples=["0000-0002-1825-0097"])
    technology_fields: Annotated[list[FieldCode], Field(max_length=len(TechnologyField))] = Field([])
    summary: ShortText = ""
    summary_en: Annotated[Text, Field(max_length=8_000)] = ""


class SceneFields(TechnicalFields):
    """应用场景."""

    opens_on: Day | None = Field(None, examples=["2026-12-01"])
    closes_on: Day | None = Field(None, examples=["2027-03-31"])
    conditions: Text = ""
    conditions_en: Text = ""


class _Registering(Strict):
    owner: Id = Field(description="The organisation that holds the record.")
    publish: bool = Field(False, description="Publish at once instead of keeping a draft.")


class NewResult(ResultFields, _Registering):
    """A result to register."""


class NewNeed(NeedFields, _Registering):
    """A need to register."""


class NewExpert(ExpertFields, _Registering):
    """An expert to register."""


class NewScene(SceneFields, _Registering):
    """A scene to register."""


class Withdrawal(Strict):
    """Why a record leaves lists and matches."""

    reason: Annotated[ShortText, Field(min_length=1, max_length=500)] = Field(examples=["已签约"])


ResultChanges = changes_of(ResultFields, "ResultChanges")
NeedChanges = changes_of(NeedFields, "NeedChanges")
ExpertChanges = changes_of(ExpertFields, "ExpertChanges")
SceneChanges = changes_of(SceneFields, "SceneChanges")


def plain_values(body: Strict) -> dict[str, Any]:
    """What was sent, as attributes of the record. A code list answers null with the empty code."""
    sent = body.model_dump(exclude_unset=True, exclude={"owner", "publish"})
    return {name: "" if value is None and name in CODES else value for name, value in sent.items()}


CODES = frozenset({"technology_field", "output_form", "stage", "technical_level"})
