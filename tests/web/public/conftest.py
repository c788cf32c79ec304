"""A small region: one need that may be named, one that may not, two results, an expert and a scene."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.models import Expert, Need, Result, Scene
from ronglian.kernel.actor import Role
from tests.factories import (
    make_expert,
    make_member,
    make_need,
    make_organisation,
    make_result,
    make_scene,
)

LANGUAGES = ("zh-hans", "en")
HIDDEN_NAME = "望川秘密电镀有限公司"


@dataclass(frozen=True)
class Region:
    """Everything the tests look at."""

    firm: Organisation
    university: Organisation
    hidden_firm: Organisation
    need: Need
    anonymous: Need
    result: Result
    other_result: Result
    expert: Expert
    scene: Scene


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path: Path) -> None:
    """The folder of the static files has to exist; nothing is read from it."""
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def region(db: None) -> Region:
    firm = make_organisation("青屿表面处理有限公司", name_en="Qingyu Surface Treatment", industry="C33")
    hidden = make_organisation(
        HIDDEN_NAME,
        name_en="Wangchuan Hidden Plating",
        kind="enterprise",
        size="micro",
        region="3302",
        uscc="91330200MA2GR0AB10",
    )
    university = make_organisation("云澜理工大学", kind="university", size="", region="3401")
    return Region(
        firm=firm,
        university=university,
        hidden_firm=hidden,
        need=make_need(firm, "电镀废水六价铬超标", **NEED),
        anonymous=make_need(hidden, "镀镍漂洗水回用", anonymous=True, **HIDDEN_NEED),
        result=make_result(university, "六价铬电镀废水深度还原技术", **RESULT),
        other_result=make_result(university, "镀镍漂洗水膜法回用装置", **OTHER_RESULT),
        expert=make_expert(
            university, "温渡", name_en="Wen Du", technology_fields=["environment"], post="教授"
        ),
        scene=make_scene(firm, "电镀线首试首用", title_en="Plating line open for trials", region="3205"),
    )


NEED = {
    "title_en": "Hexavalent chromium in plating waste water is above the limit",
    "details": "我厂电镀废水中六价铬降不下来，希望六价铬≤0.1 mg/L，处理成本低于20元/吨。",
    "details_en": "Hexavalent chromium in our plating waste water stays too high.",
    "metrics_text": "六价铬≤0.1 mg/L；处理成本≤20 元/吨",
    "technology_field": "environment",
    "industry": "C33",
    "region": "3205",
    "keywords": ["六价铬", "电镀废水"],
    "modes": ["development"],
    "budget_low_fen": 30_000_000,
    "budget_high_fen": 60_000_000,
    "minimum_maturity": 6,
}
HIDDEN_NEED = {
    "details": "漂洗水含镍，希望回用率≥80%。",
    "metrics_text": "回用率≥80%",
    "technology_field": "environment",
}
RESULT = {
    "title_en": "Deep reduction of hexavalent chromium in plating waste water",
    "summary": "以改性零价铁还原电镀废水中的六价铬，六价铬≤0.05 mg/L，已连续运行。",
    "metrics_text": "六价铬≤0.05 mg/L",
    "technology_field": "environment",
    "industry": "C33",
    "region": "3401",
    "maturity": 7,
    "stage": "pilot",
    "transfer_modes": ["development", "licence_ordinary"],
    "price_low_fen": 40_000_000,
    "price_high_fen": 50_000_000,
}
OTHER_RESULT = {
    "summary": "膜法回用含镍漂洗水，回用率≥85%。",
    "metrics_text": "回用率≥85%",
    "technology_field": "environment",
    "maturity": 5,
}


@pytest.fixture(params=LANGUAGES)
def reader(request: pytest.FixtureRequest) -> Client:
    """A visitor, once for each language."""
    return Client(headers={"accept-language": request.param})


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def reader_zh() -> Client:
    return Client(headers={"accept-language": "zh-hans"})


@pytest.fixture
def member_of() -> Callable[..., Client]:
    """A signed-in person who acts for an organisation."""

    def sign_in(organisation: Organisation, role: Role = Role.EDITOR) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(make_member(organisation, role))
        return client

    return sign_in


@pytest.fixture
def yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)
