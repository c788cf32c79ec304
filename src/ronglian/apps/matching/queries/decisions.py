"""Reading decisions: each side sees its own; the platform's operators see all."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from ronglian.apps.matching.enums import SuggestionBasis
from ronglian.apps.matching.models import Decision, Suggestion
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.models import Need, Result
from ronglian.kernel.actor import Actor


def visible_decisions(actor: Actor) -> QuerySet[Decision]:
    """What an organisation thinks of an offer is its own business until the two sides talk."""
    decisions = Decision.objects.select_related("organisation")
    if actor.is_system or actor.is_operator:
        return decisions
    return decisions.filter(organisation_id__in=actor.organisation_ids)


def waiting_suggestions(actor: Actor, *, least_score: float = 50) -> QuerySet[Suggestion]:
    """Stored suggestions about the actor's own records on which its organisation has not decided yet.

    Each side is shown those computed from its own details, where these stand under an agreement.
    """
    own = actor.organisation_ids
    wanted = Q()
    for side in (SuggestionBasis.NEED, SuggestionBasis.RESULT):
        for under_nda, basis in ((True, side), (False, SuggestionBasis.PUBLIC)):
            held = {f"{side}__owner_id__in": own, f"{side}__under_nda": under_nda}
            wanted |= Q(**held, basis=basis)
    decided = Decision.objects.filter(
        need=OuterRef("need"), result=OuterRef("result"), organisation_id__in=own
    )
    return (
        Suggestion.objects.filter(wanted, score__gte=least_score)
        .filter(need__in=Need.objects.visible_to(actor), result__in=Result.objects.visible_to(actor))
        .filter(need__state=State.PUBLISHED, result__state=State.PUBLISHED)
        .filter(~Exists(decided))
        .select_related("need__owner", "result__owner")
        .order_by("-score", "id")
    )
