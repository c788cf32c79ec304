"""The clinic's commands: what they list, what they refuse, and how they teach."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from ronglian.apps.clinic.models import Case, Consultation, HandOver
from ronglian.cli.main import commands
from ronglian.kernel.actor import Role
from tests.factories import make_member, make_need, make_organisation
from tests.factories.cases import make_case
from tests.factories.clinic import make_booking, make_slot, open_shown
from tests.factories.pools import make_pool
from tests.factories.technology_managers import make_manager

pytestmark = pytest.mark.django_db
NOBODY = "00000000-0000-4000-8000-000000000000"


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(commands, ["--language", "en", *words])
    assert result.exit_code == code, result.output
    return result.output


def shown_trouble() -> Consultation:
    owner = make_organisation()
    return open_shown(make_member(owner, Role.OWNER), owner)


@pytest.mark.parametrize(
    ("command", "empty"),
    [("cases", "There is no case"), ("triage", "Nothing waits"), ("hours", "No hour can be booked"),
     ("pools", "No needs that say the same"), ("neglected", "No need lies")],
)  # fmt: skip
def test_an_empty_list_says_what_to_do_and_json_is_a_list(command: str, empty: str) -> None:
    assert empty in run(command)
    assert json.loads(run(command, "list", "--json")) == []


def test_a_case_is_opened_moved_and_offered() -> None:
    manager, colleague, need = make_manager(), make_manager(name="同事"), make_need()
    (opened,) = json.loads(
        run("cases", "open", "--manager", str(manager.public_id), "--need", str(need.public_id), "--json")
    )
    assert (opened["stage"], opened["need"]) == ("diagnosis", str(need.public_id))
    assert "introduced first" in run("cases", "move", opened["id"], "--stage", "introduced", code=1)
    run("cases", "offer", opened["id"], "--manager", str(colleague.public_id), "--note", "转岗")
    assert HandOver.objects.get().taker == colleague
    assert opened["id"][:8] in run("cases", "list", "--stage", "diagnosis")
    assert Case.objects.count() == 1


def test_what_is_missing_is_said() -> None:
    assert "--manager and a --need" in run("cases", "open", code=2)
    assert "Say which CASE" in run("cases", "show", code=2)
    assert "to which --stage" in run("cases", "move", str(make_case().public_id), code=2)
    assert "Say which SUBJECT" in run("triage", "decide", code=2)
    assert "takes a MANAGER" in run("hours", "offer", code=2)
    assert "--starts" in run("hours", "offer", str(make_manager().public_id), code=2)
    assert "Say which POOL" in run("pools", "invite", code=2)
    assert "which NEED" in run("neglected", "note", code=2)
    for words in (
        ("cases", "show"),
        ("triage", "show"),
        ("hours", "withdraw"),
        ("pools", "close"),
        ("neglected", "note"),
    ):
        run(*words, NOBODY, code=3)


def test_triage_tells_the_proposal_with_its_reasons() -> None:
    told = shown_trouble()
    assert "漆膜不匀" in run("triage")
    assert "diagnosis" in run("triage", "show", str(told.public_id))
    assert "A need is checked" in run("triage", "check", str(told.public_id), code=2)


def test_hours_and_pools_are_listed() -> None:
    slot = make_slot(make_manager(), 1)
    assert str(slot.manager) in run("hours")
    booking = make_booking(slot, shown_trouble())
    (row,) = json.loads(run("hours", "bookings", "--json"))
    assert (row["id"], row["state"]) == (str(booking.public_id), "booked")
    pool = make_pool(invited=False)
    (shown,) = json.loads(run("pools", "invite", str(pool.public_id), "--json"))
    assert (shown["state"], len(shown["needs"])) == ("open", 3)
