"""单列管理台账: entering a result, saying what it is worth and how far it is, writing it off."""

from __future__ import annotations

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.models import AssetEntry, RightsGrant
from ronglian.apps.agreements.rights_enums import LIVE_GRANTS, AssetStage, GrantedRight
from ronglian.apps.agreements.rights_rules import may_enter_asset, may_keep_asset
from ronglian.apps.registry.models import Result
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record, clean_text


@operation("asset.enter", target="owner", allowed=may_enter_asset)
def enter_asset(
    *,
    actor: Actor,
    owner: Organisation,
    result: Result,
    right: GrantedRight,
    stage: AssetStage,
    value_fen: int | None = None,
    value_basis: str = "",
) -> AssetEntry:
    """Enter a result of the institution in its ledger, under the next number."""
    if result.owner_id != owner.pk:
        raise InvalidInput.of({"result": [_("The ledger holds results of the institution itself.")]})
    if AssetEntry.objects.filter(owner=owner, result=result).exists():
        raise RuleViolation(_("This result stands in the ledger already."))
    return _enter(actor, owner, result, right, stage, value_fen, value_basis)


@operation("asset.value", target="entry", allowed=may_keep_asset)
def value_asset(
    *, actor: Actor, entry: AssetEntry, stage: AssetStage, value_fen: int | None, value_basis: str
) -> AssetEntry:
    """Say how far the result is and what it is worth, with the basis of the value; none is a value, too."""
    _insist_on_entered(entry)
    _insist_on_basis(value_fen, value_basis)
    entry.stage, entry.value_fen, entry.value_basis = stage, value_fen, value_basis
    return _save(actor, entry, "valued")


@operation("asset.write_off", target="entry", allowed=may_keep_asset)
def write_off_asset(*, actor: Actor, entry: AssetEntry, reason: str) -> AssetEntry:
    """Write it off, with the reason; the entry stays. Not while rights in it are granted or applied for."""
    _insist_on_entered(entry)
    if not clean_text(reason):
        raise InvalidInput.of({"reason": [_("Say why: it stays with the entry.")]})
    if RightsGrant.objects.filter(
        result=entry.result_id, owner=entry.owner_id, state__in=LIVE_GRANTS
    ).exists():
        raise RuleViolation(_("A grant of rights in this result is under way or in force; it ends first."))
    entry.written_off_on, entry.written_off_because = timezone.localdate(), reason
    return _save(actor, entry, "written_off")


def enter_granted(actor: Actor, grant: RightsGrant) -> None:
    """For a grant that comes into force: its result stands in the ledger."""
    if not AssetEntry.objects.filter(owner=grant.owner_id, result=grant.result_id).exists():
        right, stage = GrantedRight(grant.right), AssetStage.DEVELOPMENT
        _enter(actor, grant.owner, grant.result, right, stage, None, "")


def _enter(
    actor: Actor,
    owner: Organisation,
    result: Result,
    right: GrantedRight,
    stage: AssetStage,
    value_fen: int | None,
    value_basis: str,
) -> AssetEntry:
    _insist_on_basis(value_fen, value_basis)
    Organisation.objects.select_for_update().get(pk=owner.pk)  # numbers are given one after the other
    last = AssetEntry.objects.filter(owner=owner).aggregate(last=Max("number"))["last"]
    entry = AssetEntry(
        owner=owner,
        result=result,
        number=int(last or 0) + 1,
        right=right,
        stage=stage,
        value_fen=value_fen,
        value_basis=value_basis,
        entered_on=timezone.localdate(),
        recorded_by=actor.label,
    )
    clean_record(entry)
    entry.save(force_insert=True)
    record_event(
        actor, "assetentry.entered", entry, {"result": str(result.public_id), "number": entry.number}
    )
    return entry


def _insist_on_basis(value_fen: int | None, basis: str) -> None:
    if value_fen is not None and not clean_text(basis):
        raise InvalidInput.of(
            {"value_basis": [_("A value comes with its basis, such as a report or a price.")]}
        )


def _insist_on_entered(entry: AssetEntry) -> None:
    if entry.written_off_on is not None:
        raise RuleViolation(_("This entry was written off."))


def _save(actor: Actor, entry: AssetEntry, past: str) -> AssetEntry:
    entry.version += 1
    clean_record(entry)
    entry.save(force_update=True)
    record_event(actor, f"assetentry.{past}", entry, {"number": entry.number})
    return entry
