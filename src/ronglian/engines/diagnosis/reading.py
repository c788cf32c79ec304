"""Reading a need sheet out of an enterprise's own words; never asks, never guesses, keeps every word (读取诊断单).

The method is our own and rule-based; docs/explanation/algorithms/diagnosis.md tells it with a worked table.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ronglian.engines.diagnosis.cues import (
    BUDGET,
    DEADLINE,
    ENOUGH_OBJECT_WORDS,
    HEADED,
    HEADINGS,
    NOW,
    PART,
    SENTENCES,
    TITLE_FAULT,
    TITLE_NUMBER,
    TITLE_WRAPPING,
    WISH,
    names_a_thing,
)
from ronglian.engines.diagnosis.sentences import Sentence, split_sentences
from ronglian.engines.diagnosis.sheet import Amount, NeedSheet, Passage, Slot
from ronglian.engines.text import (
    Comparison,
    Metric,
    MoneyError,
    content_terms,
    read_metrics,
    read_money,
)

_BOUNDS = frozenset(Comparison) - {Comparison.EQUAL, Comparison.ABOUT, Comparison.BETWEEN}
_CLAUSE = re.compile(r"[，。；：,;:]\s*")
_ABOUT_THE_FIRM = frozenset({Slot.CONDITION, Slot.BACKGROUND})
# Numbers told beside these are neither goals nor faults: what the firm owns, how long a trial runs.
_WITHOUT_GOALS = _ABOUT_THE_FIRM | {Slot.ACCEPTANCE}
_UNNAMED = frozenset({"no_name", "baseline"})
_SUFFERED = frozenset({Slot.PROBLEM, Slot.TRIED})


def read_sheet(title: str, text: str) -> NeedSheet:
    """What title and text tell, sentence by sentence; never raises on any text.

    A sentence tells what its words give away; without any it tells what the heading above it announces. Metrics
    are values of today where the words before them in the sentence say so, otherwise wanted values.
    """
    passages: list[Passage] = []
    now: list[Metric] = []
    wanted: list[Metric] = []
    section: Slot | None = None
    for sentence in split_sentences(text):
        section = _section_after(sentence, section)
        passage = _passage_of(sentence, section)
        if not set(passage.slots) & _WITHOUT_GOALS:
            values = _values_of(sentence.text, suffered=bool(set(passage.slots) & _SUFFERED))
            now.extend(values.now)
            wanted.extend(values.wanted)
            if values.now or values.unnamed_now:
                passage = replace(passage, slots=(*passage.slots, Slot.BASELINE))
        passages.append(passage)
    wanted.extend(_values_of(title, suffered=False).wanted)
    budget = _budget_of(text)
    deadline = DEADLINE.search(text)
    fault = TITLE_FAULT.search(title)
    return NeedSheet(
        title=title,
        text=text,
        passages=tuple(passages),
        object_words=_object_words(title, passages),
        now=_each_once(now),
        wanted=_each_once(wanted),
        unread=read_metrics(text).unread,
        budget=budget,
        deadline=deadline.group().strip() if deadline else "",
        title_fault=fault.group() if fault else "",
        matters=_matters(title),
    )


def _section_after(sentence: Sentence, section: Slot | None) -> Slot | None:
    """A heading that is known opens its section; any other part numbered 一、 ends that of the firm."""
    opened = _section_of(sentence.heading)
    if opened is None and section in _ABOUT_THE_FIRM and PART.match(sentence.text):
        return None
    return opened or section


def _section_of(heading: str) -> Slot | None:
    """Only headings of need sheets begin a section; others name a part of the matter."""
    return next((slot for slot, words in HEADINGS if words.search(heading)), None)


def _passage_of(sentence: Sentence, section: Slot | None) -> Passage:
    found: dict[Slot, str] = {}
    if BUDGET.search(sentence.text):
        found[Slot.BUDGET] = ""
    if DEADLINE.search(sentence.text):
        found[Slot.DEADLINE] = ""
    for slot, words in SENTENCES:
        cue = words.search(sentence.text)
        if cue:
            found.setdefault(slot, cue.group())
    if section in _ABOUT_THE_FIRM and not _is_about_the_need(section, found):
        return Passage(sentence.start, sentence.end, sentence.text, (section,), sentence.heading)
    if section is not None and (section is not Slot.OBJECT or not found):
        slots = dict.fromkeys([section, *found])
    elif Slot.BACKGROUND in found and Slot.PROBLEM not in found:
        slots = dict.fromkeys([Slot.BACKGROUND, *(slot for slot in found if slot is not Slot.GOAL)])
    else:
        slots = dict.fromkeys(found)
    by = next((cue for cue in found.values() if cue), sentence.heading)
    return Passage(sentence.start, sentence.end, sentence.text, tuple(slots), by)


def _is_about_the_need(section: Slot, found: Mapping[Slot, str]) -> bool:
    """Under a heading about the firm a sentence counts for the need only if it names a lack and a wish.

    A background may tell the lack alone; what the firm owns never does.
    """
    if section is Slot.BACKGROUND and Slot.PROBLEM in found and Slot.BACKGROUND not in found:
        return True
    return {Slot.PROBLEM, Slot.GOAL} <= set(found)


@dataclass(frozen=True, slots=True)
class _Values:
    """Today's and wanted values of a sentence; ``unnamed_now`` where one of today is told without saying of what."""

    now: tuple[Metric, ...]
    wanted: tuple[Metric, ...]
    unnamed_now: bool


