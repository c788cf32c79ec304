"""What to ask next: only what is missing, and first what changes the ranking most (追问次序)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ronglian.engines.diagnosis.scores import COMPLETENESS_POINTS, Score

TOP = 10


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask (追问).

    ``topic`` is a part of the completeness score, or the name of a metric that results of this kind state.
    ``changed`` is how many of the first ten results an answer would exchange on average, None where nothing could be
    tried; ``points`` is what the answer adds to the completeness.
    """

    topic: str
    changed: float | None
    points: float


def count_changed(before: Sequence[str], after: Sequence[str], top: int = TOP) -> int:
    """How many of the first ``top`` of ``after`` were not among those of ``before``."""
    return len(set(after[:top]) - set(before[:top]))


def mean_changed(before: Sequence[str], trials: Sequence[Sequence[str]], top: int = TOP) -> float | None:
    """The mean over rankings, one for each plausible answer; None without any."""
    if not trials:
        return None
    return sum(count_changed(before, after, top) for after in trials) / len(trials)


def order_questions(
    completeness: Score,
    before: Sequence[str],
    trials: Mapping[str, Sequence[Sequence[str]]],
    top: int = TOP,
) -> tuple[Question, ...]:
    """Questions for what is missing, the most useful first.

    ``before`` is the ranking of results as the need stands. ``trials`` maps a topic to the rankings under plausible
    answers to it, taken from what the results around state. Topics that are told already are not asked. Useful is
    what exchanges most of the first ``top``; what cannot be tried follows by its points; ties by topic.
    """
    missing = {part.name: part.maximum - part.points for part in completeness.parts}
    told = {name for name, points in missing.items() if points <= 0.0}
    topics = (set(missing) | set(trials)) - told
    questions = [
        Question(topic, mean_changed(before, trials.get(topic, ()), top), missing.get(topic, 0.0))
        for topic in topics
    ]
    return tuple(
        sorted(
            questions, key=lambda each: (-(each.changed or 0.0), -each.points, _place(each.topic), each.topic)
        )
    )


def _place(topic: str) -> int:
    order = [slot.value for slot in COMPLETENESS_POINTS]
    return order.index(topic) if topic in order else len(order)
