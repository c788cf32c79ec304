"""Moving a running process to another version of its rules: explicit, by a checked map, logged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from ronglian.kernel.actor import Actor, ActorKind
from ronglian.kernel.errors import InvalidInput, NotAllowed, RuleViolation
from ronglian.kernel.process.models import KeptDefinition
from ronglian.kernel.process.operations import migrate_process
from ronglian.kernel.process.queries import timeline
from ronglian.kernel.process.running import advance
from tests.factories import SYSTEM
from tests.factories.processes import BEGAN, begin, subject_with, two_versions

pytestmark = pytest.mark.django_db
FACTS: dict[str, Any] = {"money": 10_000, "ready": True, "closes_at": None}


@pytest.fixture(autouse=True)
def own_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    own = two_versions(tmp_path)
    for module in ("running", "timing"):
        monkeypatch.setattr(f"ronglian.kernel.process.{module}.rulebook", lambda: own)
    with subject_with(FACTS):
        yield


def test_a_case_keeps_its_rules_until_it_is_moved() -> None:
    old, new = begin("sample", number=1), begin("sample")
    assert (old.definition.version, new.definition.version) == (1, 2)
    kept = old.kept.text
    migrate_process(actor=SYSTEM, process=old, number=2, reason="新办法", now=BEGAN)
    old.refresh_from_db()
    assert (old.definition.version, old.states) == (2, ("z",))
    assert KeptDefinition.objects.get(definition="sample", number=1).text == kept
    last = timeline(old).last()
    assert last is not None
    assert (last.name, last.data) == (
        "process.migrated",
        {"from": "sample@1", "to": "sample@2", "states": {"a": "z"}, "reason": "新办法"},
    )
    with transaction.atomic():
        advance(old, "fork", actor=SYSTEM, roles={"issuer"}, facts=FACTS, now=BEGAN, documents={"paper": "x"})
    assert old.states == ("b", "c")


def test_timers_go_along() -> None:
    process = begin("sample", number=1)
    with transaction.atomic():
        advance(
            process, "fork", actor=SYSTEM, roles={"issuer"}, facts=FACTS, now=BEGAN, documents={"paper": "x"}
        )
    due = process.timers.get(name="over").due_at
    migrate_process(actor=SYSTEM, process=process, number=2, reason="新办法", now=BEGAN)
    assert process.timers.get(name="over", state="waiting").due_at == due


def test_it_is_refused_without_right_reason_or_map() -> None:
    process = begin("sample", number=1)
    somebody = Actor(kind=ActorKind.PERSON, label="甲", person_id=uuid4())
    with pytest.raises(NotAllowed):
        migrate_process(actor=somebody, process=process, number=2, reason="x", now=BEGAN)
    with pytest.raises(InvalidInput):
        migrate_process(actor=SYSTEM, process=process, number=2, reason=" ", now=BEGAN)
    with pytest.raises(RuleViolation):
        migrate_process(actor=SYSTEM, process=process, number=1, reason="x", now=BEGAN)
    with pytest.raises(RuleViolation):
        migrate_process(actor=SYSTEM, process=begin("sample"), number=1, reason="x", now=BEGAN)
    with pytest.raises(RuleViolation):
        migrate_process(actor=SYSTEM, process=process, number=7, reason="x", now=BEGAN)
    with transaction.atomic():
        advance(process, "stop", actor=SYSTEM, roles={"issuer"}, facts=FACTS, now=BEGAN)
    with pytest.raises(RuleViolation):
        migrate_process(actor=SYSTEM, process=process, number=2, reason="x", now=BEGAN)
