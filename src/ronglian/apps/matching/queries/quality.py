"""What became of the suggestions: every figure computed from records, with its denominator and its doubt.

Everybody but the platform's operators is told the same: what concerns public records, and nothing of decisions that
fewer than FEWEST_ORGANISATIONS organisations made. The lists behind the figures are in `quality_lists`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from ronglian.apps.accounts.enums import OrganisationSize
from ronglian.apps.matching.enums import DecisionKind, SuggestionBasis
from ronglian.apps.matching.models import Decision, Suggestion
from ronglian.apps.registry.enums import Disclosure
from ronglian.apps.registry.models import Need, Result
from ronglian.engines.matching.measures import Interval
from ronglian.engines.matching.outcomes import Wait, waiting_quantile, wilson_interval
from ronglian.kernel.actor import ANONYMOUS, Actor
from ronglian.kernel.models import Event
from ronglian.kernel.provenance import SourceKind

FEWEST_ORGANISATIONS = 5
GOOD_SCORE = 50.0
BAND_WIDTH = 20
BANDS = tuple(range(0, 100, BAND_WIDTH))
MONTHS_SHOWN = 12
SECONDS_A_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many. Part and whole are None where too few organisations stand behind them."""

    part: int | None
    whole: int | None

    @property
    def interval(self) -> Interval | None:
        """The share with Wilson's interval; None where nothing can be said."""
        if self.part is None or not self.whole:
            return None
        return wilson_interval(self.part, self.whole)


HIDDEN = Share(None, None)


@dataclass(frozen=True, slots=True)
class Group:
    """The decisions of one score band or one month. `mean_score` is None where the share is hidden."""

    key: str
    confirmed: Share
    mean_score: float | None


@dataclass(frozen=True, slots=True)
class Answers:
    """How long published needs wait for the first decision of either side; days are None where none can be said."""

    unanswered: Share
    median_days: float | None
    p90_days: float | None


@dataclass(frozen=True, slots=True)
class SizeAnswers:
    """The same for the firms of one size; `size` is empty for owners that state none."""

    size: str
    answers: Answers


@dataclass(frozen=True, slots=True)
class QualityReport:
    """匹配质量报告."""

    confirmed: Share
    bands: tuple[Group, ...]
    months: tuple[Group, ...]
    needs_covered: Share
    results_suggested: Share
    answers: Answers
    answers_by_size: tuple[SizeAnswers, ...]
    invented_decisions: bool
    sees_all: bool


@dataclass(frozen=True, slots=True)
class _Decided:
    confirmed: bool
    score: float
    organisation: int
    month: str
    is_invented: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """A published need, for the waiting figures."""

    wait: Wait
    owner: int
    size: str


def read_quality(actor: Actor) -> QualityReport:
    """The report as this reader may have it."""
    sees_all = sees_all_decisions(actor)
    decisions = _decisions(sees_all)
    least = 0 if sees_all else FEWEST_ORGANISATIONS
    months = sorted({each.month for each in decisions})[-MONTHS_SHOWN:]
    bands = [str(low) for low in BANDS]
    recent = [each for each in decisions if each.month in months]
    asked = _asked(actor)
    return QualityReport(
        confirmed=_group("", decisions, least).confirmed,
        bands=_groups(decisions, bands, lambda each: str(band_of(each.score)), least),
        # A month that is named has decisions; one that is hidden is not named.
        months=tuple(
            group
            for group in _groups(recent, months, lambda each: each.month, least)
            if group.confirmed != HIDDEN
        ),
        needs_covered=Share(covered_needs(actor).count(), current_needs(actor).count()),
        results_suggested=Share(suggested_results(actor).count(), current_results(actor).count()),
        answers=_answers(asked, least),
        answers_by_size=_answers_by_size(asked, least),
        invented_decisions=any(each.is_invented for each in decisions),
        sees_all=sees_all,
    )


def sees_all_decisions(actor: Actor) -> bool:
    return actor.is_system or actor.is_operator


