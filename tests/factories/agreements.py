"""Agreements in any state, made through the operations."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.enums import AgreementKind, Side
from ronglian.apps.agreements.models import Agreement
from ronglian.apps.agreements.operations.drafting import draft_agreement, send_agreement
from ronglian.apps.agreements.operations.signing import sign_agreement
from ronglian.apps.agreements.queries.agreements import latest_version
from ronglian.kernel.actor import Actor
from tests.factories import make_organisation, make_person_of

LICENCE_TERMS: dict[str, Any] = {
    "subject": "含铬废水处理技术的实施",
    "plan": "三个月内交付资料并培训两名操作人员",
    "confidentiality": "双方保密五年",
    "ownership": "技术归乙方",
    "improvements": "归改进的一方",
    "acceptance": "连续运行 72 小时，出水六价铬不高于 0.1 mg/L",
    "definitions": "六价铬按 GB/T 7467 测定",
    "starts_on": "2026-12-01",
    "ends_on": "2031-11-30",
    "licence": {"kind": "ordinary", "area": "中国境内"},
    "rights": [
        {
            "kind": "patent",
            "name": "一种除铬方法",
            "number": "ZL202310000001.1",
            "holder": "示例大学",
            "filed_on": "2023-01-05",
            "valid_until": "2043-01-04",
        }
    ],
    "items": [{"name": "许可费", "amount_fen": 10_000_000}],
    "payments": [
        {"title": "首付", "amount_fen": 4_000_000, "due": "signing"},
        {"title": "验收", "amount_fen": 6_000_000, "due": "acceptance", "retained_fen": 500_000},
    ],
}
AFTER_USE_TERMS: dict[str, Any] = {
    **LICENCE_TERMS,
    "starts_on": "2025-01-01",
    "items": [{"name": "许可费", "amount_fen": 3_000_000}],
    "payments": [{"title": "起付后三个月", "amount_fen": 3_000_000, "due": "payment_start", "months": 3}],
    "royalty": {"rate": 300, "base": "sales", "may_inspect_books": True},
    "after_use": {
        "trial_days": 365,
        "start": "first_income",
        "most_fen": 10_000_000,
        "buy_out_fen": 8_000_000,
    },
}
# What the registration form asks beside the contract.
PARTICULARS: dict[str, Any] = {
    "client_nature": "150",
    "provider_nature": "022",
    "plan": "province",
    "objective": "01",
    "industry": "C33",
    "technology_field": "environment",
    "technology_fen": 9_000_000,
    "responsible": "示例负责人",
    "filled_by": "示例填报人",
    "said": {"mastered": True, "complete": True, "not_public": True},
}


@dataclass(frozen=True, slots=True)
class Parties:
    """Both organisations and one person of each."""

    client: Organisation
    provider: Organisation
    buyer: Actor
    seller: Actor


def make_parties() -> Parties:
    client = make_organisation("甲方电镀厂")
    provider = make_organisation("乙方大学", kind="university", size="", region="110108")
    return Parties(client, provider, make_person_of(client), make_person_of(provider))


def make_agreement(
    parties: Parties, *, sent: bool = True, terms: dict[str, Any] | None = None, **fields: Any
) -> Agreement:
    agreement = draft_agreement(
        actor=parties.seller,
        kind=fields.pop("kind", AgreementKind.LICENCE),
        title=fields.pop("title", "除铬技术许可"),
        client=parties.client,
        provider=parties.provider,
        drafted_by=Side.PROVIDER,
        terms=deepcopy(LICENCE_TERMS if terms is None else terms),
        **fields,
    )
    return send_agreement(actor=parties.seller, agreement=agreement) if sent else agreement


def make_signed(parties: Parties, **fields: Any) -> Agreement:
    """An agreement that both have signed."""
    agreement = make_agreement(parties, **fields)
    digest = latest_version(agreement).digest
    for actor in (parties.seller, parties.buyer):
        agreement = sign_agreement(actor=actor, agreement=agreement, digest=digest)
    return agreement
