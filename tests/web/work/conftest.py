"""Who sits at the screen in these tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.kernel.actor import Role
from tests.factories import make_member, make_organisation


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path: Path) -> None:
    """Uploads stay in the test's folder; static files are not needed."""
    settings.UPLOADS = tmp_path / "uploads"
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def organisation(db: None) -> Organisation:
    return make_organisation("苏州示例环保有限公司", region="3205", industry="C33")


@pytest.fixture
def editor(organisation: Organisation) -> Person:
    return make_member(organisation, Role.EDITOR, name="编辑甲")


@pytest.fixture
def owner(organisation: Organisation) -> Person:
    return make_member(organisation, Role.OWNER, name="负责人乙")


@pytest.fixture
def viewer(organisation: Organisation) -> Person:
    return make_member(organisation, Role.VIEWER, name="成员丙")


def at_screen(person: Person, *, language: str = "en") -> Client:
    """A browser in which the person is signed in."""
    client = Client(headers={"accept-language": language})
    client.force_login(person)
    return client


@pytest.fixture
def client(editor: Person) -> Client:
    return at_screen(editor)
