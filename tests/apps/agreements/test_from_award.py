"""From an award to a contract: what is filled in, who may begin it, and that one award has one contract."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from ronglian.apps.accounts.models import Person
from ronglian.apps.agreements.enums import AgreementKind, Side
from ronglian.apps.agreements.from_award import terms_from
from ronglian.apps.agreements.models import Agreement
from ronglian.apps.agreements.operations.drafting import abandon_agreement, draft_agreement
from ronglian.apps.agreements.queries.agreements import latest_version
from ronglian.apps.challenges.models import Award, Challenge, Milestone
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation
from tests.apps.challenges.test_review_and_award import award_first, notice_over
from tests.factories import make_member, make_organisation
from tests.factories.challenges import Setting, make_reviewed

pytestmark = pytest.mark.django_db


@pytest.fixture
def setting() -> Setting:
    """Awarded; the public notice is over."""
    found = make_reviewed()
    award_first(found)
    notice_over(found)
    return found


def winner_of(setting: Setting) -> tuple[Award, Actor]:
    award = Award.objects.get(challenge=setting.challenge)
    return award, next(actor for one, actor in setting.bidders if one.pk == award.bid.bidder_id)


def begin(setting: Setting, actor: Actor, side: Side) -> Agreement:
    award = Award.objects.get(challenge=setting.challenge)
    return draft_agreement(
        actor=actor,
        kind=AgreementKind.COMMISSIONED_DEVELOPMENT,
        title=setting.challenge.title,
        client=setting.issuer,
        provider=award.bid.bidder,
        drafted_by=side,
        terms=terms_from(award, award.bid.content),
        award=award,
    )


def test_question_bid_and_acceptance_test_become_the_first_terms(setting: Setting) -> None:
    award, winner = winner_of(setting)
    terms = latest_version(begin(setting, winner, Side.PROVIDER)).terms
    assert setting.challenge.text in terms["subject"]
    assert "以电化学还原加螯合沉淀处理" in terms["subject"]
    assert "六价铬 ≤ 0.1 mg/L" in terms["acceptance"]
    assert "90" in terms["plan"]
    assert terms["items"][0]["amount_fen"] == 45_000_000
    assert [(one["amount_fen"], one["due"]) for one in terms["payments"]] == [(45_000_000, "acceptance")]
    assert award.bid.bidder.agreements_as_provider.count() == 1


def test_the_task_book_says_what_is_paid_when(setting: Setting) -> None:
    award, _winner = winner_of(setting)
    due = timezone.now() + timedelta(days=30)
    for number, fen in ((1, 10_000_000), (2, 0), (3, 20_000_000)):
        Milestone.objects.create(
            award=award, number=number, title=f"第{number}段", evidence="报告", due_at=due, amount_fen=fen
        )
    terms = terms_from(award, None)
    assert [one["amount_fen"] for one in terms["payments"]] == [10_000_000, 20_000_000]
    assert terms["items"][0]["amount_fen"] == 30_000_000
    assert "第2段" in terms["plan"]


def test_one_award_has_one_contract_until_it_is_given_up(setting: Setting) -> None:
    first = begin(setting, setting.buyer, Side.CLIENT)
    _award, winner = winner_of(setting)
    with pytest.raises(RuleViolation):
        begin(setting, winner, Side.PROVIDER)
    second = abandon_agreement(actor=setting.buyer, agreement=first, reason="改由对方起草")
    assert begin(setting, winner, Side.PROVIDER).award == second.award
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=first.pk).update(state="draft", ended_because="")


def test_before_the_notice_is_over_there_is_no_contract() -> None:
    setting = make_reviewed()
    award_first(setting)
    with pytest.raises(RuleViolation):
        begin(setting, setting.buyer, Side.CLIENT)


def test_the_parties_are_the_issuer_and_the_winner(setting: Setting) -> None:
    award, winner = winner_of(setting)
    with pytest.raises(InvalidInput) as refused:
        draft_agreement(
            actor=winner, kind=AgreementKind.SERVICE, title="别的", client=make_organisation(),
            provider=award.bid.bidder, drafted_by=Side.PROVIDER, terms={}, award=award,
        )  # fmt: skip
    assert "award" in refused.value.fields


def signed_in(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(Person.objects.get(public_id=actor.person_id))
    return client


def test_from_the_page_of_the_challenge_to_the_draft(setting: Setting) -> None:
    award, winner = winner_of(setting)
    screen, place = signed_in(winner), f"/challenges/{setting.challenge.public_id}/"
    assert "Draft the contract with" in screen.get(place).content.decode()
    form = screen.get(f"/work/contracts/new/?award={award.public_id}").content.decode()
    assert "以电化学还原加螯合沉淀处理" in form
    assert 'value="CNY 450,000"' in form
    rows = {
        f"{name}-{key}": "0"
        for name in ("rights", "items", "payments")
        for key in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    sent = {
        "kind": "commissioned_development", "title": "除铬装置", "side": "provider", "award": str(award.public_id),
        "own": str(award.bid.bidder.public_id), "other": f"/organisations/{setting.issuer.public_id}/", **rows,
    }  # fmt: skip
    assert screen.post("/work/contracts/new/", sent).status_code == 302
    assert Agreement.objects.get().award == award
    assert "The contract with" in screen.get(place).content.decode()
    stranger = Client()
    stranger.force_login(make_member(make_organisation()))
    assert stranger.get(f"/work/contracts/new/?award={award.public_id}").status_code in (403, 404)
    assert "Draft the contract" not in stranger.get(place).content.decode()
    assert Challenge.objects.get().pk == setting.challenge.pk
