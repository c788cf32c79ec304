"""The text of an agreement in both languages, its digest, and what the review says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext

from ronglian.apps.agreements.enums import (
    AgreementKind,
    DueOn,
    LicenceKind,
    PaymentStart,
    Restraint,
    RightKind,
    RoyaltyBase,
    Side,
)
from ronglian.apps.agreements.models import Agreement, AgreementVersion
from ronglian.engines.contracts import (
    AfterUse,
    Clause,
    Finding,
    Kind,
    Language,
    Payment,
    Right,
    Section,
    Terms,
    Weight,
    assemble,
    check_clause,
    check_terms,
)
from ronglian.engines.proof import canonical_json, hash_named
from ronglian.kernel.documents import LOCALES
from ronglian.kernel.errors import Text

# Of party A and of party B, as the law calls them; of any other kind they are client and contractor.
ROLES: Mapping[Kind, tuple[Text, Text]] = {
    Kind.TRANSFER: (_lazy("transferee"), _lazy("transferor")),
    Kind.LICENCE: (_lazy("licensee"), _lazy("licensor")),
    Kind.JOINT_DEVELOPMENT: (
        _lazy("partner of a joint development"),
        _lazy("partner of a joint development"),
    ),
    Kind.COMMISSIONED_DEVELOPMENT: (_lazy("client"), _lazy("developer")),
    Kind.CONVERSION: (_lazy("client"), _lazy("developer")),
}
OTHER_ROLES: tuple[Text, Text] = (_lazy("client"), _lazy("contractor"))
NAMES = frozenset(
    [
        "client",
        "provider",
        "client_role",
        "provider_role",
        "kind",
        "subject",
        "plan",
        "confidentiality",
        "ownership",
        "improvements",
        "background",
        "ending",
        "acceptance",
        "definitions",
        "risk",
        "disputes",
        "term",
        "rights",
        "licence",
        "price",
        "items",
        "payments",
        "royalty_base",
        "royalty_rate",
        "report_months",
        "report_within",
        "pay_within",
        "trial_days",
        "payment_start",
        "start_by",
        "least",
        "most",
        "grace_days",
        "buy_out",
        "royalty_credit",
        "guarantee",
    ]
)


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding of the review, in the reader's language, with the article it rests on."""

    code: str
    weight: Weight
    field: str
    text: str
    article: str


@cache
def clauses() -> tuple[str, tuple[Clause, ...]]:
    """The version of the clauses and the clauses in their order. Raises ClauseError where one is wrong."""
    content = _read("clauses.yaml")
    found = tuple(
        Clause(
            entry["id"],
            entry["heading"],
            entry["text"],
            frozenset(Kind(kind) for kind in entry.get("kinds", ())),
            tuple(entry.get("when", ())),
        )
        for entry in content["clauses"]
    )
    for clause in found:
        check_clause(clause, NAMES)
    return content["version"], found


@cache
def findings_table() -> Mapping[str, Mapping[str, str]]:
    """What is said of each finding: article, zh, en."""
    table: Mapping[str, Mapping[str, str]] = _read("findings.yaml")["findings"]
    return table


@cache
def _sources() -> Mapping[str, str]:
    """The English names of what the articles stand in."""
    names: Mapping[str, str] = _read("findings.yaml")["sources"]
    return names


def _article(article: str, language: Language) -> str:
    for name, english in _sources().items() if language == "en" else ():
        article = article.replace(name, english)
    return article.replace("；", "; ") if language == "en" else article


def contract_text(agreement: Agreement, terms: Terms, language: Language) -> tuple[Section, ...]:
    """The sections of the contract in one language."""
    _version, found = clauses()
    with translation.override(LOCALES[language]):
        return assemble(found, Kind(agreement.kind), terms, _values(agreement, terms, language), language)


def both_texts(agreement: Agreement, terms: Terms) -> dict[str, list[list[str]]]:
    """Both texts as a version keeps them: id, heading and text of each section."""
    return {
        language: [
            [section.id, section.heading, section.text]
            for section in contract_text(agreement, terms, language)
        ]
        for language in LOCALES
    }


def sections_of(version: AgreementVersion, language: Language) -> tuple[Section, ...]:
    """The text of a version as it was written then, whatever clauses and words are in use now."""
    return tuple(Section(*parts) for parts in version.text[language])


def digest_of(version: AgreementVersion) -> str:
    """SHA-256 over parties, kind, terms and both texts as they are kept: what the two sign."""
    agreement = version.agreement
    content = {
        "agreement": str(agreement.public_id),
        "number": version.number,
        "kind": agreement.kind,
        "client": str(agreement.client.public_id),
        "provider": str(agreement.provider.public_id),
        "clauses": version.clauses_version,
        "terms": version.terms,
        "text": version.text,
    }
    return hash_named("sha256")(canonical_json(content)).hex()


def review(agreement: Agreement, terms: Terms, language: Language) -> tuple[Remark, ...]:
    """What is missing, void, or left to the law, what stands in the way of signing first."""
    return tuple(_remark(finding, language) for finding in check_terms(Kind(agreement.kind), terms))


def money_text(fen: int) -> str:
    """An amount with its fen, as it stands in a contract."""
    return _("%(amount)s yuan") % {"amount": f"{fen // 100:,}.{fen % 100:02d}"}


def rate_text(rate: int) -> str:
    """A rate in hundredths of a per cent, without needless zeros."""
    return f"{rate // 100}.{rate % 100:02d}".rstrip("0").rstrip(".") + " %"


