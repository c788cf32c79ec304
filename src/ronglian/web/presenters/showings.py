"""Showings to investors as pages show them: each line with the other side and what the reader can do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from ronglian.apps.challenges.models import Showing, ShowingOutcome
from ronglian.apps.challenges.queries.showings import list_outcomes, list_showing_readings
from ronglian.apps.challenges.showing_enums import OPEN_SHOWINGS, ShowingState, ShownPart
from ronglian.apps.challenges.showing_material import Material, MilestoneReached
from ronglian.apps.challenges.showing_rules import (
    may_read_readings,
    may_read_shown,
    may_sign_for_showing,
    may_tell_outcome,
    may_withdraw_showing,
)
from ronglian.apps.challenges.showing_text import showing_text
from ronglian.kernel.actor import Actor
from ronglian.web.context import short_language
from ronglian.web.presenters.cases import money
from ronglian.web.presenters.owners import OwnerLine, organisation_line
from ronglian.web.presenters.processes import say
from ronglian.web.work.forms.showings import EndShowingForm, OutcomeAnswerForm, OutcomeForm, SignShowingForm

READINGS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ShowingLine:
    """A showing in a list."""

    showing: Showing
    url: str
    other: OwnerLine
    is_ours: bool
    is_over: bool
    waits_for_us: bool


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """What was told, with a form where the reader can answer it."""

    outcome: ShowingOutcome
    amount: str
    form: OutcomeAnswerForm | None


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """A milestone with the names of its papers."""

    reached: MilestoneReached
    state: str
    papers: list[tuple[str, str]]
    amount: str


def showing_line(actor: Actor, showing: Showing) -> ShowingLine:
    is_ours = actor.is_member(showing.team_id)
    waits = showing.state == ShowingState.ASKED and bool(may_sign_for_showing(actor, showing))
    return ShowingLine(
        showing=showing,
        url=reverse("work:showing", args=[showing.public_id]),
        other=organisation_line(showing.investor if is_ours else showing.team),
        is_ours=is_ours,
        is_over=showing.state in OPEN_SHOWINGS and showing.ends_on < timezone.localdate(),
        waits_for_us=waits,
    )


def showing_lines(actor: Actor, showings: Iterable[Showing]) -> list[ShowingLine]:
    return [showing_line(actor, one) for one in showings]


def showing_page(actor: Actor, showing: Showing) -> dict[str, Any]:
    """What the page of one showing shows to this side of it; nothing of the bid itself."""
    line = showing_line(actor, showing)
    text = showing_text(showing.text_version)
    withdraws = showing.state in OPEN_SHOWINGS and may_withdraw_showing(actor, showing)
    tells = showing.signed_at is not None and may_tell_outcome(actor, showing)
    reads = may_read_readings(actor, showing)
    return {
        "showing": showing,
        "line": line,
        "challenge": showing.bid.challenge,
        "parts": [ShownPart(part).label for part in showing.parts],
        "agreement": text.en if short_language() == "en" else text.zh,
        "may_read": may_read_shown(actor, showing),
        "sign_form": SignShowingForm(initial={"digest": showing.text_digest})
        if line.waits_for_us and not line.is_over
        else None,
        "decline_form": EndShowingForm(auto_id="decline-%s") if line.waits_for_us else None,
        "withdraw_form": EndShowingForm(auto_id="withdraw-%s") if withdraws else None,
        "outcome_form": OutcomeForm() if tells else None,
        "outcomes": outcome_lines(actor, showing, {}),
        "readings": list_showing_readings(actor, showing)[:READINGS_SHOWN] if reads else None,
    }


def outcome_lines(
    actor: Actor, showing: Showing, refused: Mapping[int, OutcomeAnswerForm]
) -> list[OutcomeLine]:
    """What was told, the latest last; `refused` are forms that were sent and refused, by the row of the outcome."""
    found = []
    for outcome in list_outcomes(actor, showing):
        form = refused.get(outcome.pk)
        if form is None and not outcome.answer and actor.may_write_for(showing.team_id):
            form = OutcomeAnswerForm(auto_id=f"outcome-{outcome.number}-%s")
        found.append(OutcomeLine(outcome, money(outcome.amount_fen), form))
    return found


def milestone_lines(material: Material) -> list[MilestoneLine]:
    """The milestones that are shown: where each stands, in words, and what was handed in for it."""
    found = []
    for reached in material.milestones or ():
        state, names = "", {}
        if process := reached.process:
            definition = process.definition
            state = say(definition.states[process.states[0]].name)
            names = {name: say(document.name) for name, document in definition.documents.items()}
        papers = [(names.get(name, name), text) for name, text in reached.evidence]
        found.append(MilestoneLine(reached, state, papers, money(reached.amount_fen)))
    return found
