"""What a contract lacks, what is void, and what the law adds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ronglian.engines.contracts import (
    ALSO_FOUND,
    CONDITIONS,
    AfterUse,
    DueOn,
    Item,
    Kind,
    Licence,
    LicenceKind,
    Payment,
    PaymentMode,
    PaymentStart,
    Restraint,
    Right,
    RightKind,
    Royalty,
    RoyaltyBase,
    Terms,
    Weight,
    check_terms,
)

PATENT = Right(
    RightKind.PATENT, "一种除铬方法", "ZL202310000001.1", "示例大学", date(2023, 1, 5), date(2043, 1, 4)
)
WHOLE = Terms(
    subject="含铬废水处理技术",
    plan="三个月内交付资料",
    confidentiality="双方保密五年",
    ownership="归乙方",
    improvements="归改进方",
    acceptance="连续运行 72 小时，出水六价铬不高于 0.1 mg/L",
    definitions="无",
    risk="各半",
    disputes="提交甲方所在地仲裁",
    starts_on=date(2026, 12, 1),
    ends_on=date(2031, 11, 30),
    licence=Licence(LicenceKind.ORDINARY, "中国境内"),
    rights=(PATENT,),
    items=(Item("许可费", 10_000_000),),
    payments=(Payment("首付", 4_000_000, DueOn.SIGNING), Payment("验收后", 6_000_000, DueOn.ACCEPTANCE)),
)


def codes(kind: Kind, terms: Terms, weight: Weight) -> set[str]:
    return {finding.code for finding in check_terms(kind, terms) if finding.weight is weight}


def test_a_whole_licence_has_nothing_in_its_way() -> None:
    assert codes(Kind.LICENCE, WHOLE, Weight.BLOCKS) == set()
    assert codes(Kind.LICENCE, WHOLE, Weight.WARNS) == set()


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        (Kind.LICENCE, {"subject": ""}, "subject_missing"),
        (Kind.LICENCE, {"items": (), "payments": ()}, "price_missing"),
        (Kind.LICENCE, {"items": (Item("许可费", 10_000_001),)}, "payments_differ"),
        (Kind.LICENCE, {"payments": (Payment("一", 10_000_000, DueOn.DAY),)}, "payment_without_day"),
        (
            Kind.LICENCE,
            {"payments": (Payment("一", 10_000_000, DueOn.PAYMENT_START),)},
            "payment_without_start",
        ),
        (
            Kind.LICENCE,
            {"payments": (Payment("一", 10_000_000, DueOn.SIGNING, retained_fen=10_000_001),)},
            "retains_too_much",
        ),
        (Kind.SERVICE, {"acceptance": ""}, "acceptance_missing"),
        (Kind.TRANSFER, {"rights": ()}, "rights_missing"),
        (Kind.TRANSFER, {"rights": (replace(PATENT, number=""),)}, "patent_particulars"),
        (Kind.LICENCE, {"ends_on": date(2043, 1, 5)}, "beyond_the_patent"),
        (Kind.LICENCE, {"ends_on": date(2026, 11, 30)}, "ends_before_it_starts"),
        (Kind.LICENCE, {"after_use": AfterUse(365, PaymentStart.DAY)}, "after_use_cannot_start"),
        (
            Kind.LICENCE,
            {"items": (), "payments": (), "after_use": AfterUse(365, PaymentStart.FIRST_INCOME)},
            "after_use_pays_nothing",
        ),
        (Kind.LICENCE, {"restraints": (Restraint.NO_CHALLENGE,)}, "void_restraint"),
        (
            Kind.LICENCE,
            {"licence": Licence(LicenceKind.OPEN), "rights": (Right(RightKind.KNOW_HOW, "工艺秘密"),)},
            "open_without_patent",
        ),
    ],
)
def test_what_stands_in_the_way_of_signing(kind: Kind, changes: dict[str, object], code: str) -> None:
    assert code in codes(kind, replace(WHOLE, **changes), Weight.BLOCKS)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        (Kind.LICENCE, {"licence": None}, "licence_ordinary"),
        (Kind.LICENCE, {"licence": Licence(LicenceKind.OPEN)}, "open_arises"),
        (Kind.LICENCE, {"improvements": ""}, "improvements_default"),
        (Kind.COMMISSIONED_DEVELOPMENT, {"ownership": ""}, "ownership_commissioned"),
        (Kind.JOINT_DEVELOPMENT, {"ownership": ""}, "ownership_joint"),
        (Kind.CONVERSION, {"risk": ""}, "risk_default"),
        (Kind.CONSULTING, {"ownership": ""}, "by_products"),
        (Kind.SERVICE, {"items": (Item("设备", 10_000_000, technical=False),)}, "goods_itemised"),
    ],
)
def test_what_the_law_adds_where_the_contract_is_silent(
    kind: Kind, changes: dict[str, object], code: str
) -> None:
    assert code not in codes(kind, WHOLE, Weight.DEFAULT)
    assert code in codes(kind, replace(WHOLE, **changes), Weight.DEFAULT)  # type: ignore[arg-type]


def test_an_open_licence_of_a_patent_is_held_against_its_declaration() -> None:
    opened = replace(WHOLE, licence=Licence(LicenceKind.OPEN, may_sublicense=True))
    assert "open_without_patent" not in codes(Kind.LICENCE, opened, Weight.BLOCKS)
    assert {"open_as_declared", "open_with_sublicence"} <= set(codes(Kind.LICENCE, opened, Weight.WARNS))
    assert "open_arises" not in codes(Kind.TRANSFER, opened, Weight.DEFAULT)


def test_what_blocks_comes_first() -> None:
    weights = [finding.weight for finding in check_terms(Kind.LICENCE, Terms())]
    assert weights == sorted(weights, key=list(Weight).index)


def test_every_condition_can_be_found() -> None:
    assert set(CONDITIONS).isdisjoint(ALSO_FOUND)


def test_how_the_price_is_paid() -> None:
    royalty = Royalty(300, RoyaltyBase.SALES)
    assert WHOLE.payment_mode is PaymentMode.INSTALMENTS
    assert replace(WHOLE, payments=WHOLE.payments[:1]).payment_mode is PaymentMode.LUMP_SUM
    assert replace(WHOLE, royalty=royalty).payment_mode is PaymentMode.ROYALTY_WITH_FEE
    assert replace(WHOLE, royalty=royalty, payments=()).payment_mode is PaymentMode.ROYALTY
