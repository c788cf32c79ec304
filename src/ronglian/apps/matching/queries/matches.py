"""Matching for readers: the engine's answers, cut to what the reader may see, with the people's decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar, cast
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.matching.keeper import keeper
from ronglian.apps.matching.models import Decision
from ronglian.apps.matching.profiles import profile_need, profile_result
from ronglian.apps.matching.queries.decisions import visible_decisions
from ronglian.apps.matching.rules import matchable_by
from ronglian.apps.registry.models import Expert, Need, RegistryRecord, Result
from ronglian.engines.matching import Match
from ronglian.engines.text import content_terms
from ronglian.kernel.actor import Actor

R = TypeVar("R", bound=RegistryRecord)
Side = Literal["results", "needs"]
TEXT_LIMIT = 5_000


@dataclass(frozen=True, slots=True)
class MatchView:
    """A match with its records; the side that was free text is None."""

    need: Need | None
    result: Result | None
    match: Match
    decisions: tuple[Decision, ...] = ()


def match_need(actor: Actor, need: Need, *, top: int = 20, include_excluded: bool = False) -> list[MatchView]:
    """The results that fit a need best, with reasons."""
    matches = keeper.current().match_need(
        profile_need(need),
        today=timezone.localdate(),
        top=top,
        allowed=matchable_by(actor, Result, not_of=need.owner_id),
        include_excluded=include_excluded,
    )
    results = _by_id(actor, Result, (match.result_id for match in matches))
    decisions = _decisions(actor, Q(need=need))
    return [
        MatchView(need, results[match.result_id], match, decisions.get(match.result_id, ()))
        for match in matches
        if match.result_id in results
    ]


def match_result(
    actor: Actor, result: Result, *, top: int = 20, include_excluded: bool = False
) -> list[MatchView]:
    """The needs that a result fits best, with reasons."""
    matches = keeper.current().match_result(
        profile_result(result),
        today=timezone.localdate(),
        top=top,
        allowed=matchable_by(actor, Need, not_of=result.owner_id),
        include_excluded=include_excluded,
    )
    needs = _by_id(actor, Need, (match.need_id for match in matches))
    decisions = _decisions(actor, Q(result=result))
    return [
        MatchView(needs[match.need_id], result, match, decisions.get(match.need_id, ()))
        for match in matches
        if match.need_id in needs
    ]


def match_text(actor: Actor, text: str, *, side: Side = "results", top: int = 20) -> list[MatchView]:
    """What fits a sentence: results for one that needs, needs for one that offers."""
    model: type[RegistryRecord] = Result if side == "results" else Need
    matches = keeper.current().match_text(
        text[:TEXT_LIMIT],
        side=side,
        today=timezone.localdate(),
        top=top,
        allowed=matchable_by(actor, model),
    )
    if side == "results":
        results = _by_id(actor, Result, (match.result_id for match in matches))
        return [MatchView(None, results[m.result_id], m) for m in matches if m.result_id in results]
    needs = _by_id(actor, Need, (match.need_id for match in matches))
    return [MatchView(needs[m.need_id], None, m) for m in matches if m.need_id in needs]


def explain_pair(actor: Actor, need: Need, result: Result) -> MatchView:
    """Why these two fit, or do not, whether or not either is among the other's best."""
    match = keeper.current().explain(profile_need(need), profile_result(result), today=timezone.localdate())
    decisions = visible_decisions(actor).filter(need=need, result=result).order_by("id")
    return MatchView(need, result, match, tuple(decisions))


def search_records(actor: Actor, model: type[RegistryRecord], query: str, *, limit: int = 2000) -> list[UUID]:
    """The public ids of the records that answer a query, best first. Needs and results are ranked by the index."""
    if model in (Need, Result):
        side: Side = "needs" if model is Need else "results"
        allowed = matchable_by(actor, model)
        hits = keeper.current().search(query[:TEXT_LIMIT], side, top=limit, allowed=allowed)
        return [UUID(hit.id) for hit in hits]
    headline = ("name", "name_en", "post") if model is Expert else ("title", "title_en")
    rows = model.objects.visible_to(actor).filter(
        _says(query, (*headline, "summary", "summary_en", "owner__name"))
    )
    return list(rows.order_by("-id").values_list("public_id", flat=True)[:limit])


def search_organisations(query: str, *, limit: int = 2000) -> list[UUID]:
    """The public ids of the organisations whose name or summary says all the words."""
    rows = Organisation.objects.filter(_says(query, ("name", "name_en", "summary", "summary_en")))
    return list(rows.order_by("name", "id").values_list("public_id", flat=True)[:limit])


def _says(query: str, columns: Sequence[str]) -> Q:
    """Every word of the query stands in one of the columns."""
    condition = Q()
    for word in (content_terms(query) or [query.strip()])[:20]:
        condition &= Q(*((f"{column}__icontains", word) for column in columns), _connector=Q.OR)
    return condition


def _by_id(actor: Actor, model: type[R], keys: Iterable[str]) -> dict[str, R]:
    rows = cast(
        QuerySet[R], model.objects.visible_to(actor).filter(public_id__in=list(keys)).select_related("owner")
    )
    return {str(row.public_id): row for row in rows}


def _decisions(actor: Actor, about: Q) -> dict[str, tuple[Decision, ...]]:
    """The decisions the actor may see, by the public id of the need and of the result."""
    found: dict[str, tuple[Decision, ...]] = {}
    for decision in visible_decisions(actor).filter(about).select_related("need", "result").order_by("id"):
        for record in (decision.need, decision.result):
            found[str(record.public_id)] = (*found.get(str(record.public_id), ()), decision)
    return found
