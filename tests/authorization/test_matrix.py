"""Every endpoint × actor × state answers what `table.tsv` says; what is denied looks like what does not exist."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.api.test_openapi import operations
from tests.authorization.asking import Row, rows_of
from tests.authorization.dimensions import ACTORS, ALIKE, NOUNS, PAGES_ALIKE, SHARE, sampled
from tests.authorization.endpoints import ENDPOINTS, Endpoint, web_names
from tests.authorization.world import Asker

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("table.tsv")
RENEW = "RONGLIAN_RENEW_MATRIX"
HEAD = ("door", "endpoint", "method", "about", "state")
FOUND: dict[Row, dict[str, str]] = {}


@cache
def read_table() -> dict[Row, dict[str, str]]:
    """The cells by row and actor. Where a merge united tables of different columns, the wider one holds."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t"))
    head = max((row for row in rows if row[0] == HEAD[0]), key=len)
    found = [dict(zip(head, row, strict=True)) for row in rows if len(row) == len(head) and row != head]
    return {
        tuple(row[name] for name in HEAD): {actor: row.get(actor, "") for actor in ACTORS} for row in found
    }


@pytest.fixture(scope="module", autouse=True)
def renewed() -> Iterator[None]:
    """With RONGLIAN_RENEW_MATRIX=1 and `-n0 -m slow` the rows that were asked for are written as found."""
    yield
    if os.environ.get(RENEW):
        asked = {group_of(row) for row in FOUND}
        kept = {row: cells for row, cells in read_table().items() if group_of(row) not in asked}
        order = {group: at for at, group in enumerate(groups())}
        rows = sorted({**kept, **FOUND}.items(), key=lambda each: order[group_of(each[0])])
        with TABLE.open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file, delimiter="\t", lineterminator="\n")
            lines.writerow([*HEAD, *ACTORS])
            lines.writerows([*row, *(cells[actor] for actor in ACTORS)] for row, cells in rows)


def group_of(row: Row) -> tuple[str, str, str]:
    return row[0], row[1], row[3] if row[3] in NOUNS else ""


@cache
def groups() -> dict[tuple[str, str, str], list[Endpoint]]:
    """The endpoints by door, name and kind of record; those of one group are one test."""
    found: dict[tuple[str, str, str], list[Endpoint]] = {}
    for endpoint in ENDPOINTS:
        noun = endpoint.about if endpoint.about in NOUNS else ""
        found.setdefault((endpoint.door, endpoint.name, noun), []).append(endpoint)
    return found


def asked_of(group: tuple[str, str, str], whole: bool) -> list[str]:
    """Who asks. The fast suite leaves out columns that another one is treated like.

    On PostgreSQL it only has to be seen that the queries work there as well: each address is asked by every fourth actor,
    the next address by the next; what the policy's filters answer there is compared whole (`test_policy_mutants`).
    """
    if whole:
        return list(ACTORS)
    actors = [actor for actor in ACTORS if actor not in ALIKE[group[0]]]
    return (
        actors[list(groups()).index(group) % SHARE :: SHARE] if connection.vendor == "postgresql" else actors
    )


def parameters() -> Iterator[Any]:
    """The fast suite leaves out columns and pages whose code is that of others, and takes a sample; the slow one has all."""
    for group in groups():
        label = " ".join(group).strip()
        if group[0] == "api" or group[2] not in PAGES_ALIKE:
            yield pytest.param(group, False, id=label)
        yield pytest.param(group, True, id=f"{label} whole", marks=pytest.mark.slow)


@pytest.mark.parametrize(("group", "whole"), list(parameters()))
def test_each_cell(asker: Asker, group: tuple[str, str, str], whole: bool) -> None:
    if os.environ.get(RENEW) and not whole:
        pytest.skip("rows are renewed by the test of the whole ones")
    actors = asked_of(group, whole)
    seen = {
        row: cells for each in groups()[group] for row, cells in rows_of(asker, each, actors, whole=whole)
    }
    if os.environ.get(RENEW):
        FOUND.update(seen)
        return
    expected = {row: cells for row, cells in read_table().items() if group_of(row) == group}
    assert set(seen) == set(expected)
    wrong = [
        f"{' '.join(row)} {actor}: {cells[actor]}, expected {expected[row][actor]}"
        for row, cells in seen.items()
        for actor in cells
        if cells[actor] != expected[row][actor]
    ]
    assert wrong == []


@pytest.mark.parametrize("door", ALIKE)
def test_the_sample_has_each_actor_and_each_thing_at_each_address(door: str) -> None:
    actors = [actor for actor in ACTORS if actor not in ALIKE[door]]
    for things in range(1, 10):
        rows = [sampled(actors, at, things) for at in range(things)]
        assert {actor for row in rows for actor in row} == set(actors)
        assert all(len(row) >= len(actors) // SHARE for row in rows)


def test_every_address_and_operation_stands_in_the_table() -> None:
    """A new one fails here until its request stands in `endpoints` and its rows in the table."""
    table = {row[:2] for row in read_table()}
    addresses = {
        name
        for name in web_names()
        if not name.startswith("api:") or name in ("api:openapi-json", "api:api-root")
    }
    assert {name for door, name in table if door == "web"} == addresses
    assert {name for door, name in table if door == "api"} == {
        each["operationId"] for _p, _m, each in operations()
    }
