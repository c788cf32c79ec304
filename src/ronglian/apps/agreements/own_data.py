"""What agreements hold about a person: what was signed, granted or objected to, and shares of income that name somebody."""

from __future__ import annotations

from typing import Any

from django.db.models import Max

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.personal import add_part, keep
from ronglian.apps.agreements.models import GrantMember, PriceObjection, SettlementConsent, Signature


def register() -> None:
    add_part("signatures", _signatures, keep)
    add_part("settlements", _settlements, keep)
    add_part("rights", _rights, keep)
    add_part("price_objections", _price_objections, keep)


def _signatures(person: Person) -> list[dict[str, Any]]:
    """A signature is its organisation's document: it is told to the person, and stays."""
    rows = Signature.objects.filter(person=person.public_id).select_related("agreement_version__agreement")
    return [
        {
            "contract": row.agreement_version.agreement.title,
            "version": row.agreement_version.number,
            "side": str(row.side),
            "digest": row.digest,
            "signed": row.signed_at.isoformat(),
        }
        for row in rows.order_by("pk")
    ]


def _settlements(person: Person) -> list[dict[str, Any]]:
    """What the person accepted for an organisation stays with the dispute."""
    rows = SettlementConsent.objects.filter(person=person.public_id).select_related(
        "settlement__dispute__agreement"
    )
    return [
        {
            "contract": row.settlement.dispute.agreement.title,
            "dispute": row.settlement.dispute.number,
            "side": str(row.side),
            "digest": row.digest,
            "accepted": row.created_at.isoformat(),
        }
        for row in rows.order_by("pk")
    ]


def _rights(person: Person) -> list[dict[str, Any]]:
    """Who is granted a right stays named in its grant, as in any deed; it is told to the person."""
    rows = GrantMember.objects.filter(person=person).annotate(signed=Max("signatures__signed_at"))
    return [
        {
            "result": row.grant.title,
            "institution": row.grant.owner.name,
            "state": str(row.grant.state),
            "name": row.name,
            "share": row.share,
            "signed": row.signed.isoformat() if row.signed else "",
        }
        for row in rows.select_related("grant__owner").order_by("pk")
    ]


def _price_objections(person: Person) -> list[dict[str, Any]]:
    """What the person said against a price; it stays with the notice that had to answer it."""
    rows = PriceObjection.objects.filter(person=person.public_id).select_related("finding")
    return [
        {
            "result": row.finding.title,
            "text": str(row.text),
            "answer": str(row.answer),
            "objected": row.created_at.isoformat(),
        }
        for row in rows.order_by("pk")
    ]
