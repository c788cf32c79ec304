"""What to ask next, measured: the need is matched again under plausible answers taken from the results around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from statistics import quantiles

from django.utils import timezone

from ronglian.apps.clinic.enums import Topic
from ronglian.apps.clinic.models import Consultation
from ronglian.apps.clinic.reading import Reading, profile_consultation
from ronglian.apps.matching.keeper import keeper
from ronglian.apps.registry.derived import record_metrics
from ronglian.apps.registry.models import Result
from ronglian.engines.diagnosis import Question, names_a_thing, order_questions
from ronglian.engines.matching import NeedProfile
from ronglian.engines.text import Comparison, Metric, content_terms
from ronglian.kernel.actor import ANONYMOUS

# So many results around the need say what an answer may look like; so many of their metrics are asked about.
AROUND = 40
METRICS_ASKED = 4
# So many words of theirs are offered to say what is meant.
WORDS_OFFERED = 6
# Results that reach this share of the best score are of the need's kind.
NEAR = 0.7
# A metric that one result alone states says nothing of the kind.
LEAST_STATED = 2
TOP = 10


def next_questions(consultation: Consultation, reading: Reading) -> tuple[Question, ...]:
    """What is missing, the most useful first. What the results state is public, so the questions tell no secret."""
    profile = profile_consultation(consultation, reading)
    index, today = keeper.current(), timezone.localdate()

    def ranking(need: NeedProfile) -> list[str]:
        return [hit.id for hit in index.rank_need(need, today=today, top=TOP)]

    nearest = index.rank_need(profile, today=today, top=AROUND)
    near = [hit.id for hit in nearest if hit.score >= NEAR * nearest[0].score]
    around = _public_results(near)
    trials: dict[str, list[list[str]]] = {}
    if profile.budget_high_fen is None:
        trials[Topic.BUDGET.value] = [
            ranking(replace(profile, budget_low_fen=None, budget_high_fen=amount))
            for amount in _prices(around)
        ]
    for name, values in _metrics_around(profile, around).items():
        trials[name] = [ranking(replace(profile, metrics=(*profile.metrics, value))) for value in values]
    if not profile.metrics:
        of_metrics = (each for name, each in trials.items() if name not in Topic.values)
        trials[Topic.GOAL.value] = [after for each in of_metrics for after in each]
    words = _words_around(profile, around)
    trials[Topic.OBJECT.value] = [
        ranking(replace(profile, title=f"{profile.title} {word}")) for word in words
    ]
    answered = {each["topic"] for each in consultation.answers}
    asked = order_questions(
        reading.completeness,
        [hit.id for hit in nearest[:TOP]],
        trials,
        choices={Topic.OBJECT.value: words},
    )
    return tuple(question for question in asked if question.topic not in answered)


def _public_results(ids: Sequence[str]) -> list[Result]:
    rows = {str(row.public_id): row for row in Result.objects.visible_to(ANONYMOUS).filter(public_id__in=ids)}
    return [rows[key] for key in ids if key in rows]


def _prices(around: Sequence[Result]) -> list[int]:
    """The quartiles of what such results cost."""
    stated = sorted(
        price
        for price in (result.price_high_fen or result.price_low_fen for result in around)
        if price is not None
    )
    return [round(cut) for cut in quantiles(stated, n=4)] if len(stated) >= LEAST_STATED else stated


def _metrics_around(profile: NeedProfile, around: Sequence[Result]) -> dict[str, list[Metric]]:
    """Metrics that several of the results state and the need does not, each as plausible goals."""
    own = {metric.name for metric in profile.metrics}
    stated: dict[str, list[Metric]] = {}
    for result in around:
        for metric in record_metrics(result):
            if metric.name not in own:
                stated.setdefault(metric.name, []).append(metric)
    counts = Counter({name: len(metrics) for name, metrics in stated.items() if len(metrics) >= LEAST_STATED})
    names = sorted(counts, key=lambda name: (-counts[name], name))[:METRICS_ASKED]
    return {name: [_as_goal(metric) for metric in stated[name]] for name in names}


def _words_around(profile: NeedProfile, around: Sequence[Result]) -> list[str]:
    """Words of several of the results' titles that name a thing and that the need does not say: what may be meant."""
    own = f"{profile.title}\n{profile.body}".lower()
    titles = {result.title for result in around}
    counts = Counter(word for title in titles for word in set(content_terms(title)) if names_a_thing(word))
    words = sorted(counts, key=lambda word: (-counts[word], word))
    return [word for word in words if counts[word] >= LEAST_STATED and word not in own][:WORDS_OFFERED]


def _as_goal(claim: Metric) -> Metric:
    """What a result claims, asked for: a plain value as the least that is wanted."""
    if claim.comparison in (Comparison.EQUAL, Comparison.ABOUT):
        return replace(claim, comparison=Comparison.AT_LEAST, high=None)
    return claim
