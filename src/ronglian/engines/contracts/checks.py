"""What a contract lacks, what in it is void, and what the law says where it is silent (合同审查).

The table of findings, with articles and texts in both languages, is data (`findings.yaml` of the app); here stands only
when each applies. Every finding of CONDITIONS has an entry there, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from ronglian.engines.contracts.terms import (
    DEVELOPMENT,
    OF_RIGHTS,
    OF_WORK,
    DueOn,
    Kind,
    LicenceKind,
    PaymentStart,
    Right,
    RightKind,
    Terms,
)

CLAIM_TO_A_PATENT = (RightKind.PATENT, RightKind.PATENT_APPLICATION)


class Weight(StrEnum):
    """What a finding does: it stands in the way of signing, it asks to be looked at, or it says what the law adds."""

    BLOCKS = "blocks"
    WARNS = "warns"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` names the entry of the table; `field` is where it belongs; `detail` is what is meant, as it was typed."""

    code: str
    weight: Weight
    field: str
    detail: str = ""


Condition = Callable[[Kind, Terms], bool]


def check_terms(kind: Kind, terms: Terms) -> tuple[Finding, ...]:
    """Everything found, what stands in the way of signing first, else in the order of the table."""
    found = [
        Finding(code, weight, field)
        for code, (weight, field, applies) in CONDITIONS.items()
        if applies(kind, terms)
    ]
    found += [Finding("void_restraint", Weight.BLOCKS, "restraints", one.value) for one in terms.restraints]
    found += _of_rights(kind, terms)
    order = list(Weight)
    return tuple(sorted(found, key=lambda finding: order.index(finding.weight)))


def _of_rights(kind: Kind, terms: Terms) -> list[Finding]:
    found = []
    for place, right in enumerate(terms.rights):
        field = f"rights.{place}"
        if right.kind in CLAIM_TO_A_PATENT and not _has_particulars(right):
            found.append(Finding("patent_particulars", Weight.BLOCKS, field, right.name))
        if right.valid_until and terms.ends_on and kind is Kind.LICENCE and terms.ends_on > right.valid_until:
            found.append(Finding("beyond_the_patent", Weight.BLOCKS, field, right.name))
    return found


def _has_particulars(right: Right) -> bool:
    dated = right.filed_on is not None and (right.valid_until is not None or right.kind != RightKind.PATENT)
    return bool(right.name and right.number and right.holder and dated)


def _payments_differ(_kind: Kind, terms: Terms) -> bool:
    return sum(payment.amount_fen for payment in terms.payments) != terms.price_fen


def _is_silent(name: str, *kinds: Kind) -> Condition:
    return lambda kind, terms: (not kinds or kind in kinds) and not getattr(terms, name)


def _licence_has_no_kind(kind: Kind, terms: Terms) -> bool:
    return kind is Kind.LICENCE and (terms.licence is None or terms.licence.kind is None)


def _sublicence_of_another_kind(kind: Kind, terms: Terms) -> bool:
    licence = terms.licence
    return (
        kind is Kind.LICENCE and licence is not None and licence.may_sublicense and licence.kind is not None
    )


def _mixes_goods(_kind: Kind, terms: Terms) -> bool:
    return any(not item.technical for item in terms.items)


def _ends_before_it_starts(_kind: Kind, terms: Terms) -> bool:
    return bool(terms.starts_on and terms.ends_on and terms.ends_on < terms.starts_on)


def _payment_without_day(_kind: Kind, terms: Terms) -> bool:
    return any(payment.due is DueOn.DAY and payment.day is None for payment in terms.payments)


def _starts_without_after_use(_kind: Kind, terms: Terms) -> bool:
    return terms.after_use is None and any(payment.due is DueOn.PAYMENT_START for payment in terms.payments)


def _retains_too_much(_kind: Kind, terms: Terms) -> bool:
    return any(payment.retained_fen > payment.amount_fen for payment in terms.payments)


def _after_use_cannot_start(_kind: Kind, terms: Terms) -> bool:
    plan = terms.after_use
    if plan is None:
        return False
    no_day = plan.start is PaymentStart.DAY and plan.day is None
    return no_day or (plan.start is PaymentStart.OUTPUT and not plan.output)


def _after_use_pays_nothing(_kind: Kind, terms: Terms) -> bool:
    return terms.after_use is not None and not terms.payments and terms.royalty is None


def _exclusive_without_area(kind: Kind, terms: Terms) -> bool:
    licence = terms.licence
    strong = (LicenceKind.EXCLUSIVE, LicenceKind.SOLE)
    return kind is Kind.LICENCE and licence is not None and licence.kind in strong and not licence.area


