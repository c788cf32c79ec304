"""Cases: who may see and do what, the table of stages with its guards, and what is overdue.

Each side of a case sees its own part: stage, next step, contacts with itself. The side of the result learns of the case
when it is introduced, not before. What a side is not shown, it is not shown anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.case_enums import (
    OPEN_STAGES,
    CaseSide,
    CaseStage,
    ContactWith,
    NoteReader,
    StopReason,
)
from ronglian.kernel.actor import Actor, ActorKind
from ronglian.kernel.errors import Text
from ronglian.kernel.permission import ALLOWED, Verdict, refused

ANSWER_WITHIN = timedelta(days=14)  # both sides acknowledge or object to an introduction within these
PROTECTED_MONTHS = (6, 12, 24)
USUAL_PROTECTION = 12
# Nobody asked for so long while a case stands in a stage: it is overdue even without a date.
MOST_SILENCE: Mapping[str, timedelta] = {
    CaseStage.DIAGNOSIS: timedelta(days=14),
    CaseStage.INTRODUCED: timedelta(days=14),
    CaseStage.NEGOTIATING: timedelta(days=30),
    CaseStage.AGREEMENT: timedelta(days=60),
}
REMIND_BEFORE = timedelta(days=1)


class HasPublicId(Protocol):
    """A person as far as the rules need to know."""

    public_id: UUID


class OfPerson(Protocol):
    """A technology manager as far as the rules need to know."""

    pk: int
    state: str

    @property
    def person(self) -> HasPublicId: ...


class Carried(Protocol):
    """What the policy needs to know of a case."""

    stage: str
    seeker_id: int
    partner_id: int | None

    @property
    def introduced_at(self) -> object: ...
    @property
    def manager(self) -> OfPerson: ...
    @property
    def introducer(self) -> OfPerson | None: ...
    @property
    def offered_to(self) -> OfPerson | None: ...


@dataclass(frozen=True, slots=True)
class View:
    """What of a case an actor sees. `sides` are those the actor acts for."""

    carries: bool = False
    introduced: bool = False
    is_offered: bool = False
    sides: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return self.carries or self.introduced or self.is_offered or bool(self.sides)


def is_person(actor: Actor, manager: OfPerson | None) -> bool:
    return manager is not None and actor.person_id is not None and manager.person.public_id == actor.person_id


def visible_cases_q(actor: Actor) -> Q:
    """The cases the actor may see anything of, as a filter."""
    if actor.is_system:
        return Q()
    mine = Q(seeker_id__in=actor.organisation_ids)
    mine |= Q(partner_id__in=actor.organisation_ids, introduced_at__isnull=False)
    if actor.person_id is not None:
        for seat in ("manager", "introducer", "offered_to"):
            mine |= Q(**{f"{seat}__person__public_id": actor.person_id})
    return mine


def view_of(actor: Actor, case: Carried) -> View:
    """The same rule for one case, and how much of it."""
    if actor.is_system:
        return View(carries=True, introduced=True, sides=frozenset(CaseSide.values))
    sides = set()
    if actor.is_member(case.seeker_id):
        sides.add(CaseSide.SEEKER.value)
    if actor.is_member(case.partner_id) and case.introduced_at is not None:
        sides.add(CaseSide.PARTNER.value)
    return View(
        carries=is_person(actor, case.manager),
        introduced=is_person(actor, case.introducer),
        is_offered=is_person(actor, case.offered_to),
        sides=frozenset(sides),
    )


class Named(Protocol):
    """What the policy needs to know of a case to say whether its seeker is named."""

    owner_named: bool


def knows_seeker(case: Named, view: View) -> bool:
    """Whether this reader may learn whose the need is: not while its owner has not agreed to it."""
    return case.owner_named or CaseSide.SEEKER in view.sides


def visible_contacts_q(actor: Actor) -> Q:
    """The contacts the actor may read, among those of cases that the actor sees.

    Who carries the case reads all but a colleague's private notes; a side, what was written for it.
    """
    if actor.is_system:
        return Q()
    if not actor.may_read_confidential:
        return Q(pk__in=())
    shared = Q(reader=NoteReader.SIDE)
    found = shared & Q(case__seeker_id__in=actor.organisation_ids, with_whom__in=_WITH[CaseSide.SEEKER])
    found |= shared & Q(
        case__partner_id__in=actor.organisation_ids,
        case__introduced_at__isnull=False,
        with_whom__in=_WITH[CaseSide.PARTNER],
    )
    if actor.person_id is not None:
        carries = Q(case__manager__person__public_id=actor.person_id)
        found |= carries & ~Q(reader=NoteReader.AUTHOR)
        found |= Q(author__person__public_id=actor.person_id) & (carries | Q(reader=NoteReader.AUTHOR))
    return found


class Noted(Protocol):
    """What the policy needs to know of a contact."""

    with_whom: str
    reader: str

    @property
    def case(self) -> Carried: ...
    @property
    def author(self) -> OfPerson: ...


_WITH: Mapping[str, tuple[str, ...]] = {
    CaseSide.SEEKER: (ContactWith.SEEKER, ContactWith.BOTH),
    CaseSide.PARTNER: (ContactWith.PARTNER, ContactWith.BOTH),
}


def is_contact_visible(actor: Actor, contact: Noted) -> bool:
    """The same rule for one contact."""
    if actor.is_system:
        return True
    if not actor.may_read_confidential:
        return False
    view = view_of(actor, contact.case)
    if is_person(actor, contact.author) and (view.carries or contact.reader == NoteReader.AUTHOR):
        return True
    if view.carries:
        return contact.reader != NoteReader.AUTHOR
    return contact.reader == NoteReader.SIDE and any(contact.with_whom in _WITH[side] for side in view.sides)


def may_carry(actor: Actor, manager: OfPerson) -> Verdict:
    """Whether a case may be opened for the manager: oneself, or by who assigns."""
    if manager.state != "confirmed":
        return refused(
            _("Only registered technology managers carry cases."),
            _("The science and technology bureau confirms registrations."),
        )
    assigns = actor.kind == ActorKind.PERSON and (actor.is_bureau or actor.is_operator)
    if actor.is_system or assigns or (actor.may_write and is_person(actor, manager)):
        return ALLOWED
    return refused(_("Technology managers open their own cases; the bureau assigns them."))


def may_work(actor: Actor, case: Carried) -> Verdict:
    """Whether the actor does what the manager of the case does."""
    if actor.is_system or (actor.may_write and is_person(actor, case.manager)):
        return ALLOWED
    return refused(
        _("Only the technology manager who carries the case does this."),
        _("Ask %(manager)s.") % {"manager": str(case.manager)},
    )


def may_confirm(actor: Actor, case: Carried) -> Verdict:
    """Whether the actor says something for one of the sides."""
    if any(actor.may_write_for(pk) for pk in _sides_of(case).values()):
        return ALLOWED
    return refused(_("Only owners and editors of one of the two sides do this."))


class OfCase(Protocol):
    """What belongs to a case."""

    @property
    def case(self) -> Carried: ...


def may_answer(actor: Actor, introduction: OfCase) -> Verdict:
    """A program binds nobody; a person of one of the sides answers."""
    if actor.kind not in (ActorKind.PERSON, ActorKind.COMMAND):
        return refused(_("A person answers this, at the site."), _("Sign in first."))
    return may_confirm(actor, introduction.case)


def may_work_within(actor: Actor, part: OfCase) -> Verdict:
    """The same for what belongs to a case: a task, an objection."""
    return may_work(actor, part.case)


class Offered(Protocol):
    """What the rules need to know of a hand-over."""

    @property
    def taker(self) -> OfPerson: ...
    @property
    def giver(self) -> OfPerson: ...


def may_take(actor: Actor, hand_over: Offered) -> Verdict:
    if actor.is_system or (actor.may_write and is_person(actor, hand_over.taker)):
        return ALLOWED
    return refused(_("Only the colleague who was asked decides on this."))


def may_take_back(actor: Actor, hand_over: Offered) -> Verdict:
    if actor.is_system or (actor.may_write and is_person(actor, hand_over.giver)):
        return ALLOWED
    return refused(_("Only the technology manager who offered the case takes the offer back."))


def may_keep_calendar(actor: Actor, manager: OfPerson) -> Verdict:
    if actor.may_write and is_person(actor, manager) and actor.kind == ActorKind.PERSON:
        return ALLOWED
    return refused(_("A calendar address is one's own; nobody else makes or ends it."))


def may_name(actor: Actor, case: Carried) -> Verdict:
    """Whether the actor may let the side of the need be named."""
    if actor.may_write_for(case.seeker_id):
        return ALLOWED
    return refused(_("Only owners and editors of the side of the need say whether it is named."))


def side_spoken_for(actor: Actor, case: Carried) -> str:
    """The side that the actor speaks for; the need's where it is both."""
    return next(side for side, pk in _sides_of(case).items() if actor.may_write_for(pk))