def band_of(score: float) -> int:
    """The lower end of the score's band."""
    return min(int(score) // BAND_WIDTH * BAND_WIDTH, BANDS[-1])


# ── decisions ────────────────────────────────────────────────────────────────────────────────────────────────────


def _decisions(sees_all: bool) -> list[_Decided]:
    # Whatever state the records are in now: a pair that signed is withdrawn, and must not drop out of the figure.
    # A score computed with details under an agreement would tell of them, in whatever mean.
    about = Q()
    if not sees_all:
        for side in ("need", "result"):
            about &= Q(**{f"{side}__disclosure": Disclosure.PUBLIC, f"{side}__under_nda": False})
    rows = Decision.objects.filter(about).values_list(
        "kind",
        "explanation__score",
        "organisation_id",
        "created_at",
        "need__source_kind",
        "result__source_kind",
    )
    return [
        _Decided(
            confirmed=kind == DecisionKind.CONFIRMED,
            score=float(score),
            organisation=organisation,
            month=f"{timezone.localtime(made):%Y-%m}",
            is_invented=SourceKind.DEMO in sources,
        )
        for kind, score, organisation, made, *sources in rows
    ]


def _groups(
    decisions: Iterable[_Decided], keys: Sequence[str], key_of: Callable[[_Decided], str], least: int
) -> tuple[Group, ...]:
    members: dict[str, list[_Decided]] = {key: [] for key in keys}
    for each in decisions:
        members[key_of(each)].append(each)
    organisations = {key: {each.organisation for each in own} for key, own in members.items() if own}
    hidden = _too_few(organisations, least)
    if least and (hidden or not organisations):  # an empty group beside hidden ones tells that these are not
        hidden |= members.keys() - organisations.keys()
    return tuple(
        Group(key, HIDDEN, None) if key in hidden else _group(key, own, 0) for key, own in members.items()
    )


def _too_few(organisations: Mapping[str, set[int]], least: int) -> set[str]:
    """The groups to hide. Those hidden together hold enough organisations, or the sum would give one away."""
    hidden: set[str] = set()
    covered: set[int] = set()
    for key in sorted(organisations, key=lambda key: len(organisations[key])):
        if len(organisations[key]) >= least and (not hidden or (len(hidden) > 1 and len(covered) >= least)):
            break
        hidden.add(key)
        covered |= organisations[key]
    return hidden


def _group(key: str, own: Sequence[_Decided], least: int) -> Group:
    if len({each.organisation for each in own}) < least:
        return Group(key, HIDDEN, None)
    confirmed = Share(sum(each.confirmed for each in own), len(own))
    return Group(key, confirmed, sum(each.score for each in own) / len(own) if own else None)


# ── coverage ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _reader(actor: Actor) -> Actor:
    return actor if sees_all_decisions(actor) else ANONYMOUS


def current_needs(actor: Actor) -> QuerySet[Need]:
    found: QuerySet[Need] = Need.objects.visible_to(_reader(actor)).current(timezone.localdate())
    return found


def current_results(actor: Actor) -> QuerySet[Result]:
    found: QuerySet[Result] = Result.objects.visible_to(_reader(actor)).current(timezone.localdate())
    return found


def covered_needs(actor: Actor) -> QuerySet[Need]:
    """The current needs with a stored suggestion that scores GOOD_SCORE, of a result that is still offered."""
    good = Suggestion.objects.filter(
        need=OuterRef("pk"),
        basis=SuggestionBasis.PUBLIC,
        score__gte=GOOD_SCORE,
        result__in=current_results(actor),
    )
    return current_needs(actor).filter(Exists(good))


def suggested_results(actor: Actor) -> QuerySet[Result]:
    """The current results that are suggested to at least one current need."""
    any_need = Suggestion.objects.filter(
        result=OuterRef("pk"), basis=SuggestionBasis.PUBLIC, need__in=current_needs(actor)
    )
    return current_results(actor).filter(Exists(any_need))


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────


def published_needs(actor: Actor) -> QuerySet[Any]:
    """The published needs, run out or not, with when they were published first and first decided on."""
    published = Event.objects.filter(subject_id=OuterRef("public_id"), name="need.published")
    first = published.order_by("id").values("occurred_at")[:1]
    found: QuerySet[Any] = (
        Need.objects.visible_to(_reader(actor))
        .published()
        .annotate(
            published_at=Coalesce(Subquery(first), "created_at"), answered_at=Min("decisions__created_at")
        )
    )
    return found


def _asked(actor: Actor) -> list[_Asked]:
    rows = published_needs(actor).values_list(
        "published_at", "answered_at", "expires_on", "owner_id", "owner__size"
    )
    now = timezone.now()
    return [
        _Asked(_wait(published, answered, _end(expires, now)), owner, size)
        for published, answered, expires, owner, size in rows
    ]


def _answers(asked: Sequence[_Asked], least: int) -> Answers:
    owners = {each.owner for each in asked if each.wait.answered}
    if asked and len(owners) < least:
        return Answers(HIDDEN, None, None)
    waits = [each.wait for each in asked]
    return Answers(
        Share(sum(not wait.answered for wait in waits), len(waits)),
        waiting_quantile(waits, 0.5),
        waiting_quantile(waits, 0.9),
    )


def _answers_by_size(asked: Sequence[_Asked], least: int) -> tuple[SizeAnswers, ...]:
    """Large firms first. A group is told where enough organisations had an answer; the fewest are hidden with others."""
    sizes = (*OrganisationSize.values, "")
    members = {size: own for size in sizes if (own := [each for each in asked if each.size == size])}
    answered = {size: {each.owner for each in own if each.wait.answered} for size, own in members.items()}
    hidden = _too_few(answered, least)
    return tuple(
        SizeAnswers(size, Answers(HIDDEN, None, None) if size in hidden else _answers(own, 0))
        for size, own in members.items()
    )


def _end(expires_on: object, now: datetime) -> datetime:
    """Nobody waits any longer once a need has run out."""
    if expires_on is None:
        return now
    last = timezone.make_aware(datetime.combine(expires_on, datetime.max.time()))  # type: ignore[arg-type] # a date
    return min(last, now)


def _wait(published: datetime, answered: datetime | None, end: datetime) -> Wait:
    days = ((answered or end) - published).total_seconds() / SECONDS_A_DAY
    return Wait(max(days, 0.0), answered is not None)
