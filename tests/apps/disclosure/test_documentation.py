"""The tables of docs/explanation/disclosure.md are what the policy says."""

from __future__ import annotations

from typing import Any

import pytest

from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.disclosure.agreement_text import agreement_text
from ronglian.apps.disclosure.operations.agreements import grant_nda
from ronglian.apps.disclosure.operations.annexes import name_annex_reader
from ronglian.apps.disclosure.queries.annexes import find_annex
from ronglian.apps.registry.models import RECORD_MODELS, Need
from ronglian.apps.registry.operations.disclosure import keep_annex, sign_nda
from ronglian.apps.registry.operations.records import editable_fields
from ronglian.apps.registry.rules import is_visible, may_read_details
from ronglian.kernel.actor import ANONYMOUS, Actor, ActorKind, Role
from tests.factories import SYSTEM, make_member, make_need, make_organisation, make_person, make_person_of
from tests.paths import REPOSITORY

PAGE = REPOSITORY / "docs" / "explanation" / "disclosure.md"


def rows(first: str) -> dict[str, list[str]]:
    """The rows of the table whose head begins with `first`, by their first cell."""
    lines = iter(PAGE.read_text(encoding="utf-8").splitlines())
    for line in lines:
        if line.startswith(f"| {first} |"):
            next(lines)
            break
    found = {}
    for line in lines:
        if not line.startswith("|"):
            break
        head, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        found[head] = cells
    return found


def test_every_field_stands_in_its_layer() -> None:
    told = rows("kind")
    for model in RECORD_MODELS:
        public, closed = told[str(model._meta.model_name)]
        assert {name.strip("` ") for name in public.split(",")} == editable_fields(model) - set(
            model.nda_fields
        )
        assert {name.strip("` ") for name in closed.split(",")} - {"–"} == set(model.nda_fields)


@pytest.mark.django_db
def test_every_reader_reads_what_the_table_says() -> None:
    need = make_need(details="秘", under_nda=True)
    hidden = [
        make_need(need.owner, state="draft"),
        make_need(need.owner, state="withdrawn"),
    ]
    partner = make_person_of(make_organisation(), Role.OWNER)
    organisation = make_organisation("签署方")
    signer = make_person_of(organisation, Role.OWNER)
    digest = agreement_text().digest
    grant_nda(
        actor=SYSTEM,
        nda=sign_nda(actor=signer, record=need, organisation=organisation, purpose="试", text_digest=digest),
    )
    annex = keep_annex(actor=SYSTEM, record=need, text="附件")
    named = make_person("named@example.org")
    name_annex_reader(actor=SYSTEM, annex=annex, email="named@example.org")
    own = make_person_of(need.owner, Role.VIEWER)
    token: dict[str, Any] = {"person_id": own.person_id, "memberships": own.memberships}
    readers = {
        "visitor": ANONYMOUS,
        "member of another organisation": partner,
        "member of an organisation with an agreement in force": signer,
        "person named for the annex": actor_of_person(named),
        "member of its own organisation, any role": own,
        "token of a member without the right to read confidential details": Actor(
            kind=ActorKind.TOKEN, label="程序", may_read_confidential=False, **token
        ),
        "science and technology bureau": actor_of_person(make_person(offices=["bureau"])),
        "technology manager": actor_of_person(make_person(offices=["technology_manager"])),
        "platform operator": actor_of_person(make_person(is_operator=True)),
    }
    told = rows("reader")
    assert set(told) == set(readers)
    for name, actor in readers.items():
        found = [
            is_visible(actor, need),
            may_read_details(actor, need),
            find_annex(actor, need.public_id) is not None,
            any(is_visible(actor, each) for each in hidden),
        ]
        assert ["yes" if each else "no" for each in found] == told[name], name
    for role in Role:
        member = actor_of_person(make_member(need.owner, role))
        assert may_read_details(member, Need.objects.get(pk=need.pk))
