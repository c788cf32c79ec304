"""What breaks each invariant of agreements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from django.utils import timezone

from ronglian.apps.agreements.enums import MovementKind
from ronglian.apps.agreements.models import (
    Agreement,
    AgreementVersion,
    Demand,
    DisputeEntry,
    Distribution,
    MediatorProposal,
    MoneyMovement,
    PriceFinding,
    Registration,
    SettlementConsent,
    Signature,
)
from ronglian.apps.agreements.operations.money import confirm_movement, tell_movement
from ronglian.apps.challenges.models import Award, Bid
from tests.factories.agreement_states import stated
from tests.factories.agreements import LICENCE_TERMS, Parties, make_parties, make_signed
from tests.factories.challenges import make_reviewed
from tests.factories.disputes import make_dispute, make_mediated, make_settled
from tests.factories.pricing import make_found

TODAY = timezone.localdate()


def _paid() -> Agreement:
    parties = make_parties()
    agreement = _signed(parties)
    movement = tell_movement(
        actor=parties.buyer, agreement=agreement, kind=MovementKind.PAY, amount_fen=10_000_000, day=TODAY
    )
    confirm_movement(actor=parties.seller, agreement=agreement, movement=movement)
    return agreement


def _signed(parties: Parties | None = None) -> Agreement:
    payments = [{"title": "付清", "amount_fen": 10_000_000, "due": "signing"}]
    return make_signed(parties or make_parties(), terms={**LICENCE_TERMS, "payments": payments})


def _shares() -> None:
    Distribution.objects.create(
        agreement=_paid(), number=1, place="cn", as_of=TODAY, income_fen=10, net_fen=10, floor_fen=5, reward_fen=8,
        shares=[{"name": "甲", "role": "contributor", "weight": 1, "fen": 7}], law={}, proposed_by="x",
    )  # fmt: skip


def _demand_of_the_ended() -> None:
    agreement = _signed()
    Demand.objects.create(
        agreement=agreement, overdue_fen=1, reason="x", demanded_on=TODAY, cure_by=TODAY + timedelta(days=9), demanded_by="x"
    )  # fmt: skip
    Agreement.objects.filter(pk=agreement.pk).update(state="terminated", ended_because="x")


def _found_on_its_notice() -> None:
    parties = make_parties()
    found = make_found(parties.provider, parties.seller)
    PriceFinding.objects.filter(pk=found.pk).update(notice_until=TODAY)


def _signed_at_a_price_withdrawn() -> None:
    parties = make_parties()
    found = make_found(parties.provider, parties.seller)
    Agreement.objects.filter(pk=_signed(parties).pk).update(price_finding=found)
    PriceFinding.objects.filter(pk=found.pk).update(state="withdrawn", withdrawn_because="x")


def _of_another_award() -> None:
    """A contract of two parties that have nothing to do with the award."""
    setting = make_reviewed()
    bid = Bid.objects.filter(challenge=setting.challenge).first()
    assert bid is not None
    award = Award.objects.create(challenge=setting.challenge, bid=bid, place=1, decided_by="x")
    Agreement.objects.filter(pk=_signed().pk).update(award=award)


def _settled_by_one() -> None:
    SettlementConsent.objects.filter(
        settlement=make_settled(make_parties()).settlement, side="client"
    ).delete()


def _mediated_by_a_party() -> None:
    mediated = make_mediated(make_parties())
    party = mediated.dispute.agreement.client
    MediatorProposal.objects.filter(dispute=mediated.dispute).update(manager=None, organisation=party)


OF_AGREEMENTS: Mapping[str, Callable[[], object]] = {
    "agreements.text_as_signed": lambda: AgreementVersion.objects.filter(agreement=_signed()).update(text={}),
    "agreements.signed_by_both": lambda: Signature.objects.filter(
        agreement_version__agreement=_signed(), side="client"
    ).delete(),
    "agreements.book_keeps_its_laws": lambda: MoneyMovement.objects.filter(
        agreement=_paid(), kind=MovementKind.PAY
    ).update(amount_fen=10_000_001),
    "agreements.confirmed_by_the_other_side": lambda: MoneyMovement.objects.filter(
        agreement=_paid(), kind=MovementKind.PAY
    ).update(confirmed_by=""),
    "agreements.shares_add_up": _shares,
    "agreements.fulfilled_without_debts": lambda: Agreement.objects.filter(pk=_signed().pk).update(
        state="completed"
    ),
    "agreements.demands_under_contracts_in_force": _demand_of_the_ended,
    "agreements.counted_as_certified": lambda: Registration.objects.filter(
        agreement=stated(make_parties())
    ).update(turnover_fen=101),
    "agreements.awards_to_their_parties": _of_another_award,
    "agreements.settled_by_both": _settled_by_one,
    "agreements.mediators_of_neither_side": _mediated_by_a_party,
    "agreements.mediators_appointed_by_both": lambda: MediatorProposal.objects.filter(
        dispute=make_mediated(make_parties()).dispute
    ).update(state="proposed"),
    "agreements.disputes_have_their_log": lambda: DisputeEntry.objects.filter(
        dispute=make_dispute(make_parties())
    ).delete(),
    "agreements.prices_found_after_their_notice": _found_on_its_notice,
    "agreements.signed_at_the_price_found": _signed_at_a_price_withdrawn,
}
