"""定价: proposing a price, putting it on public notice or offering it publicly, and finding it.

The ways are those of 促进科技成果转化法第十八条; the days of notice of an agreed price come from the rulebook, by the seller's place.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.contract_text import money_text
from ronglian.apps.agreements.enums import (
    NoticeReach,
    PricedWay,
    PriceMethod,
    PriceObjectionState,
    PriceState,
    RelatedTo,
    RoyaltyBase,
)
from ronglian.apps.agreements.models import PriceFinding, PriceObjection, Valuation
from ronglian.apps.agreements.pricing import notice_law
from ronglian.apps.agreements.pricing_rules import may_find_price, may_price_for
from ronglian.apps.registry.models import Result
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record, clean_text

MOST_DAYS = 365


@operation("price.propose", target="seller", allowed=may_price_for)
def propose_price(
    *,
    actor: Actor,
    seller: Organisation,
    result: Result,
    way: PricedWay,
    method: PriceMethod,
    price_fen: int,
    basis: str,
    state_set: bool,
    related_to: RelatedTo,
    related_how: str = "",
    buyer: str = "",
    title: str = "",
    royalty_rate: int | None = None,
    royalty_base: RoyaltyBase | str = "",
    valuation: Valuation | None = None,
) -> PriceFinding:
    """Say how the price of one's own result is to be found. Only the seller sees it until it is noticed or offered.

    `price_fen`: what is proposed, or the least that is asked for. `royalty_rate`, in hundredths of a per cent, with its base where
    a share is paid besides. `state_set`: a research body or university set up by the state.
    """
    if result.owner_id != seller.pk:
        raise InvalidInput.of({"result": [_("A unit finds prices for its own results.")]})
    if valuation is not None and (valuation.holder_id, valuation.result_id) != (seller.pk, result.pk):
        raise InvalidInput.of({"valuation": [_("This price support is not about this result.")]})
    if not clean_text(basis):
        raise InvalidInput.of({"basis": [_("Say what the price rests on: a valuation, comparable deals, an expert opinion.")]})  # fmt: skip
    if related_to != RelatedTo.NONE and not clean_text(related_how):
        raise InvalidInput.of({"related_how": [_("Say how they are related: it stands in the notice.")]})
    if bool(royalty_rate) != bool(royalty_base):
        raise InvalidInput.of({"royalty_rate": [_("A royalty is a rate of something.")]})
    finding = PriceFinding(
        seller=seller,
        result=result,
        valuation=valuation,
        title=title or result.title,
        way=way,
        method=method,
        state_set=state_set,
        price_fen=price_fen,
        royalty_rate=royalty_rate or None,
        royalty_base=royalty_base,
        basis=clean_text(basis),
        buyer=buyer,
        related_to=related_to,
        related_how=related_how if related_to != RelatedTo.NONE else "",
        place=seller.region or "cn",
        proposed_by=actor.label,
    )
    clean_record(finding)
    finding.save(force_insert=True)
    record_event(actor, "pricefinding.proposed", finding, {"method": str(method), "way": str(way)})
    return finding


@operation("price.notice", target="finding", allowed=may_find_price)
def notice_price(
    *, actor: Actor, finding: PriceFinding, days: int, noticed_at: str, reach: NoticeReach
) -> PriceFinding:
    """Publish name and price of an agreed price from today, as long and as far as the law of the place asks (公示)."""
    insist_on_state(finding, PriceState.PREPARED)
    if finding.method != PriceMethod.AGREEMENT:
        raise RuleViolation(_("A price that the market finds is offered publicly instead."))
    if not clean_text(noticed_at):
        raise InvalidInput.of({"noticed_at": [_("Say where in your unit it is published: an address or a board.")]})  # fmt: skip
    today = timezone.localdate()
    law = notice_law(finding.place, today)
    least = max(law.days or 1, 1)
    if not least <= days <= MOST_DAYS:
        raise InvalidInput.of({"days": [_("At least %(days)d days here.") % {"days": least}]})
    if law.on_market and reach != NoticeReach.PUBLIC:
        raise InvalidInput.of({"reach": [_("At this place the notice stands on the technology market as well.")]})  # fmt: skip
    finding.state, finding.reach, finding.noticed_at = PriceState.NOTICED, reach, noticed_at
    finding.notice_from, finding.notice_until = today, today + timedelta(days=days)
    finding.law = law.document()
    return save_price(actor, finding, "noticed", {"days": days, "reach": str(reach)})


@operation("price.offer", target="finding", allowed=may_find_price)
def offer_price(
    *, actor: Actor, finding: PriceFinding, noticed_at: str, closes_on: date, reach: NoticeReach
) -> PriceFinding:
    """Say where a listing, auction or tender runs, and until when."""
    insist_on_state(finding, PriceState.PREPARED)
    if finding.method == PriceMethod.AGREEMENT:
        raise RuleViolation(_("A price by agreement is put on public notice instead."))
    if not clean_text(noticed_at):
        raise InvalidInput.of({"noticed_at": [_("Name the market, and its number or address of the offer.")]})
    today = timezone.localdate()
    if not today <= closes_on <= today + timedelta(days=2 * MOST_DAYS):
        raise InvalidInput.of({"closes_on": [_("A day from today on, within two years.")]})
    finding.state, finding.reach, finding.noticed_at = PriceState.OFFERED, reach, noticed_at
    finding.notice_from, finding.notice_until = today, closes_on
    return save_price(actor, finding, "offered", {"until": closes_on.isoformat()})


@operation("price.settle", target="finding", allowed=may_find_price)
def settle_price(
    *,
    actor: Actor,
    finding: PriceFinding,
    price_fen: int | None = None,
    buyer: str = "",
    evidence: str = "",
) -> PriceFinding:
    """The price is found: the notice is over without an open objection, or the market has found it.

    `price_fen`, `buyer` and `evidence` (the record of the deal) are the market's; an agreed price is the one that was noticed.
    """
    insist_on_state(finding, PriceState.NOTICED, PriceState.OFFERED)
    assert finding.notice_until is not None
    today = timezone.localdate()
    if finding.state == PriceState.NOTICED:
        if today <= finding.notice_until:
            raise RuleViolation(
                _("The public notice lasts until %(day)s.") % {"day": finding.notice_until.isoformat()}
            )
        if price_fen not in (None, finding.price_fen):
            raise InvalidInput.of({"price_fen": [_("The price is the one that was noticed; another one is noticed anew.")]})  # fmt: skip
        price_fen = finding.price_fen
    elif price_fen is None or price_fen < finding.price_fen:
        raise InvalidInput.of({"price_fen": [_("Not below the least that was asked for, %(least)s.") % {"least": money_text(finding.price_fen)}]})  # fmt: skip
    elif not clean_text(evidence):
        raise InvalidInput.of({"evidence": [_("Say what shows it: the record of the deal, with its number.")]})  # fmt: skip
    if open_objections(finding):
        raise RuleViolation(_("An objection waits for its answer."))
    finding.state, finding.found_fen, finding.found_on = PriceState.FOUND, price_fen, today
    finding.buyer = buyer or finding.buyer
    finding.evidence = clean_text(evidence)
    return save_price(actor, finding, "found", {})


@operation("price.withdraw", target="finding", allowed=may_find_price)
def withdraw_price(*, actor: Actor, finding: PriceFinding, reason: str) -> PriceFinding:
    """Take it back, or say that nobody bought; a contract that was signed on it keeps it."""
    if finding.state == PriceState.WITHDRAWN:
        raise RuleViolation(_("This price is withdrawn already."))
    if finding.agreements.filter(signed__isnull=False).exists():
        raise RuleViolation(_("A signed contract rests on this price."))
    if not clean_text(reason):
        raise InvalidInput.of({"reason": [_("Say why: it stays with the price.")]})
    finding.state, finding.withdrawn_because = PriceState.WITHDRAWN, reason
    return save_price(actor, finding, "withdrawn", {})


def open_objections(finding: PriceFinding) -> bool:
    return PriceObjection.objects.filter(finding=finding, state=PriceObjectionState.OPEN).exists()


def insist_on_state(finding: PriceFinding, *states: PriceState) -> None:
    if finding.state not in states:
        raise RuleViolation(_("This price is %(state)s.") % {"state": finding.get_state_display()})


def save_price(actor: Actor, finding: PriceFinding, past: str, data: dict[str, Any]) -> PriceFinding:
    finding.version += 1
    clean_record(finding)
    finding.save(force_update=True)
    record_event(actor, f"pricefinding.{past}", finding, data)
    return finding
