"""What challenges hold about a person: the keys of bids, which bids they read, what they follow. Bids and questions are their organisations' documents."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.personal import add_part
from ronglian.apps.challenges.enums import Phase
from ronglian.apps.challenges.models import BidReading, Following, HolderKey
from ronglian.kernel.errors import RuleViolation

NEEDED_IN = (Phase.DRAFT, Phase.CHECK, Phase.OPEN, Phase.SEALED)


def register() -> None:
    add_part("holder_keys", _keys, _insist_not_needed)
    add_part("bid_readings", _readings, _erase_readings)
    add_part("followings", _followings, _end_followings)


def _keys(person: Person) -> list[dict[str, Any]]:
    rows = HolderKey.objects.filter(person=person.public_id).select_related("challenge").order_by("pk")
    return [
        {
            "challenge": row.challenge.title,
            "role": str(row.role),
            "made": row.created_at.isoformat(),
            "public_key": row.public_key,
        }
        for row in rows
    ]


def _readings(person: Person) -> list[dict[str, Any]]:
    rows = BidReading.objects.filter(person_id=person.public_id).select_related("bid").order_by("pk")
    return [{"bid": str(row.bid.public_id), "at": row.first_at.isoformat()} for row in rows]


def _erase_readings(person: Person) -> None:
    """That somebody of the issuer read stays; who it was goes."""
    BidReading.objects.filter(person_id=person.public_id).update(person_label="")


def _followings(person: Person) -> list[str]:
    rows = Following.objects.filter(person=person).select_related("challenge").order_by("pk")
    return [row.challenge.title if row.challenge else "*" for row in rows]


def _end_followings(person: Person) -> None:
    Following.objects.filter(person=person).delete()


def _insist_not_needed(person: Person) -> None:
    """Whoever holds a key stays until the bids are open: of three holders two are needed."""
    held = HolderKey.objects.filter(person=person.public_id, challenge__phase__in=NEEDED_IN)
    if title := held.values_list("challenge__title", flat=True).first():
        raise RuleViolation(
            _(
                "You hold a key of the bids for “%(title)s”. The account can be closed once they are open or the challenge has ended."
            )
            % {"title": title}
        )
