"""The same input through each door gives the same row and the same events."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from ronglian.apps.accounts.models import Membership, Organisation, Person
from ronglian.apps.matching.models import Decision, TrainingRun
from ronglian.apps.matching.operations.training import activate_training, propose_training, revert_training
from ronglian.apps.registry.models import Expert, ImportBatch, Need, RegistryRecord, Result, Scene
from ronglian.kernel.actor import Role
from ronglian.kernel.models import Event
from tests.factories import SYSTEM, make_organisation, make_person, make_record
from tests.factories.decisions import make_decisions
from tests.parity import (
    cases,
    challenge_steps,
    challenges,
    checkups,
    clinic,
    contracts,
    disputes,
    drafting,
    pools,
    prices,
    rights,
    services,
    showings,
    surveys,
)
from tests.parity import technology_managers as managers
from tests.parity.doors import Doors, assert_same, latest, told

pytestmark = pytest.mark.django_db

KINDS: dict[str, type[RegistryRecord]] = {
    "results": Result,
    "needs": Need,
    "experts": Expert,
    "scenes": Scene,
}
CSV = "需求名称,技术领域,预算金额\n六价铬深度处理,环境保护与资源综合利用,30-60万元\n低温焊料,新材料及其应用,面议\n"


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path: Path) -> None:
    settings.UPLOADS = tmp_path / "uploads"
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def doors(tmp_path: Path) -> Doors:
    return Doors(make_organisation("苏州示例环保有限公司", region="3205", industry="C33"), tmp_path)


# ── records ──────────────────────────────────────────────────────────────────────────────────────────────────────

TYPED: dict[str, dict[str, Any]] = {
    "results": {"title": "六价铬还原技术", "summary": "处理后六价铬浓度0.05 mg/L。", "stage": "pilot", "maturity": "6",
                "transfer_modes": ["equity"], "ip": ["invention_patent"], "price": "20-50万元", "technology_field": "environment"},
    "needs": {"title": "六价铬深度处理", "details": "要求六价铬不高于0.1 mg/L。", "modes": ["development"], "hard": ["budget"],
              "budget": "30-60万元", "minimum_maturity": "6", "anonymous": "on", "industry": "C33", "region": "3205"},
    "experts": {"name": "云澜某", "post": "教授", "technology_fields": ["environment", "new_materials"]},
    "scenes": {"title": "夜间配送试点", "summary": "试点路段", "opens_on": "2026-12-01", "closes_on": "2027-03-31"},
}  # fmt: skip
SENT: dict[str, dict[str, Any]] = {
    "results": {**TYPED["results"], "maturity": 6, "price_low_fen": 20_000_000, "price_high_fen": 50_000_000},
    "needs": {**TYPED["needs"], "minimum_maturity": 6, "anonymous": True,
              "budget_low_fen": 30_000_000, "budget_high_fen": 60_000_000},
    "experts": TYPED["experts"],
    "scenes": TYPED["scenes"],
}  # fmt: skip
SHARED = {"keywords": "电镀、六价铬", "disclosure": "public", "expires_on": "2027-06-30"}


def typed(kind: str) -> dict[str, Any]:
    return {**SHARED, **TYPED[kind]}


def sent(kind: str) -> dict[str, Any]:
    money = {"price", "budget"}
    fields = {name: value for name, value in SENT[kind].items() if name not in money}
    return {**SHARED, "keywords": ["电镀", "六价铬"], **fields}


def same_record_registered(doors: Doors) -> None:
    for kind, model in KINDS.items():
        owner = {"owner": str(doors.organisation.public_id)}
        for publish in (False, True):
            doors.post(
                f"/work/{kind}/new/", {**typed(kind), **owner, **({"publish": "1"} if publish else {})}
            )
            by_web = latest(model)
            response = doors.api.post(f"/{kind}", {**sent(kind), **owner, "publish": publish})
            assert response.status_code == 201, response.content
            assert by_web.pk != latest(model).pk
            assert_same(by_web, latest(model))


def same_record_edited(doors: Doors) -> None:
    for kind, model in KINDS.items():
        by_web, by_api = (
            make_record(model, doors.organisation, "原题", keywords=["旧"]) for _door in range(2)
        )
        doors.post(f"/work/{kind}/{by_web.public_id}/edit/", {**typed(kind), "version": "1"})
        response = doors.api.patch(f"/{kind}/{by_api.public_id}", sent(kind), **{"If-Match": '"1"'})
        assert response.status_code == 200, response.content
        assert_same(model.objects.get(pk=by_web.pk), model.objects.get(pk=by_api.pk))


def same_action(verb: str, state: str, fields: dict[str, Any]) -> Callable[[Doors], None]:
    def compare(doors: Doors) -> None:
        for kind, model in KINDS.items():
            by_web, by_api = (
                make_record(model, doors.organisation, "同题", state=state) for _door in range(2)
            )
            doors.post(f"/work/{kind}/{by_web.public_id}/{verb}/", fields)
            assert doors.api.post(f"/{kind}/{by_api.public_id}/{verb}", fields or None).status_code == 200
            assert_same(model.objects.get(pk=by_web.pk), model.objects.get(pk=by_api.pk))

    return compare


# ── organisations ────────────────────────────────────────────────────────────────────────────────────────────────

ORGANISATION = {"name": "云澜表面处理有限公司", "kind": "enterprise", "size": "small", "region": "3205", "industry": "C33",
                "summary": "表面处理"}  # fmt: skip


def same_organisation_registered(doors: Doors) -> None:
    doors.post("/work/organisations/new/", ORGANISATION)
    by_web = latest(Organisation)
    assert doors.api.post("/organisations", ORGANISATION).status_code == 201
    assert_same(by_web, latest(Organisation))
    roles = [list(row.memberships.values_list("role", flat=True)) for row in (by_web, latest(Organisation))]
    assert roles == [["owner"], ["owner"]]


def same_organisation_edited(doors: Doors) -> None:
    other = Doors(make_organisation("云澜", region="3205"))
    doors.post(f"/work/organisations/{doors.organisation.public_id}/", {**ORGANISATION, "version": "1"})
    path = f"/organisations/{other.organisation.public_id}"
    response = other.api.patch(path, ORGANISATION, **{"If-Match": '"1"'})
    assert response.status_code == 200, response.content
    rows = [Organisation.objects.get(pk=each.organisation.pk) for each in (doors, other)]
    (web_values, web_events), (api_values, api_events) = (told(row) for row in rows)
    assert web_values == api_values
    assert [name for name, _data in web_events] == [name for name, _data in api_events]


def same_role_granted(doors: Doors) -> None:
    """At the command line only for the demo region's account: the person gets the same membership."""
    person = Person.objects.create_user("colleague@example.org", "correct-horse-42")
    doors.post(
        f"/work/organisations/{doors.organisation.public_id}/members/",
        {"email": person.email, "role": "editor"},
    )
    membership = Membership.objects.get(person=person)
    assert (membership.organisation, membership.role) == (doors.organisation, Role.EDITOR)
    by_web = Event.objects.get(name="organisation.role_granted", subject_id=doors.organisation.public_id)
    from ronglian.apps.accounts.operations.organisations import grant_role  # noqa: PLC0415 - as `ronglian demo` calls it

    other = make_organisation()
    grant_role(actor=SYSTEM, organisation=other, email=person.email, role=Role.EDITOR)
    by_cli = Event.objects.get(name="organisation.role_granted", subject_id=other.public_id)
    assert by_web.data == by_cli.data


