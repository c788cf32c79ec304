"""What the rulebook looks like from outside. Amounts are whole fen, shares texts like `7/10`, dates ISO."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from ronglian.api.calling import Known
from ronglian.api.fields import Day, LongLine, QueryText, QueryTruth, Strict

Given = str | int | bool | list[str] | None

Place = Annotated[
    str,
    Field(
        max_length=40,
        pattern=r"^[a-z0-9-]+$",
        description="A place of the rulebook (cn, cn-33, cn-11-zgc) or a GB/T 2260 code (330106).",
    ),
]


class RuleFilters(Known):
    """Where and when; without a date today."""

    date: Day | None = None
    place: Place = "cn"


class RuleListFilters(RuleFilters):
    """The whole rulebook or one topic of it."""

    topic: QueryText = Field(
        "", description="contract, tax, reward, rights, use_first, commission, challenge, gate."
    )
    everywhere: QueryTruth = Field(False, description="Also what is known for other places or times only.")


class Question(Strict):
    """What a rule is asked."""

    date: Day | None = Field(None, description="Today without.")
    place: Place = "cn"
    inputs: Annotated[
        dict[Annotated[str, Field(max_length=60)], LongLine | int | bool], Field(max_length=40)
    ] = Field(
        default_factory=dict,
        description="By name. Amounts as whole fen or as text (`500万元`); shares `50 %` or `1/2`; dates 2026-01-31.",
        examples=[{"way": "licence", "state_set": True, "own_net_income": 94000}],
    )
    provisional: bool = Field(False, description="What would come out if all that is open were confirmed.")


class TextShown(BaseModel):
    """The same in both languages."""

    zh: str
    en: str


class VersionShown(BaseModel):
    """One text of the law: where it stands, from when to when, how sure."""

    reference: str = Field(examples=["cn-33/reward.share_transfer@2025-04-19"])
    jurisdiction: str
    document: TextShown
    article: str
    link: str
    mark: str = Field(description="S statute verbatim, P public page, G public file, K knowledge, D derived.")
    confidence: str = Field(description="H counts; M and L are open questions.")
    possible_from: date | None = Field(description="null: the first day is not established.")
    certain_from: date
    to: date | None
    sure_until: date | None
    note: TextShown | None
    value: Given = Field(None, description="Of a parameter's version.")
    effect: str | None = Field(None, description="must, may or replace; of a parameter's version.")


class ReasonShown(BaseModel):
    """Why something is not determined."""

    why: str
    text: str = Field(description="In the language of Accept-Language.")
    subject: str
    versions: list[str]


class ParameterShown(BaseModel):
    """A value of the law at a place on a date; `value` null is not determined."""

    id: str
    topic: str
    title: TextShown
    unit: str
    value: Given
    advised: Given
    binding: str | None
    open: list[str]
    reasons: list[ReasonShown]


class InputShown(BaseModel):
    """What a rule asks for."""

    id: str
    title: TextShown
    unit: str
    choices: dict[str, TextShown]
    default: Given


class RuleShown(BaseModel):
    """A question that the law answers. Its inputs are those of the formula in force at the place."""

    id: str
    topic: str
    title: TextShown
    gives: str
    has_formula: bool
    inputs: list[InputShown]


class ChecklistShown(BaseModel):
    """A list to be gone through by a person."""

    id: str
    topic: str
    title: TextShown


class RulebookShown(BaseModel):
    """What is known at a place on a date."""

    version: str
    date: date
    place: str
    places: dict[str, TextShown]
    topics: dict[str, TextShown]
    parameters: list[ParameterShown]
    rules: list[RuleShown]
    checklists: list[ChecklistShown]


class ItemShown(BaseModel):
    """One matter of a checklist."""

    id: str
    matter: TextShown
    says: TextShown
    article: str
    kinds: list[str]


class RuleEntryShown(BaseModel):
    """One parameter, rule or checklist with all its versions everywhere; two of the three are null."""

    parameter: ParameterShown | None = None
    rule: RuleShown | None = None
    checklist: ChecklistShown | None = None
    items: list[ItemShown] = Field(default_factory=list)
    versions: list[VersionShown]


class StepShown(BaseModel):
    """One line of a formula as it came out."""

    id: str
    title: TextShown
    article: str
    formula: str | None
    unit: str
    value: Given
    steps: list[StepShown] = Field(default_factory=list)


class RuleAnswerShown(BaseModel):
    """What a rule says, and what it stands on."""

    rule: str
    title: TextShown
    date: date
    place: str
    inputs: dict[str, Given]
    assumed: list[str]
    unit: str
    is_determined: bool
    is_provisional: bool
    value: Given
    reasons: list[ReasonShown]
    steps: list[StepShown]
    versions: list[str]
    open: list[str]
    rulebook: str
    engine: str
    trace: list[str] = Field(description="The answer in sentences, in the language of Accept-Language.")
