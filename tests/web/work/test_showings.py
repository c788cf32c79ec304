"""A bid shown to an investor, on the pages of both sides; and what everybody else sees of it: nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from ronglian.apps.accounts.models import Person
from ronglian.apps.challenges.bid_content import Attachment, BidContent
from ronglian.apps.challenges.models import Review, Showing, ShowingOutcome
from ronglian.apps.challenges.operations.awarding import award_challenge
from ronglian.apps.challenges.operations.showing_outcomes import answer_outcome, tell_outcome
from ronglian.apps.challenges.operations.showing_readings import read_shown
from ronglian.apps.challenges.operations.showings import offer_showing, withdraw_showing
from ronglian.apps.challenges.showing_enums import OutcomeAnswer, OutcomeKind
from ronglian.kernel.actor import Actor, Role
from tests.api.calls import VISITOR, Caller, secret_of
from tests.apps.challenges.test_review_and_award import best_first, make_bureau
from tests.factories import make_person_of
from tests.factories.challenges import close, make_bid, make_open, make_reviewed, open_all, reviews_of
from tests.factories.showings import Shown, make_investor, make_shown, make_signed
from tests.reliability.two_worlds import NOISE, differences
from tests.rendering import plain_pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PDF = b"%PDF-1.7 drawing"


def person_of(actor: Actor) -> Person:
    return Person.objects.get(public_id=actor.person_id)


def client_of(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person_of(actor))
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def shown() -> Shown:
    return make_shown()


def consent(shown: Shown, **changes: Any) -> dict[str, Any]:
    return {
        "investor": str(shown.investor.public_id),
        "parts": ["proposal", "scores"],
        "purpose": "Seed round",
        "ends_on": timezone.localdate().isoformat(),
        "agreed": "on",
        **changes,
    }


def test_from_the_consent_to_what_became_of_it(shown: Shown) -> None:
    team, investor = client_of(shown.team), client_of(shown.reader)
    bid = f"/work/bids/{shown.bid.public_id}/"
    form = f"{bid}show/"
    assert form in text_of(team.get(bid))
    assert shown.investor.name in text_of(team.get(form))
    refused = team.post(form, consent(shown, agreed="", parts=[]))
    assert (refused.status_code, "nothing is shown" in text_of(refused)) == (422, True)
    assert team.post(form, consent(shown)).status_code == 302
    showing = Showing.objects.get()
    page = f"/work/showings/{showing.public_id}/"
    assert page in text_of(team.get(bid))
    assert team.post(form, consent(shown)).status_code == 409

    assert "1 bid waits for your signature" in text_of(investor.get("/work/"))
    assert "signature" not in text_of(team.get("/work/"))
    before = text_of(investor.get(page))
    assert "Reviewers are named by number" in before
    assert f"{page}read/" not in before
    assert investor.get(f"{page}read/").status_code == 404
    unread = investor.post(f"{page}sign/", {"digest": showing.text_digest})
    assert (unread.status_code, "nothing is signed" in text_of(unread)) == (422, True)
    other = investor.post(f"{page}sign/", {"digest": "0" * 64, "agreed": "on"})
    assert other.status_code == 409
    assert investor.post(f"{page}sign/", {"digest": showing.text_digest, "agreed": "on"}).status_code == 302

    assert "Nobody of the investor has read it yet" in text_of(team.get(page))
    read = investor.get(f"{page}read/")
    assert "小试出水" in text_of(read)
    assert "450" not in text_of(read)  # the price was not ticked
    assert "once an award was proposed" in text_of(read)
    assert read.headers["Cache-Control"] == "no-store"
    assert person_of(shown.reader).email not in text_of(investor.get(page))
    assert shown.reader.label in text_of(team.get(page)).split("Who has read")[1]

    told = {"kind": "invested", "happened_on": timezone.localdate().isoformat(), "amount_fen": ""}
    assert investor.post(f"{page}outcomes/", told).status_code == 422
    assert investor.post(f"{page}outcomes/", {**told, "amount_fen": "300万元"}).status_code == 302
    outcome = ShowingOutcome.objects.get()
    answer = f"/work/showing-outcomes/{outcome.public_id}/answer/"
    assert "CNY 3 million" in text_of(team.get(page)) or "3,000,000" in text_of(team.get(page))
    refused = team.post(answer, {"answer": "contradicted"})
    assert (refused.status_code, "Say what is wrong" in text_of(refused)) == (422, True)
    assert team.post(answer, {"answer": "confirmed"}).status_code == 302
    assert "confirmed by the team" in text_of(investor.get(page))

    assert team.post(f"{page}withdraw/", {"reason": "Round closed"}).status_code == 302
    assert investor.get(f"{page}read/").status_code == 404
    assert "Round closed" in text_of(investor.get(page))
    assert team.post(f"{page}withdraw/", {}).status_code == 409


def test_scores_stand_by_number_and_files_come_as_they_are() -> None:
    setting = make_open(is_blind=False)
    content = BidContent(proposal="p", answers=("a",), attachments=(Attachment("图纸.pdf", PDF),))
    make_bid(setting, content)
    open_all(close(setting))
    shown = make_shown(setting)
    showing = make_signed(shown)
    investor = client_of(shown.reader)
    page = f"/work/showings/{showing.public_id}/"
    assert "图纸.pdf" in text_of(investor.get(f"{page}read/"))
    file = investor.get(f"{page}files/1/")
    assert (file.content, file.headers["Content-Disposition"]) == (PDF, 'attachment; filename="bid-1.pdf"')
    assert investor.get(f"{page}files/2/").status_code == 404
    assert "File 1" in text_of(client_of(shown.team).get(page))


def test_no_name_of_a_reviewer_reaches_the_investor_or_the_team(shown: Shown) -> None:
    award_challenge(
        actor=shown.setting.buyer, challenge=shown.setting.fresh(), bids=best_first(shown.setting)[:1]
    )
    showing = make_signed(shown)
    reviewers = {review.reviewer.person for review in Review.objects.select_related("reviewer__person")}
    assert len(reviewers) == 2
    for actor in (shown.reader, shown.team):
        text = text_of(client_of(actor).get(f"/work/showings/{showing.public_id}/read/"))
        answer = Caller(secret_of(person_of(actor))).get(f"/showings/{showing.public_id}/material")
        assert "Reviewer 1" in text
        assert [one["reviewer"] for one in answer.json()["reviews"]] == [1, 2]
        for person in reviewers:
            for name in (person.email, str(person), str(person.public_id)):
                assert name not in text + answer.content.decode()


def test_a_program_reads_and_its_reading_is_told(shown: Shown) -> None:
    showing = make_signed(shown, ["proposal", "price"])
    investor, team = (Caller(secret_of(person_of(one))) for one in (shown.reader, shown.team))
    place = f"/showings/{showing.public_id}"
    found = investor.get(f"{place}/material").json()
    assert (found["price_fen"], found["reviews"], found["files"]) == (45_000_000, None, None)
    assert [one["file"] for one in team.get(f"{place}/readings").json()["items"]] == [0]
    assert investor.get(f"{place}/readings").status_code == 404
    assert investor.get(place).json()["is_in_force"] is True
    plain = Caller(secret_of(person_of(shown.reader), confidential=False))
    assert plain.get(place).status_code == plain.get(f"{place}/material").status_code == 404
    assert plain.get("/showings").json()["items"] == []
    withdraw_showing(actor=shown.team, showing=showing)
    assert investor.get(f"{place}/material").status_code == 404
    nothing = {"signed": None, "invested": None, "invested_fen": None}
    assert VISITOR.get("/investment-figures").json() == nothing


class _Undo(Exception):
    pass


def everything_happens(shown: Shown, strange: Shown) -> None:
    """Two showings of the bid: one signed, read, told of and confirmed, and one that waits."""
    showing = make_signed(shown)
    read_shown(shown.reader, showing)
    told = tell_outcome(
        actor=shown.reader, showing=showing, kind=OutcomeKind.INVESTED, happened_on=timezone.localdate(),
        amount_fen=987_654_321,
    )  # fmt: skip
    answer_outcome(actor=shown.team, outcome=told, answer=OutcomeAnswer.CONFIRMED)
    offer_showing(
        actor=shown.team, bid=shown.bid, investor=strange.investor, parts=["proposal"], purpose="x",
        ends_on=timezone.localdate(),
    )  # fmt: skip


def addresses(shown: Shown) -> list[str]:
    challenge, bid = shown.setting.challenge.public_id, shown.bid.public_id
    return [
        "/challenges/",
        "/challenges/investment/",
        f"/challenges/{challenge}/",
        f"/challenges/{challenge}/ocds.json",
        f"/challenges/{challenge}/review.json",
        "/challenges/ocds.json",
        "/challenges/feed.json",
        f"/organisations/{shown.investor.public_id}/",
        f"/organisations/{shown.bid.bidder.public_id}/",
        "/work/",
        "/work/challenges/",
        "/work/showings/",
        "/work/reviews/",
        "/work/agreements/",
        f"/work/bids/{bid}/",
        f"/work/bids/{bid}/show/",
        *(f"/work/reviews/{review.public_id}/" for review in Review.objects.filter(bid=shown.bid)),
    ]


def calls(shown: Shown) -> list[str]:
    challenge = shown.setting.challenge.public_id
    return ["/showings", "/investment-figures", "/bids", "/challenges", f"/challenges/{challenge}",
            f"/challenges/{challenge}/review-record", f"/bids/{shown.bid.public_id}/receipt", "/agreements"]  # fmt: skip


def look(shown: Shown, readers: dict[str, Any]) -> dict[str, str]:
    seen = {}
    for name, reader in readers.items():
        for path in calls(shown) if isinstance(reader, Caller) else addresses(shown):
            get: Callable[[str], Any] = reader.get
            response = get(path)
            whole = f"{response.status_code} {sorted(response.items())} {text_of(response)}"
            seen[f"{name} {path}"] = re.sub(r"Idempotency\S*", "", NOISE.sub("~", whole))
    return seen


def test_who_is_not_entitled_cannot_tell_whether_a_bid_is_shown() -> None:
    shown = make_shown(make_reviewed())
    setting = shown.setting
    award_challenge(actor=setting.buyer, challenge=setting.fresh(), bids=best_first(setting)[:1])
    strange = make_shown(setting)
    loser = next(one for organisation, one in setting.bidders if organisation.pk != shown.bid.bidder_id)
    reviewer = Review.objects.filter(bid=shown.bid)[0].reviewer.person
    outsiders = {
        "issuer": setting.buyer,
        "loser": loser,
        "bureau": make_bureau(),
        "another investor": make_person_of(make_investor(), Role.OWNER),
    }
    readers: dict[str, Any] = {"visitor": Client(), "program": VISITOR}
    readers |= {name: client_of(actor) for name, actor in outsiders.items()}
    readers |= {f"{name}'s program": Caller(secret_of(person_of(actor))) for name, actor in outsiders.items()}
    readers["reviewer"] = Client()
    readers["reviewer"].force_login(reviewer)
    assert reviews_of(setting.buyer) == []
    with plain_pages():
        look(shown, readers)  # what is kept in a process is read the first time
        first = look(shown, readers)
        try:
            with transaction.atomic():
                everything_happens(shown, strange)
                found = differences(first, look(shown, readers))
                entitled = look(shown, {"team": client_of(shown.team), "investor": client_of(shown.reader)})
                raise _Undo
        except _Undo:
            pass
        assert found == {}
        without = look(shown, {"team": client_of(shown.team), "investor": client_of(shown.reader)})
    told = set(differences(without, entitled))
    assert told >= {
        f"team /work/bids/{shown.bid.public_id}/",
        "team /work/showings/",
        "investor /work/showings/",
    }
    assert sum("200" in page[:3] for page in first.values()) > 60
