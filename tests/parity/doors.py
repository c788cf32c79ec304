"""What the comparisons share: the three doors, and what of a row has to be the same behind each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from click.testing import CliRunner
from django.db import models
from django.test import Client

from ronglian.apps.accounts.models import Organisation
from ronglian.cli.main import commands
from ronglian.kernel.actor import Role
from ronglian.kernel.models import Event
from tests.api.calls import Caller, secret_of
from tests.factories import make_member

# What differs because it says when, by whom and through which door, not what.
APART = frozenset(
    {
        "id",
        "public_id",
        "created_at",
        "updated_at",
        "recorded_by",
        "source_kind",
        "owner",
        "decided_by",
        "started_by",
        "proposed_by",
        "activated_by",
        "activated_at",
        "person",
        "confirmed_by",
    }
) | {
    "started_by_label",
    "checked_at",
    "applied_at",
    "file_digest",
    "source_name",
    "need",
    "result",
    "organisation",
}


class Doors:
    """A person who acts for an organisation, at the site and through a program; and the command line."""

    def __init__(self, organisation: Organisation, folder: Path = Path()) -> None:
        self.folder = folder
        self.organisation = organisation
        person = make_member(organisation, Role.OWNER)
        self.web = Client()
        self.web.force_login(person)
        self.api = Caller(secret_of(person))

    def post(self, path: str, fields: dict[str, Any]) -> None:
        """A form that is accepted."""
        response = self.web.post(path, fields)
        assert response.status_code == 302, response.content.decode()[-4000:]

    def cli(self, *words: str) -> None:
        result = CliRunner().invoke(commands, list(words))
        assert result.exit_code == 0, result.output


def told(row: models.Model) -> tuple[dict[str, Any], list[tuple[str, Any]]]:
    """The row as values, and what its events say."""
    values = {
        field.name: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in APART
    }
    events = Event.objects.filter(subject_id=row.public_id).order_by("id")  # type: ignore[attr-defined]  # every record has one
    return values, [(event.name, sorted(event.data)) for event in events]


def assert_same(*rows: models.Model) -> None:
    first, *others = (told(row) for row in rows)
    for other in others:
        assert other == first


def latest(model: type[models.Model]) -> Any:
    return model._default_manager.latest("id")
