"""Conflicts of interest; one's own data whole; an account erased without breaking the log."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from ronglian.apps.accounts.enums import ConflictKind
from ronglian.apps.accounts.models import Membership, Organisation, Person
from ronglian.apps.accounts.operations.conflicts import declare_conflict, end_conflict
from ronglian.apps.accounts.operations.erasure import erase_person
from ronglian.apps.accounts.operations.organisations import register_organisation
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.accounts.queries.conflicts import has_conflict
from ronglian.apps.clinic.models import Consultation
from ronglian.apps.clinic.operations.consultations import open_consultation
from ronglian.apps.matching.enums import DecisionKind, DecisionReason
from ronglian.apps.matching.models import Decision
from ronglian.apps.matching.operations.matches import decide_match
from ronglian.apps.matching.rules import Pair
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.operations.drafts import keep_draft
from ronglian.apps.registry.operations.records import edit_record, register_record
from ronglian.kernel.actor import Role
from ronglian.kernel.errors import InvalidInput, NotAllowed, RuleViolation
from ronglian.kernel.invariant import all_invariants, check_invariant
from ronglian.kernel.log.sequencer import sequence_events
from ronglian.kernel.models import Event
from tests.api.calls import Caller, secret_of
from tests.factories import make_member, make_need, make_organisation, make_person, make_result

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_a_relation_counts_from_its_first_day_to_its_last() -> None:
    organisation, person = make_organisation(), make_person()
    actor, today = actor_of_person(person), timezone.localdate()
    assert not has_conflict(person.public_id, organisation.pk)
    declared = declare_conflict(actor=actor, organisation=organisation, kind=ConflictKind.SHARES)
    assert has_conflict(person.public_id, organisation.pk)
    assert not has_conflict(person.public_id, organisation.pk, today - timedelta(days=1))
    assert not has_conflict(person.public_id, make_organisation().pk)
    end_conflict(actor=actor, declaration=declared)
    assert has_conflict(person.public_id, organisation.pk)
    assert not has_conflict(person.public_id, organisation.pk, today + timedelta(days=1))
    with pytest.raises(InvalidInput):
        declare_conflict(
            actor=actor, organisation=organisation, kind=ConflictKind.OTHER, ends_on=today - timedelta(days=1)
        )
    with pytest.raises(NotAllowed):
        end_conflict(actor=actor_of_person(make_person()), declaration=declared)


def test_whoever_acts_for_an_organisation_is_tied_to_it() -> None:
    organisation = make_organisation()
    assert has_conflict(make_member(organisation, Role.VIEWER).public_id, organisation.pk)


def test_the_pages_about_oneself() -> None:
    organisation = make_organisation("某某公司")
    person = make_member(make_organisation(), Role.EDITOR, name="张三")
    keep_draft(actor=actor_of_person(person), form="needs", subject="", fields={"title": "草"})
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    form = {"organisation": "某某公司", "kind": "family"}
    assert client.post("/work/conflicts/", form | {"organisation": "无此单位"}).status_code == 422
    assert client.post("/work/conflicts/", form).status_code == 302
    declared = person.conflicts.get()
    assert declared.organisation == organisation
    assert "某某公司" in client.get("/work/conflicts/").content.decode()
    assert client.post(f"/work/conflicts/{declared.public_id}/end/").status_code == 302
    data = json.loads(client.get("/work/account/data.json").content)
    assert data["account"]["email"] == person.email
    assert data["drafts"][0]["fields"] == {"title": "草"}
    assert data["conflicts"][0]["organisation"] == "某某公司"
    assert {"memberships", "tokens", "agreements", "readings", "annexes", "events"} <= set(data)
    assert client.post("/work/account/", {"email": "other@example.org"}).status_code == 422
    assert client.post("/work/account/", {"email": person.email}).status_code == 302
    assert client.get("/work/").status_code == 302


def test_an_erased_account_is_found_nowhere_and_the_log_holds() -> None:
    organisation = make_organisation()
    make_member(organisation, Role.OWNER)
    need = make_need(organisation)
    person = make_member(organisation, Role.EDITOR, name="独特之名", email="unique-person@example.org")
    program = Caller(secret_of(person))
    acting = actor_of_person(person)
    edit_record(actor=acting, record=need, fields={"keywords": ["新"]})
    own = register_record(
        actor=acting, owner=organisation, model=Need, fields={"title": "她登记的"}, publish=True
    )
    founded = register_organisation(actor=acting, fields={"name": "她登记的单位", "kind": "enterprise"})
    Membership.objects.create(person=make_person(), organisation=founded, role=Role.OWNER)
    others = register_record(
        actor=actor_of_person(make_member(organisation, Role.EDITOR, name="别人之名")),
        owner=organisation, model=Need, fields={"title": "别人登记的"},
    )  # fmt: skip
    opened = open_consultation(actor=acting, owner=organisation, title="她问的", words="难处")
    decide_match(
        actor=acting,
        pair=Pair(own, make_result()),
        kind=DecisionKind.CONFIRMED,
        reason=DecisionReason.FITS_PROBLEM,
    )
    sequence_events()
    erase_person(actor=actor_of_person(person), person=person, email="Unique-Person@example.org")
    sequence_events()
    assert program.get("/me").status_code == 401
    for model in apps.get_models():
        for row in model._base_manager.values():
            assert "unique-person" not in str(row), model
            assert "独特之名" not in str(row), model
    digest = Need.objects.get(pk=own.pk).recorded_by
    assert re.fullmatch(r"#[0-9a-f]{8}", digest)
    assert str(person.public_id).replace("-", "")[:8] not in digest
    assert Consultation.objects.get(pk=opened.pk).opened_by == digest
    assert Organisation.objects.get(pk=founded.pk).recorded_by == digest
    assert Decision.objects.get().decided_by == digest
    assert Need.objects.get(pk=others.pk).recorded_by == "别人之名"
    assert not Membership.objects.filter(person=person).exists()
    assert Person.objects.get(pk=person.pk).email.endswith("@erased.invalid")
    assert Event.objects.filter(actor_id=person.public_id, actor_label="").exists()
    asked = [each for each in all_invariants() if each.name.startswith(("log.", "accounts."))]
    assert [each.name for each in asked if check_invariant(each).broken] == []


def test_who_cannot_be_erased() -> None:
    organisation = make_organisation()
    owner = make_member(organisation, Role.OWNER)
    make_member(organisation, Role.EDITOR)
    with pytest.raises(RuleViolation, match="only owner"):
        erase_person(actor=actor_of_person(owner), person=owner, email=owner.email)
    with pytest.raises(NotAllowed):
        erase_person(actor=actor_of_person(make_person()), person=owner, email=owner.email)