# ── decisions ────────────────────────────────────────────────────────────────────────────────────────────────────


def same_decision(doors: Doors) -> None:
    needs = [make_record(Need, doors.organisation, "六价铬深度处理") for _door in range(2)]
    result = make_record(Result, None, "六价铬还原技术")
    said = {"kind": "declined", "reason": "too_far", "note": "太远"}
    doors.post(f"/needs/{needs[0].public_id}/matches/{result.public_id}/", said)
    by_web = latest(Decision)
    body = {**said, "need": str(needs[1].public_id), "result": str(result.public_id)}
    assert doors.api.post("/decisions", body).status_code == 201
    by_api = latest(Decision)
    for decision in (by_web, by_api):
        decision.explanation = {**decision.explanation, "need_id": ""}
    assert_same(by_web, by_api)


# ── learning from decisions ──────────────────────────────────────────────────────────────────────────────────────


def same_training(step: str) -> Callable[[Doors], None]:
    """At the site by an operator, and on the command line; a token never has an operator's rights."""

    def compare(doors: Doors) -> None:
        make_decisions()
        web = Client()
        web.force_login(make_person(is_operator=True))
        by_door = []
        for door in ("web", "cli"):
            run = None if step == "propose" else propose_training(actor=SYSTEM)
            if step == "revert":
                activate_training(actor=SYSTEM, run=run)
            if door == "cli":
                doors.cli("train", step, *([str(run.public_id)] if run else []))
            else:
                path = f"/quality/learning/{run.public_id}/{step}/" if run else "/quality/learning/propose/"
                assert web.post(path).status_code == 302
            by_door.append(told(TrainingRun.objects.get(pk=run.pk) if run else latest(TrainingRun)))
            if step == "activate":
                revert_training(actor=SYSTEM, run=TrainingRun.objects.get(state="active"))
        assert by_door[0] == by_door[1]

    return compare