def _sides_of(case: Carried) -> dict[str, int]:
    found = {CaseSide.SEEKER.value: case.seeker_id}
    if case.partner_id is not None and case.introduced_at is not None:
        found[CaseSide.PARTNER.value] = case.partner_id
    return found


# --- stages ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards of the stages ask about a case."""

    has_introduction: bool
    objections_open: int
    confirmed_sides: int
    has_contract: bool
    reason: str
    note: str


Guard = Callable[[Facts], Text]


def _needs_introduction(facts: Facts) -> Text:
    if facts.has_introduction:
        return ""
    return _("Both sides have to be introduced first; the introduction is recorded with its date.")


def _needs_no_objection(facts: Facts) -> Text:
    if not facts.objections_open:
        return ""
    return _("One side objects to the introduction. Settle that first, or stop the case with a reason.")


def _needs_commitment(facts: Facts) -> Text:
    if facts.has_contract or facts.confirmed_sides == len(CaseSide):
        return ""
    return _("Both sides confirm the agreement, or you give the number and the amount of the contract.")


def _needs_contract(facts: Facts) -> Text:
    if facts.has_contract:
        return ""
    return _("Give the number and the amount of the contract: outcomes are counted by them.")


def _needs_reason(facts: Facts) -> Text:
    if facts.reason in StopReason.values and facts.note.strip():
        return ""
    return _("Choose a reason and say in a sentence what happened: both sides are told.")


