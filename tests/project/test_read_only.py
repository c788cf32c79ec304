"""The read-only switch: reading goes on, every call that would write is told why not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from ronglian.kernel.actor import Role
from ronglian.kernel.errors import ReadOnly
from ronglian.kernel.models import Event
from tests.api.calls import Caller, secret_of
from tests.cli.conftest import Run
from tests.cli.conftest import run as run
from tests.factories import make_member, make_need, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def switch(settings: Any, tmp_path: Path) -> Path:
    settings.READ_ONLY_FILE = tmp_path / "read-only"
    return tmp_path / "read-only"


def test_nothing_is_written_and_everything_can_be_read(switch: Path, client: Client) -> None:
    firm = make_organisation()
    need = make_need(firm)
    caller = Caller(secret_of(make_member(firm, Role.OWNER)))
    before = Event.objects.count()
    switch.write_text("搬迁到新机器")
    for address in ("/", f"/needs/{need.public_id}/", "/health", f"/api/v1/needs/{need.public_id}"):
        assert client.get(address).status_code == 200, address
    refused = caller.post(f"/needs/{need.public_id}/withdraw", {"reason": "已签约"})
    assert (refused.status_code, refused["Retry-After"]) == (503, "60")
    assert "搬迁到新机器" in refused.json()["detail"]
    assert caller.post("/match", {"text": "六价铬"}).status_code == 200
    page = client.post("/accounts/login/", {"login": "a@example.org", "password": "x"})
    assert (page.status_code, "搬迁到新机器" in page.content.decode()) == (503, True)
    with pytest.raises(ReadOnly):
        make_organisation()
    assert Event.objects.count() == before
    switch.unlink()
    assert caller.post(f"/needs/{need.public_id}/withdraw", {"reason": "已签约"}).status_code == 200


def test_the_command(switch: Path, run: Run) -> None:
    assert "Everything can be written" in run("read-only").output
    assert "Read-only: moving" in run("read-only", "on", "moving").output
    with pytest.raises(ReadOnly, match="moving"):
        make_organisation()
    assert run("read-only", "on").exit_code == 2
    assert "Everything can be written" in run("read-only", "off").output
    assert not switch.exists()
