"""Reading agreements: each party its own."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from ronglian.apps.agreements.enums import AgreementState
from ronglian.apps.agreements.models import Agreement, AgreementVersion, Signature
from ronglian.apps.challenges.models import Award
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


def list_agreements(actor: Actor) -> QuerySet[Agreement]:
    """The agreements of the actor's organisations, newest first."""
    rows: QuerySet[Agreement] = Agreement.objects.visible_to(actor)
    return rows.select_related("client", "provider", "signed").order_by("-id")


def access_agreement(actor: Actor, public_id: UUID) -> Agreement:
    """The agreement; raises NotFound for one the actor may not know of."""
    found = (
        Agreement.objects.visible_to(actor)
        .select_related("client", "provider", "need", "result", "case", "signed", "price_finding")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def agreement_of_award(actor: Actor, award: Award) -> Agreement | None:
    """The contract that followed an award, as far as the actor may know of it."""
    rows: QuerySet[Agreement] = Agreement.objects.visible_to(actor)
    return rows.filter(award=award).exclude(state=AgreementState.ABANDONED).first()


def versions_of(agreement: Agreement) -> list[AgreementVersion]:
    """All versions, the latest first."""
    return list(AgreementVersion.objects.filter(agreement=agreement).order_by("-number"))


def latest_version(agreement: Agreement) -> AgreementVersion:
    return (
        AgreementVersion.objects.select_related("agreement__client", "agreement__provider")
        .filter(agreement=agreement)
        .latest("number")
    )


def access_version(agreement: Agreement, number: int) -> AgreementVersion:
    """One version of an agreement the actor holds; raises NotFound."""
    found = (
        AgreementVersion.objects.select_related("agreement__client", "agreement__provider")
        .filter(agreement=agreement, number=number)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def signatures_of(version: AgreementVersion) -> dict[str, Signature]:
    """The signatures under a version, by side."""
    rows = Signature.objects.filter(agreement_version=version).select_related("certificate").order_by("id")
    return {row.side: row for row in rows}
