"""What always holds of agreements: their texts, their book, their shares."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements import dispute_invariants as _of_disputes
from ronglian.apps.agreements import invariants_of_rights as invariants_of_rights
from ronglian.apps.agreements.contract_text import digest_of
from ronglian.apps.agreements.enums import (
    AgreementState,
    DemandState,
    MovementKind,
    MovementState,
    PriceMethod,
    PriceObjectionState,
    PriceState,
    RegistrationState,
    Side,
)
from ronglian.apps.agreements.models import (
    Agreement,
    AgreementVersion,
    Demand,
    Distribution,
    MoneyMovement,
    PriceFinding,
    PriceObjection,
    Registration,
    Signature,
)
from ronglian.apps.agreements.queries.money import book_of
from ronglian.engines.money import Account, BookError
from ronglian.kernel.invariant import invariant, named
from ronglian.kernel.models import Record

__all__ = ["_of_disputes"]

SIGNED = (AgreementState.IN_FORCE, AgreementState.COMPLETED, AgreementState.TERMINATED)


@invariant(
    "agreements.text_as_signed", _("Every version of a contract still has the digest that was signed.")
)
def _changed_texts() -> Iterable[object]:
    for version in AgreementVersion.objects.select_related("agreement").iterator(chunk_size=100):
        if digest_of(version) != version.digest:
            yield _name(version)


@invariant(
    "agreements.signed_by_both", _("A contract in force was signed by both sides, both the same text.")
)
def _signed_by_few() -> Iterable[object]:
    for agreement in Agreement.objects.filter(state__in=SIGNED).select_related("signed"):
        signed = Signature.objects.filter(agreement_version=agreement.signed)
        digests = dict(signed.values_list("side", "digest"))
        if agreement.signed is None or digests != dict.fromkeys(Side.values, agreement.signed.digest):
            yield _name(agreement)


@invariant(
    "agreements.book_keeps_its_laws",
    _("The book of every contract keeps its laws: never paid above what is due."),
)
def _broken_books() -> Iterable[object]:
    moved = MoneyMovement.objects.filter(state=MovementState.CONFIRMED).values("agreement")
    for agreement in Agreement.objects.filter(pk__in=moved).select_related("signed"):
        try:
            book_of(agreement)
        except BookError:
            yield _name(agreement)


@invariant(
    "agreements.confirmed_by_the_other_side",
    _("What counts in a book was confirmed by the side that did not tell it."),
)
def _unconfirmed() -> Iterable[object]:
    by_itself = (MovementKind.CLAIM, MovementKind.WAIVE)
    counted = MoneyMovement.objects.filter(state=MovementState.CONFIRMED)
    return named(counted.exclude(kind__in=by_itself).filter(Q(confirmed_by="") | Q(told_by="")))


@invariant("agreements.shares_add_up", _("The shares of a distribution add up to its reward."))
def _wrong_shares() -> Iterable[object]:
    for plan in Distribution.objects.iterator(chunk_size=100):
        if sum(share["fen"] for share in plan.shares) != plan.reward_fen:
            yield _name(plan)


@invariant(
    "agreements.fulfilled_without_debts", _("A fulfilled contract has nothing due, in escrow or retained.")
)
def _fulfilled_with_debts() -> Iterable[object]:
    for agreement in Agreement.objects.filter(state=AgreementState.COMPLETED).select_related("signed"):
        book = book_of(agreement)
        if any(book.balance(account) for account in (Account.DUE, Account.HELD, Account.RETAINED)):
            yield _name(agreement)


@invariant(
    "agreements.demands_under_contracts_in_force", _("A demand is open only under a contract in force.")
)
def _lost_demands() -> Iterable[object]:
    return named(
        Demand.objects.filter(state=DemandState.OPEN).exclude(agreement__state=AgreementState.IN_FORCE)
    )


@invariant(
    "agreements.counted_as_certified",
    _(
        "What the statistics count of a registered contract is what its certificate says, and both had signed it."
    ),
)
def _miscounted() -> Iterable[object]:
    rows = Registration.objects.filter(state=RegistrationState.REGISTERED).select_related("agreement")
    for row in rows.iterator(chunk_size=100):
        counted = (row.counted.get("turnover_fen"), row.counted.get("technology_fen"))
        if counted != (row.turnover_fen, row.technology_fen) or row.agreement.signed_id is None:
            yield _name(row)


@invariant(
    "agreements.awards_to_their_parties",
    _("A contract that follows an award is between the issuer and the winner."),
)
def _of_other_awards() -> Iterable[object]:
    of_awards = Agreement.objects.filter(award__isnull=False)
    return named(of_awards.exclude(client=F("award__challenge__issuer"), provider=F("award__bid__bidder")))


@invariant(
    "agreements.prices_found_after_their_notice",
    _("A price by agreement is found after the last day of its notice, and with every objection answered."),
)
def _found_early() -> Iterable[object]:
    found = PriceFinding.objects.filter(state=PriceState.FOUND)
    waiting = PriceObjection.objects.filter(state=PriceObjectionState.OPEN).values("finding")
    early = Q(method=PriceMethod.AGREEMENT, found_on__lte=F("notice_until"))
    for finding in found.filter(early | Q(pk__in=waiting)):
        yield _name(finding)


@invariant(
    "agreements.signed_at_the_price_found",
    _("A contract of a unit set up by the state that names its price was signed once it was found."),
)
def _signed_before_the_price() -> Iterable[object]:
    named_one = Agreement.objects.filter(state__in=SIGNED, price_finding__state_set=True)
    not_found = ~Q(price_finding__state=PriceState.FOUND) | Q(signed_on__lt=F("price_finding__found_on"))
    for agreement in named_one.filter(not_found):
        yield _name(agreement)


def _name(row: Record) -> str:
    """Kind and id: titles of contracts are their parties' own."""
    return f"{row._meta.model_name} {row.public_id}"
