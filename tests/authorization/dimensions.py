"""Who asks and in which state a record is: the columns and the rows of the authorization matrix.

A new role, kind of token or way to be shut out is one more entry of ACTORS; a new state or layer of disclosure one
more of STATES. Then renew the table (see CONTRIBUTING.md) and read what it says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from django.utils import timezone

from ronglian.apps.registry.models import Expert, Need, RegistryRecord, Result, Scene
from ronglian.kernel.actor import Office, Role

NOUNS: Mapping[str, type[RegistryRecord]] = {"need": Need, "result": Result, "expert": Expert, "scene": Scene}


@dataclass(frozen=True, slots=True)
class Who:
    """A person, and what he shows at each door. `of` is the organisation he acts for in the role.

    `ours` holds the records, `theirs` has nothing to do with them, `reading` has an agreement about all of them.
    """

    of: Literal["", "ours", "theirs", "reading"] = ""
    role: Role | None = None
    is_person: bool = True
    is_operator: bool = False
    office: Office | None = None
    is_suspended: bool = False
    at_web: Literal["session", "token", ""] = "session"
    at_api: Literal["session", "token", ""] = "token"
    token: Literal["writing", "reading", "plain", "expired", "revoked"] = "writing"


ACTORS: Mapping[str, Who] = {
    "visitor": Who(is_person=False, at_web="", at_api=""),
    "our_owner": Who("ours", Role.OWNER),
    "our_editor": Who("ours", Role.EDITOR),
    "our_reviewer": Who("ours", Role.REVIEWER),
    "our_viewer": Who("ours", Role.VIEWER),
    "their_owner": Who("theirs", Role.OWNER),
    "their_editor": Who("theirs", Role.EDITOR),
    "their_viewer": Who("theirs", Role.VIEWER),
    "agreement_reader": Who("reading", Role.EDITOR),
    "annex_reader": Who(),
    "nobody": Who(),
    "bureau": Who(office=Office.BUREAU),
    "technology_manager": Who(office=Office.TECHNOLOGY_MANAGER),
    "operator": Who(is_operator=True),
    "suspended": Who("ours", Role.OWNER, is_suspended=True),
    "reading_token": Who("ours", Role.OWNER, at_web="token", token="reading"),
    # May write, but was not given the confidential details.
    "plain_token": Who("ours", Role.OWNER, at_web="token", token="plain"),
    "expired_token": Who("ours", Role.OWNER, at_web="token", token="expired"),
    "revoked_token": Who("ours", Role.OWNER, at_web="token", token="revoked"),
    # The right person at the wrong door: a session opens nothing at the API, a token nothing at the site.
    "wrong_door": Who("ours", Role.OWNER, at_web="token", at_api="session"),
}

# Of the table of the policy alone: tokens with less than their person.
LESSER: Mapping[str, tuple[str, bool, bool]] = {  # whose, may write, may read confidential details
    "their_reading_token": ("their_editor", False, True),
    "their_plain_token": ("their_editor", True, False),
    "agreement_plain_token": ("agreement_reader", True, False),
    "annex_plain_token": ("annex_reader", True, False),
}

# Columns that only the slow suite asks for: another one is treated by the same code.
ALIKE = {
    "web": frozenset(
        {"our_reviewer", "their_editor", "technology_manager", "reading_token", "plain_token", "expired_token", "revoked_token",
         "wrong_door"}
    ),
    "api": frozenset(
        {"our_reviewer", "their_editor", "annex_reader", "bureau", "technology_manager", "revoked_token"}
    ),
}  # fmt: skip
# Kinds of record whose pages only the slow suite asks for; at the API, where it costs less, the fast one asks, too.
PAGES_ALIKE = frozenset({"expert", "scene"})
# The fast suite asks about a thing as every fourth actor (`sampled`).
SHARE = 4
OURS = frozenset({"our_owner", "our_editor", "our_reviewer", "our_viewer", "reading_token", "plain_token"})
OUR_WRITERS = frozenset({"our_owner", "our_editor", "plain_token"})
DEAD_TOKENS = frozenset({"suspended", "expired_token", "revoked_token"})
# Tokens that the site does not know: whoever shows one there is a visitor.
LIVE_TOKENS = frozenset({"reading_token", "plain_token"})

# The fields of a record of ours in each state. Each has a sealed annex that `annex_reader` was named for.
STATES: Mapping[str, Mapping[str, Any]] = {
    "draft": {"state": "draft"},
    "public": {},
    "own_organisation": {"disclosure": "organisation"},
    "withdrawn": {"state": "withdrawn"},
    "expired": {"expires_on": timezone.localdate() - timedelta(days=1)},
    "anonymous": {"anonymous": True},
    "under_agreement": {"under_nda": True},
}
ONLY_FOR = {"anonymous": {"need"}, "under_agreement": {"need", "result", "scene"}}
ABSENT = "absent"


def sampled(actors: Sequence[str], at: int, things: int) -> list[str]:
    """Who asks about the thing that stands at this place of `things` in the fast suite; the slow one asks as everybody.

    Every actor meets every address and every thing meets every address, each at least once. What is left out are
    triples: an address that errs about one state for one actor alone. What the rules themselves say to each such pair
    stands in `policy.tsv`, which the fast suite compares whole.
    """
    share = min(SHARE, things)
    return [actor for column, actor in enumerate(actors) if (at + column) % share == 0]


def states_of(noun: str) -> list[str]:
    return [state for state in STATES if noun in ONLY_FOR.get(state, NOUNS)]


def is_seen(actor: str, state: str) -> bool:
    """The rule that the table has to keep, said once more in a line: which actors may know of a record of ours."""
    if actor in OURS or state in ("public", "expired", "anonymous", "under_agreement"):
        return True
    return actor == "operator" and state == "own_organisation"


def is_listed(actor: str, state: str) -> bool:
    """Lists show what is published and current."""
    return is_seen(actor, state) and state not in ("draft", "withdrawn", "expired")
