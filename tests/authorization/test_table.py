"""What the table has to say whatever the code does: a table renewed with a leak in it is refused here."""

from __future__ import annotations

import pytest

from tests.authorization.asking import NOT_IN_LISTS, SHOWN, Row
from tests.authorization.dimensions import (
    ABSENT,
    ACTORS,
    DEAD_TOKENS,
    LIVE_TOKENS,
    NOUNS,
    OUR_WRITERS,
    OURS,
    STATES,
    is_listed,
    is_seen,
    states_of,
)
from tests.authorization.test_matrix import read_table
from tests.authorization.writers import (
    BY_ANY_MEMBER,
    BY_ANY_PERSON,
    BY_BOTH_SIDES_OF_AN_HOUR,
    BY_INVENTORS_TOO,
    BY_TECHNOLOGY_MANAGERS,
    BY_THE_CARRIER,
    BY_THE_LINK,
    BY_THE_RECEIVER,
    BY_THE_REGISTER,
    BY_WHO_CHECKS_NEEDS,
    ENDED_BY_OPERATORS,
    FOR_ANY_ORGANISATION,
    INVENTORS,
    MANAGERS,
    MEDIATORS,
    OF_A_MANAGER,
    OF_BOTH_SIDES,
    OF_CHECKERS,
    OF_KEEPERS,
    OF_MANAGERS,
    OF_ONESELF,
    OF_OPERATORS,
    OF_REVIEWERS,
    OF_THE_BIDDER,
    OF_THE_BUREAU,
    OF_THE_INVENTORS,
    OF_THE_INVESTOR,
    OF_THE_MEDIATOR,
    OF_THE_OTHER_SIDE,
    OF_THE_PROVIDER,
    OF_THE_REVIEWER,
    OF_THE_TEAM,
    OF_WHO_ASKS,
    OF_WHO_IS_IN_IT,
    OWN_LISTS,
)


@pytest.fixture(scope="module")
def table() -> dict[Row, dict[str, str]]:
    return read_table()


def of_records(table: dict[Row, dict[str, str]]) -> list[tuple[Row, dict[str, str]]]:
    return [(row, cells) for row, cells in table.items() if row[3] in NOUNS and row[4] != ABSENT]


def test_there_are_actors_states_and_cells_enough(table: dict[Row, dict[str, str]]) -> None:
    assert len(ACTORS) >= 12
    assert len(table) * len(ACTORS) >= 10_000
    assert all(cell for cells in table.values() for cell in cells.values())
    for noun in NOUNS:
        states = {row[4] for row, _cells in of_records(table) if row[3] == noun}
        assert states == set(states_of(noun))


def test_who_may_not_know_of_a_record_is_answered_as_if_there_were_none(
    table: dict[Row, dict[str, str]],
) -> None:
    for row, cells in of_records(table):
        absent = table[(*row[:4], ABSENT)]
        for actor, cell in cells.items():
            if not is_seen(actor, row[4]):
                assert cell == absent[actor], (row, actor)
                assert cell in ("404", "401", "login"), (row, actor)


def test_who_may_know_of_a_record_can_read_it(table: dict[Row, dict[str, str]]) -> None:
    for row, cells in of_records(table):
        if row[2] == "GET" and not row[1].startswith("work:") and row[1] != "need-deadline":
            for actor, cell in cells.items():
                dead = row[0] == "api" and actor in DEAD_TOKENS
                sees = is_seen(actor if at_home(row, actor) else "visitor", row[4])
                assert cell.startswith("401" if dead else "200" if sees else "404"), (row, actor)


def at_home(row: Row, actor: str) -> bool:
    """Whether what the actor shows opens this door."""
    who = ACTORS[actor]
    if row[0] == "web":
        return who.at_web == "session" and not who.is_suspended
    return who.at_api == "token" and not who.is_operator and actor not in DEAD_TOKENS