# ── imports ──────────────────────────────────────────────────────────────────────────────────────────────────────


def staged(doors: Doors) -> tuple[ImportBatch, ImportBatch]:
    owner = str(doors.organisation.public_id)
    fields = {
        "kind": "needs",
        "owner": owner,
        "after": "publish",
        "file": SimpleUploadedFile("needs.csv", CSV.encode()),
    }
    doors.post("/work/imports/", fields)
    by_web = latest(ImportBatch)
    fields = {"kind": "needs", "owner": owner, "file": SimpleUploadedFile("needs.csv", CSV.encode())}
    assert doors.api.send("/imports", fields).status_code == 201
    return by_web, latest(ImportBatch)


def fresh(*batches: ImportBatch) -> list[ImportBatch]:
    return [ImportBatch.objects.get(pk=batch.pk) for batch in batches]


def same_import_staged(doors: Doors) -> None:
    by_web, by_api = staged(doors)
    assert by_web.pk != by_api.pk
    assert_same(by_web, by_api)


def same_import_checked(doors: Doors) -> None:
    by_web, by_api = staged(doors)
    doors.post(f"/work/imports/{by_web.public_id}/columns/", {})
    assert doors.api.post(f"/imports/{by_api.public_id}/check", {}).status_code == 202
    assert_same(*fresh(by_web, by_api))
    assert fresh(by_web)[0].state == "checked"


def same_import_applied(doors: Doors) -> None:
    """Through three doors, each for an organisation of its own: the same records with the same events."""
    found = []
    for door in ("web", "api", "cli"):
        each = Doors(make_organisation())
        if door == "cli":
            path = doors.folder / "needs.csv"
            path.write_text(CSV, encoding="utf-8")
            each.cli("import", "needs", str(path), "--owner", str(each.organisation.public_id))
        else:
            by_web, by_api = staged(each)
            batch = by_web if door == "web" else by_api
            each.api.post(f"/imports/{batch.public_id}/check", {})
            if door == "web":
                each.post(f"/work/imports/{batch.public_id}/apply/", {})
            else:
                assert each.api.post(f"/imports/{batch.public_id}/apply", {}).status_code == 202
        needs = Need.objects.filter(owner=each.organisation).order_by("id")
        assert len(needs) == 2
        found.append([told(need) for need in needs])
    assert found[0] == found[1] == found[2]


def same_import_cancelled(doors: Doors) -> None:
    by_web, by_api = staged(doors)
    doors.post(f"/work/imports/{by_web.public_id}/cancel/", {})
    assert doors.api.post(f"/imports/{by_api.public_id}/cancel").status_code == 200
    assert_same(*fresh(by_web, by_api))
    assert fresh(by_api)[0].state == "cancelled"


def both(operation: str) -> Callable[[Doors], None]:
    """By a program, and where the demo does it by the command line."""

    def same(doors: Doors) -> None:
        challenge_steps.COMPARED[operation](doors)
        if operation in challenges.COMPARED:
            challenges.COMPARED[operation](doors)

    return same


COMPARED: dict[str, Callable[[Doors], None]] = {
    "record.register": same_record_registered,
    "record.edit": same_record_edited,
    "record.publish": same_action("publish", "draft", {}),
    "record.withdraw": same_action("withdraw", "published", {"reason": "已签约"}),
    "record.confirm": same_action("confirm", "published", {}),
    "organisation.register": same_organisation_registered,
    "organisation.edit": same_organisation_edited,
    "organisation.grant_role": same_role_granted,
    "match.decide": same_decision,
    "training.propose": same_training("propose"),
    "training.activate": same_training("activate"),
    "training.revert": same_training("revert"),
    "import.stage": same_import_staged,
    "import.check": same_import_checked,
    "import.request_apply": same_import_applied,
    "import.cancel": same_import_cancelled,
    **managers.COMPARED,
    **pools.COMPARED,
    **services.COMPARED,
    **surveys.COMPARED,
    **checkups.COMPARED,
    **clinic.COMPARED,
    **cases.COMPARED,
    **drafting.COMPARED,
    **challenges.COMPARED,
    # The demo region puts challenges out, too: what the command line does stands in the comparison above.
    **{name: both(name) for name in challenge_steps.COMPARED},
    **showings.COMPARED,
    **contracts.COMPARED,
    **disputes.COMPARED,
    **prices.COMPARED,
    **rights.COMPARED,
}


@pytest.mark.parametrize("operation", COMPARED)
def test_every_door_does_the_same(doors: Doors, operation: str) -> None:
    COMPARED[operation](doors)
