"""Challenges as pages show them: the phase strip, the clocks, what can happen next and why not, and the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from ronglian.apps.challenges.clarity import unclear
from ronglian.apps.challenges.enums import HolderRole, Phase
from ronglian.apps.challenges.models import Challenge, HolderKey
from ronglian.apps.challenges.operations.drafting import BEFORE_BIDS
from ronglian.apps.challenges.operations.steps import is_opening, leads_to
from ronglian.apps.challenges.queries.challenges import (
    opened_bids,
    opening_of,
    own_bids,
    published_digests,
)
from ronglian.apps.challenges.queries.evaluation import evaluation_of
from ronglian.apps.challenges.queries.following import is_following
from ronglian.apps.challenges.queries.teams import own_team
from ronglian.apps.challenges.rules import holder_roles_of
from ronglian.apps.challenges.standing import (
    asked_facts,
    facts_of,
    live_bids,
    moments_of,
    process_of,
    roles_of,
    stated_value,
)
from ronglian.engines.process import CLOCK, Definition, Step, Transition
from ronglian.kernel.actor import Actor
from ronglian.kernel.events import events_about
from ronglian.kernel.models import Event
from ronglian.kernel.process.models import ProcessTimer, RunningProcess, TimerState
from ronglian.kernel.process.queries import deadlines, next_steps
from ronglian.web.files import file_choices
from ronglian.web.presenters.cases import money
from ronglian.web.presenters.challenge_exchange import exchange_of
from ronglian.web.presenters.challenge_reviews import review_page
from ronglian.web.presenters.challenge_tasks import task_page
from ronglian.web.presenters.owners import OwnerLine, organisation_line
from ronglian.web.presenters.processes import say
from ronglian.web.presenters.texts import Said, said
from ronglian.web.work.forms.challenges import FactsForm, KeyForm, OpenForm, StepForm

STRIP: tuple[tuple[Phase, Promise], ...] = (
    (Phase.DRAFT, _lazy("Call")),
    (Phase.OPEN, _lazy("Bids")),
    (Phase.SEALED, _lazy("Opening")),
    (Phase.REVIEW, pgettext_lazy("of bids", "Review")),
    (Phase.NOTICE, _lazy("Public notice")),
    (Phase.TASK, _lazy("Task")),
    (Phase.ACCEPTANCE, _lazy("Acceptance")),
)
HAPPENED: Mapping[str, Promise] = {
    "challenge.drafted": _lazy("drafted"),
    "challenge.changed": _lazy("changed"),
    "challenge.facts_stated": _lazy("the issuer stated what the scheme asks"),
    "challenge.amended": _lazy("amended"),
    "challenge.reviews_assigned": _lazy("bids assigned to reviewers"),
    "challenge.moved": _lazy("now: %(phase)s"),
}


@dataclass(frozen=True, slots=True)
class ChallengeLine:
    """A challenge in a list."""

    challenge: Challenge
    title: Said
    url: str
    issuer: OwnerLine
    reward: str
    text: Said
    number_of_bids: int | None


@dataclass(frozen=True, slots=True)
class StripPart:
    label: str
    is_now: bool
    is_done: bool


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of the scheme: with a form where it can be taken, else with what speaks against it."""

    step: Step
    name: str
    who: str
    reasons: list[str]
    form: StepForm | None


@dataclass(frozen=True, slots=True)
class HolderLine:
    """One of the three keys."""

    role: HolderRole
    who: str
    key: HolderKey | None
    is_mine: bool
    form: KeyForm | None


@dataclass(frozen=True, slots=True)
class ClockLine:
    name: str
    due_at: datetime | None
    problem: str


def challenge_line(challenge: Challenge) -> ChallengeLine:
    return ChallengeLine(
        challenge=challenge,
        title=said(challenge, "title"),
        url=reverse("challenge", args=[challenge.public_id]),
        issuer=organisation_line(challenge.issuer),
        reward=money(challenge.reward_fen) if challenge.reward_fen else "",
        text=said(challenge, "text"),
        number_of_bids=number_of_bids(challenge),
    )


