"""Matching for readers: the engine's answers, computed from what the reader may read, with the people's decisions.

The index holds what every visitor may read. A record with more to it is matched with that by whoever may have it: its
full profile is a query against the index, and never enters it. So scores, order, explanations and the statistics of
words say nothing of what the reader could not read (docs/adr/0007).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar, cast
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.disclosure.operations.viewings import log_viewing
from ronglian.apps.matching.keeper import keeper
from ronglian.apps.matching.models import Decision
from ronglian.apps.matching.profiles import profile_need, profile_result
from ronglian.apps.matching.queries.decisions import visible_decisions
from ronglian.apps.matching.queries.exposure import FairOrder, Move, in_order, order_in_use
from ronglian.apps.matching.rules import AllExcept, matchable_for
from ronglian.apps.matching.vectors import embed_sentence
from ronglian.apps.registry.models import Expert, Need, RegistryRecord, Result
from ronglian.apps.registry.opening import open_records
from ronglian.apps.registry.rules import may_see_owner, open_details_q, visible_q
from ronglian.engines.matching import Match, NeedProfile
from ronglian.engines.matching.fairness import DEFAULT_FAIRNESS
from ronglian.engines.matching.records import Profile
from ronglian.engines.matching.spans import join_terms
from ronglian.engines.text import content_terms
from ronglian.kernel.actor import ANONYMOUS, Actor

R = TypeVar("R", bound=RegistryRecord)
Side = Literal["results", "needs"]
TEXT_LIMIT = 5_000
# So many records that a reader holds the details of are compared one by one.
BESIDE = 50


@dataclass(frozen=True, slots=True)
class MatchView:
    """A match with its records; the side that was free text is None."""

    need: Need | None
    result: Result | None
    match: Match
    decisions: tuple[Decision, ...] = ()
    move: Move | None = None


def match_need(
    actor: Actor, need: Need, *, top: int = 20, include_excluded: bool = False, by_score: bool = False
) -> list[MatchView]:
    """The results that fit a need best, with reasons, in their fair order or by score alone."""
    order = None if by_score else order_in_use()
    wide = _width(top, order)
    index, today = keeper.current(), timezone.localdate()
    asked = profile_need(need, knows_owner=may_see_owner(actor, need))
    matches = index.match_need(
        asked,
        today=today,
        top=wide,
        allowed=matchable_for(actor, need, Result),
        include_excluded=include_excluded,
    )
    beside = _read_beside(actor, need, Result)
    own = [index.explain(asked, profile_result(result), today=today) for result in beside]
    matches = _merged(matches, own, lambda match: match.result_id, wide, include_excluded)
    results = _by_id(actor, Result, (match.result_id for match in matches))
    decisions = _decisions(actor, Q(need=need))
    views = [
        MatchView(
            need,
            results[match.result_id],
            _with_spans(match, asked, results[match.result_id]),
            decisions.get(match.result_id, ()),
        )
        for match in matches
        if match.result_id in results
    ]
    views = _ordered(views, "results", order)[:top]
    _log_shown(actor, beside, {view.match.result_id for view in views})
    return views


def match_result(
    actor: Actor, result: Result, *, top: int = 20, include_excluded: bool = False, by_score: bool = False
) -> list[MatchView]:
    """The needs that a result fits best, with reasons, in their fair order or by score alone."""
    order = None if by_score else order_in_use()
    wide = _width(top, order)
    index, today = keeper.current(), timezone.localdate()
    offered = profile_result(result)
    matches = index.match_result(
        offered,
        today=today,
        top=wide,
        allowed=matchable_for(actor, result, Need),
        include_excluded=include_excluded,
    )
    beside = _read_beside(actor, result, Need)
    own = [
        index.explain(profile_need(need, knows_owner=may_see_owner(actor, need)), offered, today=today)
        for need in beside
    ]
    matches = _merged(matches, own, lambda match: match.need_id, wide, include_excluded)
    needs = _by_id(actor, Need, (match.need_id for match in matches))
    decisions = _decisions(actor, Q(result=result))
    views = [
        MatchView(
            needs[match.need_id],
            result,
            _with_spans(match, offered, needs[match.need_id]),
            decisions.get(match.need_id, ()),
        )
        for match in matches
        if match.need_id in needs
    ]
    views = _ordered(views, "needs", order)[:top]
    _log_shown(actor, beside, {view.match.need_id for view in views})
    return views


def match_text(actor: Actor, text: str, *, side: Side = "results", top: int = 20) -> list[MatchView]:
    """What fits a sentence: results for one that needs, needs for one that offers."""
    order = order_in_use()
    order = order.without_cap() if order else None
    wide, today = _width(top, order), timezone.localdate()
    index, text = keeper.current(), text[:TEXT_LIMIT]
    vectors = embed_sentence(text, index.model, offers=side == "needs") if index.model else None
    matches = index.match_text(text, side=side, today=today, top=wide, vectors=vectors)
    if side == "results":
        results = _by_id(actor, Result, (match.result_id for match in matches))
        views = [
            MatchView(None, results[m.result_id], _with_spans(m, text, results[m.result_id]))
            for m in matches
            if m.result_id in results
        ]
    else:
        needs = _by_id(actor, Need, (match.need_id for match in matches))
        views = [
            MatchView(needs[m.need_id], None, _with_spans(m, text, needs[m.need_id]))
            for m in matches
            if m.need_id in needs
        ]
    return _ordered(views, side, order)[:top]


def match_profile(actor: Actor, profile: NeedProfile, *, owner_id: int, top: int = 20) -> list[MatchView]:
    """The results that fit what its owner is still writing, none of the owner's own among them."""
    own = Result.objects.visible_to(ANONYMOUS).filter(owner_id=owner_id).values_list("public_id", flat=True)
    matches = keeper.current().match_need(
        profile,
        today=timezone.localdate(),
        top=top,
        allowed=AllExcept(frozenset(str(public_id) for public_id in own)),
    )
    results = _by_id(actor, Result, (match.result_id for match in matches))
    return [
        MatchView(None, results[match.result_id], _with_spans(match, profile, results[match.result_id]))
        for match in matches
        if match.result_id in results
    ]


