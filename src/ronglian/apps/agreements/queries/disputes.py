"""Reading disputes: the two parties theirs, and the mediator whom both appointed that one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import QuerySet, Sum

from ronglian.apps.agreements.contract_text import sections_of
from ronglian.apps.agreements.dispute_enums import (
    OPEN_DISPUTES,
    DisputeState,
    DisputeStep,
    MediatorState,
    SettlementState,
)
from ronglian.apps.agreements.dispute_rules import mediated_q
from ronglian.apps.agreements.models import (
    Agreement,
    Dispute,
    DisputeEntry,
    MediatorProposal,
    Settlement,
    SettlementConsent,
)
from ronglian.engines.contracts import Language, Section
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound

COURTS = "disputes"  # the section of the clauses that says who decides where the parties do not agree
_BESIDE = (
    "agreement__client",
    "agreement__provider",
    "agreement__signed",
    "payment",
    "mediator__manager__person",
    "mediator__organisation",
    "settlement",
)


def list_disputes(actor: Actor, agreement: Agreement) -> QuerySet[Dispute]:
    """Those about one agreement, the latest first."""
    rows: QuerySet[Dispute] = Dispute.objects.visible_to(actor)
    return rows.select_related(*_BESIDE).filter(agreement=agreement).order_by("-number")


def list_mediated(actor: Actor) -> QuerySet[Dispute]:
    """Those in which both sides appointed the actor, the latest first."""
    rows: QuerySet[Dispute] = Dispute.objects.visible_to(actor)
    return rows.select_related(*_BESIDE).filter(mediated_q(actor)).order_by("-id")


def access_dispute(actor: Actor, agreement: UUID, number: int) -> Dispute:
    """One dispute, for the parties and the mediator; raises NotFound."""
    rows: QuerySet[Dispute] = Dispute.objects.visible_to(actor)
    found = rows.select_related(*_BESIDE).filter(agreement__public_id=agreement, number=number).first()
    if found is None:
        raise NotFound
    return found


def entries_of(dispute: Dispute) -> QuerySet[DisputeEntry]:
    """The log, oldest first."""
    return DisputeEntry.objects.filter(dispute=dispute).order_by("id")


def proposed_mediator(dispute: Dispute) -> MediatorProposal | None:
    """The proposal of a mediator that waits for the other side."""
    return (
        MediatorProposal.objects.select_related("manager__person", "organisation", "dispute")
        .filter(dispute=dispute, state=MediatorState.PROPOSED)
        .first()
    )


def access_mediator_proposal(dispute: Dispute, public_id: UUID) -> MediatorProposal:
    """A proposal of a mediator in a dispute the actor holds; raises NotFound."""
    row = (
        MediatorProposal.objects.select_related("manager__person", "organisation", "dispute")
        .filter(dispute=dispute, public_id=public_id)
        .first()
    )
    if row is None:
        raise NotFound
    return row


def settlements_of(dispute: Dispute) -> list[Settlement]:
    """All proposals of a settlement, the latest first."""
    rows = Settlement.objects.select_related("dispute__agreement__signed").prefetch_related("consents")
    return list(rows.filter(dispute=dispute).order_by("-number"))


def open_settlement(dispute: Dispute) -> Settlement | None:
    """The proposal of a settlement that waits for both sides."""
    rows = Settlement.objects.select_related("dispute__agreement__signed")
    return rows.filter(dispute=dispute, state=SettlementState.PROPOSED).first()


def consents_of(settlement: Settlement) -> dict[str, SettlementConsent]:
    """Who accepted, by side."""
    return {row.side: row for row in settlement.consents.all()}


def access_settlement(dispute: Dispute, number: int) -> Settlement:
    """A proposal of a settlement in a dispute the actor holds; raises NotFound."""
    found = next((one for one in settlements_of(dispute) if one.number == number), None)
    if found is None:
        raise NotFound
    return found


def is_late(dispute: Dispute, today: date) -> bool:
    """Whether the day to answer has passed without an answer."""
    return dispute.state == DisputeState.RAISED and today > dispute.answer_by


def unnoted_late_disputes(today: date) -> QuerySet[Dispute]:
    """Those that are late, and whose log does not say so yet."""
    noted = DisputeEntry.objects.filter(step=DisputeStep.LATE).values("dispute")
    late = Dispute.objects.filter(state=DisputeState.RAISED, answer_by__lt=today)
    return late.exclude(pk__in=noted).order_by("pk")


def open_disputes(agreement: Agreement) -> int:
    """How many are open."""
    return Dispute.objects.filter(agreement=agreement, state__in=OPEN_DISPUTES).count()


def held_in_disputes(agreement: Agreement) -> int:
    """Fen that both sides keep from being demanded while their disputes are open."""
    rows = Dispute.objects.filter(agreement=agreement, state__in=OPEN_DISPUTES)
    return int(rows.aggregate(fen=Sum("held_fen"))["fen"] or 0)


def section_of(agreement: Agreement, section: str, language: Language) -> Section | None:
    """A section of the text that both signed; None where it has no such section."""
    assert agreement.signed is not None
    return next((one for one in sections_of(agreement.signed, language) if one.id == section), None)