def _is_open(kind: Kind, terms: Terms) -> bool:
    return kind is Kind.LICENCE and terms.licence is not None and terms.licence.kind is LicenceKind.OPEN


def _open_without_patent(kind: Kind, terms: Terms) -> bool:
    return _is_open(kind, terms) and any(right.kind is not RightKind.PATENT for right in terms.rights)


def _open_with_sublicence(kind: Kind, terms: Terms) -> bool:
    return _is_open(kind, terms) and terms.licence is not None and terms.licence.may_sublicense


# code → weight, field, when it applies
CONDITIONS: Mapping[str, tuple[Weight, str, Condition]] = MappingProxyType(
    {
        "subject_missing": (Weight.BLOCKS, "subject", _is_silent("subject")),
        "price_missing": (
            Weight.BLOCKS,
            "items",
            lambda _kind, terms: not terms.items and terms.royalty is None,
        ),
        "payments_differ": (Weight.BLOCKS, "payments", _payments_differ),
        "payment_without_day": (Weight.BLOCKS, "payments", _payment_without_day),
        "payment_without_start": (Weight.BLOCKS, "payments", _starts_without_after_use),
        "retains_too_much": (Weight.BLOCKS, "payments", _retains_too_much),
        "acceptance_missing": (Weight.BLOCKS, "acceptance", _is_silent("acceptance", *DEVELOPMENT, *OF_WORK)),
        "rights_missing": (
            Weight.BLOCKS,
            "rights",
            lambda kind, terms: kind in OF_RIGHTS and not terms.rights,
        ),
        "ends_before_it_starts": (Weight.BLOCKS, "ends_on", _ends_before_it_starts),
        "after_use_cannot_start": (Weight.BLOCKS, "after_use", _after_use_cannot_start),
        "after_use_pays_nothing": (Weight.BLOCKS, "after_use", _after_use_pays_nothing),
        "open_without_patent": (Weight.BLOCKS, "rights", _open_without_patent),
        "plan_missing": (Weight.WARNS, "plan", _is_silent("plan")),
        "confidentiality_missing": (Weight.WARNS, "confidentiality", _is_silent("confidentiality")),
        "definitions_missing": (Weight.WARNS, "definitions", _is_silent("definitions")),
        "term_missing": (
            Weight.WARNS,
            "ends_on",
            lambda kind, terms: kind is Kind.LICENCE and terms.ends_on is None,
        ),
        "exclusive_without_area": (Weight.WARNS, "licence", _exclusive_without_area),
        "open_as_declared": (Weight.WARNS, "items", _is_open),
        "open_with_sublicence": (Weight.WARNS, "licence", _open_with_sublicence),
        "books_not_open": (
            Weight.WARNS,
            "royalty",
            lambda _kind, terms: terms.royalty is not None and not terms.royalty.may_inspect_books,
        ),
        "goods_itemised": (Weight.DEFAULT, "items", _mixes_goods),
        "open_arises": (Weight.DEFAULT, "licence", _is_open),
        "licence_ordinary": (Weight.DEFAULT, "licence", _licence_has_no_kind),
        "sublicence_ordinary": (Weight.DEFAULT, "licence", _sublicence_of_another_kind),
        "ownership_commissioned": (
            Weight.DEFAULT,
            "ownership",
            _is_silent("ownership", Kind.COMMISSIONED_DEVELOPMENT),
        ),
        "ownership_joint": (Weight.DEFAULT, "ownership", _is_silent("ownership", Kind.JOINT_DEVELOPMENT)),
        "know_how_of_development": (Weight.DEFAULT, "ownership", _is_silent("ownership", *DEVELOPMENT)),
        "by_products": (Weight.DEFAULT, "ownership", _is_silent("ownership", Kind.CONSULTING, Kind.SERVICE)),
        "improvements_default": (Weight.DEFAULT, "improvements", _is_silent("improvements", *OF_RIGHTS)),
        "risk_default": (Weight.DEFAULT, "risk", _is_silent("risk", *DEVELOPMENT)),
        "costs_default": (
            Weight.DEFAULT,
            "plan",
            lambda kind, _terms: kind in (Kind.CONSULTING, Kind.SERVICE),
        ),
        "delay_default": (Weight.DEFAULT, "plan", lambda _kind, _terms: True),
    }
)
ALSO_FOUND = ("void_restraint", "patent_particulars", "beyond_the_patent")
