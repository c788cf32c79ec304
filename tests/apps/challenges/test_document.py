"""The call as a document: whole in both languages, and nothing of a bid before it is public."""

from __future__ import annotations

from io import BytesIO

import docx
import pytest
from django.test import Client

from ronglian.apps.challenges.document import challenge_document
from ronglian.kernel.actor import ANONYMOUS
from ronglian.kernel.documents import Document, Facts, Heading, Note, Paragraph, Table, as_pdf
from tests.apps.challenges.test_review_and_award import award_first
from tests.factories.challenges import BID, close, make_bid, make_open, make_reviewed, make_scored

pytestmark = pytest.mark.django_db


def said(document: Document) -> str:
    found = [document.title, document.subtitle, document.foot]
    for block in document.blocks:
        match block:
            case Heading(text) | Paragraph(text) | Note(text):
                found.append(text)
            case Facts(rows) | Table(_, rows):
                found += [cell for row in rows for cell in row]
    return "\n".join(found)


@pytest.mark.parametrize(
    ("language", "words"), [("zh", ("题目", "验收", "技术可行")), ("en", ("The question", "Acceptance test"))]
)
def test_the_call_says_question_test_and_rules(language: str, words: tuple[str, ...]) -> None:
    challenge = make_open().challenge
    text = said(challenge_document(ANONYMOUS, challenge, "en" if language == "en" else "zh"))
    for word in (challenge.title, challenge.text, "≤ 0.1 mg/L", "60 %", *words):
        assert word in text


def test_the_rules_of_an_automatic_evaluation_stand_in_the_call_without_the_answers() -> None:
    setting = make_scored()
    text = said(challenge_document(ANONYMOUS, setting.challenge, "en"))
    for word in ("accuracy, higher is better", "12 public, 28 hidden", "id, value", "3 a day, 5 in all"):
        assert word in text
    assert "r00" not in text


def test_nothing_of_a_bid_stands_there_before_the_closing_and_only_digests_after_it() -> None:
    setting = make_open()
    bid = make_bid(setting)
    before = said(challenge_document(ANONYMOUS, setting.fresh(), "zh"))
    assert bid.digest not in before
    assert bid.bidder.name not in before
    after = said(challenge_document(ANONYMOUS, close(setting).fresh(), "zh"))
    assert bid.digest in after
    assert BID.proposal not in after
    assert bid.bidder.name not in after


def test_with_the_award_come_ranking_and_winner_alone() -> None:
    setting = make_reviewed()
    bids = award_first(setting)
    text = said(challenge_document(ANONYMOUS, setting.fresh(), "zh"))
    assert bids[0].bidder.name in text
    assert all(bid.digest in text for bid in bids)
    assert not any(bid.bidder.name in text for bid in bids[1:])
    assert as_pdf(challenge_document(ANONYMOUS, setting.challenge, "zh")).startswith(b"%PDF-")


def test_its_page_hands_it_out() -> None:
    challenge = make_open().challenge
    place = f"/challenges/{challenge.public_id}/"
    assert f"{place}call.zh.pdf" in Client().get(place).content.decode()
    file = Client().get(f"{place}call.zh.docx")
    assert challenge.title in "\n".join(one.text for one in docx.Document(BytesIO(file.content)).paragraphs)
    assert Client().get(f"{place}call.fr.pdf").status_code == 404
