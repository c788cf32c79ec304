"""What the registry holds about a person: forms typed and not sent, and saved searches."""

from __future__ import annotations

from typing import Any

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.personal import add_part
from ronglian.apps.registry.models import Draft, SavedSearch


def register() -> None:
    add_part("drafts", _drafts, _drop_drafts)
    add_part("searches", _searches, _drop_searches)


def _drafts(person: Person) -> list[dict[str, Any]]:
    rows = Draft.objects.filter(person=person).order_by("id")
    return [{"form": row.form, "subject": row.subject, "fields": row.fields} for row in rows]


def _drop_drafts(person: Person) -> None:
    Draft.objects.filter(person=person).delete()


def _searches(person: Person) -> list[dict[str, Any]]:
    rows = SavedSearch.objects.filter(person=person).order_by("id")
    return [{"kind": row.kind, "query": row.query, "frequency": row.frequency} for row in rows]


def _drop_searches(person: Person) -> None:
    SavedSearch.objects.filter(person=person).delete()
