"""Grants of rights and the ledger of the world: ours grants, a viewer of ours and one of theirs are the inventors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.agreements.models import AssetEntry, GrantObjection
from ronglian.apps.agreements.operations.granting_objections import object_to_grant
from ronglian.kernel.actor import Actor
from tests.factories import make_result
from tests.factories.rights import (
    Team,
    applied,
    approved,
    drawn_up,
    in_force,
    notice_over,
    noticed,
)

STEPS: Mapping[str, Callable[..., Any]] = {
    "applied": applied,
    "approved": approved,
    "noticed": noticed,
    "notice over": notice_over,
    "drawn up": drawn_up,
    "in force": in_force,
}


def rights_of(
    ours: Organisation, office: Actor, first: Person, second: Person
) -> Mapping[str, Mapping[str, Any]]:
    """A grant in each state, an objection to one, and an entry of the ledger."""
    team = Team(ours, office, first, second)

    def make(state: str, name: str = "") -> Any:
        title = f"电镀废水六价铬 grant {name or state}"
        return STEPS[state](team, result=make_result(ours, title, state="draft"), title=title)

    grants = {state: make(state) for state in ("applied", "noticed", "drawn up", "in force")}
    entered = AssetEntry.objects.get(result=grants["in force"].result)
    return {
        "grant": grants,
        **{f"grant {state}": {state: grants.get(state) or make(state)} for state in STEPS},
        "grant objection": {"waiting": _objected(make("noticed", "objected"), office)},
        "asset": {"entered": entered},
    }


def _objected(grant: Any, office: Actor) -> GrantObjection:
    return object_to_grant(actor=office, grant=grant, text="漏了丙")
