"""The board of a challenge at the site: set by the issuer, tried by bidders, read by everybody."""

from __future__ import annotations

import tempfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ronglian.apps.accounts.models import Person
from ronglian.apps.challenges.models import Evaluation, Try
from ronglian.apps.challenges.operations.bids import hand_in_bid
from ronglian.apps.challenges.operations.reviewing import assign_reviews
from ronglian.kernel.actor import Actor
from tests.factories import make_organisation, make_person_of
from tests.factories.challenges import (
    BID,
    Setting,
    answers_file,
    close,
    evaluate,
    make_draft,
    make_open,
    make_reviewers,
    make_scored,
    make_try,
    open_all,
    reviews_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
RULES = {"metric": "accuracy", "key_column": "id", "value_column": "value", "public_share": "40",
         "tries_a_day": "2", "tries_in_all": "9"}  # fmt: skip


def client_of(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(Person.objects.get(public_id=actor.person_id))
    return client


def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


def sent(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("file.csv", data)


def page_of(setting: Setting) -> str:
    return f"/challenges/{setting.challenge.public_id}/"


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_the_issuer_sets_changes_and_drops_an_evaluation(monkeypatch: pytest.MonkeyPatch) -> None:
    setting = make_draft()
    issuer, page = client_of(setting.buyer), page_of(setting)
    assert "Let result files be scored" in text_of(issuer.get(page))
    address = f"/work{page}evaluation/"
    assert "100,000 rows at most" in text_of(issuer.get(address))
    for wrong, said in (
        ({"answers": sent(answers_file(9))}, "9 rows. A hidden test set has 10"),
        (
            {"answers": sent(answers_file()), "key_column": "nr"},
            "“nr” stands there once. Found are: “id”, “value”.",
        ),
        ({"answers": sent(answers_file()), "public_share": "100"}, "less than or equal to 99"),
        ({}, "This field is required"),
    ):
        refused = issuer.post(address, {**RULES, **wrong})
        assert (refused.status_code, said in text_of(refused)) == (422, True), text_of(refused)
    monkeypatch.setattr(tempfile, "_mkstemp_inner", None)  # no file on disk, not even for a moment
    padded = answers_file() + b"\n" * (3 * 1024 * 1024)
    assert issuer.post(address, {**RULES, "answers": sent(padded)}).status_code == 302
    evaluation = Evaluation.objects.get()
    assert (evaluation.public_share, evaluation.public_rows) == (40, 16)
    assert "Change the evaluation" in text_of(issuer.get(page))
    assert 'value="40"' in text_of(issuer.get(address))
    assert issuer.post(f"{address}drop/").status_code == 302
    assert not Evaluation.objects.exists()
    assert issuer.post(f"{address}drop/").status_code == 409


def test_nobody_else_sees_the_form_and_nobody_reads_answers_back() -> None:
    setting = make_scored()
    stranger = client_of(make_person_of(make_organisation()))
    assert stranger.get(f"/work{page_of(setting)}evaluation/").status_code == 403
    issuer = client_of(setting.buyer)
    fixed = text_of(issuer.get(f"/work{page_of(setting)}evaluation/"))
    assert "keeps its evaluation" in fixed
    assert '<form class="form-page"' not in fixed
    posted = issuer.post(f"/work{page_of(setting)}evaluation/", {**RULES, "answers": sent(answers_file())})
    assert posted.status_code == 409
    template = text_of(visitor().get(f"{page_of(setting)}board/template.csv"))
    assert set(template.splitlines()) == {"id,value", *(f"r{number:02d}," for number in range(40))}


def test_a_challenge_without_evaluation_has_no_board() -> None:
    page = page_of(make_open())
    assert visitor().get(f"{page}board/").status_code == 404
    assert visitor().get(f"{page}board/template.csv").status_code == 404
    assert "Automatic evaluation" not in text_of(visitor().get(page))


def test_a_try_is_scored_and_stands_on_the_board() -> None:
    setting = make_scored(tries_a_day=2)
    firm = make_organisation("某某检测公司")
    bidder, board = client_of(make_person_of(firm)), f"{page_of(setting)}board/"
    assert "No result file was handed in yet" in text_of(visitor().get(board))
    assert "Have it scored" not in text_of(visitor().get(board)), "visitors do not hand in"
    address, mine = f"/work{page_of(setting)}tries/", {"bidder": str(firm.public_id)}
    wrong = bidder.post(address, {**mine, "results": sent(answers_file(39))})
    assert (wrong.status_code, "the first is “r39”" in text_of(wrong)) == (422, True)
    assert bidder.post(address, {**mine, "results": sent(b"")}).status_code == 422
    assert bidder.post(address, mine).status_code == 422
    done = bidder.post(address, {**mine, "results": sent(answers_file())}, follow=True)
    assert (done.redirect_chain[0][0], "Scored. The board shows" in text_of(done)) == (board, True)
    again = bidder.post(address, {**mine, "results": sent(answers_file())})
    assert (again.status_code, "This very file was scored already" in text_of(again)) == (409, True)
    assert bidder.post(address, {**mine, "results": sent(answers_file(r05="2"))}).status_code == 302
    spent = bidder.post(address, {**mine, "results": sent(answers_file(r06="2"))})
    assert (spent.status_code, "2 a day" in text_of(spent)) == (409, True)
    own = text_of(bidder.get(board))
    assert own.count("某某检测公司") == 3, "in the form and at one's own tries"
    assert "1.000000" in own
    for reader in (visitor(), client_of(setting.buyer)):
        seen = text_of(reader.get(board))
        assert ("1.000000" in seen, "某某检测公司" in seen, "Final score" in seen) == (True, False, False)
        assert "Your tries" not in seen
    close(setting)
    seen = text_of(visitor().get(board))
    assert ("Final ranking" in seen, "Final score" in seen, "某某检测公司" in seen) == (True, True, False)
    assert "Have it scored" not in text_of(bidder.get(board))
    assert bidder.post(address, {**mine, "results": sent(answers_file(r07="2"))}).status_code == 409
    assert Try.objects.count() == 2


def test_the_issuer_and_the_reviewer_read_the_result_beside_the_opened_bid() -> None:
    setting = make_scored()
    make_try(setting, answers_file())
    organisation, actor = setting.bidders[0]
    bid = hand_in_bid(actor=actor, challenge=setting.challenge, bidder=organisation, content=BID)
    open_all(close(setting))
    (reviewer,) = make_reviewers(setting, 1)
    assign_reviews(actor=setting.buyer, challenge=setting.fresh(), each=1)
    seen = text_of(client_of(setting.buyer).get(f"/work/bids/{bid.public_id}/"))
    judged = text_of(client_of(reviewer).get(f"/work/reviews/{reviews_of(reviewer)[0].public_id}/"))
    for text in (seen, judged):
        assert ("Result on the hidden rows" in text, "1.000000" in text) == (True, True)
    assert organisation.name not in judged, "blind"


def test_the_forms_insist_on_the_token_of_the_page() -> None:
    setting = make_scored()
    make_try(setting, answers_file())
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(Person.objects.get(public_id=setting.bidders[0][1].person_id))
    for name in ("tries", "evaluation", "bid"):
        assert strict.post(f"/work{page_of(setting)}{name}/", {}).status_code == 403


def test_a_draft_shows_the_board_to_its_issuer_alone() -> None:
    setting = evaluate(make_draft())
    board = f"{page_of(setting)}board/"
    assert "12 public (30 %)" in text_of(client_of(setting.buyer).get(board))
    assert visitor().get(board).status_code == 404
