"""Deciding over possible duplicates: one record stays and the other is withdrawn, or both stay."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ronglian.apps.registry.enums import State
from ronglian.apps.registry.models import DuplicateCandidate, DuplicateState, RegistryRecord
from ronglian.apps.registry.operations.records import withdraw_record
from ronglian.apps.registry.queries.duplicates import MODEL_OF
from ronglian.apps.registry.rules import is_visible
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, NotAllowed, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.permission import ALLOWED, Verdict, refused


def may_decide_duplicate(actor: Actor, candidate: DuplicateCandidate) -> Verdict:
    """Who may see both records and change one of them."""
    pair = _records(candidate)
    if all(is_visible(actor, record) for record in pair) and any(
        actor.may_write_for(record.owner_id) for record in pair
    ):
        return ALLOWED
    return refused(
        _("Only owners and editors of the organisation that holds one of the records may decide this.")
    )


@operation("duplicate.merge", target="candidate", allowed=may_decide_duplicate)
def merge_records(*, actor: Actor, candidate: DuplicateCandidate, keep: RegistryRecord) -> DuplicateCandidate:
    """Keep one record of the pair; the other is withdrawn, with a link to the one kept, and never deleted.

    Nothing is copied between the two. Decisions about the withdrawn record stay with it.
    """
    _require_open(candidate)
    pair = _records(candidate)
    if keep.public_id not in (candidate.first_id, candidate.second_id):
        raise InvalidInput.of({"keep": [_("Choose one of the two records.")]})
    loser = next(record for record in pair if record.public_id != keep.public_id)
    if not actor.may_write_for(loser.owner_id):
        raise NotAllowed(
            _(
                "The record that would be withdrawn belongs to another organisation. Only its owners and editors may do that."
            )
        )
    if loser.state != State.WITHDRAWN:
        withdraw_record(actor=actor, record=loser, reason=f"merged into {keep.public_id}")
    candidate.kept_id = keep.public_id
    record_event(actor, f"{loser.noun}.merged", loser, {"into": str(keep.public_id)})
    return _decide(actor, candidate, DuplicateState.MERGED, "duplicate.merged")


@operation("duplicate.keep_apart", target="candidate", allowed=may_decide_duplicate)
def keep_apart(*, actor: Actor, candidate: DuplicateCandidate) -> DuplicateCandidate:
    """Say that the two are different records; they are not proposed again."""
    _require_open(candidate)
    return _decide(actor, candidate, DuplicateState.KEPT_APART, "duplicate.kept_apart")


def _decide(
    actor: Actor, candidate: DuplicateCandidate, state: DuplicateState, event: str
) -> DuplicateCandidate:
    candidate.state = state
    candidate.decided_by = actor.label
    candidate.version += 1
    candidate.save(update_fields=["state", "kept_id", "decided_by", "version", "updated_at"])
    record_event(actor, event, candidate)
    return candidate


def _require_open(candidate: DuplicateCandidate) -> None:
    if candidate.state != DuplicateState.OPEN:
        raise RuleViolation(_("This has been decided already."))


def _records(candidate: DuplicateCandidate) -> list[Any]:
    model = MODEL_OF[candidate.subject_type]
    return list(model.objects.filter(public_id__in=(candidate.first_id, candidate.second_id)))
