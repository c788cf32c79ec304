"""Cases as their readers see them: the board, and the page of one, each as far as it is theirs to know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ronglian.apps.clinic.case_enums import CaseStage, StopReason
from ronglian.apps.clinic.case_rules import TRANSITIONS, View, knows_seeker, view_of
from ronglian.apps.clinic.models import Case, FeeTerms
from ronglian.apps.registry.models import RegistryRecord
from ronglian.apps.registry.rules import is_visible
from ronglian.engines.text import format_money
from ronglian.kernel.actor import Actor
from ronglian.kernel.events import events_about
from ronglian.web.context import short_language
from ronglian.web.presenters.kinds import record_url
from ronglian.web.presenters.owners import OwnerLine, organisation_line
from ronglian.web.presenters.pages import page_title
from ronglian.web.presenters.texts import industry, province

COLUMNS = (CaseStage.DIAGNOSIS, CaseStage.INTRODUCED, CaseStage.NEGOTIATING, CaseStage.AGREEMENT)
OVER = (CaseStage.DONE, CaseStage.STOPPED)
OVER_SHOWN = 10
# A move that needs nothing but the wish to make it is one button on the card; the others lead to their form.
AT_ONCE = {(CaseStage.INTRODUCED.value, CaseStage.NEGOTIATING.value)}
MOVES: Mapping[str, Promise] = {
    CaseStage.INTRODUCED: _lazy("Introduce both sides"),
    CaseStage.NEGOTIATING: _lazy("They negotiate"),
    CaseStage.AGREEMENT: _lazy("Record the agreement"),
    CaseStage.DONE: _lazy("Close as done"),
    CaseStage.STOPPED: _lazy("Stop with a reason"),
    CaseStage.DIAGNOSIS: _lazy("Take up again"),
}
HAPPENED: Mapping[str, Promise] = {
    "opened": _lazy("opened"),
    "partner_chosen": _lazy("partner chosen"),
    "owner_named": _lazy("owner agrees to being named"),
    "sides_introduced": _lazy("both sides introduced"),
    "agreement_confirmed": _lazy("agreement confirmed by one side"),
    "taken_over": _lazy("taken over by a colleague"),
}
# What of the timeline is the manager's own business.
INSIDE = frozenset({"partner_chosen"})


@dataclass(frozen=True, slots=True)
class Subject:
    """What a case is about, on one side; no address where the reader cannot open it."""

    title: SafeString | str
    url: str


@dataclass(frozen=True, slots=True)
class Move:
    """A stage the case may go to next."""

    stage: str
    label: str
    is_at_once: bool


@dataclass(frozen=True, slots=True)
class CaseCard:
    """A case on the board."""

    case: Case
    need: Subject
    result: Subject | None
    seeker: OwnerLine
    partner: OwnerLine | None
    is_small: bool
    overdue_days: int
    moves: tuple[Move, ...]
    view: View


@dataclass(frozen=True, slots=True)
class Column:
    """One stage of the board."""

    stage: str
    label: str
    cards: tuple[CaseCard, ...]
    overdue: int


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a case's timeline."""

    when: datetime
    what: str
    note: str


@dataclass(frozen=True, slots=True)
class TermsLine:
    """One version of the terms for the fee, in the reader's words."""

    terms: FeeTerms
    rate: str
    cap: str


def terms_line(terms: FeeTerms) -> TermsLine:
    return TermsLine(terms, f"{terms.rate / 100:g}", money(terms.cap_fen))


def amount_of(case: Case) -> str:
    return money(case.amount_fen)


def money(fen: int | None) -> str:
    return "" if fen is None else format_money(fen, short_language())


def board(actor: Actor, cases: Iterable[Case], today: date) -> list[Column]:
    """A column for each stage: overdue first, the longest first; then by the day due."""
    cards = [case_card(actor, case, today) for case in cases]
    cards.sort(key=lambda card: (-card.overdue_days, card.case.next_due or date.max, card.case.pk))
    columns = [(stage.value, str(stage.label), {stage.value}) for stage in COLUMNS]
    columns.append(("over", _("Over"), {stage.value for stage in OVER}))
    found = []
    for stage, label, stages in columns:
        own = tuple(card for card in cards if card.case.stage in stages)
        found.append(Column(stage, label, own, sum(1 for card in own if card.overdue_days)))
    return found


def case_card(actor: Actor, case: Case, today: date) -> CaseCard:
    view = view_of(actor, case)
    overdue = case.overdue_since(today)
    return CaseCard(
        case=case,
        need=need_of(actor, case, view),
        result=_subject(actor, case.result) if case.result else None,
        seeker=seeker_line(case, view),
        partner=organisation_line(case.partner) if case.partner else None,
        is_small=is_small_shown(case, view),
        overdue_days=(today - overdue).days if overdue else 0,
        moves=moves_of(case) if view.carries else (),
        view=view,
    )


def is_small_shown(case: Case, view: View) -> bool:
    return case.seeker.is_small and knows_seeker(case, view)


def seeker_line(case: Case, view: View) -> OwnerLine:
    if knows_seeker(case, view):
        return organisation_line(case.seeker)
    region, line = (case.need.region, case.need.industry) if case.need else ("", "")
    details = tuple(filter(None, (province(region), industry(line))))
    return OwnerLine(_("Anonymous enterprise"), "", details, is_hidden=True, is_small=False)


def need_of(actor: Actor, case: Case, view: View) -> Subject:
    if case.need is not None:
        return _subject(actor, case.need)
    if view.carries or "seeker" in view.sides:
        return Subject(str(case.consultation), "")
    return Subject(_("A need that the clinic works on"), "")


def _subject(actor: Actor, record: RegistryRecord) -> Subject:
    """A record that was withdrawn meanwhile keeps its title from whoever could not open it."""
    if is_visible(actor, record):
        return Subject(page_title(record), record_url(record))
    return Subject(_("A record that is not public any more"), "")


def moves_of(case: Case) -> tuple[Move, ...]:
    """Where it may go; what stopped goes back to where it was."""
    wanted = list(TRANSITIONS[case.stage])
    if case.stage == CaseStage.STOPPED:
        wanted = [CaseStage.INTRODUCED.value if case.introduced_at else CaseStage.DIAGNOSIS.value]
    return tuple(
        Move(str(stage), _label(case.stage, stage), (case.stage, str(stage)) in AT_ONCE) for stage in wanted
    )


def _label(before: str, after: str) -> str:
    if before == CaseStage.STOPPED:
        return str(MOVES[CaseStage.DIAGNOSIS])
    if (before, after) == (CaseStage.AGREEMENT, CaseStage.NEGOTIATING):
        return _("Back to negotiation")
    return str(MOVES[after])


def timeline(case: Case, view: View) -> list[Happening]:
    """Newest first; what is the manager's own business is told to nobody else."""
    lines = []
    for event in events_about(case).order_by("-id"):
        past = event.name.partition(".")[2]
        if past == "advanced":
            lines.append(Happening(event.occurred_at, _advanced(event.data), str(event.data.get("note", ""))))
        elif past in HAPPENED and (view.carries or past not in INSIDE):
            lines.append(Happening(event.occurred_at, str(HAPPENED[past]), ""))
    return lines


def _advanced(data: Mapping[str, Any]) -> str:
    text = f"{CaseStage(data['from']).label} → {CaseStage(data['to']).label}"
    return f"{text}: {StopReason(data['reason']).label}" if data.get("reason") else text
