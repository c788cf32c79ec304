"""What can happen next, who may, and if not, why not; and making it happen (流程推进).

`advance` asks what `what_next` asks, so that what is shown as allowed is what succeeds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from ronglian.engines.process.calendar import Calendar, Pause, compute_due
from ronglian.engines.process.definition import (
    CLOCK,
    DeadlineUnknown,
    Definition,
    Duration,
    Named,
    Outcome,
    Timer,
    Transition,
)
from ronglian.engines.process.guards import Facts, is_met, unknown_facts
from ronglian.engines.process.net import is_over, taken_by
from ronglian.engines.text.wording import Words

ReasonCode = Literal[
    "over", "role", "join", "parts", "early", "calendar", "guard", "unknown", "document", "absent"
]
THE_CLOCK = Words("期限（自动）", "the clock")


@dataclass(frozen=True, slots=True)
class Token:
    """A place where the case is, since an aware moment."""

    state: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """A sub-process: its key, the state of the whole in which it runs, and how it ended if it has."""

    key: str
    state: str
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a case is: tokens, sub-processes, and when its clock stood."""

    tokens: tuple[Token, ...]
    parts: tuple[Part, ...] = ()
    pauses: tuple[Pause, ...] = ()

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(token.state for token in self.tokens)

    def since(self, states: Iterable[str]) -> datetime:
        """When the last of these tokens came."""
        wanted = set(states)
        return max(token.since for token in self.tokens if token.state in wanted)

    @property
    def is_paused(self) -> bool:
        return any(end is None for _start, end in self.pauses)


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks against a step. `about` is the id of the role, state, guard, fact or document."""

    code: ReasonCode
    words: Words
    about: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A transition as it stands now. Allowed when nothing speaks against it."""

    transition: Transition
    who: tuple[Named, ...]
    reasons: tuple[Reason, ...]
    documents: tuple[Named, ...] = ()
    possible_from: datetime | None = None

    @property
    def is_allowed(self) -> bool:
        return not self.reasons

    @property
    def waits_only_for_role(self) -> bool:
        """Whether somebody else could do it now."""
        return bool(self.reasons) and all(reason.code == "role" for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Advanced:
    """What a step did."""

    situation: Situation
    transition: Transition
    left: tuple[str, ...]
    entered: tuple[str, ...]
    outcome: Outcome | None


class Refused(Exception):
    """The step is not possible; `reasons` say why, all of them."""

    def __init__(self, transition: str, reasons: Sequence[Reason]) -> None:
        super().__init__(f"{transition}: " + "; ".join(reason.words.en for reason in reasons))
        self.transition, self.reasons = transition, tuple(reasons)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Who asks, what is known, when. `documents`: what was handed in; None where it is taken for granted."""

    roles: frozenset[str]
    facts: Facts
    now: datetime
    calendar: Calendar
    documents: Mapping[str, str] | None = field(default=None)

    @classmethod
    def of(
        cls, roles: Collection[str], facts: Facts, now: datetime, calendar: Calendar,
        documents: Mapping[str, str] | None = None,
    ) -> Circumstances:  # fmt: skip
        return cls(frozenset(roles), facts, now, calendar, documents)


def start_situation(definition: Definition, now: datetime) -> Situation:
    return Situation((Token(definition.start, now),))


def outcome_of(definition: Definition, situation: Situation) -> Outcome | None:
    """How the case ended; None while it goes on."""
    if not is_over(definition, situation.states):
        return None
    return definition.states[situation.states[0]].end


def what_next(definition: Definition, situation: Situation, asked: Circumstances) -> tuple[Step, ...]:
    """Every transition that starts where a token is, with all that speaks against it."""
    held = set(situation.states)
    return tuple(
        look_at(definition, situation, transition, asked)
        for transition in definition.transitions.values()
        if held.intersection(transition.sources)
    )


def look_at(
    definition: Definition, situation: Situation, transition: Transition, asked: Circumstances
) -> Step:
    """One transition as it stands now."""
    held = set(situation.states)
    reasons = list(_roles(definition, transition, asked.roles))
    possible_from = None
    if not held.intersection(transition.sources):
        words = Words(
            f"现在不在“{transition.name.zh}”的起点。", f"The case is not where “{transition.name.en}” starts."
        )
        reasons.append(Reason("absent", words))
    else:
        reasons += _join(definition, transition, held)
        reasons += _parts(definition, situation, transition)
        possible_from, early = _early(definition, situation, transition, asked)
        reasons += early
    reasons += _guards(definition, situation, transition, asked)
    documents = tuple(definition.documents[each] for each in transition.produces)
    if asked.documents is not None:
        reasons += [
            Reason(
                "document",
                Words(f"还缺材料：{each.name.zh}。", f"Still to be handed in: {each.name.en}."),
                each.id,
            )
            for each in documents
            if not asked.documents.get(each.id)
        ]
    return Step(transition, _who(definition, transition), tuple(reasons), documents, possible_from)


def advance(definition: Definition, situation: Situation, transition: str, asked: Circumstances) -> Advanced:
    """Take the step. Raises Refused with all reasons, KeyError for a transition that there is not."""
    wanted = definition.transitions[transition]
    step = look_at(definition, situation, wanted, asked)
    if step.reasons:
        raise Refused(transition, step.reasons)
    taken = taken_by(wanted, situation.states)
    assert taken is not None
    left = situation.states if wanted.cancels else taken
    kept = tuple(token for token in situation.tokens if token.state not in left)
    parts = tuple(part for part in situation.parts if part.state not in left)
    entered = tuple(Token(target, asked.now) for target in wanted.targets)
    after = Situation((*kept, *entered), parts, situation.pauses)
    return Advanced(after, wanted, left, wanted.targets, outcome_of(definition, after))


def due_of(
    definition: Definition, situation: Situation, timer: Timer, facts: Facts, calendar: Calendar
) -> datetime | None:
    """When the timer is due; None while the clock stands or the moment is not known. Raises DeadlineUnknown."""
    since = situation.since([timer.state])
    if timer.at:
        moment = facts.get(timer.at)
        return moment if isinstance(moment, datetime) and not situation.is_paused else None
    assert timer.after is not None
    period = definition.duration(timer.after, calendar.day_of(since))
    return compute_due(calendar, since, period, situation.pauses)


def first_fired(
    definition: Definition, situation: Situation, timer: Timer, asked: Circumstances
) -> str | None:
    """Which of the timer's steps the clock takes; None where the timer only reminds."""
    clock = Circumstances(frozenset({CLOCK}), asked.facts, asked.now, asked.calendar, {})
    for each in timer.fires:
        if look_at(definition, situation, definition.transitions[each], clock).is_allowed:
            return each
    return None


def timers_of(definition: Definition, states: Iterable[str]) -> list[Timer]:
    wanted = set(states)
    return [timer for timer in definition.timers.values() if timer.state in wanted]


def _who(definition: Definition, transition: Transition) -> tuple[Named, ...]:
    return tuple(
        Named(CLOCK, THE_CLOCK) if role == CLOCK else definition.roles[role] for role in transition.roles
    )


def _roles(definition: Definition, transition: Transition, roles: frozenset[str]) -> Iterable[Reason]:
    if not roles.intersection(transition.roles):
        who = _who(definition, transition)
        zh, en = "、".join(each.name.zh for each in who), ", ".join(each.name.en for each in who)
        yield Reason(
            "role", Words(f"只有{zh}可以办。", f"Only {en} may do this."), ",".join(transition.roles)
        )


def _join(definition: Definition, transition: Transition, held: set[str]) -> Iterable[Reason]:
    if transition.is_any:
        return
    for source in transition.sources:
        if source not in held:
            name = definition.states[source].name
            yield Reason("join", Words(f"还要等“{name.zh}”。", f"It waits for “{name.en}”."), source)


def _parts(definition: Definition, situation: Situation, transition: Transition) -> Iterable[Reason]:
    if transition.cancels:
        return
    leaving = set(transition.sources)
    running = [part for part in situation.parts if part.state in leaving and part.outcome is None]
    if running:
        keys_zh, keys_en = "、".join(part.key for part in running), ", ".join(part.key for part in running)
        yield Reason(
            "parts",
            Words(
                f"还有{len(running)}个子流程没有结束：{keys_zh}。",
                f"{len(running)} parts are not over: {keys_en}.",
            ),
        )


def _early(
    definition: Definition, situation: Situation, transition: Transition, asked: Circumstances
) -> tuple[datetime | None, list[Reason]]:
    if transition.not_before is None:
        return None, []
    sources = [source for source in transition.sources if source in situation.states]
    since = situation.since(sources[:1] if transition.is_any else sources)
    try:
        period = definition.duration(transition.not_before, asked.calendar.day_of(since))
        earliest = compute_due(asked.calendar, since, period, situation.pauses)
    except DeadlineUnknown as error:
        return None, [Reason("calendar", error.words)]
    if earliest is not None and earliest <= asked.now:
        return earliest, []
    return earliest, [Reason("early", _too_early(period, earliest, asked.calendar))]


def _too_early(period: Duration, earliest: datetime | None, calendar: Calendar) -> Words:
    if earliest is None:
        return Words("计时已停，恢复后继续算。", "The clock stands; the period goes on when it runs again.")
    when = (earliest + calendar.utc_offset).strftime("%Y-%m-%d %H:%M")
    return Words(
        f"须满{period.words.zh}，{when}以后才能办。", f"{period.words.en} have to pass; possible from {when}."
    )


def _guards(
    definition: Definition, situation: Situation, transition: Transition, asked: Circumstances
) -> Iterable[Reason]:
    outcomes = [part.outcome for part in situation.parts if part.outcome and part.state in transition.sources]
    day = asked.calendar.day_of(asked.now)
    for name in transition.guards:
        guard = definition.guards[name]
        met = is_met(definition, guard.test, asked.facts, outcomes, day)
        if met is False:
            yield Reason("guard", guard.reason, guard.id, guard.source)
        elif met is None:
            missing = dict.fromkeys(unknown_facts(definition, guard.test, asked.facts))
            facts = [definition.facts[each].name for each in missing]
            zh, en = "、".join(each.zh for each in facts), ", ".join(each.en for each in facts)
            yield Reason(
                "unknown",
                Words(f"{guard.reason.zh}（还不知道：{zh}）", f"{guard.reason.en} (Not known yet: {en}.)"),
                guard.id,
                guard.source,
            )
