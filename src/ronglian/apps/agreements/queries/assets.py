"""Reading the ledger of service results (单列管理): each entry with the state that grants and contracts give it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Sum, Value, When

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.enums import AgreementKind, AgreementState
from ronglian.apps.agreements.models import Agreement, AssetEntry, RightsGrant
from ronglian.apps.agreements.rights_enums import AssetState, GrantState
from ronglian.apps.agreements.rights_rules import visible_assets_q
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound

STANDING = (AgreementState.IN_FORCE, AgreementState.COMPLETED)


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many entries are in a state, and what those with a value are worth together."""

    state: AssetState
    count: int
    valued: int
    value_fen: int


@dataclass(frozen=True, slots=True)
class Move:
    """Something that happened to an entry: the day, the state it led to, and the contract or the reason."""

    day: date
    state: AssetState
    text: str
    agreement: UUID | None = None


def list_assets(actor: Actor, owner: Organisation, state: str = "") -> QuerySet[Any]:
    """The ledger of an institution in the order of its numbers. Raises NotFound for everybody outside."""
    if not (actor.is_system or (actor.is_member(owner.pk) and actor.may_read_confidential)):
        raise NotFound
    rows = with_state(AssetEntry.objects.filter(visible_assets_q(actor), owner=owner))
    rows = rows.select_related("result", "owner").order_by("number")
    return rows.filter(derived_state=state) if state in AssetState.values else rows


def access_asset(actor: Actor, public_id: UUID) -> Any:
    """One entry; raises NotFound."""
    rows = with_state(AssetEntry.objects.filter(visible_assets_q(actor))).select_related("result", "owner")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def with_state(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Each entry with `derived_state`. What goes furthest holds: written off, transferred, licensed, granted, entered."""
    mine = Agreement.objects.filter(result=OuterRef("result"), provider=OuterRef("owner"))
    granted = RightsGrant.objects.filter(
        result=OuterRef("result"), owner=OuterRef("owner"), state=GrantState.IN_FORCE
    )
    found: QuerySet[Any] = rows.annotate(
        derived_state=Case(
            When(written_off_on__isnull=False, then=Value(AssetState.WRITTEN_OFF.value)),
            When(
                Exists(mine.filter(kind=AgreementKind.TRANSFER, state__in=STANDING)),
                then=Value(AssetState.TRANSFERRED.value),
            ),
            When(
                Exists(mine.filter(kind=AgreementKind.LICENCE, state=AgreementState.IN_FORCE)),
                then=Value(AssetState.LICENSED.value),
            ),
            When(Exists(granted), then=Value(AssetState.GRANTED.value)),
            default=Value(AssetState.ENTERED.value),
            output_field=CharField(),
        )
    )
    return found


def count_states(actor: Actor, owner: Organisation) -> list[StateCount]:
    """The ledger by state, each state in its place, also those without an entry. Raises NotFound as `list_assets`."""
    rows = list_assets(actor, owner).order_by().values("derived_state")
    found = {
        row["derived_state"]: row
        for row in rows.annotate(count=Count("id"), valued=Count("value_fen"), value=Sum("value_fen"))
    }
    return [
        StateCount(state, row.get("count", 0), row.get("valued", 0), int(row.get("value") or 0))
        for state in AssetState
        for row in (found.get(state.value, {}),)
    ]


def moves_of(entries: Iterable[AssetEntry]) -> dict[int, list[Move]]:
    """What happened to each of the entries, by its row, in the order of the days."""
    rows = list(entries)
    found: dict[int, list[Move]] = {row.pk: [Move(row.entered_on, AssetState.ENTERED, "")] for row in rows}
    by_result: dict[tuple[int, int | None], int] = {(row.owner_id, row.result_id): row.pk for row in rows}
    where = Q(result__in=[row.result_id for row in rows], owner__in=[row.owner_id for row in rows])
    for grant in RightsGrant.objects.filter(where, in_force_on__isnull=False):
        assert grant.in_force_on is not None
        entry = by_result.get((grant.owner_id, grant.result_id))
        if entry is not None:
            found[entry].append(Move(grant.in_force_on, AssetState.GRANTED, grant.get_form_display()))
    kinds = {AgreementKind.TRANSFER: AssetState.TRANSFERRED, AgreementKind.LICENCE: AssetState.LICENSED}
    contracts = Agreement.objects.filter(
        result__in=[row.result_id for row in rows], kind__in=kinds, signed_on__isnull=False
    )
    for agreement in contracts:
        entry = by_result.get((agreement.provider_id, agreement.result_id))
        if entry is not None and agreement.signed_on is not None:
            found[entry].append(
                Move(
                    agreement.signed_on,
                    kinds[AgreementKind(agreement.kind)],
                    agreement.title,
                    agreement.public_id,
                )
            )
    for row in rows:
        if row.written_off_on is not None:
            found[row.pk].append(Move(row.written_off_on, AssetState.WRITTEN_OFF, row.written_off_because))
        found[row.pk].sort(key=lambda move: move.day)
    return found
