"""What the disclosure app holds about a person: signatures and readings."""

from __future__ import annotations

from typing import Any

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.personal import add_part, keep
from ronglian.apps.disclosure.models import AnnexReader, Nda, Viewing


def register() -> None:
    add_part("agreements", _agreements, keep)  # who signed a contract stays named in it
    add_part("readings", _readings, _erase_readings)
    add_part("annexes", _annexes, _end_annexes)


def _agreements(person: Person) -> list[dict[str, Any]]:
    rows = Nda.objects.filter(signed_by=person.public_id).select_related("organisation").order_by("id")
    return [
        {
            "id": str(row.public_id),
            "for": row.organisation.name,
            "signed_at": row.signed_at.isoformat(),
            "signed_as": row.signed_by_label,
            "purpose": row.purpose,
            "state": str(row.state),
        }
        for row in rows
    ]


def _readings(person: Person) -> list[dict[str, Any]]:
    rows = Viewing.objects.filter(person_id=person.public_id).order_by("id")
    return [{"record": str(row.subject_id), "at": row.first_at.isoformat()} for row in rows]


def _erase_readings(person: Person) -> None:
    """That somebody of the organisation read stays; who it was goes."""
    Viewing.objects.filter(person_id=person.public_id).update(person_label="")


def _annexes(person: Person) -> list[str]:
    rows = AnnexReader.objects.filter(person=person).select_related("annex").order_by("id")
    return [str(row.annex.subject_id) for row in rows]


def _end_annexes(person: Person) -> None:
    AnnexReader.objects.filter(person=person).delete()
