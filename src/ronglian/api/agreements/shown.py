"""Contracts as the API shows them, to their two parties."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from pydantic import BaseModel, Field

from ronglian.api.registry.presenting import link_organisation
from ronglian.api.registry.shown import OwnerShown
from ronglian.apps.agreements.enums import (
    AgreementKind,
    AgreementState,
    CertificateState,
    DistributionState,
    DueOn,
    EndKind,
    EndProposalState,
    MovementKind,
    MovementState,
    PaymentState,
    RegistrationState,
    ShareObjectionState,
    Side,
)
from ronglian.apps.agreements.models import (
    AgreedPayment,
    Agreement,
    AgreementVersion,
    Distribution,
    EndProposal,
    MoneyMovement,
    Registration,
    Signature,
)
from ronglian.apps.agreements.queries.agreements import latest_version, signatures_of
from ronglian.apps.agreements.queries.money import (
    book_of,
    list_movements,
    open_demand,
    overdue_of,
    standing_of,
)
from ronglian.engines.money import Account


class CertificateShown(BaseModel):
    """What the e-signature provider says of a signature."""

    state: CertificateState
    provider: str
    reference: str
    reason: str


class SignatureShown(BaseModel):
    """Who signed for a side, and when; `certificate` is null where no provider was asked."""

    side: Side
    person: str
    signed_at: datetime
    certificate: CertificateShown | None


class ContractVersionShown(BaseModel):
    """合同文本版本. `text` holds the contract in both languages, each section as id, heading and text."""

    number: int
    digest: str = Field(description="SHA-256 over parties, kind, terms and both texts: what is signed.")
    proposed_by: Side
    proposed_at: datetime
    note: str
    terms: dict[str, Any]
    text: dict[str, list[list[str]]]
    signatures: list[SignatureShown]


class PaymentShown(BaseModel):
    """约定付款."""

    number: int
    title: str
    amount_fen: int
    retained_fen: int
    due: DueOn
    day: date | None
    state: PaymentState
    evidence: str
    refused_because: str


class MovementShown(BaseModel):
    """款项变动. Only what is confirmed counts."""

    id: UUID
    kind: MovementKind
    amount_fen: int
    day: date
    reference: str
    key: str
    state: MovementState
    told_by: Side | None
    disputed_because: str


class DemandShown(BaseModel):
    """催告 that waits to be paid."""

    overdue_fen: int
    reason: str
    demanded_on: date
    cure_by: date


class EndProposalShown(BaseModel):
    """终止提议."""

    id: UUID
    kind: EndKind
    proposed_by: Side
    reason: str
    waived_fen: int
    state: EndProposalState


class MoneyShown(BaseModel):
    """What was claimed, paid and held, in fen; null before both have signed."""

    claimed_fen: int
    due_fen: int
    settled_fen: int
    held_fen: int
    retained_fen: int
    overdue_fen: int
    after_use: str | None = Field(description="Where payment after use stands; null where it was not agreed.")
    buy_out_fen: int | None
    payments: list[PaymentShown]
    movements: list[MovementShown]
    demand: DemandShown | None
    end_proposal: EndProposalShown | None


class ContractListed(BaseModel):
    """技术合同, as it stands in a list."""

    id: UUID
    version: int
    kind: AgreementKind
    title: str
    state: AgreementState
    drafted_by: Side
    client: OwnerShown
    provider: OwnerShown
    place: str
    signed_on: date | None
    bought_out_on: date | None
    ended_on: date | None
    ended_because: str


class ContractShown(ContractListed):
    """技术合同, with its latest or its signed version and its money."""

    text: ContractVersionShown
    money: MoneyShown | None


class PlanShareShown(BaseModel):
    """One share of a plan."""

    name: str
    role: str
    weight: int
    amount_fen: int


class ShareObjectionShown(BaseModel):
    """分配异议."""

    id: UUID
    text: str
    state: ShareObjectionState
    answer: str


class DistributionShown(BaseModel):
    """收益分配方案: party B's own."""

    number: int
    state: DistributionState
    place: str
    as_of: date
    income_fen: int
    net_fen: int
    floor_fen: int = Field(description="The least reward by the law of the place and the day.")
    reward_fen: int
    shares: list[PlanShareShown]
    notice_until: date | None
    paid_on: date | None
    objections: list[ShareObjectionShown]