def _remark(finding: Finding, language: Language) -> Remark:
    entry = findings_table()[finding.code]
    text = entry[language]
    if finding.code == "void_restraint":
        with translation.override(LOCALES[language]):
            text = f"{Restraint(finding.detail).label}: {text}"
    elif finding.detail:
        text = f"{finding.detail}: {text}"
    return Remark(finding.code, finding.weight, finding.field, text, _article(entry["article"], language))


def _read(name: str) -> Any:
    text = resources.files("ronglian.apps.agreements").joinpath("texts", name).read_text(encoding="utf-8")
    return yaml.safe_load(text)


def _values(agreement: Agreement, terms: Terms, language: Language) -> dict[str, str]:
    kind = Kind(agreement.kind)
    roles = ROLES.get(kind, OTHER_ROLES)
    typed = ("subject", "plan", "confidentiality", "ownership", "improvements", "background", "acceptance", "definitions", "risk", "ending", "disputes")  # fmt: skip
    return {
        **{name: getattr(terms, name) for name in typed},
        "client": _party(agreement, Side.CLIENT, language),
        "provider": _party(agreement, Side.PROVIDER, language),
        "client_role": str(roles[0]),
        "provider_role": str(roles[1]),
        "kind": str(AgreementKind(agreement.kind).label),
        "term": _term(terms),
        "rights": _lines(terms.rights, _right),
        "licence": _licence(terms),
        "price": money_text(terms.price_fen),
        "items": _lines(terms.items, lambda item: f"{item.name} {money_text(item.amount_fen)}"),
        "payments": _lines(terms.payments, _payment),
        **_royalty(terms),
        **_after_use(terms.after_use),
    }


def _party(agreement: Agreement, side: Side, language: Language) -> str:
    organisation = agreement.organisation_of(side)
    name = organisation.name_en if language == "en" and organisation.name_en else organisation.name
    return f"{name} ({organisation.uscc})" if organisation.uscc else name


def _term(terms: Terms) -> str:
    if terms.starts_on is None and terms.ends_on is None:
        return _("until the contract is performed")
    first = terms.starts_on.isoformat() if terms.starts_on else _("signing")
    last = terms.ends_on.isoformat() if terms.ends_on else _("the end of performance")
    return _("from %(first)s to %(last)s") % {"first": first, "last": last}


def _lines(entries: Any, line: Callable[[Any], str]) -> str:
    return "\n".join(f"{place}. {line(entry)}" for place, entry in enumerate(entries, 1))


def _right(right: Right) -> str:
    name = _("%(kind)s: %(name)s") % {"kind": RightKind(right.kind.value).label, "name": right.name}
    parts = [name, right.number, right.holder]
    if right.filed_on:
        parts.append(_("filed on %(day)s") % {"day": right.filed_on.isoformat()})
    if right.valid_until:
        parts.append(_("valid until %(day)s") % {"day": right.valid_until.isoformat()})
    return _listed(parts)


def _licence(terms: Terms) -> str:
    licence = terms.licence
    if licence is None:
        return str(LicenceKind.ORDINARY.label)
    parts = [str(LicenceKind(licence.kind.value).label) if licence.kind else str(LicenceKind.ORDINARY.label)]
    parts += [part for part in (licence.area, licence.purpose) if part]
    parts.append(
        _("with the right to sub-license")
        if licence.may_sublicense
        else _("without the right to sub-license")
    )
    return _listed(parts)


def _payment(payment: Payment) -> str:
    due = str(DueOn(payment.due.value).label)
    if payment.due.value == DueOn.DAY and payment.day:
        due = payment.day.isoformat()
    elif payment.due.value == DueOn.PAYMENT_START:
        due = _("%(months)d months after payment has started") % {"months": payment.months}
    name = _("%(kind)s: %(name)s") % {"kind": payment.title, "name": money_text(payment.amount_fen)}
    retained = ""
    if payment.retained_fen:
        retained = _("of which %(amount)s is retained") % {"amount": money_text(payment.retained_fen)}
    return _listed([name, due, retained])


def _listed(parts: Iterable[str]) -> str:
    return pgettext("between the parts of a sentence", ", ").join(part for part in parts if part)


def _royalty(terms: Terms) -> dict[str, str]:
    royalty = terms.royalty
    if royalty is None:
        return {}
    return {
        "royalty_base": str(RoyaltyBase(royalty.base.value).label),
        "royalty_rate": rate_text(royalty.rate),
        "report_months": str(royalty.report_months),
        "report_within": str(royalty.report_within_days),
        "pay_within": str(royalty.pay_within_days),
    }


def _after_use(plan: AfterUse | None) -> dict[str, str]:
    if plan is None:
        return {}
    start = str(PaymentStart(plan.start.value).label)
    if plan.day:
        start = plan.day.isoformat()
    elif plan.output:
        start = plan.output
    return {
        "trial_days": str(plan.trial_days),
        "payment_start": start,
        "start_by": _sentence(plan.start_by and plan.start_by.isoformat(), _("If payment has not started by %s, the licence ends.")),
        "least": _sentence(plan.least_per_year_fen and money_text(plan.least_per_year_fen), _("Each year of paying brings at least %s in royalties.")),
        "most": _sentence(plan.most_fen and money_text(plan.most_fen), _("In all at most %s is paid.")),
        "grace_days": str(plan.grace_days),
        "buy_out": money_text(plan.buy_out_fen or 0),
        "royalty_credit": rate_text(plan.royalty_credit),
        "guarantee": plan.guarantee,
    }  # fmt: skip


def _sentence(value: Any, text: str) -> str:
    return (
        text.replace("%s", str(value)) + (" " if translation.get_language() == "en" else "") if value else ""
    )