def _values_of(sentence: str, *, suffered: bool) -> _Values:
    """Shares the values of a sentence out by the words before them.

    A plain value (no bound) in a sentence that tells of a fault or of what is done today is today's, unless a wish
    comes before it.
    """
    reading = read_metrics(sentence)
    now = [
        metric
        for metric in reading.metrics
        if metric.comparison not in _BOUNDS and _is_of_today(sentence, metric.verbatim, suffered)
    ]
    unnamed = any(
        piece.reason in _UNNAMED and _is_of_today(sentence, piece.verbatim, suffered)
        for piece in reading.unread
    )
    return _Values(tuple(now), tuple(metric for metric in reading.metrics if metric not in now), unnamed)


def _is_of_today(sentence: str, verbatim: str, suffered: bool) -> bool:
    before = sentence[: max(0, sentence.find(verbatim)) + len(verbatim)]
    last_now = max((cue.end() for cue in NOW.finditer(before)), default=-1)
    last_wish = max((cue.end() for cue in WISH.finditer(before)), default=-1)
    return last_now > last_wish or (suffered and last_wish < 0)


def _budget_of(text: str) -> Amount | None:
    for match in BUDGET.finditer(text):
        words = match["amount"] or match["small"] or match["english"]
        try:
            money = read_money(words, default_unit="yuan")
        except MoneyError:
            continue
        if any(bound for bound in (money.low_fen, money.high_fen)):
            return Amount(money.low_fen, money.high_fen, match.group().strip())
    return None


def _matters(title: str) -> tuple[str, ...]:
    """What a title that numbers its matters names, each alone."""
    if len(TITLE_NUMBER.findall(title)) < 2:
        return ()
    return tuple(each.strip(" 。；;，,") for each in TITLE_NUMBER.split(title) if each.strip(" 。；;，,"))


def _object_words(title: str, passages: Iterable[Passage]) -> tuple[str, ...]:
    """Names of the product or process: the title's first clause without its wrapping, else the first problem's words.

    Where the title names too few things, what stands under a heading that announces the object follows.
    """
    unnumbered = TITLE_NUMBER.sub("", title.strip(), count=1)
    bare = TITLE_WRAPPING.sub("", _CLAUSE.split(unnumbered, maxsplit=1)[0])
    words = content_terms(bare)
    if not words:
        words = next(
            (content_terms(each.text) for each in passages if Slot.PROBLEM in each.slots),
            content_terms(title),
        )
    if sum(map(names_a_thing, words)) < ENOUGH_OBJECT_WORDS:
        announced = (each.text for each in passages if each.slots[:1] == (Slot.OBJECT,))
        told = (word for text in announced for word in content_terms(HEADED.sub("", text)))
        words = [*filter(names_a_thing, words), *filter(names_a_thing, told), *words]
    return tuple(dict.fromkeys(words))[:6]


def _each_once(metrics: Iterable[Metric]) -> tuple[Metric, ...]:
    """The same statement made twice, in title and text, is one."""
    seen = {
        (each.name, each.comparison, each.low, each.high, each.unit): each for each in reversed([*metrics])
    }
    return tuple(reversed(seen.values()))
