"""Surveys along a chain: `ours` leads; its partner answers by a link, whoever holds it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from ronglian.apps.prospecting.links import token_of
from tests.authorization.endpoint import Endpoint, Path, at, below, fixed
from tests.authorization.world import Subject, World

PARTNER = {"name": "云澜新配套", "relation": "supplier", "tier": 1, "email": "new@example.org"}
SURVEY = {"title": "减速器的技术难题", "closes_on": (timezone.localdate() + timedelta(days=30)).isoformat()}


def by_link(name: str) -> Path:
    """The page behind the partner's link; that of somebody who was never invited leads nowhere."""
    return lambda _world, subject: reverse(name, args=[token_of(subject)])


def beside(name: str) -> Path:
    return lambda _world, subject: reverse(name, args=[subject.survey.public_id, subject.public_id])


def _drop(_world: World, subject: Subject) -> str:
    return f"/api/v1/surveys/{subject.survey.public_id}/partners/{subject.public_id}/drop"


def _partners(_world: World, subject: Subject) -> str:
    return reverse("work:survey-list", args=[subject.public_id, "partners"])


def web() -> Iterator[Endpoint]:
    yield Endpoint("web", "work:surveys", "GET", at("work:surveys"), lists=("survey",))
    yield Endpoint("web", "work:surveys", "POST", at("work:surveys"), body=fixed(SURVEY))
    yield Endpoint("web", "work:survey-template", "GET", at("work:survey-template"))
    yield Endpoint("web", "work:survey", "GET", at("work:survey"), "survey")
    for name, body in (("enter", PARTNER), ("invite", {}), ("remind", {}), ("close", {"reason": "做完了"})):
        path = at(f"work:survey-{name}")
        yield Endpoint("web", f"work:survey-{name}", "POST", path, "survey", body=fixed(body))
    yield Endpoint("web", "work:survey-file", "POST", at("work:survey-file"), "survey")
    yield Endpoint("web", "work:survey-drop", "POST", beside("work:survey-drop"), "partner")
    yield Endpoint("web", "work:survey-list", "GET", _partners, "survey")
    yield Endpoint("web", "survey", "GET", by_link("survey"), "partner")
    yield Endpoint("web", "survey", "POST", by_link("survey"), "partner", body=fixed({"answer": "no_need"}))
    yield Endpoint("web", "survey-take-over", "POST", by_link("survey-take-over"), "partner")


def api() -> Iterator[Endpoint]:
    yield Endpoint("api", "list_surveys", "GET", below("/surveys"), lists=("survey",))
    yield Endpoint("api", "open_survey", "POST", below("/surveys"), body=_ours)
    yield Endpoint("api", "get_survey", "GET", below("/surveys/{}"), "survey")
    for name, path in (
        ("get_survey_coverage", "coverage"),
        ("list_survey_partners", "partners"),
        ("list_survey_needs", "needs"),
    ):
        yield Endpoint("api", name, "GET", below(f"/surveys/{{}}/{path}"), "survey")
    entered = fixed({"partners": [PARTNER]})
    yield Endpoint(
        "api", "enter_survey_partners", "POST", below("/surveys/{}/partners"), "survey", body=entered
    )
    yield Endpoint("api", "drop_survey_partner", "POST", _drop, "partner")
    for verb in ("invite", "remind"):
        yield Endpoint("api", f"{verb}_survey_partners", "POST", below(f"/surveys/{{}}/{verb}"), "survey")
    ended = fixed({"reason": "做完了"})
    yield Endpoint("api", "close_survey", "POST", below("/surveys/{}/close"), "survey", body=ended)


def _ours(world: World, _subject: Subject) -> dict[str, str]:
    return {"lead": str(world.ours.public_id), **SURVEY}
