"""The registration form of a contract (技术合同登记表, JJ-001) filled from the record, with what is still missing.

What the contract says is never typed again; what it does not say party B types once (`Particulars`). Sources: filling
instructions of form JJ-001 as far as they were seen; the code lists stand in `texts/registration.yaml`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from pydantic import TypeAdapter, ValidationError

from ronglian.apps.accounts.enums import OrganisationKind
from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.contract_text import money_text
from ronglian.apps.agreements.models import Agreement, Registration
from ronglian.apps.agreements.queries.money import signed_terms
from ronglian.apps.agreements.registration_texts import codes, named
from ronglian.apps.agreements.technology_amount import fen_of, technology_amount
from ronglian.engines.contracts import Entry, Kind, Language, Terms
from ronglian.kernel.codes.fields import TechnologyField
from ronglian.kernel.codes.industries import industry_name, is_industry
from ronglian.kernel.codes.regions import region_name
from ronglian.kernel.errors import InvalidInput, Text
from ronglian.kernel.validation import clean_json

CHINA = "142"  # of the customs' country codes
LARGEST_FEN = 10**15
LONGEST_NAME = 100
NATURE_OF = {OrganisationKind.UNIVERSITY: "022", OrganisationKind.RESEARCH_INSTITUTE: "021", OrganisationKind.HOSPITAL: "023"}  # fmt: skip
Source = Literal["contract", "typed", "computed", "body"]


@dataclass(frozen=True, slots=True)
class Particulars:
    """What the form asks beside the contract. Amounts in fen; `said` answers the conditions of recognition."""

    client_nature: str = ""
    provider_nature: str = ""
    client_country: str = CHINA
    provider_country: str = CHINA
    plan: str = ""
    objective: str = ""
    industry: str = ""
    technology_field: str = ""
    new_investment_fen: int | None = None
    new_output_fen: int | None = None
    technology_fen: int | None = None
    responsible: str = ""
    filled_by: str = ""
    said: dict[str, bool] = field(default_factory=dict)


_READER = TypeAdapter(Particulars)


@dataclass(frozen=True, slots=True)
class FormRow:
    """A line of the form. `missing` says what is right where the value is not there yet; `name` is the field that mends it."""

    label: str
    value: str
    source: Source
    missing: str = ""
    name: str = ""


def read_particulars(value: Any) -> Particulars:
    """The particulars. Raises InvalidInput naming each wrong field."""
    try:
        read = _READER.validate_json(json.dumps(clean_json(value), ensure_ascii=False), strict=True)
    except ValidationError as error:
        text = _("This value does not fit the field.")
        fields = {
            str(problem["loc"][0]) if problem["loc"] else "particulars": [text] for problem in error.errors()
        }
        raise InvalidInput.of(fields) from error
    if problems := dict(_problems(read)):
        raise InvalidInput.of({name: [text] for name, text in problems.items()})
    return read


def _problems(read: Particulars) -> Iterator[tuple[str, Text]]:
    lists = {
        "client_nature": "natures",
        "provider_nature": "natures",
        "plan": "plans",
        "objective": "objectives",
    }
    for name, of in lists.items():
        if (value := getattr(read, name)) and value not in codes(of):
            yield name, _lazy("This is none of the values that can be chosen.")
    if read.technology_field and read.technology_field not in list(TechnologyField):
        yield "technology_field", _lazy("This is none of the values that can be chosen.")
    if read.industry and not is_industry(read.industry):
        yield "industry", _lazy("There is no such code in GB/T 4754.")
    for name in ("client_country", "provider_country"):
        if not (len(getattr(read, name)) == 3 and getattr(read, name).isdecimal()):
            yield name, _lazy("A country code of the customs has 3 digits; China is 142.")
    for name in ("new_investment_fen", "new_output_fen", "technology_fen"):
        value = getattr(read, name)
        if value is not None and not 0 <= value <= LARGEST_FEN:
            yield name, _lazy("An amount is a whole number of fen, not below zero.")
    for name in ("responsible", "filled_by"):
        if len(getattr(read, name)) > LONGEST_NAME:
            yield name, _lazy("This name is too long.")


def suggested(agreement: Agreement) -> Particulars:
    """What the record suggests before party B has typed anything."""
    about = agreement.result or agreement.need
    return Particulars(
        client_nature=NATURE_OF.get(OrganisationKind(agreement.client.kind), ""),
        provider_nature=NATURE_OF.get(OrganisationKind(agreement.provider.kind), ""),
        industry=agreement.client.industry,
        technology_field=about.technology_field if about else "",
    )


def particulars_of(registration: Registration) -> Particulars:
    return read_particulars(registration.particulars)


def computed_technology_fen(agreement: Agreement, terms: Terms) -> int | None:
    """What the rulebook computes on the day of signing; None where it does not determine it."""
    assert agreement.signed_on is not None
    return fen_of(technology_amount(terms, on=agreement.signed_on, place=agreement.place))


def form_rows(
    agreement: Agreement, typed: Particulars, language: Language, number: str = ""
) -> tuple[FormRow, ...]:
    """The form line by line. Only for an agreement that was signed."""
    terms, kind = signed_terms(agreement), Kind(agreement.kind)
    return (
        FormRow(_("Registration number"), number, "body"),
        FormRow(_("Name of the project"), agreement.title, "contract"),
        FormRow(_("Category of the contract"), named("categories", kind, language), "contract"),
        FormRow(_("Valid"), *_term(agreement, terms)),
        FormRow(_("Signed on"), _day(agreement.signed_on), "contract"),
        *_party(agreement.provider, "provider", typed, language),
        *_party(agreement.client, "client", typed, language),
        FormRow(_("Total of the contract (turnover)"), _total(terms), "contract"),
        _technology_row(agreement, terms, typed),
        FormRow(_("Manner of payment"), named("payment_modes", terms.payment_mode, language), "contract"),
        FormRow(_("Intellectual property"), _rights(terms, language), "contract"),
        _chosen(_("Source in plans"), "plan", "plans", typed, language),
        _chosen(_("Socio-economic objective"), "objective", "objectives", typed, language),
        _typed(_("Industry that is served"), "industry", _industry(typed, language)),
        _typed(_("Technology field"), "technology_field", getattr(TechnologyField(typed.technology_field), language) if typed.technology_field else ""),
        *_expected(kind, typed),
        _typed(_("Person in charge"), "responsible", typed.responsible),
        _typed(_("Filled in by"), "filled_by", typed.filled_by),
    )  # fmt: skip


def missing_of(rows: tuple[FormRow, ...]) -> tuple[FormRow, ...]:
    return tuple(row for row in rows if row.missing)


def entry_of(agreement: Agreement, typed: Particulars, turnover_fen: int, technology_fen: int) -> Entry:
    """What the statistics count of it."""
    return Entry(
        kind=agreement.kind,
        turnover_fen=turnover_fen,
        technology_fen=technology_fen,
        objective=typed.objective,
        field=typed.technology_field,
        plan=typed.plan,
        seller_nature=typed.provider_nature,
        seller_region=agreement.provider.region,
        buyer_region=agreement.client.region,
        involves_rights=bool(signed_terms(agreement).rights),
    )


def _term(agreement: Agreement, terms: Terms) -> tuple[str, Source, str]:
    first = terms.starts_on or agreement.signed_on
    if terms.ends_on is None:
        return "", "contract", _("The contract names no last day; the form asks for one.")
    return f"{_day(first)} – {_day(terms.ends_on)}", "contract", ""


def _party(
    organisation: Organisation, side: str, typed: Particulars, language: Language
) -> tuple[FormRow, ...]:
    seller = side == "provider"
    nature = codes("natures").get(getattr(typed, f"{side}_nature"))
    region = organisation.region
    place = f"{region_name(region, language)} {region.ljust(6, '0')}" if region else ""
    no_place = _("The organisation's entry names no region; its owner adds it there.")
    return (
        FormRow(_("Seller") if seller else _("Buyer"), organisation.name, "contract"),
        FormRow(_("Unified social credit code"), organisation.uscc or "", "contract"),
        FormRow(_("Country code"), getattr(typed, f"{side}_country"), "typed"),
        FormRow(_("Region code"), place, "contract", "" if region else no_place),
        FormRow(
            _("Nature of the seller") if seller else _("Nature of the buyer"),
            f"{nature['code']} {nature[language]}" if nature else "",
            "typed",
            "" if nature else _("Choose it from the list."),
            f"{side}_nature",
        ),
    )


def _total(terms: Terms) -> str:
    total = money_text(terms.price_fen)
    return (
        _("%(total)s, and a royalty that is completed later") % {"total": total} if terms.is_open else total
    )


def _technology_row(agreement: Agreement, terms: Terms, typed: Particulars) -> FormRow:
    label, name = _("Technology amount"), "technology_fen"
    if typed.technology_fen is not None:
        return FormRow(label, money_text(typed.technology_fen), "typed", "", name)
    computed = computed_technology_fen(agreement, terms)
    if computed is None:
        text = _("The rules in force do not determine it; enter what you declare.")
        return FormRow(label, "", "computed", text, name)
    return FormRow(label, money_text(computed), "computed", "", name)


def _rights(terms: Terms, language: Language) -> str:
    kinds = list(dict.fromkeys(right.kind.value for right in terms.rights)) or ["none"]
    return "、".join(named("rights", kind, language) for kind in kinds)


def _chosen(label: str, name: str, of: str, typed: Particulars, language: Language) -> FormRow:
    entry = codes(of).get(getattr(typed, name))
    return _typed(label, name, entry[language] if entry else "")


def _typed(label: str, name: str, value: str) -> FormRow:
    return FormRow(label, value, "typed", "" if value else _("To be filled in."), name)


def _industry(typed: Particulars, language: Language) -> str:
    return f"{typed.industry} {industry_name(typed.industry, language)}" if typed.industry else ""


def _expected(kind: Kind, typed: Particulars) -> Iterator[FormRow]:
    """预计新增投入、预计新增产值: the form insists on them for transfers."""
    for name, label in (
        ("new_investment_fen", _("Expected new investment")),
        ("new_output_fen", _("Expected new output value")),
    ):
        value = getattr(typed, name)
        is_missing = value is None and kind is Kind.TRANSFER
        yield FormRow(
            label,
            "" if value is None else money_text(value),
            "typed",
            _("Contracts of transfer need it.") if is_missing else "",
            name,
        )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
