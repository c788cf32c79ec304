"""`ronglian contract`: what a person may read of contracts, on the command line, and nothing more."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import docx
import pytest
from django.utils import timezone

from ronglian.apps.accounts.models import Person
from ronglian.apps.agreements.models import Agreement
from ronglian.apps.agreements.operations.commenting import add_comment
from ronglian.apps.agreements.queries.agreements import latest_version
from ronglian.kernel.actor import Actor, Role
from ronglian.kernel.models import Event
from tests.cli.conftest import Run
from tests.factories import make_member, make_organisation
from tests.factories.agreement_states import terms_with
from tests.factories.agreements import AFTER_USE_TERMS, Parties, make_agreement, make_parties, make_signed

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def parties() -> Parties:
    return make_parties()


def email_of(actor: Actor) -> str:
    return Person.objects.get(public_id=actor.person_id).email


@pytest.fixture
def read(run: Run, parties: Parties) -> Run:
    """As the buyer, in JSON."""

    def invoke(*words: str, **more: object) -> object:
        answer = run("contract", *words, "--person", email_of(parties.buyer), "--json", **more)
        assert answer.exit_code == 0, answer.output
        return json.loads(answer.output)

    return invoke  # type: ignore[return-value]  # the JSON, not the result


def test_a_person_reads_what_its_organisations_hold_and_nothing_is_written(
    run: Run, read: Run, parties: Parties
) -> None:
    signed = make_signed(parties)
    make_agreement(parties, sent=False, title="对方草稿")
    before = Event.objects.count()
    (row,) = read("list")
    assert (row["id"], row["state"]) == (str(signed.public_id), "in_force")
    shown = read("show", str(signed.public_id))
    assert shown["money"]["claimed_fen"] == 4_000_000
    assert shown["text"][0]["heading"]
    assert set(shown["signatures"]) == {"client", "provider"}
    text = run(
        "contract", "show", str(signed.public_id), "--person", email_of(parties.buyer), "--language", "zh"
    )
    assert "含铬废水" in text.output
    assert Event.objects.count() == before


def test_it_is_no_way_round_the_permission(run: Run, parties: Parties) -> None:
    draft = make_agreement(parties, sent=False)
    outsider = make_member(make_organisation("旁人"), Role.OWNER).email
    for email in (email_of(parties.buyer), outsider):
        assert run("contract", "list", "--person", email, "--json").output.strip() == "[]"
        for action in ("show", "document", "comments", "what-if"):
            assert run("contract", action, str(draft.public_id), "--person", email).exit_code == 3
    assert run("contract", "list", "--person", "nobody@example.org").exit_code == 3
    assert run("contract", "list").exit_code == 2
    suspended = make_member(parties.client, Role.OWNER)
    Person.objects.filter(pk=suspended.pk).update(is_active=False)
    assert run("contract", "list", "--person", suspended.email).exit_code == 3


def test_a_version_as_a_file(read: Run, run: Run, parties: Parties, tmp_path: Path) -> None:
    agreement = make_agreement(parties)
    path = tmp_path / "contract.docx"
    told = read(
        "document", str(agreement.public_id), "--format", "docx", "--language", "zh", "--output", str(path)
    )
    assert told["digest"] == latest_version(agreement).digest
    words = "\n".join(one.text for one in docx.Document(BytesIO(path.read_bytes())).paragraphs)
    assert "含铬废水" in words
    person = email_of(parties.buyer)
    missing = run("contract", "document", str(agreement.public_id), "--number", "9", "--person", person)
    assert missing.exit_code == 3


def test_comments_and_what_comes(read: Run, run: Run, parties: Parties) -> None:
    agreement = make_agreement(parties)
    add_comment(actor=parties.seller, agreement=agreement, version=latest_version(agreement), text="太宽")
    assert [one["text"] for one in read("comments", str(agreement.public_id))] == ["太宽"]
    day = (TODAY + timedelta(days=3)).isoformat()
    make_signed(
        parties, terms=terms_with({"title": "一期", "amount_fen": 10_000_000, "due": "day", "day": day})
    )
    assert [(one["day"], one["what"]) for one in read("upcoming")] == [(day, "payment")]
    assert read("upcoming", "--days", "2") == []
    told = run("--language", "zh", "contract", "upcoming", "--person", email_of(parties.seller))
    assert day in told.output


def test_what_would_fall_due(read: Run, run: Run, parties: Parties) -> None:
    agreement = make_signed(parties, terms=AFTER_USE_TERMS)
    started = ["--started", "2026-01-01", "--base", "100000000", "--years", "2"]
    years = read("what-if", str(agreement.public_id), *started)
    assert [one["year"] for one in years] == [1, 2]
    assert years[0]["due"] > 0
    person = ["--person", email_of(parties.buyer)]
    assert run("contract", "what-if", str(agreement.public_id), *person).exit_code == 2
    plain: Agreement = make_agreement(parties)
    assert run("contract", "what-if", str(plain.public_id), *started, *person).exit_code == 2
    assert run("contract", "show", *person).exit_code == 2
