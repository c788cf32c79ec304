"""What a page or a list costs: at most twelve queries, and the same for one row as for three."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.clinic.operations.consultations import open_consultation
from ronglian.apps.disclosure.agreement_text import agreement_text
from ronglian.apps.registry.operations.disclosure import sign_nda
from ronglian.kernel.actor import Role
from tests.api.calls import secret_of
from tests.authorization.asking import content_of
from tests.authorization.dimensions import ABSENT, NOUNS
from tests.authorization.endpoints import ENDPOINTS, Endpoint
from tests.authorization.world import Asker, World, build, make_import, title_of
from tests.factories import make_member, make_organisation, make_record

pytestmark = pytest.mark.django_db
MOST = 12
ACTOR = "our_owner"
# Pages that cost more, with the most they may cost and why.
DEARER = {
    "web search GET site": (18, "looks through four kinds of record and the organisations, each with its count and its owners"),
    "web work GET site": (22, "brings together what waits: drafts, renewals, suggestions, imports, agreements, consultations"),
    "web quality GET site": (15, "a report of figures that each count something else"),
    "api get_quality GET site": (14, "the same report"),
    "web work:my-data GET site": (16, "one for each place that holds something about a person"),
}  # fmt: skip


def readings() -> list[Endpoint]:
    return [each for each in ENDPOINTS if each.method == "GET"]


def count(asker: Asker, endpoint: Endpoint) -> int:
    """Asked twice: what a process keeps (the index, texts) is read the first time."""
    subjects = asker.world.subjects(endpoint.about)
    subject = next(one for name, one in subjects.items() if name != ABSENT)
    path = endpoint.path(asker.world, subject)
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            response = asker.ask(ACTOR, endpoint.door, "GET", path, **endpoint.headers)
            response.render() if hasattr(response, "render") and not response.is_rendered else None
            content_of(response)
    return len(queries)


def grow(world: World) -> None:
    """Two more of whatever is listed."""
    owner = actor_of_person(world.people["our_owner"])
    for number in range(2):
        for noun, model in NOUNS.items():
            make_record(model, world.ours, title_of(noun, f"more {number}"))
            make_record(model, world.theirs, title_of(noun, f"theirs {number}"))
        other = make_organisation()
        signer = actor_of_person(make_member(other, Role.OWNER))
        need = world.records["need"]["under_agreement"]
        sign_nda(
            actor=signer, record=need, organisation=other, purpose="评估", text_digest=agreement_text().digest
        )
        make_member(world.ours, Role.EDITOR)
        secret_of(world.people["our_owner"])
        make_import(world.ours, "checked")
        open_consultation(
            actor=owner, owner=world.ours, title=title_of("consultation", str(number)), words="超标"
        )


@pytest.fixture(scope="module")
def counted(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, tuple[int, int]]]:
    from ronglian.apps.matching.keeper import keeper  # noqa: PLC0415 - needs Django to be set up

    folder: Path = tmp_path_factory.mktemp("queries")
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined]  # as Django's own TestCase marks its transactions
    with (
        django_db_blocker.unblock(),
        override_settings(UPLOADS=folder / "uploads", STATIC_ROOT=folder),
        around,
    ):
        keeper._folder = folder / "index"
        keeper.forget()
        asker = Asker(build())
        few = {str(each): count(asker, each) for each in readings()}
        grow(asker.world)
        many = {str(each): count(asker, each) for each in readings()}
        yield {name: (few[name], many[name]) for name in few}
        keeper.forget()
        transaction.set_rollback(True)


def test_no_page_costs_more_for_more_rows(counted: dict[str, tuple[int, int]]) -> None:
    assert {name: costs for name, costs in counted.items() if costs[1] > costs[0]} == {}


def test_no_page_costs_more_than_twelve(counted: dict[str, tuple[int, int]]) -> None:
    most = {name: max(costs) for name, costs in counted.items()}
    assert {name: cost for name, cost in most.items() if cost > DEARER.get(name, (MOST, ""))[0]} == {}
    assert {name for name in DEARER if most[name] <= MOST} == set(), "these need no exception any more"
