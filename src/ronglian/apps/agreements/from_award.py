"""From an award to a contract: what the challenge, the winning bid and the task book say already is not typed again."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from ronglian.apps.agreements.enums import AgreementKind
from ronglian.apps.challenges.enums import Phase, RewardKind
from ronglian.apps.challenges.models import Award, Milestone

# Once the public notice is over and nobody's objection changed the award.
READY = (Phase.TASK, Phase.ACCEPTANCE, Phase.DONE)
KIND_OF_REWARD = {RewardKind.ORDER: AgreementKind.SERVICE}


def kind_from(award: Award) -> AgreementKind:
    """An order is a service at first; everything else is development that the issuer commissions."""
    return KIND_OF_REWARD.get(RewardKind(award.challenge.reward_kind), AgreementKind.COMMISSIONED_DEVELOPMENT)


def terms_from(award: Award, content: dict[str, Any] | None) -> dict[str, Any]:
    """The first terms: the question, the proposal, the acceptance test, and a payment for each milestone.

    `content` is the winning bid as it was opened, None for who may not read it.
    """
    challenge, content = award.challenge, content or {}
    milestones = list(Milestone.objects.filter(award=award).order_by("number"))
    price = _price(award, content, milestones)
    return {
        "subject": "\n".join(part for part in (challenge.text, content.get("proposal", "")) if part),
        "plan": "\n".join(_milestone_line(one) for one in milestones) or _days(content),
        "acceptance": "\n".join(_criterion(row) for row in challenge.acceptance),
        "items": [{"name": challenge.title, "amount_fen": price}] if price else [],
        "payments": _payments(price, milestones),
    }


def _price(award: Award, content: dict[str, Any], milestones: list[Milestone]) -> int:
    """What the task book pays in all, else what was bid, else the reward."""
    paid = sum(one.amount_fen for one in milestones)
    return paid or content.get("price_fen") or award.challenge.reward_fen


def _payments(price: int, milestones: list[Milestone]) -> list[dict[str, Any]]:
    parts = [
        {"title": one.title, "amount_fen": one.amount_fen, "due": "acceptance"}
        for one in milestones
        if one.amount_fen
    ]
    if parts or not price:
        return parts
    return [{"title": _("On acceptance"), "amount_fen": price, "due": "acceptance"}]


def _milestone_line(one: Milestone) -> str:
    day = timezone.localtime(one.due_at).date().isoformat()
    return _("%(day)s: %(title)s. %(evidence)s") % {"day": day, "title": one.title, "evidence": one.evidence}


def _days(content: dict[str, Any]) -> str:
    days = content.get("days")
    return _("Within %(days)d days after signing.") % {"days": days} if days else ""


def _criterion(row: dict[str, str]) -> str:
    parts = [f"{row['quantity']} {row['threshold']}", row["method"], row["measured_by"], row["evidence"]]
    return "，".join(part for part in parts if part)