def number_of_bids(challenge: Challenge) -> int | None:
    """How many bids there are, where that may be told: once their list is published, or earlier if the rules say so.

    Bids of a challenge that was withdrawn before they closed stay sealed, and so does their number.
    """
    tells = challenge.tells_number_of_bids and challenge.published_at is not None
    return live_bids(challenge) if challenge.list_digest or tells else None


def strip_of(challenge: Challenge) -> list[StripPart]:
    """Where it is; the examination belongs to the call."""
    phase = Phase.DRAFT if challenge.phase == Phase.CHECK else Phase(challenge.phase)
    order = [part for part, _label in STRIP]
    here = order.index(phase) if phase in order else (len(order) if phase == Phase.DONE else -1)
    return [StripPart(str(label), index == here, index < here) for index, (_part, label) in enumerate(STRIP)]


def challenge_page(actor: Actor, challenge: Challenge, now: datetime) -> dict[str, Any]:
    """What the page of one challenge shows to this reader."""
    process = process_of(challenge)
    definition = process.definition
    stages = [definition.states[state].stage for state in process.states]
    may_change = actor.may_write_for(challenge.issuer_id)
    may_bid = challenge.phase == Phase.OPEN and not actor.is_member(challenge.issuer_id)
    facts = asked_facts(definition)
    return {
        "challenge": challenge,
        "files": file_choices(),
        "line": challenge_line(challenge),
        "strip": strip_of(challenge),
        "definition": definition,
        "scheme": say(definition.name),
        "states": [say(definition.states[state].name) for state in process.states],
        "clocks": clocks_of(challenge, process),
        "overdue": overdue_of(process) if challenge.published_at else [],
        "may_follow": actor.person_id is not None and challenge.published_at is not None,
        "follows": is_following(actor, challenge),
        "steps": steps_of(actor, challenge, process, now),
        "stated": [(say(fact.name), shown_fact(fact, challenge.stated.get(fact.id))) for fact in facts],
        "facts_form": FactsForm(None, facts=facts, stated=challenge.stated) if may_change and facts else None,
        "unclear": unclear(challenge) if may_change and challenge.phase in BEFORE_BIDS else [],
        "may_change": may_change and challenge.phase in BEFORE_BIDS,
        "evaluation": evaluation_of(challenge),
        "is_member": actor.is_member(challenge.issuer_id),
        "may_bid": may_bid,
        "holders": holders_of(actor, challenge),
        "open_form": OpenForm() if may_open(actor, challenge) else None,
        "opening": opening_of(challenge),
        "own_bids": own_bids(actor, challenge),
        "team": own_team(actor, challenge) if may_bid else None,
        "opened": opened_bids(actor, challenge),
        "digests": published_digests(challenge),
        "timeline": [
            (event, _happened(event)) for event in events_about(challenge) if event.name in HAPPENED
        ],
        "process_timeline": process_timeline(process),
        **exchange_of(actor, challenge, process, now),
        **review_page(actor, challenge, stages),
        **task_page(actor, challenge, stages, now),
    }


def steps_of(actor: Actor, challenge: Challenge, process: RunningProcess, now: datetime) -> list[StepLine]:
    """What the actor can do next; what others can, with who; nothing that the clock alone or the two holders do."""
    roles = roles_of(actor, challenge)
    if not roles:
        return []
    definition = process.definition
    documents = {name: say(document.name) for name, document in definition.documents.items()}
    found = []
    for step in next_steps(process, roles, facts_of(challenge, definition, for_pages=True), now):
        if set(step.transition.roles) == {CLOCK} or taken_elsewhere(definition, step.transition):
            continue
        form = None
        if step.is_allowed:
            form = StepForm(None, definition=definition, documents=documents, transition=step.transition)
        reasons = [say(reason.words) for reason in step.reasons]
        who = " · ".join(say(definition.roles[role].name) for role in step.transition.roles if role != CLOCK)
        found.append(StepLine(step, say(step.transition.name), who, reasons, form))
    return sorted(found, key=lambda line: line.form is None)


