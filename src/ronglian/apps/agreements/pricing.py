"""What the law says of prices: how long and how far an agreed price is noticed, and whether a contract may be signed at one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from ronglian.apps.accounts.enums import OrganisationKind
from ronglian.apps.agreements.contract_text import money_text
from ronglian.apps.agreements.enums import AgreementKind, PriceMethod, PriceState, RelatedTo
from ronglian.apps.agreements.models import Agreement, PriceFinding
from ronglian.engines.contracts import Terms, Weight
from ronglian.engines.rules import Answer, answer_document, evaluate_rule, resolve, trace, word_version
from ronglian.kernel.documents import LOCALES
from ronglian.rulebook import load_rulebook

DAYS, ON_MARKET = "reward.price_notice_days", "reward.price_notice_on_market"
ENDS, MAY_SIGN = "reward.price_notice_ends", "reward.price_may_be_signed"
PRICED_KINDS = (AgreementKind.TRANSFER, AgreementKind.LICENCE)
# Whoever is of these kinds may have been set up by the state: there the question is worth a remark.
ASKED_KINDS = (OrganisationKind.UNIVERSITY, OrganisationKind.RESEARCH_INSTITUTE)


@dataclass(frozen=True, slots=True)
class NoticeLaw:
    """Of a place on a day. `days`: None where the law leaves it open; `on_market`: noticed on the technology market as well."""

    days: int | None
    on_market: bool
    answer: Answer

    def document(self) -> dict[str, Any]:
        """As it is kept: the answer, and its lines in both languages."""
        return {"answer": answer_document(load_rulebook(), self.answer), "lines": _lines(self.answer)}


@dataclass(frozen=True, slots=True)
class PriceRemark:
    """What the review of a contract says of its price."""

    weight: Weight
    text: str
    article: str


def notice_law(place: str, day: date) -> NoticeLaw:
    book = load_rulebook()
    days = resolve(book, DAYS, on=day, place=place).value
    on_market = resolve(book, ON_MARKET, on=day, place=place).value
    answer = evaluate_rule(book, ENDS, on=day, place=place, inputs={"published_on": day})
    return NoticeLaw(
        int(days) if isinstance(days, int | Fraction) and not isinstance(days, bool) else None,
        on_market is True,
        answer,
    )


def price_remarks(agreement: Agreement, terms: Terms, today: date) -> list[PriceRemark]:
    """What stands in the way of signing at this price, and what to look at; nothing for kinds without a price to find."""
    if agreement.kind not in PRICED_KINDS:
        return []
    finding = agreement.price_finding
    if finding is None:
        return _without_a_finding(agreement, today)
    remarks = [_of_relation(finding)] if finding.related_to != RelatedTo.NONE else []
    differs = not _same_price(finding, terms)
    answer = _may_sign(finding, today, same_price=not differs)
    if answer.is_determined and answer.value is True and not differs and finding.state == PriceState.FOUND:
        return remarks
    weight = Weight.BLOCKS if finding.state_set and answer.value is not True else Weight.WARNS
    return [*remarks, PriceRemark(weight, _what_is_open(finding, today, differs=differs), _articles(answer))]


def _without_a_finding(agreement: Agreement, today: date) -> list[PriceRemark]:
    if agreement.provider.kind not in ASKED_KINDS:
        return []
    answer = notice_law(agreement.place or "cn", today).answer
    return [
        PriceRemark(
            Weight.WARNS,
            _(
                "No price finding is named. A research body or university set up by the state finds the price by agreement with a public notice, by listing or by auction."
            ),
            _articles(answer),
        )
    ]


def _of_relation(finding: PriceFinding) -> PriceRemark:
    text = _("The buyer is related to %(whom)s: %(how)s")
    return PriceRemark(
        Weight.WARNS, text % {"whom": finding.get_related_to_display(), "how": finding.related_how}, ""
    )


def _same_price(finding: PriceFinding, terms: Terms) -> bool:
    royalty = (terms.royalty.rate, terms.royalty.base.value) if terms.royalty else (None, "")
    price = finding.price_fen if finding.found_fen is None else finding.found_fen
    return price == terms.price_fen and royalty == (finding.royalty_rate, finding.royalty_base)


def _may_sign(finding: PriceFinding, today: date, *, same_price: bool) -> Answer:
    by_agreement = finding.method == PriceMethod.AGREEMENT
    inputs: dict[str, Any] = {
        "state_set": finding.state_set,
        "by_agreement": by_agreement,
        "is_found": finding.state == PriceState.FOUND,
        "signed_on": today,
        "same_price": same_price,
    }
    if finding.notice_from is not None:
        inputs["published_on"] = finding.notice_from
    return evaluate_rule(load_rulebook(), MAY_SIGN, on=today, place=finding.place or "cn", inputs=inputs)


def _what_is_open(finding: PriceFinding, today: date, *, differs: bool) -> str:
    if finding.state == PriceState.NOTICED and finding.notice_until and today <= finding.notice_until:
        return _("The agreed price is on public notice until %(day)s.") % {
            "day": finding.notice_until.isoformat()
        }
    if finding.state != PriceState.FOUND:
        return _("The price is not found yet: it is %(state)s.") % {"state": finding.get_state_display()}
    if differs:
        found = finding.price_fen if finding.found_fen is None else finding.found_fen
        text = money_text(found)
        if finding.royalty_rate:
            text = _("%(amount)s and a royalty of %(rate)s %%") % {
                "amount": text,
                "rate": f"{finding.royalty_rate / 100:g}",
            }
        return _("The contract says another price than the one that was found: %(price)s.") % {"price": text}
    return _("The public notice was too short, or whether it was long enough is not determined.")


def _articles(answer: Answer) -> str:
    language = translation.get_language() or "zh"
    worded = [word_version(load_rulebook(), one, gettext, language=language) for one in answer.versions]
    return "; ".join(worded)


def _lines(answer: Answer) -> dict[str, list[list[Any]]]:
    lines: dict[str, list[list[Any]]] = {}
    for language, locale in LOCALES.items():
        with translation.override(locale):
            lines[language] = [
                [line.depth, line.text] for line in trace(load_rulebook(), answer, gettext, language=locale)
            ]
    return lines
