"""What to ask next: only what is missing, and first what changes the ranking most (追问次序)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ronglian.engines.diagnosis.scores import COMPLETENESS_POINTS, Score

TOP = 10
# A topic that is told is asked all the same where plausible answers still exchange so many of the first ten.
ASK_AGAIN = 5.0


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask (追问).

    ``topic`` is a part of the completeness score, or the name of a metric that results of this kind state.
    ``changed`` is how many of the first ten results an answer would exchange on average, None where nothing could be
    tried; ``points`` is what the answer adds to the completeness. ``choices`` are answers that were tried, to choose from.
    """

    topic: str
    changed: float | None
    points: float
    choices: tuple[str, ...] = ()


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
    choices: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Question, ...]:
    """Questions for what is missing, the most useful first.

    ``before`` is the ranking of results as the need stands. ``trials`` maps a topic to the rankings under plausible
    answers to it, taken from what the results around state. Topics that are told already are not asked, unless an
    answer would still exchange ASK_AGAIN of the first ten: what was told is too wide then. Useful is what exchanges most of the first ``top``; what cannot be tried follows by its points; ties by topic.
    """
    missing = {part.name: part.maximum - part.points for part in completeness.parts}
    changed = {topic: mean_changed(before, trials.get(topic, ()), top) for topic in (*missing, *trials)}
    told = {name for name, points in missing.items() if points <= 0.0 and (changed[name] or 0.0) < ASK_AGAIN}
    questions = [
        Question(topic, effect, missing.get(topic, 0.0), tuple((choices or {}).get(topic, ())))
        for topic, effect in changed.items()
        if topic not in told
    ]
    return tuple(
        sorted(
            questions, key=lambda each: (-(each.changed or 0.0), -each.points, _place(each.topic), each.topic)
        )
    )


def _place(topic: str) -> int:
    order = [slot.value for slot in COMPLETENESS_POINTS]
    return order.index(topic) if topic in order else len(order)