class RegistrationShown(BaseModel):
    """合同登记."""

    id: UUID
    version: int
    state: RegistrationState
    particulars: dict[str, Any]
    body: str
    handed_in_on: date | None
    number: str
    decided_on: date | None
    turnover_fen: int | None
    technology_fen: int | None
    reason: str


def list_contract(agreement: Agreement) -> ContractListed:
    return ContractListed(**_listed(agreement))


def show_contract(agreement: Agreement) -> ContractShown:
    return ContractShown(
        **_listed(agreement),
        text=show_version(agreement.signed or latest_version(agreement)),
        money=_money(agreement) if agreement.signed_id is not None else None,
    )


def show_version(version: AgreementVersion) -> ContractVersionShown:
    signed = [
        SignatureShown(
            side=Side(one.side),
            person=one.person_label,
            signed_at=one.signed_at,
            certificate=_certificate(one),
        )
        for one in signatures_of(version).values()
    ]
    return ContractVersionShown(
        number=version.number,
        digest=version.digest,
        proposed_by=Side(version.proposed_by),
        proposed_at=version.created_at,
        note=str(version.note),
        terms=version.terms,
        text=version.text,
        signatures=signed,
    )


def _certificate(signature: Signature) -> CertificateShown | None:
    found = getattr(signature, "certificate", None)  # a signature that nobody certifies has none
    if found is None:
        return None
    return CertificateShown(**{name: getattr(found, name) for name in CertificateShown.model_fields})


def show_plan(plan: Distribution) -> DistributionShown:
    shares = [
        PlanShareShown(name=one["name"], role=one["role"], weight=one["weight"], amount_fen=one["fen"])
        for one in plan.shares
    ]
    objections = [
        ShareObjectionShown(
            id=one.public_id, text=str(one.text), state=ShareObjectionState(one.state), answer=str(one.answer)
        )
        for one in plan.objections.order_by("id")
    ]
    names = ("number", "state", "place", "as_of", "income_fen", "net_fen", "floor_fen", "reward_fen",
             "notice_until", "paid_on")  # fmt: skip
    return DistributionShown(
        **{name: getattr(plan, name) for name in names}, shares=shares, objections=objections
    )


def show_registration(row: Registration) -> RegistrationShown:
    names = RegistrationShown.model_fields.keys() - {"id"}
    return RegistrationShown(id=row.public_id, **{name: getattr(row, name) for name in names})


def show_movement(row: MoneyMovement) -> MovementShown:
    names = ("kind", "amount_fen", "day", "reference", "key", "state", "disputed_because")
    return MovementShown(
        id=row.public_id,
        told_by=Side(row.told_by) if row.told_by else None,
        **{name: getattr(row, name) for name in names},
    )


def _listed(agreement: Agreement) -> dict[str, Any]:
    names = ContractListed.model_fields.keys() - {"id", "client", "provider"}
    return {
        "id": agreement.public_id,
        "client": link_organisation(agreement.client),
        "provider": link_organisation(agreement.provider),
        **{name: getattr(agreement, name) for name in names},
    }


def _money(agreement: Agreement) -> MoneyShown:
    book, today = book_of(agreement), timezone.localdate()
    standing, demand = standing_of(agreement, today), open_demand(agreement)
    payments = AgreedPayment.objects.filter(agreement=agreement).order_by("number")
    proposal = EndProposal.objects.filter(agreement=agreement).order_by("-id").first()
    names = PaymentShown.model_fields.keys()
    return MoneyShown(
        claimed_fen=abs(book.balance(Account.CLAIMED)),
        due_fen=abs(book.balance(Account.DUE)),
        settled_fen=abs(book.balance(Account.SETTLED)),
        held_fen=abs(book.balance(Account.HELD)),
        retained_fen=abs(book.balance(Account.RETAINED)),
        overdue_fen=overdue_of(agreement, today),
        after_use=str(standing.state) if standing else None,
        buy_out_fen=standing.buy_out_price if standing else None,
        payments=[PaymentShown(**{name: getattr(row, name) for name in names}) for row in payments],
        movements=[show_movement(row) for row in list_movements(agreement)],
        demand=DemandShown(**{name: getattr(demand, name) for name in DemandShown.model_fields}) if demand else None,
        end_proposal=_proposal(proposal) if proposal else None,
    )  # fmt: skip


def _proposal(row: EndProposal) -> EndProposalShown:
    names = EndProposalShown.model_fields.keys() - {"id"}
    return EndProposalShown(id=row.public_id, **{name: getattr(row, name) for name in names})
