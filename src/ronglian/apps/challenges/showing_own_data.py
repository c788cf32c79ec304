"""What showings hold about a person: consents, signatures and readings."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.personal import add_part
from ronglian.apps.challenges.models import Showing, ShowingReading


def register() -> None:
    add_part("showings", _showings, _erase_readings)


def _showings(person: Person) -> list[dict[str, Any]]:
    """Who consented or signed stays named in the agreement; readings are told with the showing they are of."""
    own = Q(consented_by=person.public_id) | Q(signed_by=person.public_id)
    read = ShowingReading.objects.filter(person_id=person.public_id)
    rows = Showing.objects.filter(own | Q(pk__in=read.values("showing"))).order_by("id")
    return [
        {
            "id": str(row.public_id),
            "consented": row.consented_by == person.public_id,
            "signed_at": row.signed_at.isoformat()
            if row.signed_at and row.signed_by == person.public_id
            else None,
            "read_at": [
                one.first_at.isoformat() for one in row.readings.all() if one.person_id == person.public_id
            ],
        }
        for row in rows.prefetch_related("readings")
    ]


def _erase_readings(person: Person) -> None:
    """That somebody of the investor read stays; who it was goes."""
    ShowingReading.objects.filter(person_id=person.public_id).update(person_label="")
