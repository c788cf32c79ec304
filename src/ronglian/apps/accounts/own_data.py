"""What the accounts app and the kernel hold about a person."""

from __future__ import annotations

from typing import Any

from ronglian.apps.accounts.models import ApiToken, Letter, Membership, Person
from ronglian.apps.accounts.named_rows import events_of
from ronglian.apps.accounts.personal import add_part, keep


def register() -> None:
    add_part("account", _account, keep)  # the operation itself empties the row
    add_part("memberships", _memberships, _drop_memberships)
    add_part("tokens", _tokens, keep)  # the operation itself revokes them
    add_part("letters", _letters, _drop_letters)
    add_part("conflicts", _conflicts, keep)
    add_part("events", _events, _erase_names)


def _account(person: Person) -> dict[str, Any]:
    names = ("email", "name", "is_active", "is_operator", "offices", "suspended_for")
    return {
        "id": str(person.public_id),
        "joined": person.date_joined.isoformat(),
        **{name: getattr(person, name) for name in names},
    }


def _memberships(person: Person) -> list[dict[str, Any]]:
    rows = Membership.objects.filter(person=person).select_related("organisation").order_by("id")
    return [{"organisation": row.organisation.name, "role": str(row.role)} for row in rows]


def _drop_memberships(person: Person) -> None:
    Membership.objects.filter(person=person).delete()


def _tokens(person: Person) -> list[dict[str, Any]]:
    names = ("name", "may_write", "may_read_confidential", "created_at", "expires_at", "revoked_at")
    rows = ApiToken.objects.filter(person=person).order_by("id").values(*names)
    return [{name: _plain(value) for name, value in row.items()} for row in rows]


def _letters(person: Person) -> list[dict[str, Any]]:
    rows = Letter.objects.filter(person=person).order_by("id").values("kind", "written_at", "was_sent")
    return [{name: _plain(value) for name, value in row.items()} for row in rows]


def _drop_letters(person: Person) -> None:
    Letter.objects.filter(person=person).delete()


def _conflicts(person: Person) -> list[dict[str, Any]]:
    rows = person.conflicts.select_related("organisation").order_by("id")
    return [
        {
            "organisation": row.organisation.name,
            "kind": str(row.kind),
            "note": row.note,
            "from": row.starts_on.isoformat(),
            "until": row.ends_on.isoformat() if row.ends_on else None,
        }
        for row in rows
    ]


def _events(person: Person) -> list[dict[str, Any]]:
    rows = _events_of(person).order_by("id").values("name", "occurred_at", "subject_type", "subject_id")
    return [{name: _plain(value) for name, value in row.items()} for row in rows]


def _erase_names(person: Person) -> None:
    """The log keeps its commitments to the name, which tell nothing of it; the name itself goes."""
    _events_of(person).update(actor_label="")


def _events_of(person: Person) -> Any:
    return events_of(person, ApiToken.objects.filter(person=person).values("public_id"))


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | bool | int) else str(value)
