"""The drafting assistant on the page of a consultation; nothing where none is set up."""

from __future__ import annotations

from dataclasses import dataclass

from ronglian.apps.clinic.assistant import drafting_assistant
from ronglian.apps.clinic.drafting_enums import DraftingState, SuggestionState
from ronglian.apps.clinic.drafting_rules import may_ask_assistant
from ronglian.apps.clinic.drafting_wording import failure_text
from ronglian.apps.clinic.enums import ConsultationState
from ronglian.apps.clinic.models import Consultation, DraftingRun, DraftSuggestion
from ronglian.apps.clinic.operations.drafting import known_names
from ronglian.apps.clinic.queries.drafting import list_runs
from ronglian.engines.text.contacts import without_contacts
from ronglian.kernel.actor import Actor

SHOWN = 5


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """A suggestion beside the enterprise's own words for the same part."""

    suggestion: DraftSuggestion
    own: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class RunView:
    """One question: what was sent where, and what came back."""

    run: DraftingRun
    is_waiting: bool
    failure: str
    suggestions: list[SuggestionView]


@dataclass(frozen=True, slots=True)
class DraftingPanel:
    """`host` and `model` are whom the words would go to; empty where none may be asked any more."""

    host: str
    model: str
    may_ask: bool
    runs: list[RunView]


def drafting_panel(actor: Actor, consultation: Consultation) -> DraftingPanel | None:
    """The panel for those who tell the trouble; None where there is neither an assistant nor an answer of one."""
    assistant = drafting_assistant()
    runs = [_run_view(run, consultation) for run in list_runs(actor, consultation)[:SHOWN]]
    may_ask = (
        assistant is not None
        and consultation.state == ConsultationState.OPEN
        and bool(may_ask_assistant(actor, consultation))
    )
    if not may_ask and not runs:
        return None
    is_waiting = any(run.is_waiting for run in runs)
    return DraftingPanel(
        assistant.host if assistant else "",
        assistant.model if assistant else "",
        may_ask and not is_waiting,
        runs,
    )


def words_to_send(consultation: Consultation) -> dict[str, str]:
    """What stands in the box at first: the words without names and contact data, for the person to shorten."""
    words = f"{consultation.title}\n{consultation.words}".strip()
    return {"words": without_contacts(words, known_names(consultation))[0]}


def _run_view(run: DraftingRun, consultation: Consultation) -> RunView:
    own = {each["topic"]: each["text"] for each in consultation.answers}
    is_open = consultation.state == ConsultationState.OPEN
    views = [
        SuggestionView(each, own.get(each.topic, ""), is_open and each.state == SuggestionState.PROPOSED)
        for each in run.suggestions.all()
    ]
    failure = failure_text(run.failure) if run.state == DraftingState.FAILED else ""
    return RunView(run, run.state == DraftingState.ASKED, failure, views)