def taken_elsewhere(definition: Definition, transition: Transition) -> bool:
    """The opening, the award and an appeal are taken with what they are about, not as a bare step."""
    sources = {definition.states[source].stage for source in transition.sources}
    to_award = "review" in sources and any(
        leads_to(definition, transition, stage) for stage in ("publicity", "appeal_window")
    )
    return is_opening(definition, transition) or to_award or leads_to(definition, transition, "appeal")


def clocks_of(challenge: Challenge, process: RunningProcess) -> list[ClockLine]:
    facts = moments_of(challenge, process.definition)
    return [
        ClockLine(say(each.timer.name), each.due_at, say(each.problem) if each.problem else "")
        for each in deadlines(process, facts)
    ]


def overdue_of(process: RunningProcess) -> list[ClockLine]:
    """What should have happened by now and has not: the deadlines that only remind, fired and still where they were."""
    situation, definition = process.situation(), process.definition
    fired = ProcessTimer.objects.filter(process=process, state=TimerState.FIRED).order_by("due_at")
    found = []
    for row in fired:
        said = definition.timers.get(row.name)
        if said is None or said.fires or process.is_over or said.state not in situation.states:
            continue
        if situation.since([said.state]) == row.since:
            found.append(ClockLine(say(said.name), row.due_at, ""))
    return found


def holders_of(actor: Actor, challenge: Challenge) -> list[HolderLine]:
    """The three keys: whose, made or not, and a form for the one the reader is asked to make."""
    keys = {key.role: key for key in HolderKey.objects.filter(challenge=challenge)}
    mine = holder_roles_of(actor, challenge)
    holds_one = any(key.person == actor.person_id for key in keys.values())
    who = {
        HolderRole.BUYER: challenge.issuer.name,
        HolderRole.MANAGER: challenge.manager.name if challenge.manager else _("nobody named yet"),
        HolderRole.ESCROW: challenge.escrow.name if challenge.escrow else _("nobody named yet"),
    }
    lines = []
    for role in HolderRole:
        key = keys.get(role)
        makes = role in mine and key is None and not holds_one and challenge.phase in BEFORE_BIDS
        form = KeyForm(initial={"role": role.value}, auto_id=f"{role.value}-%s") if makes else None
        lines.append(
            HolderLine(role, who[role], key, key is not None and key.person == actor.person_id, form)
        )
    return lines


def may_open(actor: Actor, challenge: Challenge) -> bool:
    """Whether the reader holds a key whose layer is still closed."""
    if challenge.phase != Phase.SEALED or actor.person_id is None or not holder_roles_of(actor, challenge):
        return False
    opening = opening_of(challenge)
    if opening is not None and opening.first_person == actor.person_id:
        return False
    return HolderKey.objects.filter(challenge=challenge, person=actor.person_id).exists()


def _happened(event: Event) -> str:
    """What happened, in words; a move names the phase it led to. The steps stand in the record of the process."""
    words = str(HAPPENED[event.name])
    return words % {"phase": Phase(event.data["to"]).label} if event.name == "challenge.moved" else words


def process_timeline(process: RunningProcess) -> list[tuple[datetime, str, str]]:
    """The steps that were taken: when, which, and with what note."""
    found = []
    for event in events_about(process):
        if event.name != "process.advanced":
            continue
        transition = process.definition.transitions.get(event.data["step"])
        name = say(transition.name) if transition else event.data["step"]
        found.append((event.occurred_at, name, str(event.data.get("note", ""))))
    return found


def shown_fact(fact: Any, value: Any) -> str:
    """What was stated, in words."""
    known = stated_value(fact, value)
    match fact.kind:
        case _ if known is None:
            return "–"
        case "yes_no":
            return str(_("yes") if known else _("no"))
        case "money":
            return money(int(known))  # type: ignore[arg-type]  # money is a whole number of fen
        case "time":
            return f"{known:%Y-%m-%d %H:%M}"
        case _:
            return str(known)


def step_form(definition: Definition, step: str, data: Any) -> StepForm | None:
    """The form of a step that was sent; None for one that the scheme does not have."""
    transition = definition.transitions.get(step)
    if transition is None:
        return None
    documents = {name: say(document.name) for name, document in definition.documents.items()}
    return StepForm(data, definition=definition, documents=documents, transition=transition)
