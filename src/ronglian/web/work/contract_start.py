"""What a new contract begins with: from a need and a result, as far as its drafter may read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.enums import AgreementKind, Side
from ronglian.apps.agreements.from_award import kind_from, terms_from
from ronglian.apps.challenges.models import Award
from ronglian.apps.challenges.queries.challenges import opened_bids
from ronglian.apps.challenges.queries.reviews import access_award
from ronglian.apps.registry.enums import TransferMode
from ronglian.apps.registry.models import Need, Result
from ronglian.apps.registry.queries.records import access_record
from ronglian.apps.registry.rules import may_see_owner
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound
from ronglian.web.asked import read_id

# How the way in which a result is offered reads as a kind of contract.
KIND_OF_MODE: Mapping[str, AgreementKind] = {
    TransferMode.TRANSFER: AgreementKind.TRANSFER,
    TransferMode.DEVELOPMENT: AgreementKind.COMMISSIONED_DEVELOPMENT,
    TransferMode.CONSULTING: AgreementKind.CONSULTING,
    TransferMode.SERVICE: AgreementKind.SERVICE,
}


@dataclass(frozen=True, slots=True)
class Start:
    """What the form shows at first, and what the contract will be about."""

    need: UUID | None = None
    result: UUID | None = None
    award: UUID | None = None
    title: str = ""
    initial: Mapping[str, Any] = field(default_factory=dict)
    terms: Mapping[str, Any] = field(default_factory=dict)


def start_of(actor: Actor, asked: Mapping[str, Any], own: Sequence[Organisation]) -> Start:
    """Raises NotFound for a need, result or award that the actor may not see."""
    if asked.get("award"):
        return _from_award(actor, access_award(actor, read_id(asked["award"])), own)
    need = access_record(actor, Need, read_id(asked["need"])) if asked.get("need") else None
    result = access_record(actor, Result, read_id(asked["result"])) if asked.get("result") else None
    mine = {one.pk for one in own}
    provides = result is not None and result.owner_id in mine
    other = need if provides else result
    initial: dict[str, Any] = {
        "kind": _kind(result),
        "title": (result or need).title if result or need else "",  # type: ignore[union-attr]  # one of them is there
        "side": Side.PROVIDER if provides else Side.CLIENT,
    }
    side = result if provides else need
    if side is not None and side.owner_id in mine:
        initial["own"] = next(str(one.public_id) for one in own if one.pk == side.owner_id)
    if other is not None and other.owner_id not in mine and may_see_owner(actor, other):
        initial["other"] = f"/organisations/{other.owner.public_id}/"
    texts = [
        record.title + (f"：{record.summary}" if record.summary else "")
        for record in (need, result)
        if record
    ]
    return Start(
        need=need.public_id if need else None,
        result=result.public_id if result else None,
        title=initial["title"],
        initial=initial,
        terms={"subject": "\n".join(texts)} if texts else {},
    )


def _from_award(actor: Actor, award: Award, own: Sequence[Organisation]) -> Start:
    """For the issuer and for the winner; NotFound for everybody else."""
    issuer, winner = award.challenge.issuer, award.bid.bidder
    mine = {one.pk for one in own}
    if not mine & {issuer.pk, winner.pk}:
        raise NotFound
    pays = issuer.pk in mine
    opened = opened_bids(actor, award.challenge).filter(pk=award.bid_id).first()
    return Start(
        award=award.public_id,
        title=award.challenge.title,
        initial={
            "kind": kind_from(award),
            "title": award.challenge.title,
            "side": Side.CLIENT if pays else Side.PROVIDER,
            "own": str((issuer if pays else winner).public_id),
            "other": f"/organisations/{(winner if pays else issuer).public_id}/",
        },
        terms=terms_from(award, opened.content if opened else None),
    )


def _kind(result: Result | None) -> AgreementKind:
    modes = result.transfer_modes if result else []
    return next((KIND_OF_MODE[mode] for mode in modes if mode in KIND_OF_MODE), AgreementKind.LICENCE)
