"""Storing what the engine suggests, and what people decide."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.matching.enums import CONFIRMING, DECLINING, DecisionKind, DecisionReason, SuggestionBasis
from ronglian.apps.matching.explanations import kept_explanation
from ronglian.apps.matching.keeper import keeper
from ronglian.apps.matching.models import Decision, Suggestion
from ronglian.apps.matching.queries.matches import MatchView, explain_pair, match_need, match_result
from ronglian.apps.matching.rules import Pair, may_decide, may_suggest
from ronglian.apps.registry.models import Need, RegistryRecord, Result
from ronglian.apps.registry.opening import open_records, public_layer
from ronglian.engines.matching import ENGINE_VERSION
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record


@operation("match.suggest", target="record", allowed=may_suggest)
def suggest_matches(*, actor: Actor, record: RegistryRecord, top: int = 20) -> RegistryRecord:
    """Store the record's best matches. Those scored for an older version of it that hold no longer are dropped.

    With details under an agreement there are two rankings: by what is public, and by all, for its own organisation.
    """
    assert isinstance(record, Need | Result)
    own = SuggestionBasis(record.noun)
    rankings = {SuggestionBasis.PUBLIC: _ranked(actor, public_layer(record), top)}
    if record.under_nda:
        open_records([record])
        rankings[own] = _ranked(actor, record, top)
    version = keeper.current().version
    kept = [_store(view, basis, version) for basis, views in rankings.items() for view in views]
    mine = Q(**{record.noun: record, "basis__in": (SuggestionBasis.PUBLIC, own)})
    older = Q(**{f"{record.noun}_version__lt": record.version})
    Suggestion.objects.filter(mine, older).exclude(pk__in=[row.pk for row in kept]).delete()
    record_event(
        actor, f"{record.noun}.matched", record, {"suggestions": len(kept), "engine": ENGINE_VERSION}
    )
    return record


@operation("match.decide", target="pair", allowed=may_decide)
def decide_match(
    *, actor: Actor, pair: Pair, kind: DecisionKind, reason: DecisionReason, note: str = ""
) -> Decision:
    """Say for one's organisation whether a match is worth a talk, with a coded reason.

    A later decision of the same side replaces the earlier one; the timeline keeps both. The explanation shown
    at the time is stored, so re-indexing never changes what was decided on.
    """
    _check_reason(kind, reason, note)
    organisation = pair.need.owner if actor.may_write_for(pair.need.owner_id) else pair.result.owner
    shown = explain_pair(actor, pair.need, pair.result).match
    decision = Decision.objects.filter(need=pair.need, result=pair.result, organisation=organisation).first()
    decision = decision or Decision(need=pair.need, result=pair.result, organisation=organisation)
    decision.kind, decision.reason, decision.note = kind, reason, note
    decision.decided_by = actor.label
    decision.explanation = kept_explanation(pair.need, pair.result, shown)
    decision.engine_version = ENGINE_VERSION
    decision.parameters_version = keeper.current().version
    decision.version += 0 if decision.pk is None else 1
    clean_record(decision)
    decision.save()
    data = {"result": str(pair.result.public_id), "need": str(pair.need.public_id), "reason": reason}
    record_event(actor, f"match.{kind}", decision, data)
    return decision


def _ranked(actor: Actor, record: Need | Result, top: int) -> list[MatchView]:
    """Without the popular results that enough other needs are shown already."""
    if isinstance(record, Need):
        views = match_need(actor, record, top=top)
    else:
        views = match_result(actor, record, top=top)
    return [view for view in views if view.move is None or view.move.placed.reason != "crowded"]


def _check_reason(kind: DecisionKind, reason: DecisionReason, note: str) -> None:
    if reason not in (CONFIRMING if kind == DecisionKind.CONFIRMED else DECLINING):
        raise InvalidInput.of({"reason": [_("This reason does not go with this decision.")]})
    if reason == DecisionReason.OTHER and not note.strip():
        raise InvalidInput.of({"note": [_("Say in a few words what the reason is.")]})


def _store(view: MatchView, basis: SuggestionBasis, parameters_version: str) -> Suggestion:
    assert view.need is not None
    assert view.result is not None
    suggestion, _created = Suggestion.objects.update_or_create(
        need=view.need,
        result=view.result,
        basis=basis,
        defaults={
            "score": view.match.score,
            "explanation": kept_explanation(view.need, view.result, view.match),
            "engine_version": ENGINE_VERSION,
            "parameters_version": parameters_version,
            "need_version": view.need.version,
            "result_version": view.result.version,
        },
    )
    return suggestion