def test_only_writers_of_an_organisation_write_for_it(table: dict[Row, dict[str, str]]) -> None:
    for row, cells in table.items():
        if row[1] in OF_ONESELF | FOR_ANY_ORGANISATION:
            continue
        writers = {actor for actor, cell in cells.items() if cell.partition(" ")[0].endswith("*")}
        allowed = {"operator"} if row[1] in OF_OPERATORS else set(OUR_WRITERS)
        if row[1] in OF_BOTH_SIDES:
            allowed |= {"their_owner", "their_editor"}
        if row[1] in OF_WHO_IS_IN_IT:
            allowed |= {"their_owner", "their_editor", MEDIATORS[row[4]]}
        if row[1] in OF_THE_MEDIATOR:
            allowed = {MEDIATORS[row[4]]}
        if row[1] in OF_REVIEWERS:
            allowed |= {"our_reviewer"}
        if row[1] == "work:revoke":
            allowed |= {"agreement_reader"}
        if row[1] in OF_THE_OTHER_SIDE | OF_THE_PROVIDER | OF_THE_BIDDER:
            allowed = {"their_owner", "their_editor"}
        if row[1] in OF_WHO_ASKS:
            allowed = {"their_owner", "their_editor"}
        if row[4] == OF_A_MANAGER and row[1] not in OF_WHO_ASKS:
            allowed = {"their_editor"}
        if row[1] in OF_THE_REVIEWER:
            allowed = {"annex_reader"}
        if row[1] in OF_THE_BUREAU:
            allowed = {"bureau"}
        if row[1] in OF_MANAGERS | BY_THE_REGISTER and row[4] != ABSENT:
            allowed = (
                set(MANAGERS[row[4]].split())
                if row[1] in OF_MANAGERS | {"work:register-end", "work:assignment-decline"}
                else set()
            )
            allowed |= {"operator", "bureau"} if row[1] in BY_THE_REGISTER else set()
        if row[1] in BY_TECHNOLOGY_MANAGERS | BY_WHO_CHECKS_NEEDS:
            allowed = {"technology_manager", "their_editor"}
            allowed |= {"operator", "bureau"} if row[1] in BY_WHO_CHECKS_NEEDS else set()
        if row[1] in BY_THE_RECEIVER:
            allowed = {"their_editor"}
        if row[1] in BY_BOTH_SIDES_OF_AN_HOUR:
            allowed |= {"their_editor"}
        if row[1] in BY_ANY_MEMBER:
            allowed = {actor for actor, who in ACTORS.items() if who.of}
        if row[1] in OF_THE_INVENTORS:
            allowed = set(INVENTORS)
        if row[1] in BY_INVENTORS_TOO:
            allowed |= INVENTORS
        if row[1] in OF_CHECKERS:
            allowed = {"operator", "bureau"}
        if row[1] in OF_KEEPERS:
            allowed = {
                "operator",
                "bureau",
                "technology_manager",
                "their_editor",
            }  # the last is a manager, too
        if row[1] in BY_THE_LINK:
            allowed = set(ACTORS)
        if row[1] in BY_ANY_PERSON:
            allowed = {actor for actor, who in ACTORS.items() if who.is_person}
        if row[1] in ENDED_BY_OPERATORS:
            allowed |= {"operator"}
        if row[1] in BY_THE_CARRIER:
            allowed = {"their_editor"}
        if row[1] in OF_THE_TEAM:
            allowed = {"their_owner", "their_editor"}
        if row[1] in OF_THE_INVESTOR:
            allowed = {"agreement_reader"}
        assert writers <= allowed, row
        if row[1] in ("work:members", "work:end-role"):
            assert writers <= {"our_owner"}, row


def test_what_is_shut_is_shut_everywhere(table: dict[Row, dict[str, str]]) -> None:
    """A wrong, dead or misplaced credential is nobody's: the site shows what visitors see, the API refuses it."""
    for row, cells in table.items():
        if row[0] == "web":
            for actor in (*DEAD_TOKENS, *LIVE_TOKENS, "wrong_door"):
                assert cells[actor] == cells["visitor"], (row, actor)
        else:
            assert cells["wrong_door"] == cells["visitor"], row
            refused = {cells[actor] for actor in DEAD_TOKENS}
            assert refused <= {"401", NOT_IN_LISTS}, row
            assert not cells["reading_token"].partition(" ")[0].endswith("*"), row
            for actor in ("operator", "bureau", "technology_manager", "annex_reader"):
                # Whoever reads an annex reviews a bid, too, and by a token just as at the site.
                is_reviewer = actor == "annex_reader" and row[3] in ("bid", "bid review")
                assert is_reviewer or cells[actor] == cells["nobody"], (row, actor)


def test_roles_of_strangers_make_no_difference_for_what_they_read(table: dict[Row, dict[str, str]]) -> None:
    for row, cells in of_records(table):
        apart = (
            OF_THE_OTHER_SIDE
            | BY_TECHNOLOGY_MANAGERS
            | BY_WHO_CHECKS_NEEDS
            | OF_KEEPERS
            | FOR_ANY_ORGANISATION
        )
        if row[2] == "GET" and row[1] not in apart:
            assert cells["their_owner"] == cells["their_editor"] == cells["their_viewer"], row
            assert cells["their_owner"] == cells["nobody"], row


def test_names_details_and_annexes_are_told_to_those_who_may_know(table: dict[Row, dict[str, str]]) -> None:
    told = set()
    for row, cells in of_records(table):
        for actor, cell in cells.items():
            words = set(cell.split(" ")[1:])
            told |= {(actor, word) for word in words}
            if "owner" in words:
                assert actor in (*OURS, "operator"), (row, actor)
            if "details" in words:
                assert actor in (OURS - {"plain_token"}) | {"agreement_reader"}, (row, actor)
            if "annex" in words:
                assert actor in (OURS - {"plain_token"}) | {"annex_reader"}, (row, actor)
    assert {("our_viewer", "owner"), ("operator", "owner"), ("our_reviewer", "details")} <= told
    assert {("agreement_reader", "details"), ("annex_reader", "annex"), ("our_viewer", "annex")} <= told


def test_lists_hold_what_their_reader_may_find(table: dict[Row, dict[str, str]]) -> None:
    found = 0
    for row, cells in table.items():
        noun, _space, state = row[4].partition(" ")
        if noun not in NOUNS or state not in STATES or row[1] == "quality-list":
            continue
        for actor, cell in cells.items():
            known = actor if at_home(row, actor) else "visitor"
            if cell == SHOWN:
                own = row[1] in OWN_LISTS and actor in OURS
                assert own or is_listed(known, state) or row[1] == "list_decisions", (row, actor)
                found += 1
            elif row[1] in (f"{noun}s", f"list_{noun}s", f"export_{noun}s", "export") and not (
                row[0] == "api" and actor in DEAD_TOKENS
            ):
                assert not is_listed(known, state), (row, actor)
    assert found > 300
