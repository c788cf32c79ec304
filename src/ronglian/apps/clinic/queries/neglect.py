"""Needs that nobody answers: which, how long, what was done, and whose share of attention is whose.

Computed from public needs alone. Everybody is told the figures, hidden where fewer than FEWEST_ORGANISATIONS
organisations stand behind them; which needs they are is told to those who look after them, and of its own needs to
each organisation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from ronglian.apps.clinic.models import Attention
from ronglian.apps.clinic.neglect import NeglectParameters, parameters_on, urgency
from ronglian.apps.clinic.pool_rules import keeps_pools
from ronglian.apps.matching.models import Decision
from ronglian.apps.matching.queries.exposure import is_small, of_small_owners
from ronglian.apps.matching.queries.quality import FEWEST_ORGANISATIONS, HIDDEN, Share, published_needs
from ronglian.apps.registry.models import Need
from ronglian.kernel.actor import ANONYMOUS, Actor
from ronglian.kernel.errors import NotFound

LISTS = ("neglected", "neglected-small", "neglected-other", "needs-small", "needs-other")


@dataclass(frozen=True, slots=True)
class Lying:
    """A need that lies without an answer (被忽视的需求)."""

    need: Need
    days_waiting: int
    days_silent: int | None
    """Since somebody last did something about it; None if nobody ever did."""
    is_small: bool
    urgency: float


@dataclass(frozen=True, slots=True)
class NeglectReport:
    """被忽视需求报告. Shares of small firms: of the needs, of those neglected, of the attention given."""

    parameters: NeglectParameters
    neglected: Share
    neglected_small: Share
    neglected_other: Share
    small_of_needs: Share
    small_of_attention: Share


def asked_needs() -> QuerySet[Any]:
    """The current public needs, with when they were published, answered and looked after."""
    rows = published_needs(ANONYMOUS).filter(pk__in=_current().values("pk"))
    found: QuerySet[Any] = rows.annotate(attended_at=Max("attentions__created_at"))
    return found


def neglected_needs(now: datetime) -> QuerySet[Any]:
    """Those published long ago, without an answer, about which nothing was done lately."""
    parameters = parameters_on(timezone.localdate(now))
    silence = now - timedelta(days=parameters.silent_days)
    return asked_needs().filter(
        Q(attended_at=None) | Q(attended_at__lt=silence),
        answered_at=None,
        published_at__lt=now - timedelta(days=parameters.unanswered_days),
    )


def list_neglected(actor: Actor, name: str = "neglected") -> list[Lying]:
    """What a list of the report holds for this reader, the most urgent first. Raises NotFound for another name."""
    if name not in LISTS:
        raise NotFound
    now = timezone.now()
    rows = neglected_needs(now) if name.startswith("neglected") else asked_needs()
    if name.startswith("neglected") and not keeps_pools(actor):
        rows = rows.filter(owner_id__in=actor.organisation_ids)
    found = [_lying(need, now) for need in rows.select_related("owner")]
    side = name.partition("-")[2]
    if side:
        found = [each for each in found if each.is_small == (side == "small")]
    return sorted(found, key=lambda each: (-each.urgency, each.need.pk))


def list_attention(need: Need) -> QuerySet[Attention]:
    """What was done about the need, the latest first."""
    return Attention.objects.filter(need=need).order_by("-id")


def read_neglect(actor: Actor) -> NeglectReport:
    """The figures, as this reader may have them."""
    now = timezone.now()
    parameters = parameters_on(timezone.localdate(now))
    least = 0 if keeps_pools(actor) else FEWEST_ORGANISATIONS
    asked = list(asked_needs().values_list("pk", "owner_id", "answered_at"))
    small = set(of_small_owners(_current()).values_list("pk", flat=True))
    lying = set(neglected_needs(now).values_list("pk", flat=True))

    def share(of: set[int] | None) -> Share:
        rows = [row for row in asked if of is None or row[0] in of]
        answering = {owner for _pk, owner, answered in rows if answered is not None}
        if rows and len(answering) < least:
            return HIDDEN  # else a figure would tell that the few had no answer
        return Share(sum(pk in lying for pk, *_ in rows), len(rows))

    others = {pk for pk, *_ in asked} - small
    of_all, of_small, of_others = share(None), share(small), share(others)
    if HIDDEN in (
        of_small,
        of_others,
    ):  # of two parts and their sum, one that is hidden is told by the others
        of_all = of_small = of_others = HIDDEN
    return NeglectReport(
        parameters,
        neglected=of_all,
        neglected_small=of_small,
        neglected_other=of_others,
        small_of_needs=Share(len(small), len(asked)),
        small_of_attention=_small_of_attention(now - timedelta(days=parameters.window_days), small, least),
    )


def _small_of_attention(since: datetime, small: set[int], least: int) -> Share:
    """Decisions of others and notes of attention about public needs: how many are about small firms' needs."""
    current = _current()
    decided = Decision.objects.filter(need__in=current, created_at__gte=since)
    attended = Attention.objects.filter(need__in=current, created_at__gte=since)
    about = list(decided.values_list("need_id", "need__owner_id"))
    about += list(attended.values_list("need_id", "need__owner_id"))
    if about and len({owner for _need, owner in about}) < least:
        return HIDDEN
    return Share(sum(need in small for need, _owner in about), len(about))


def _current() -> QuerySet[Need]:
    rows: QuerySet[Need] = Need.objects.visible_to(ANONYMOUS).current(timezone.localdate())
    return rows


def _lying(need: Any, now: datetime) -> Lying:
    waiting = (now - need.published_at).days
    silent = (now - need.attended_at).days if need.attended_at else None
    small = is_small(need)
    return Lying(
        need, waiting, silent, small, urgency(waiting, small, parameters_on(timezone.localdate(now)))
    )