def _needs_grounds(facts: Facts) -> Text:
    return "" if facts.note.strip() else _("Say why the case goes back: both sides are told.")


# From each stage to those it may go to, with what has to hold. The operation `case.advance` is its only reader.
TRANSITIONS: Mapping[str, Mapping[str, tuple[Guard, ...]]] = {
    CaseStage.DIAGNOSIS: {
        CaseStage.INTRODUCED: (_needs_introduction,),
        CaseStage.STOPPED: (_needs_reason,),
    },
    CaseStage.INTRODUCED: {
        CaseStage.NEGOTIATING: (_needs_introduction, _needs_no_objection),
        CaseStage.STOPPED: (_needs_reason,),
    },
    CaseStage.NEGOTIATING: {
        CaseStage.AGREEMENT: (_needs_introduction, _needs_no_objection, _needs_commitment),
        CaseStage.STOPPED: (_needs_reason,),
    },
    CaseStage.AGREEMENT: {
        CaseStage.DONE: (_needs_contract,),
        CaseStage.NEGOTIATING: (_needs_grounds,),
        CaseStage.STOPPED: (_needs_reason,),
    },
    CaseStage.DONE: {},
    CaseStage.STOPPED: {
        CaseStage.DIAGNOSIS: (_needs_grounds,),
        CaseStage.INTRODUCED: (_needs_grounds, _needs_introduction),
    },
}


def refusals(stage: str, wanted: str, facts: Facts) -> list[Text]:
    """Why the case may not go there; empty when it may."""
    guards = TRANSITIONS[stage].get(wanted)
    if guards is None:
        reached = ", ".join(str(CaseStage(each).label) for each in TRANSITIONS[stage]) or _("nowhere")
        return [
            _("From “%(stage)s” a case goes to: %(reached)s.")
            % {"stage": CaseStage(stage).label, "reached": reached}
        ]
    return [text for guard in guards if (text := guard(facts))]


# --- what is overdue ------------------------------------------------------------------------------------------------


def overdue_since(stage: str, next_due: date | None, touched_on: date, today: date) -> date | None:
    """The day since which the case is overdue: its next step was due, or nobody did anything for too long.

    None while it is not, and for cases that are over.
    """
    if stage not in OPEN_STAGES:
        return None
    if next_due is not None:
        return next_due if next_due < today else None
    silent = touched_on + MOST_SILENCE[stage]
    return silent if silent < today else None
