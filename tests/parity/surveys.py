"""Surveys along a chain through each door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from ronglian.apps.prospecting.links import token_of
from ronglian.apps.prospecting.models import ChainPartner, ChainSurvey
from ronglian.demo.load import SOURCE_NAME, TRIED_AS
from ronglian.demo.surveys import load_survey
from ronglian.kernel.models import Event
from tests.factories import SYSTEM, make_organisation
from tests.factories.surveys import make_waiting_survey
from tests.parity.doors import Doors, assert_same, told

PARTNER = {
    "name": "云澜配套厂",
    "relation": "customer",
    "tier": 2,
    "product": "整机",
    "email": "a@example.org",
}
CSV = "单位名称,上下游关系,层级,产品或工序,联系邮箱\n云澜配套厂,客户,2,整机,a@example.org\n"


def same_opened(doors: Doors) -> None:
    until = (timezone.localdate() + timedelta(days=9)).isoformat()
    said = {"title": "减速器", "closes_on": until}
    doors.post("/work/surveys/", said)
    lead = str(doors.organisation.public_id)
    assert doors.api.post("/surveys", {"lead": lead, **said}).status_code == 201
    doors.cli("surveys", "open", "--lead", lead, "--title", "减速器", "--until", until)
    rows = ChainSurvey.objects.order_by("id")
    ChainSurvey.objects.update(opened_by="")  # says through which door
    assert len(rows) == 3
    assert_same(*rows)


def _three(doors: Doors) -> list[ChainSurvey]:
    return [make_waiting_survey(doors.organisation, "减速器") for _door in range(3)]


def same_entered(doors: Doors) -> None:
    by_web, by_api, by_cli = _three(doors)
    doors.post(f"/work/surveys/{by_web.public_id}/partners/", PARTNER)
    assert doors.api.post(f"/surveys/{by_api.public_id}/partners", {"partners": [PARTNER]}).status_code == 200
    file = doors.folder / "partners.csv"
    file.write_text(CSV, encoding="utf-8")
    doors.cli("surveys", "enter", str(by_cli.public_id), "--file", str(file))
    _assert_same(by_web, by_api, by_cli)


def same_dropped(doors: Doors) -> None:
    by_web, by_api, _rest = _three(doors)
    first, second = (ChainPartner.objects.get(survey=each, mails=0).public_id for each in (by_web, by_api))
    doors.post(f"/work/surveys/{by_web.public_id}/partners/{first}/drop/", {})
    assert doors.api.post(f"/surveys/{by_api.public_id}/partners/{second}/drop").status_code == 200
    _assert_same(by_web, by_api)


def same(verb: str) -> Callable[[Doors], None]:
    def compare(doors: Doors) -> None:
        by_web, by_api, by_cli = _three(doors)
        body = {"reason": "做完了"} if verb == "close" else {}
        doors.post(f"/work/surveys/{by_web.public_id}/{verb}/", body)
        assert doors.api.post(f"/surveys/{by_api.public_id}/{verb}", body or None).status_code == 200
        doors.cli("surveys", verb, str(by_cli.public_id), *(("--reason", "做完了") if body else ()))
        _assert_same(by_web, by_api, by_cli)

    return compare


def _assert_same(*surveys: ChainSurvey) -> None:
    """The survey and its partners, and what their events say."""
    found = []
    for survey in surveys:
        partners = ChainPartner.objects.filter(survey=survey).order_by("id")
        rows = [told(ChainSurvey.objects.get(pk=survey.pk)), *(told(partner) for partner in partners)]
        for values, _events in rows:
            for name in ("survey", "mailed_at"):
                values.pop(name, None)
        found.append((rows, Event.objects.filter(name="partner.dropped").exists()))
    assert all(each == found[0] for each in found)


def same_reply(place: int, sent: dict[str, str]) -> Callable[[Doors], None]:
    """By the link at the site, and in the demo region, whose partner at that place answers the same."""

    def compare(doors: Doors) -> None:
        shown = make_organisation()
        type(shown).objects.filter(pk=shown.pk).update(source_name=SOURCE_NAME, source_id=TRIED_AS[0])
        load_survey(SYSTEM, timezone.localdate())
        by_demo = ChainPartner.objects.filter(survey__lead=shown).order_by("id")[place]
        by_link = ChainPartner.objects.get(survey=make_waiting_survey(doors.organisation, "减速器"), mails=1)
        doors.post(f"/survey/{token_of(by_link)}/", sent)
        assert _reply(by_link) == _reply(by_demo)

    return compare


def _reply(partner: ChainPartner) -> tuple[str, int, list[tuple[str, int, list[str]]]]:
    partner.refresh_from_db()
    events = Event.objects.filter(subject_id=partner.public_id, name="partner.replied")
    needs = [(each.relation and "told", each.version, sorted(each.answers)) for each in partner.told.all()]
    return partner.state, events.count(), needs


COMPARED: dict[str, Callable[[Doors], None]] = {
    "survey.open": same_opened,
    "survey.enter_partners": same_entered,
    "survey.drop_partner": same_dropped,
    "survey.invite": same("invite"),
    "survey.remind": same("remind"),
    "survey.close": same("close"),
    "partner.tell_need": same_reply(0, {"answer": "need", "title": "返工多", "trouble": "镀层不均"}),
    "partner.say_no_need": same_reply(6, {"answer": "no_need"}),
    "partner.decline": same_reply(9, {"answer": "decline"}),
}
