"""The code lists that records use, in both languages."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.db.models import TextChoices
from django.utils import translation
from ninja import Router
from pydantic import BaseModel, Field

from ronglian.api.authentication import ApiRequest
from ronglian.apps.clinic.case_enums import CaseStage, ContactChannel, StopReason
from ronglian.apps.clinic.enums import AttentionKind, Route
from ronglian.apps.clinic.manager_enums import ManagerLevel, WorkingLanguage
from ronglian.apps.clinic.triage_enums import CheckFinding, CheckMeans
from ronglian.apps.matching.enums import DecisionKind, DecisionReason
from ronglian.apps.registry.code_lists import CODE_LISTS
from ronglian.kernel.codes.industries import Division, Section, industries
from ronglian.kernel.codes.regions import prefectures, provinces

CHOICES: dict[str, type[TextChoices]] = {
    **CODE_LISTS,
    "attention-kinds": AttentionKind,
    "case-stages": CaseStage,
    "check-findings": CheckFinding,
    "check-means": CheckMeans,
    "contact-channels": ContactChannel,
    "decision-kinds": DecisionKind,
    "decision-reasons": DecisionReason,
    "manager-levels": ManagerLevel,
    "stop-reasons": StopReason,
    "triage-routes": Route,
    "working-languages": WorkingLanguage,
}
NAMES = (*sorted(CHOICES), "industries", "regions")
CodeList = StrEnum("CodeList", [(name, name) for name in NAMES])  # type: ignore[misc]  # as many as there are lists

router = Router(tags=["codes"])


class CodeShown(BaseModel):
    """One code with its names."""

    code: str = Field(examples=["new_materials"])
    zh: str
    en: str


class CodesShown(BaseModel):
    """A code list."""

    name: str
    items: list[CodeShown]


class CodeListsShown(BaseModel):
    """The names of all code lists."""

    items: list[str]


@router.get("", response=CodeListsShown, operation_id="list_code_lists", summary="Which code lists there are")
def list_code_lists(request: ApiRequest) -> Any:
    """Regions (GB/T 2260), industries (GB/T 4754), technology fields and all other codes in records."""
    return CodeListsShown(items=[str(name) for name in CodeList])


@router.get("/{name}", response=CodesShown, operation_id="get_codes", summary="Read one code list")
def get_codes(request: ApiRequest, name: CodeList) -> Any:
    """Every code with its Chinese and English name."""
    return CodesShown(name=str(name), items=list_codes(str(name)))


def list_codes(name: str) -> list[CodeShown]:
    """The codes of a list, in their own order."""
    if name == "regions":
        places = [place for p in provinces() for place in (p, *prefectures(p.code))]
        return [CodeShown(code=place.code, zh=place.zh, en=place.en) for place in places]
    if name == "industries":
        rows: list[Section | Division] = []
        for section in industries():
            rows += [section, *section.divisions]
        return [CodeShown(code=row.code, zh=row.zh, en=row.en) for row in rows]
    return [
        CodeShown(code=choice.value, zh=_label(choice, "zh-hans"), en=_label(choice, "en"))
        for choice in CHOICES[name]
    ]


def _label(choice: TextChoices, language: str) -> str:
    with translation.override(language):
        return str(choice.label)