def version_in_use() -> str:
    """What matches are scored with now: the version of the parameters, and the dense model where one is read."""
    return keeper.current().version


def model_in_use() -> str | None:
    """The dense model that reads meaning now; None where wording alone is read."""
    return keeper.current().model


def explain_pair(actor: Actor, need: Need, result: Result) -> MatchView:
    """Why these two fit, or do not, whether or not either is among the other's best."""
    asked = profile_need(need, knows_owner=may_see_owner(actor, need))
    match = keeper.current().explain(asked, profile_result(result), today=timezone.localdate())
    match = _with_spans(match, asked, result)
    decisions = visible_decisions(actor).filter(need=need, result=result).order_by("id")
    return MatchView(need, result, match, tuple(decisions))


def _with_spans(match: Match, asked: Profile | str, found: Need | Result) -> Match:
    """The match with its shared words as they stand in both texts, as far as the reader has these before him."""
    own = asked if isinstance(asked, str) else f"{asked.title}\n{asked.body}"
    return replace(match, terms=join_terms(match.terms, own, f"{found.title}\n{found.body}"))


def _width(top: int, order: FairOrder | None) -> int:
    """How many are looked at: what stands next may come up."""
    return top if order is None else top + DEFAULT_FAIRNESS.places


def _ordered(views: list[MatchView], side: Side, order: FairOrder | None) -> list[MatchView]:
    if order is None:
        return views
    found = []
    for view in views:
        record = view.result if side == "results" else view.need
        assert record is not None
        found.append((view, record, view.match.score, bool(view.match.exclusions)))
    return [replace(view, move=move) for view, move in in_order(found, side, order)]


def search_records(actor: Actor, model: type[RegistryRecord], query: str, *, limit: int = 2000) -> list[UUID]:
    """The public ids of the records that answer a query, best first. Needs and results are ranked by the index.

    What it does not hold, because not every visitor may read it, comes after, newest first.
    """
    rows = model.objects.visible_to(actor)
    hits: list[UUID] = []
    if model in (Need, Result):
        side: Side = "needs" if model is Need else "results"
        hits = [UUID(hit.id) for hit in keeper.current().search(query[:TEXT_LIMIT], side, top=limit)]
        rows = rows.exclude(visible_q(ANONYMOUS))
    headline = ("name", "name_en", "post") if model is Expert else ("title", "title_en")
    rows = rows.filter(_says(query, (*headline, "summary", "summary_en", "owner__name")))
    return [*hits, *rows.order_by("-id").values_list("public_id", flat=True)[:limit]]


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


def _read_beside(actor: Actor, record: RegistryRecord, model: type[R]) -> list[R]:
    """The records of the other side of which the actor may read more than the index holds, opened; the newest few."""
    more = ~visible_q(ANONYMOUS) & Q(owner_id__in=actor.organisation_ids)
    more |= Q(under_nda=True) & open_details_q(actor)
    if actor.is_system or not actor.is_signed_in:
        return []
    rows = model.objects.visible_to(actor).current(timezone.localdate()).filter(more)
    rows = rows.exclude(owner_id=record.owner_id).select_related("owner").order_by("-id")[:BESIDE]
    found = list(cast(QuerySet[R], rows))
    open_records(found)
    return found


def _log_shown(actor: Actor, records: Sequence[RegistryRecord], shown: set[str]) -> None:
    """An explanation tells of the details: whoever is shown one under an agreement is written down."""
    for record in records:
        if str(record.public_id) in shown and not actor.is_member(record.owner_id):
            log_viewing(actor, record, record.noun, record.nda_fields)


def _merged(
    matches: Sequence[Match],
    own: Iterable[Match],
    key: Callable[[Match], str],
    top: int,
    include_excluded: bool,
) -> list[Match]:
    """The best of both; a pair explained with more goes before the same pair from the index."""
    found = {key(match): match for match in matches}
    for match in own:
        found.pop(key(match), None)
        text = next(part for part in match.parts if part.factor == "text")
        if text.points > 0 and (include_excluded or not match.exclusions):
            found[key(match)] = match
    return sorted(found.values(), key=lambda match: (-match.score, key(match)))[:top]


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
