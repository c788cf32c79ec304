"""Typing in a record: each kind, valid and not; drafts; the metrics preview; who may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.models import Draft, Expert, Need, RegistryRecord, Result, Scene
from ronglian.apps.registry.operations.records import edit_record
from ronglian.kernel.models import Event
from ronglian.web.presenters.kinds import KINDS
from tests.factories import SYSTEM, make_need, make_organisation, make_person, make_result
from tests.web.work.conftest import at_screen

pytestmark = pytest.mark.django_db

NEED = {
    "title": "电镀废水六价铬深度处理",
    "details": "电镀废水里六价铬降不到 0.1 mg/L，处理成本要低于 20 元/吨。",
    "metrics_text": "六价铬≤0.1 mg/L\n处理量≥50 m³/d",
    "minimum_maturity": "6",
    "hard": ["maturity"],
    "technology_field": "environment",
    "industry": "C33",
    "region": "江苏省苏州市",
    "keywords": "电镀、六价铬，废水; 深度处理",
    "budget": "30-50万元",
    "modes": ["development", "service"],
    "anonymous": "on",
    "disclosure": "public",
}
RESULT = {
    "title": "高效除铬树脂",
    "summary": "出水六价铬 0.05 mg/L。",
    "maturity": "7",
    "ip": ["invention_patent"],
    "transfer_modes": ["licence_ordinary"],
    "price": "面议",
    "disclosure": "public",
}
SCENE = {
    "title": "园区污水处理厂试用场景",
    "summary": "开放一条支线。",
    "opens_on": "2026-12-01",
    "closes_on": "2027-06-01",
    "disclosure": "public",
}
EXPERT = {
    "name": "示例专家",
    "orcid": "0000-0002-1825-0097",
    "technology_fields": ["environment"],
    "disclosure": "organisation",
}
TYPED: list[tuple[str, type[RegistryRecord], dict[str, Any]]] = [
    ("needs", Need, NEED),
    ("results", Result, RESULT),
    ("scenes", Scene, SCENE),
    ("experts", Expert, EXPERT),
]


def typed(fields: dict[str, Any], organisation: Organisation, **more: Any) -> dict[str, Any]:
    return {**fields, "owner": str(organisation.public_id), **more}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_form_opens_in_both_languages(kind: str, language: str, editor: Person) -> None:
    page = at_screen(editor, language=language).get(reverse("work:new", args=[kind]))
    assert page.status_code == 200
    assert 'list="region-names"' in page.text


@pytest.mark.parametrize(("kind", "model", "fields"), TYPED)
def test_a_record_is_registered_as_a_draft(
    kind: str, model: type[RegistryRecord], fields: dict[str, Any], client: Client, organisation: Organisation
) -> None:
    answer = client.post(reverse("work:new", args=[kind]), typed(fields, organisation))
    record = model.objects.get()
    assert answer.headers["location"] == reverse(record.noun, args=[record.public_id])
    assert record.state == State.DRAFT
    assert record.owner == organisation
    assert list(Event.objects.values_list("name", flat=True)).count(f"{record.noun}.registered") == 1


def test_every_field_of_a_need_arrives(client: Client, organisation: Organisation) -> None:
    client.post(reverse("work:new", args=["needs"]), typed(NEED, organisation, publish="1"))
    need = Need.objects.get()
    assert need.state == State.PUBLISHED
    assert (need.budget_low_fen, need.budget_high_fen) == (30_000_000, 50_000_000)
    assert need.keywords == ["电镀", "六价铬", "废水", "深度处理"]
    assert (need.region, need.industry, need.minimum_maturity) == ("3205", "C33", 6)
    assert (need.modes, need.hard, need.anonymous) == (["development", "service"], ["maturity"], True)
    assert {metric["name"] for metric in need.metrics} >= {"六价铬", "处理量"}


@pytest.mark.parametrize("kind", ["needs", "results"])
def test_publishing_leads_to_what_fits(kind: str, client: Client, organisation: Organisation) -> None:
    fields = {"needs": NEED, "results": RESULT}[kind]
    answer = client.post(reverse("work:new", args=[kind]), typed(fields, organisation, publish="1"))
    record = KINDS[kind].model.objects.get()
    assert answer.headers["location"] == reverse(f"{record.noun}-matches", args=[record.public_id])


def test_the_same_click_twice_registers_once(client: Client, organisation: Organisation) -> None:
    for _click in range(2):
        assert (
            client.post(
                reverse("work:new", args=["needs"]),
                "&".join(
                    f"{name}={value}"
                    for name, value in typed({"title": "一次", "disclosure": "public"}, organisation).items()
                ),
                content_type="application/x-www-form-urlencoded",
            ).status_code
            == 302
        )
    assert Need.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("title", "", "required"),
        ("budget", "很多钱", "30-50万元"),
        ("budget", "50-30万元", "above the upper"),
        ("region", "火星", "江苏省苏州市"),
        ("industry", "Z99", "C26"),
        ("expires_on", "明天", "2026-11-22"),
        ("expires_on", "2199-01-01", "five years"),
        ("minimum_maturity", "10", "valid choice"),
        ("disclosure", "friends", "valid choice"),
        ("keywords", "、".join(f"词{n}" for n in range(41)), "40 keywords"),
        ("details", "长" * 20_001, "20000"),
        ("title", "题" * 301, "300"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_lost(
    name: str, value: str, says: str, client: Client, organisation: Organisation
) -> None:
    answer = client.post(reverse("work:new", args=["needs"]), typed({**NEED, name: value}, organisation))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert says in " ".join(form.errors[name])
    assert f'id="id_{name}_error"' in answer.text
    assert "电镀、六价铬" in answer.text or name == "keywords"
    assert Need.objects.count() == 0


def test_an_english_summary_in_a_folded_group_shows_its_error(
    client: Client, organisation: Organisation
) -> None:
    answer = client.post(
        reverse("work:new", args=["needs"]), typed({**NEED, "title_en": "x" * 601}, organisation)
    )
    assert answer.status_code == 422
    assert '<details class="form-section" open>' in answer.text


def test_an_organisation_one_does_not_write_for_is_no_choice(client: Client) -> None:
    answer = client.post(reverse("work:new", args=["needs"]), typed(NEED, make_organisation()))
    assert answer.status_code == 422
    assert "owner" in answer.context["form"].errors


def test_a_newcomer_and_a_viewer_are_told_what_to_do(viewer: Person) -> None:
    newcomer = at_screen(make_person()).get(reverse("work:new", args=["needs"]))
    assert newcomer.status_code == 403
    assert reverse("work:new-organisation") in newcomer.text
    refused = at_screen(viewer).get(reverse("work:new", args=["needs"]))
    assert refused.status_code == 403
    assert "Ask an owner" in refused.text


def test_a_visitor_is_sent_to_sign_in() -> None:
    answer = Client().get(reverse("work:new", args=["needs"]))
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(reverse("account_login"))


def test_what_a_record_says_survives_opening_and_saving(client: Client, organisation: Organisation) -> None:
    need = make_need(
        organisation,
        region="320583",
        industry="C2614",
        budget_low_fen=12_345,
        budget_high_fen=1_200_000_000,
        keywords=["甲", "乙"],
        modes=["equity"],
        minimum_maturity=3,
        expires_on=timezone.localdate() + timedelta(days=90),
        title_en="Same",
    )
    address = reverse("work:edit", args=["needs", need.public_id])
    shown = client.get(address).context["form"]
    sent = {name: shown[name].value() for name in shown.fields}
    sent = {name: value for name, value in sent.items() if value not in (None, "", [], False)}
    assert client.post(address, sent).status_code == 302
    edited = Event.objects.get(name="need.edited")
    assert edited.data == {"changed": []}


def test_a_stale_edit_keeps_what_was_typed_and_can_be_saved_then(
    client: Client, organisation: Organisation
) -> None:
    need = make_need(organisation, "原题", budget_low_fen=30_000_000, budget_high_fen=30_000_000)
    address = reverse("work:edit", args=["needs", need.public_id])
    mine = {"title": "我改的题", "disclosure": "public", "version": "1", "budget": "30万元"}
    edit_record(actor=SYSTEM, record=need, fields={"title": "别人改的题"}, version=1)
    stale = client.post(address, mine)
    assert stale.status_code == 412
    assert next((one.stored, one.typed) for one in stale.context["differences"]) == ("别人改的题", "我改的题")
    assert "budget" not in {one.label.lower() for one in stale.context["differences"]}
    again = client.post(address, {**mine, "version": stale.context["form"]["version"].value()})
    assert again.status_code == 302
    need.refresh_from_db()
    assert need.title == "我改的题"


def test_a_viewer_cannot_edit_and_sees_why(viewer: Person, organisation: Organisation) -> None:
    need = make_need(organisation)
    for answer in (
        at_screen(viewer).get(reverse("work:edit", args=["needs", need.public_id])),
        at_screen(viewer).post(reverse("work:edit", args=["needs", need.public_id]), {"title": "改"}),
    ):
        assert answer.status_code == 403
        assert "Only owners and editors" in answer.text


def test_who_may_not_see_a_record_may_not_learn_of_it(client: Client) -> None:
    hidden = make_need(state=State.DRAFT)
    for public_id in (hidden.public_id, uuid4()):
        assert client.get(reverse("work:edit", args=["needs", public_id])).status_code == 404


def test_a_stranger_editing_an_anonymous_need_learns_no_name(client: Client) -> None:
    need = make_need(make_organisation("不愿具名的工厂"), anonymous=True)
    answer = client.get(reverse("work:edit", args=["needs", need.public_id]))
    assert answer.status_code == 403
    assert "不愿具名的工厂" not in answer.text


class TestDrafts:
    def test_what_is_typed_is_kept_restored_and_forgotten_when_sent(
        self, client: Client, organisation: Organisation
    ) -> None:
        halfway = {"title": "半个", "budget": "乱写", "hard": ["maturity"], "subject": ""}
        kept = client.post(reverse("work:keep-draft", args=["needs"]), typed(halfway, organisation))
        assert kept.status_code == 200
        page = client.get(reverse("work:new", args=["needs"]))
        assert 'value="半个"' in page.text
        assert 'value="乱写"' in page.text
        assert page.context["form"]["hard"].value() in ("maturity", ["maturity"])
        assert reverse("work:drop-draft", args=[Draft.objects.get().public_id]) in page.text
        client.post(reverse("work:new", args=["needs"]), typed(NEED, organisation))
        assert Draft.objects.count() == 0

    def test_the_same_text_again_writes_nothing(self, client: Client) -> None:
        for _time in range(3):
            client.post(reverse("work:keep-draft", args=["needs"]), {"title": "半个"})
        assert Event.objects.filter(name__startswith="draft.").count() == 1

    def test_only_fields_of_the_form_are_kept(self, client: Client) -> None:
        client.post(
            reverse("work:keep-draft", args=["needs"]),
            {"title": "半个", "csrfmiddlewaretoken": "x", "state": "y"},
        )
        assert Draft.objects.get().fields == {"title": "半个"}

    def test_a_draft_of_an_edit_belongs_to_that_record(
        self, client: Client, organisation: Organisation
    ) -> None:
        result = make_result(organisation, "原题")
        client.post(
            reverse("work:keep-draft", args=["results"]),
            {"title": "改到一半", "version": "1", "subject": str(result.public_id), "disclosure": "public"},
        )
        assert "改到一半" not in client.get(reverse("work:new", args=["results"])).text
        address = reverse("work:edit", args=["results", result.public_id])
        page = client.get(address)
        assert 'value="改到一半"' in page.text
        client.post(address, {"title": "改完", "version": "1", "disclosure": "public"})
        assert not Draft.objects.exists()

    def test_discarding(self, client: Client) -> None:
        client.post(reverse("work:keep-draft", args=["needs"]), {"title": "半个"})
        answer = client.post(reverse("work:drop-draft", args=[Draft.objects.get().public_id]))
        assert answer.headers["location"] == reverse("work:new", args=["needs"])
        assert not Draft.objects.exists()

    def test_a_draft_of_somebody_else_does_not_exist(self, client: Client, owner: Person) -> None:
        client.post(reverse("work:keep-draft", args=["needs"]), {"title": "半个"})
        address = reverse("work:drop-draft", args=[Draft.objects.get().public_id])
        assert at_screen(owner).post(address).status_code == 404
        assert "半个" not in at_screen(owner).get(reverse("work:new", args=["needs"])).text

    def test_too_long_to_keep_is_said(self, client: Client) -> None:
        answer = client.post(
            reverse("work:keep-draft", args=["needs"]),
            {"details": "长" * 200_001},
            headers={"hx-request": "true"},
        )
        assert answer.status_code == 422
        assert "too long" in answer.text


class TestMetricsPreview:
    def test_it_shows_what_was_read_and_what_was_not(self, client: Client) -> None:
        answer = client.post(
            reverse("work:metrics", args=["needs"]),
            {"metrics_text": "六价铬≤0.1 mg/L\n100/120粒度"},
            headers={"hx-request": "true"},
        )
        assert answer.status_code == 200
        assert "六价铬 ≤ 0.1 mg/L" in answer.text
        assert "Not read as a metric" in answer.text
        assert "<html" not in answer.text

    def test_it_reads_as_saving_does(self, client: Client, organisation: Organisation) -> None:
        preview = client.post(reverse("work:metrics", args=["needs"]), NEED)
        client.post(reverse("work:new", args=["needs"]), typed(NEED, organisation))
        assert len(preview.context["reading"]["metrics"]) == len(Need.objects.get().metrics) > 0

    def test_without_script_it_stands_on_the_page_after_sending(
        self, client: Client, organisation: Organisation
    ) -> None:
        answer = client.post(reverse("work:new", args=["needs"]), typed({**NEED, "title": ""}, organisation))
        assert "六价铬 ≤ 0.1 mg/L" in answer.text

    def test_hostile_text_is_shown_as_text(self, client: Client) -> None:
        answer = client.post(
            reverse("work:metrics", args=["needs"]), {"metrics_text": "<script>alert(1)</script>铬≤0.1 mg/L"}
        )
        assert "<script>" not in answer.text
