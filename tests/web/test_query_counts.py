"""What a page or a list costs: at most twelve queries, and the same for one row as for three."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
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
from tests.authorization.world import Asker, World, make_import, standing, title_of
from tests.factories import make_member, make_organisation, make_record

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]  # Django asks the same of each
MOST = 12
ACTOR = "our_owner"
# Pages that cost more, with the most they may cost and why.
DEARER = {
    "web search GET site": (18, "looks through four kinds of record and the organisations, each with its count and its owners"),
    "web work GET site": (29, "brings together what waits: drafts, renewals, suggestions, imports, agreements, requests, consultations, contracts"),
    "web quality GET site": (15, "a report of figures that each count something else"),
    "api get_quality GET site": (14, "the same report"),
    "web work:consultation GET consultation": (15, "matches what was told with the catalogue, beside triage and the assistant"),
    "web challenge GET challenge": (21, "the process with its clocks and record, keys, bids, questions, board, review and task book of one challenge"),
    "web work:my-data GET site": (29, "one for each place that holds something about a person, and the checkpoint within and as a header"),
}  # fmt: skip


def readings() -> list[Endpoint]:
    return [each for each in ENDPOINTS if each.method == "GET"]


def count(asker: Asker, endpoint: Endpoint, likely: int = 0) -> int:
    """What a process keeps (the index, texts) is read the first time: asked again where that cost more than is `likely`."""
    subjects = asker.world.subjects(endpoint.about)
    subject = next(one for name, one in subjects.items() if name != ABSENT)
    path = endpoint.path(asker.world, subject)
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            response = asker.ask(ACTOR, endpoint.door, "GET", path, **endpoint.headers)
            response.render() if hasattr(response, "render") and not response.is_rendered else None
            content_of(response)
        if len(queries) <= likely:
            break
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


def test_no_page_costs_more_than_twelve_nor_more_for_more_rows(tmp_path: Path) -> None:
    with standing(tmp_path) as asker:
        few = {str(each): count(asker, each) for each in readings()}
        grow(asker.world)
        many = {str(each): count(asker, each, few[str(each)]) for each in readings()}
    assert {name: (few[name], cost) for name, cost in many.items() if cost > few[name]} == {}
    most = {name: max(cost, few[name]) for name, cost in many.items()}
    assert {name: cost for name, cost in most.items() if cost > DEARER.get(name, (MOST, ""))[0]} == {}
    assert {name for name in DEARER if most[name] <= MOST} == set(), "these need no exception any more"
