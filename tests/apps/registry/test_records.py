"""Registering, editing, publishing, withdrawing and confirming a record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.models import Need, Result
from ronglian.apps.registry.operations.records import (
    confirm_record,
    edit_record,
    publish_record,
    register_record,
    withdraw_record,
)
from ronglian.kernel.actor import ANONYMOUS, Actor, Role, command_actor
from ronglian.kernel.errors import InvalidInput, NotAllowed, RuleViolation, StaleVersion
from ronglian.kernel.events import events_about
from tests.factories import make_organisation, make_person_of

pytestmark = pytest.mark.django_db

SYSTEM = command_actor("test")


@pytest.fixture
def firm() -> Organisation:
    return make_organisation("青屿表面处理有限公司", region="3205", industry="C33")


@pytest.fixture
def editor(firm: Organisation) -> Actor:
    return make_person_of(firm, Role.EDITOR)


def register_need(actor: Actor, owner: Organisation, **fields: object) -> Need:
    return register_record(actor=actor, owner=owner, model=Need, fields={"title": "电镀废水除铬", **fields})


def test_a_new_record_is_a_draft_valid_for_a_year_with_its_provenance(
    editor: Actor, firm: Organisation
) -> None:
    need = register_need(editor, firm)
    today = timezone.localdate()
    assert (need.state, need.confirmed_on, need.expires_on) == (
        State.DRAFT,
        today,
        today + timedelta(days=365),
    )
    assert (need.recorded_by, need.source_kind) == (editor.label, "typed")
    assert [event.name for event in events_about(need)] == ["need.registered"]


LINES = {
    "metrics_text": "六价铬≤0.1 mg/L；处理成本<20 元/吨",
    "metrics_text_en": "hexavalent chromium ≤0.1 mg/L; treatment cost <20 CNY/t",
}


def test_the_metric_lines_of_a_need_say_what_is_wanted(editor: Actor, firm: Organisation) -> None:
    need = register_need(editor, firm, **LINES, details="目前出水六价铬0.3 mg/L。")
    assert [metric["name"] for metric in need.metrics] == ["六价铬", "处理成本"]
    assert need.metrics[0]["name_en"] == "hexavalent chromium"


def test_without_lines_the_prose_is_read_and_the_sentence_kept(editor: Actor, firm: Organisation) -> None:
    need = register_need(editor, firm, details="现有设备运行正常。处理量不低于500 m³/d，时间2019年。")
    assert [(metric["name"], metric["low"], metric["unit"]) for metric in need.metrics] == [
        ("处理量", 500, "m³/d")
    ]
    assert "500 m³/d" in need.metrics[0]["sentence"]


def test_a_result_claims_in_lines_and_in_prose(editor: Actor, firm: Organisation) -> None:
    fields = {"title": "膜", **LINES, "summary": "中试处理量50 m³/d，六价铬≤0.1 mg/L。"}
    result = register_record(actor=editor, owner=firm, model=Result, fields=fields)
    assert [metric["name"] for metric in result.metrics] == ["六价铬", "处理成本", "中试处理量"]


def test_every_wrong_field_is_named_and_nothing_is_written(editor: Actor, firm: Organisation) -> None:
    with pytest.raises(InvalidInput) as refused:
        register_need(
            editor, firm, region="99", industry="Z1", modes=["barter"], minimum_maturity=12, budget_low_fen=-1
        )
    assert set(refused.value.fields) == {"region", "industry", "modes", "minimum_maturity", "budget_low_fen"}
    assert not Need.objects.exists()


def test_unknown_and_system_fields_cannot_be_set(editor: Actor, firm: Organisation) -> None:
    for name in ("state", "owner", "version", "public_id", "source_kind", "nonsense", "verification"):
        fields = {"title": "电镀", name: "x"}
        with pytest.raises(InvalidInput) as refused:
            register_record(actor=editor, owner=firm, model=Need, fields=fields)
        assert name in refused.value.fields


def test_control_characters_are_dropped_from_texts_and_lists(editor: Actor, firm: Organisation) -> None:
    need = register_need(editor, firm, details="甲\x00乙\ud800丙", keywords=["铬\x00"])
    assert (need.details, need.keywords) == ("甲乙丙", ["铬"])


@pytest.mark.parametrize("role", [Role.VIEWER, None])
def test_only_owners_and_editors_write(firm: Organisation, role: Role | None) -> None:
    actor = make_person_of(firm, role) if role else ANONYMOUS
    with pytest.raises(NotAllowed, match=r"Only|仅|只有"):
        register_need(actor, firm)
    need = register_need(SYSTEM, firm)
    for attempt in (
        lambda: edit_record(actor=actor, record=need, fields={"title": "x"}),
        lambda: publish_record(actor=actor, record=need),
        lambda: withdraw_record(actor=actor, record=need, reason="x"),
        lambda: confirm_record(actor=actor, record=need),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_an_edit_of_a_version_that_is_no_longer_current_is_refused(editor: Actor, firm: Organisation) -> None:
    need = register_need(editor, firm)
    edited = edit_record(actor=editor, record=need, fields={"title": "新标题"}, version=1)
    assert edited.version == 2
    with pytest.raises(StaleVersion):
        edit_record(actor=editor, record=need, fields={"title": "旧页面"}, version=1)
    assert Need.objects.get().title == "新标题"


def test_the_life_of_a_record_is_in_its_timeline(editor: Actor, firm: Organisation) -> None:
    need = register_need(editor, firm)
    publish_record(actor=editor, record=need)
    with pytest.raises(RuleViolation):
        publish_record(actor=editor, record=need)
    with pytest.raises(InvalidInput):
        withdraw_record(actor=editor, record=need, reason="  ")
    withdraw_record(actor=editor, record=need, reason="已解决")
    names = [event.name for event in events_about(need)]
    assert names == ["need.registered", "need.published", "need.withdrawn"]
    assert events_about(need).last().data == {"reason": "已解决"}  # type: ignore[union-attr] # there are three


def test_an_expired_record_is_renewed_before_it_is_published(editor: Actor, firm: Organisation) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    result = register_record(
        actor=editor, owner=firm, model=Result, fields={"title": "膜", "expires_on": yesterday}
    )
    with pytest.raises(RuleViolation):
        publish_record(actor=editor, record=result)
    confirm_record(actor=editor, record=result)
    publish_record(actor=editor, record=result)
    assert Result.objects.current(timezone.localdate()).count() == 1


def test_a_record_cannot_be_valid_for_ever(editor: Actor, firm: Organisation) -> None:
    with pytest.raises(InvalidInput) as refused:
        register_need(editor, firm, expires_on=timezone.localdate() + timedelta(days=4000))
    assert set(refused.value.fields) == {"expires_on"}
