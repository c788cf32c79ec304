"""What comes under contracts: found for both sides, told once for each day, not told once it is done."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ronglian.apps.accounts.letters import deliver
from ronglian.apps.accounts.models import Person
from ronglian.apps.agreements.enums import MovementKind
from ronglian.apps.agreements.models import Agreement
from ronglian.apps.agreements.operations.ending import buy_out
from ronglian.apps.agreements.operations.money import (
    claim_due,
    confirm_movement,
    report_royalty,
    tell_movement,
    tell_use,
)
from ronglian.apps.agreements.queries.upcoming import What, list_upcoming
from ronglian.kernel.actor import Actor, Role
from ronglian.web.contract_letters import BEFORE
from ronglian.web.tasks import post_contract_reminders
from tests.api.calls import caller_of
from tests.factories import SYSTEM, make_member, make_organisation, make_person_of
from tests.factories.agreement_states import terms_with
from tests.factories.agreements import AFTER_USE_TERMS, Parties, make_agreement, make_parties, make_signed
from tests.web.work.conftest import at_screen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TODAY = timezone.localdate()


@pytest.fixture
def parties() -> Parties:
    return make_parties()


def dated(*days: date) -> dict[str, Any]:
    each = 10_000_000 // len(days)
    return terms_with(
        *(
            {"title": f"第{number}期", "amount_fen": each, "due": "day", "day": day.isoformat()}
            for number, day in enumerate(days, 1)
        )
    )


def trial(**more: Any) -> dict[str, Any]:
    """Payment after use whose trial ends in three days."""
    terms = deepcopy(AFTER_USE_TERMS)
    terms["starts_on"] = (TODAY - timedelta(days=26)).isoformat()
    terms["after_use"] |= {"trial_days": 30, **more}
    return terms


def comes(actor: Actor, days: int = 30) -> list[tuple[What, date]]:
    return [(one.what, one.day) for one in list_upcoming(actor, TODAY, TODAY + timedelta(days=days))]


def test_payments_on_a_day_for_both_sides_and_nobody_else(parties: Parties) -> None:
    soon, later = TODAY + timedelta(days=5), TODAY + timedelta(days=40)
    agreement = make_signed(parties, terms=dated(soon, later))
    make_agreement(parties, terms=dated(soon), title="未签")
    for actor in (parties.buyer, parties.seller):
        assert comes(actor) == [(What.PAYMENT, soon)]
        assert comes(actor, 40) == [(What.PAYMENT, soon), (What.PAYMENT, later)]
    assert comes(make_person_of(make_organisation("旁人"))) == []
    shown = caller_of(parties.client).get("/contracts/upcoming?days=5").json()
    assert [(one["what"], one["amount_fen"]) for one in shown] == [("payment", 5_000_000)]
    assert shown[0]["contract"] == str(agreement.public_id)


def test_the_end_of_a_trial_and_the_last_day_for_payment_to_start(parties: Parties) -> None:
    last = TODAY + timedelta(days=9)
    make_signed(parties, terms=trial(start_by=last.isoformat()))
    assert comes(parties.buyer) == [(What.TRIAL_END, TODAY + timedelta(days=3)), (What.START_BY, last)]


def test_reports_and_what_they_bring_until_they_are_handed_in_and_paid(parties: Parties) -> None:
    terms = deepcopy(AFTER_USE_TERMS)
    started = TODAY - timedelta(days=120)
    terms["starts_on"] = started.isoformat()
    terms["after_use"] |= {"trial_days": 1, "most_fen": None}
    terms["royalty"] |= {"report_months": 1, "report_within_days": 30, "pay_within_days": 10}
    agreement = make_signed(parties, terms=terms)
    tell_use(actor=parties.buyer, agreement=agreement, happened_on=started, evidence="首张发票")
    ahead = 62
    (_what, day), *_more = [one for one in comes(parties.buyer, ahead) if one[0] is What.REPORT]
    period = next(
        one.period_end for one in list_upcoming(parties.buyer, TODAY, day) if one.what is What.REPORT
    )
    assert period is not None
    assert day == period + timedelta(days=30)
    assert day >= TODAY
    if period < TODAY:
        first = period.replace(day=1)
        report_royalty(
            actor=parties.buyer, agreement=agreement, first_day=first, last_day=period, base_fen=1_000_000
        )
        assert (What.REPORT, day) not in comes(parties.buyer, ahead)
        assert (What.PAYMENT, TODAY + timedelta(days=10)) in comes(parties.buyer, ahead)
    buy_out(actor=parties.buyer, agreement=_without_debts(parties, agreement), price_fen=8_000_000)
    assert comes(parties.buyer, ahead) == [(What.PAYMENT, TODAY)], "the price, and nothing after it"


def _without_debts(parties: Parties, agreement: Agreement) -> Agreement:
    """What fell due is claimed and paid, so that nothing stands in the way of a buy-out."""
    claim_due(actor=SYSTEM, agreement=agreement, today=TODAY)
    movement = tell_movement(
        actor=parties.buyer, agreement=agreement, kind=MovementKind.PAY, amount_fen=3_000_000, day=TODAY
    )
    confirm_movement(actor=parties.seller, agreement=agreement, movement=movement)
    return agreement


def test_both_sides_are_told_once_of_a_day_without_amounts(parties: Parties) -> None:
    agreement = make_signed(parties, terms=dated(TODAY + BEFORE, TODAY + BEFORE + timedelta(days=1)))
    make_member(parties.client, Role.VIEWER)
    mail.outbox.clear()
    for _time in range(2):
        post_contract_reminders.func()
        deliver(timezone.now())
    people = [Person.objects.get(public_id=one.person_id).email for one in (parties.buyer, parties.seller)]
    assert sorted(address for letter in mail.outbox for address in letter.to) == sorted(people)
    for letter in mail.outbox:
        assert (TODAY + BEFORE).isoformat() in letter.subject
        assert "a payment falls due" in letter.body
        assert f"/work/contracts/{agreement.public_id}/" in letter.body
        assert "50,000" not in letter.body
        assert "5000" not in letter.body.replace(str(agreement.public_id), "")


def test_nothing_is_sent_about_what_has_ended_meanwhile(parties: Parties) -> None:
    agreement = make_signed(parties, terms=dated(TODAY + timedelta(days=2)))
    assert post_contract_reminders.func() == 2
    Agreement.objects.filter(pk=agreement.pk).update(state="terminated", ended_because="x")
    mail.outbox.clear()
    deliver(timezone.now())
    assert mail.outbox == []


def test_my_work_shows_what_comes(parties: Parties) -> None:
    screen = at_screen(Person.objects.get(public_id=parties.buyer.person_id))
    assert "Coming under contracts" not in screen.get("/work/").content.decode()
    agreement = make_signed(parties, terms=dated(TODAY + timedelta(days=12)))
    page = screen.get("/work/").content.decode()
    assert "Coming under contracts" in page
    assert agreement.title in page
    assert (TODAY + timedelta(days=12)).isoformat() in page


def test_more_contracts_cost_no_more_queries(parties: Parties) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            list_upcoming(parties.buyer, TODAY, TODAY + timedelta(days=30))
        return len(queries)

    make_signed(parties, terms=trial())
    few = count()
    for number in range(2):
        make_signed(parties, terms=trial(), title=f"另一合同 {number}")
        make_signed(parties, terms=dated(TODAY), title=f"分期 {number}")
    assert count() == few
