"""Handing a case over to a colleague, who is asked first."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.case_enums import HandOverState, NoteReader
from ronglian.apps.clinic.case_mails import CaseNews, tell_of_case
from ronglian.apps.clinic.case_rules import may_take, may_take_back, may_work
from ronglian.apps.clinic.manager_enums import ManagerState
from ronglian.apps.clinic.models import Case, Contact, HandOver, TechnologyManager
from ronglian.apps.clinic.operations.cases import insist_on_no_conflict, insist_on_room, save_case
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record


@operation("case.offer", target="case", allowed=may_work)
def offer_case(
    *, actor: Actor, case: Case, taker: TechnologyManager, reason: str, passes_notes: bool = False
) -> HandOver:
    """Ask a colleague to take the case over. Until then nothing changes hands; the colleague sees the case's outline."""
    if not case.is_open:
        raise RuleViolation(_("The case is over; there is nothing to hand over."))
    if case.offered_to_id is not None:
        raise RuleViolation(_("The case is offered to a colleague already. Take that offer back first."))
    problems = {}
    if taker.pk == case.manager_id or taker.state != ManagerState.CONFIRMED:
        problems["taker"] = [_("Choose a registered technology manager other than yourself.")]
    if not reason.strip():
        problems["reason"] = [_("Tell the colleague why, and what comes next.")]
    if problems:
        raise InvalidInput.of(problems)
    insist_on_no_conflict(case, taker)
    hand_over = HandOver(case=case, giver=case.manager, taker=taker, reason=reason, passes_notes=passes_notes)
    clean_record(hand_over)
    hand_over.save(force_insert=True)
    record_event(actor, "hand_over.offered", hand_over, {"case": str(case.public_id)})
    case.offered_to = taker
    save_case(actor, case, "offered", {"to": str(taker.public_id)})
    tell_of_case.enqueue(str(case.public_id), CaseNews.OFFERED.value)
    return hand_over


@operation("handover.accept", target="hand_over", allowed=may_take)
def accept_case(*, actor: Actor, hand_over: HandOver) -> HandOver:
    """Take the case over with its history. What the giver kept private stays private unless it was to be passed on.

    The introduction stays the giver's: it says who brought the two sides together.
    """
    case = _locked_case(hand_over)
    insist_on_room(hand_over.taker)
    insist_on_no_conflict(case, hand_over.taker)
    if hand_over.passes_notes:
        for note in Contact.objects.filter(case=case, author=hand_over.giver, reader=NoteReader.AUTHOR):
            note.reader = NoteReader.CARRIER
            note.version += 1
            note.save(update_fields=["reader", "version", "updated_at"])
            record_event(actor, "contact.passed_on", note)
    case.manager = hand_over.taker
    _decide(actor, hand_over, HandOverState.ACCEPTED)
    _settle(actor, case, "taken_over", hand_over)
    tell_of_case.enqueue(str(case.public_id), CaseNews.TAKEN.value)
    return hand_over


@operation("handover.decline", target="hand_over", allowed=may_take)
def decline_case(*, actor: Actor, hand_over: HandOver, answer: str) -> HandOver:
    """Say no, and why; the case stays where it is."""
    case = _locked_case(hand_over)
    if not answer.strip():
        raise InvalidInput.of({"answer": [_("Say why, so that the colleague can ask somebody else.")]})
    hand_over.answer = answer
    _decide(actor, hand_over, HandOverState.DECLINED)
    _settle(actor, case, "offer_declined", hand_over)
    return hand_over


@operation("handover.take_back", target="hand_over", allowed=may_take_back)
def take_back_offer(*, actor: Actor, hand_over: HandOver) -> HandOver:
    """Keep the case after all."""
    case = _locked_case(hand_over)
    _decide(actor, hand_over, HandOverState.TAKEN_BACK)
    _settle(actor, case, "offer_taken_back", hand_over)
    return hand_over


def _locked_case(hand_over: HandOver) -> Case:
    if hand_over.state != HandOverState.OFFERED:
        raise RuleViolation(_("This offer is over: %(state)s.") % {"state": hand_over.get_state_display()})
    found: Case = Case.objects.select_for_update().get(pk=hand_over.case_id)
    return found


def _decide(actor: Actor, hand_over: HandOver, state: HandOverState) -> None:
    hand_over.state, hand_over.decided_at = state, timezone.now()
    hand_over.version += 1
    clean_record(hand_over)
    hand_over.save(force_update=True)
    record_event(actor, f"hand_over.{state}", hand_over)


def _settle(actor: Actor, case: Case, past: str, hand_over: HandOver) -> None:
    case.offered_to = None
    save_case(actor, case, past, {"hand_over": str(hand_over.public_id)})
