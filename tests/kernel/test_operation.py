"""The operation decorator: lock, permission, rules, write, event, idempotency, all in one transaction."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.operations.organisations import edit_organisation, register_organisation
from ronglian.kernel.actor import ANONYMOUS, Actor, ActorKind, command_actor
from ronglian.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.idempotency import idempotency
from ronglian.kernel.models import Event, IdempotencyRecord
from ronglian.kernel.operation import OPERATIONS, operation
from ronglian.kernel.permission import ALLOWED, Verdict, refused
from tests.factories import make_organisation, make_person_of

pytestmark = pytest.mark.django_db
COMMAND = command_actor("test")


def allow(_actor: Actor, _target: Any) -> Verdict:
    return ALLOWED


@pytest.fixture(autouse=True)
def own_names() -> Any:
    """Operations declared by these tests are forgotten again."""
    before = dict(OPERATIONS)
    yield
    OPERATIONS.clear()
    OPERATIONS.update(before)


def person() -> Actor:
    return Actor(kind=ActorKind.PERSON, label="somebody", person_id=uuid4())


def test_a_refusal_says_why_and_who_can_and_writes_nothing() -> None:
    def never(_actor: Actor, _target: Any) -> Verdict:
        return refused("Because.", "Ask somebody.")

    @operation("test.refuse", target="organisation", allowed=never)
    def refuse(*, actor: Actor, organisation: Organisation) -> Organisation:
        raise AssertionError("must not be called")

    organisation = make_organisation()
    before = Event.objects.count()
    with pytest.raises(NotAllowed, match=r"Because\. Ask somebody\."):
        refuse(actor=COMMAND, organisation=organisation)
    assert Event.objects.count() == before


def test_permission_is_checked_on_the_row_as_it_is_now() -> None:
    seen: list[str] = []

    def note(_actor: Actor, organisation: Organisation) -> Verdict:
        seen.append(organisation.name)
        return ALLOWED

    @operation("test.note", target="organisation", allowed=note)
    def act(*, actor: Actor, organisation: Organisation) -> Organisation:
        seen.append(organisation.name)
        record_event(actor, "organisation.noted", organisation)
        return organisation

    stale = make_organisation("旧名")
    Organisation.objects.filter(pk=stale.pk).update(name="新名")
    act(actor=COMMAND, organisation=stale)
    assert seen == ["新名", "新名"]


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite's gate locks the whole database")
def test_the_row_is_locked_before_permission_is_checked() -> None:
    organisation = make_organisation()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        edit_organisation(actor=COMMAND, organisation=organisation, fields={"summary": "新"})
    statements = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    assert "FOR UPDATE" in statements[0]


def test_a_row_that_is_gone_is_not_found() -> None:
    organisation = make_organisation()
    Organisation.objects.filter(pk=organisation.pk).delete()
    with pytest.raises(NotFound):
        edit_organisation(actor=COMMAND, organisation=organisation, fields={"summary": "新"})


def test_an_operation_without_an_event_is_undone() -> None:
    @operation("test.silent", target="organisation", allowed=allow)
    def silent(*, actor: Actor, organisation: Organisation) -> Organisation:
        Organisation.objects.filter(pk=organisation.pk).update(name="改了")
        return organisation

    organisation = make_organisation("原名")
    with pytest.raises(AssertionError, match=r"test\.silent wrote no event"):
        silent(actor=COMMAND, organisation=organisation)
    organisation.refresh_from_db()
    assert organisation.name == "原名"


def test_an_event_of_an_inner_operation_does_not_count_for_the_outer_one() -> None:
    @operation("test.outer", allowed=allow)
    def outer(*, actor: Actor) -> Organisation:
        return register_organisation(actor=actor, fields={"name": "内层", "kind": "enterprise"})

    with pytest.raises(AssertionError, match=r"test\.outer wrote no event"):
        outer(actor=COMMAND)
    assert not Organisation.objects.filter(name="内层").exists()


def test_what_was_written_before_a_broken_rule_is_undone() -> None:
    @operation("test.break", target="organisation", allowed=allow)
    def break_rule(*, actor: Actor, organisation: Organisation) -> Organisation:
        Organisation.objects.filter(pk=organisation.pk).update(name="改了")
        record_event(actor, "organisation.changed", organisation)
        raise RuleViolation("no")

    organisation = make_organisation("原名")
    with pytest.raises(RuleViolation):
        break_rule(actor=COMMAND, organisation=organisation)
    organisation.refresh_from_db()
    assert organisation.name == "原名"
    assert not Event.objects.filter(name="organisation.changed").exists()


def test_two_operations_cannot_share_a_name() -> None:
    with pytest.raises(AssertionError, match=r"organisation\.register"):
        operation("organisation.register", allowed=allow)(lambda **_: make_organisation())


def test_the_event_says_who_did_what_to_what() -> None:
    organisation = register_organisation(actor=COMMAND, fields={"name": "某厂", "kind": "enterprise"})
    event = Event.objects.get(subject_id=organisation.public_id)
    assert (event.name, event.subject_type) == ("organisation.registered", "organisation")
    assert (event.actor_kind, event.actor_label) == ("command", "test")


class TestIdempotency:
    FIELDS: ClassVar = {"name": "幂等厂", "kind": "enterprise"}

    def register(self, actor: Actor, key: str, body: bytes = b"{}") -> Organisation:
        with idempotency(key, body):
            return register_organisation(actor=actor, fields=self.FIELDS)

    def actor(self) -> Actor:
        return make_person_of(make_organisation())

    def test_the_second_call_answers_the_first_ones_row(self) -> None:
        actor = self.actor()
        first = self.register(actor, "k1")
        assert self.register(actor, "k1").pk == first.pk
        assert Organisation.objects.filter(name="幂等厂").count() == 1
        assert Event.objects.filter(subject_id=first.public_id).count() == 1

    def test_another_body_with_the_same_key_is_a_conflict(self) -> None:
        actor = self.actor()
        self.register(actor, "k1")
        with pytest.raises(Conflict):
            self.register(actor, "k1", b'{"other": 1}')

    def test_another_operation_with_the_same_key_is_a_conflict(self) -> None:
        actor = self.actor()
        organisation = self.register(actor, "k1")
        actor = Actor(ActorKind.PERSON, actor.label, actor.person_id, memberships={organisation.pk: "owner"})  # type: ignore[dict-item] # a role by its code
        with pytest.raises(Conflict), idempotency("k1", b"{}"):
            edit_organisation(actor=actor, organisation=organisation, fields={"summary": "新"})

    def test_the_same_key_of_somebody_else_is_another_key(self) -> None:
        assert self.register(self.actor(), "k1").pk != self.register(self.actor(), "k1").pk

    def test_a_failed_call_leaves_the_key_free(self) -> None:
        actor = self.actor()
        with pytest.raises(InvalidInput), idempotency("k1", b"{}"):
            register_organisation(actor=actor, fields={"name": "", "kind": "enterprise"})
        assert not IdempotencyRecord.objects.exists()
        self.register(actor, "k1")

    def test_without_a_key_nothing_is_remembered(self) -> None:
        with idempotency(None, b"{}"):
            register_organisation(actor=self.actor(), fields=self.FIELDS)
        assert not IdempotencyRecord.objects.exists()

    def test_a_visitor_cannot_use_keys(self) -> None:
        @operation("test.visit", allowed=allow)
        def visit(*, actor: Actor) -> Organisation:
            raise AssertionError("must not be called")

        with pytest.raises(Conflict), idempotency("k1", b"{}"):
            visit(actor=ANONYMOUS)
