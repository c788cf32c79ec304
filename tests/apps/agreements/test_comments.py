"""Comments on clauses: who makes, reads and settles them, what stays with a version, and what the mail says."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from django.core import mail

from ronglian.apps.accounts.models import Person
from ronglian.apps.agreements.enums import CommentState
from ronglian.apps.agreements.models import Agreement, ClauseComment, CommentReply
from ronglian.apps.agreements.operations.commenting import (
    add_comment,
    reopen_comment,
    reply_to_comment,
    resolve_comment,
)
from ronglian.apps.agreements.operations.drafting import propose_terms
from ronglian.apps.agreements.operations.signing import sign_agreement
from ronglian.apps.agreements.queries.agreements import access_version, latest_version
from ronglian.apps.agreements.queries.comments import access_comment, count_open_comments, list_comments
from ronglian.kernel.actor import Role
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound, RuleViolation
from ronglian.kernel.events import events_about
from tests.api.calls import caller_of
from tests.factories import make_organisation, make_person_of
from tests.factories.agreements import LICENCE_TERMS, Parties, make_agreement, make_parties, make_signed
from tests.web.work.conftest import at_screen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
WORDS = "标的的范围太大"


@pytest.fixture
def parties() -> Parties:
    return make_parties()


@pytest.fixture
def agreement(parties: Parties) -> Agreement:
    return make_agreement(parties)


def say(parties: Parties, agreement: Agreement, **more: Any) -> ClauseComment:
    told = {"clause": "subject", "text": WORDS, "version": latest_version(agreement), **more}
    return add_comment(actor=told.pop("actor", parties.seller), agreement=agreement, **told)


def test_a_comment_stays_with_its_version_until_who_made_it_says_it_is_settled(
    parties: Parties, agreement: Agreement
) -> None:
    comment = say(parties, agreement)
    reply_to_comment(actor=parties.buyer, agreement=agreement, comment=comment, text="那就限定镀铬线")
    terms = deepcopy(LICENCE_TERMS) | {"subject": "镀铬线含铬废水处理技术的实施"}
    agreement = propose_terms(actor=parties.buyer, agreement=agreement, terms=terms)
    (kept,) = list_comments(agreement)
    assert kept.agreement_version == access_version(agreement, 1)
    assert count_open_comments(agreement) == 1, "other terms settle nothing by themselves"
    with pytest.raises(NotAllowed):
        resolve_comment(actor=parties.buyer, agreement=agreement, comment=comment)
    done = resolve_comment(actor=parties.seller, agreement=agreement, comment=comment)
    assert (done.state, count_open_comments(agreement)) == (CommentState.RESOLVED, 0)
    with pytest.raises(RuleViolation):
        resolve_comment(actor=parties.seller, agreement=agreement, comment=kept)
    with pytest.raises(RuleViolation):
        reply_to_comment(actor=parties.buyer, agreement=agreement, comment=kept, text="还有")
    again = reopen_comment(actor=parties.seller, agreement=agreement, comment=done)
    assert (again.state, again.resolved_by) == (CommentState.OPEN, "")
    names = [event.name for event in events_about(comment)]
    assert names == ["clausecomment.added", "clausecomment.resolved", "clausecomment.reopened"]


def test_it_is_about_a_clause_of_the_version_and_says_something(
    parties: Parties, agreement: Agreement
) -> None:
    assert say(parties, agreement, clause="").clause == ""
    with pytest.raises(InvalidInput) as refused:
        say(parties, agreement, clause="weather")
    assert "clause" in refused.value.fields
    with pytest.raises(InvalidInput) as refused:
        say(parties, agreement, text=" \u200b\n")
    assert "text" in refused.value.fields
    with pytest.raises(InvalidInput):
        say(parties, agreement, text="长" * 2001)


def test_nothing_is_said_before_the_other_side_sees_it_nor_after_both_signed(parties: Parties) -> None:
    for one in (make_agreement(parties, sent=False), make_signed(parties)):
        with pytest.raises(RuleViolation):
            say(parties, one)
    agreement = make_agreement(parties)
    comment = say(parties, agreement)
    for actor in (parties.seller, parties.buyer):
        sign_agreement(actor=actor, agreement=agreement, digest=latest_version(agreement).digest)
    with pytest.raises(RuleViolation):
        resolve_comment(actor=parties.seller, agreement=agreement, comment=comment)


def test_only_the_two_parties_know_of_it(parties: Parties, agreement: Agreement) -> None:
    comment = say(parties, agreement)
    with pytest.raises(NotAllowed):
        say(parties, agreement, actor=make_person_of(parties.client, Role.VIEWER))
    with pytest.raises(NotFound):
        access_comment(make_agreement(parties), comment.public_id)
    path = f"/contracts/{agreement.public_id}/comments"
    stranger = caller_of(make_organisation("旁人"))
    assert stranger.get(path).status_code == 404
    for step in ("resolve", "reopen"):
        assert stranger.post(f"{path}/{comment.public_id}/{step}").status_code == 404
    (shown,) = caller_of(parties.client).get(path).json()
    assert (shown["text"], shown["number"], shown["side"]) == (WORDS, 1, "provider")


def test_the_words_are_sealed_in_the_database(parties: Parties, agreement: Agreement) -> None:
    from django.db import connection  # noqa: PLC0415 - looks below the models

    comment = say(parties, agreement)
    reply_to_comment(actor=parties.buyer, agreement=agreement, comment=comment, text=WORDS)
    with connection.cursor() as cursor:
        for model in (ClauseComment, CommentReply):
            cursor.execute(f"SELECT text FROM {model._meta.db_table}")  # noqa: S608 - a name of ours
            assert WORDS not in str(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_the_mail_goes_to_the_other_side_and_does_not_say_what(
    parties: Parties, agreement: Agreement
) -> None:
    mail.outbox.clear()
    comment = say(parties, agreement)
    reply_to_comment(actor=parties.buyer, agreement=agreement, comment=comment, text=WORDS)
    people = [Person.objects.get(public_id=one.person_id).email for one in (parties.buyer, parties.seller)]
    assert [sent.to for sent in mail.outbox] == [[email] for email in people]
    for sent in mail.outbox:
        assert WORDS not in sent.subject + str(sent.body)
        assert agreement.title in str(sent.body)


def test_the_page_shows_them_beside_the_changes_and_warns_before_signing(
    parties: Parties, agreement: Agreement
) -> None:
    seller, buyer = (
        at_screen(Person.objects.get(public_id=one.person_id)) for one in (parties.seller, parties.buyer)
    )
    place = f"/work/contracts/{agreement.public_id}/"
    assert "comment is still open" not in seller.get(place).content.decode()
    asked = seller.get(f"{place}?clause=subject").content.decode()
    assert '<option value="subject" selected>' in asked
    assert (
        seller.post(f"{place}versions/1/comments/", {"clause": "subject", "text": WORDS}).status_code == 302
    )
    assert seller.post(f"{place}versions/1/comments/", {"clause": "", "text": ""}).status_code == 422
    comment = ClauseComment.objects.get()
    page = buyer.get(place).content.decode()
    assert WORDS in page
    assert "1 comment is still open" in page
    assert f"/comments/{comment.public_id}/reply/" in page
    assert f"/comments/{comment.public_id}/resolve/" not in page
    assert buyer.post(f"{place}comments/{comment.public_id}/reply/", {"text": ""}).status_code == 422
    assert (
        buyer.post(f"{place}comments/{comment.public_id}/reply/", {"text": "限定镀铬线"}).status_code == 302
    )
    terms = deepcopy(LICENCE_TERMS) | {"subject": "镀铬线含铬废水处理技术的实施"}
    propose_terms(actor=parties.buyer, agreement=agreement, terms=terms)
    page = seller.get(place).content.decode()
    redline = page.partition("What this version changed")[2].partition("</details>")[0]
    assert WORDS in redline
    assert "<ins>" in redline
    assert "限定镀铬线" in page, "what is open of an earlier version stays beside its clause"
    assert seller.post(f"{place}comments/{comment.public_id}/resolve/").status_code == 302
    assert "comment is still open" not in seller.get(place).content.decode()
    assert WORDS in seller.get(f"{place}versions/1/").content.decode()
    assert seller.post(f"{place}comments/{comment.public_id}/reopen/").status_code == 302
    assert buyer.post(f"{place}comments/{comment.public_id}/resolve/").status_code == 403
