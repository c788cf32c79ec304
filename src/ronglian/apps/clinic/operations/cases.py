"""Opening a case, choosing its partner, planning, and the one operation that moves it from stage to stage."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.queries.conflicts import has_conflict
from ronglian.apps.clinic.case_enums import (
    CaseOrigin,
    CaseSide,
    CaseStage,
    IntroductionAnswerKind,
    StopReason,
)
from ronglian.apps.clinic.case_mails import CaseNews, tell_of_case
from ronglian.apps.clinic.case_rules import (
    Facts,
    may_carry,
    may_confirm,
    may_name,
    may_work,
    refusals,
    side_spoken_for,
)
from ronglian.apps.clinic.models import (
    Case,
    Consultation,
    Introduction,
    IntroductionAnswer,
    TechnologyManager,
)
from ronglian.apps.clinic.operations.case_outcomes import record_outcome
from ronglian.apps.clinic.queries.cases import open_case_of_need, own_manager
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.models import Need, Result
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict, InvalidInput, NotAllowed, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record, clean_text


@operation("case.open", target="manager", allowed=may_carry)
def open_case(
    *,
    actor: Actor,
    manager: TechnologyManager,
    origin: CaseOrigin,
    need: Need | None = None,
    consultation: Consultation | None = None,
    result: Result | None = None,
    partner: Organisation | None = None,
    next_step: str = "",
    next_due: date | None = None,
) -> Case:
    """Open a case about a need, or about a consultation that is none yet; with the other side where it is known.

    Raises RuleViolation where the manager is full or tied to one of the sides, Conflict where it is carried already.
    """
    _lock(need, consultation)
    seeker = _seeker_of(need, consultation)
    case = Case(
        manager=manager,
        need=need,
        consultation=consultation,
        seeker=seeker,
        origin=origin,
        owner_named=not (need is not None and need.anonymous),
        next_step=next_step,
        next_due=next_due,
        opened_by=actor.label,
    )
    _set_partner(case, result, partner)
    insist_on_room(manager)
    insist_on_no_conflict(case, manager)
    _insist_on_the_only_one(case)
    clean_record(case)
    case.save(force_insert=True)
    record_event(actor, "case.opened", case, {"origin": str(origin)})
    tell_of_case.enqueue(str(case.public_id), CaseNews.OPENED.value)
    return case


@operation("case.choose_result", target="case", allowed=may_work)
def choose_result(
    *, actor: Actor, case: Case, result: Result | None = None, partner: Organisation | None = None
) -> Case:
    """Say whom the need is to be brought together with: a result, or an organisation without one."""
    if case.stage != CaseStage.DIAGNOSIS:
        raise RuleViolation(_("The two sides are introduced already. Another partner is another case."))
    if result is None and partner is None:
        raise InvalidInput.of({"result": [_("Choose a result or an organisation.")]})
    _lock(case.need, case.consultation)
    case.result, case.partner = None, None
    _set_partner(case, result, partner)
    insist_on_no_conflict(case, case.manager)
    _insist_on_the_only_one(case)
    return save_case(actor, case, "partner_chosen")


def carry_need(*, actor: Actor, need: Need, result: Result | None = None) -> Case:
    """加入个案: carry a need oneself, with the result found for it. A case of one's own that waits for a partner gets it.

    Raises NotAllowed for whoever is not registered, and what opening a case or choosing a partner raises.
    """
    manager = own_manager(actor)
    if manager is None:
        raise NotAllowed(
            _("Only registered technology managers carry cases. Register yourself first."),
        )
    waiting = open_case_of_need(actor, need) if result is not None else None
    if waiting is not None:
        return choose_result(actor=actor, case=waiting, result=result)
    origin = CaseOrigin.MATCH if result is not None else CaseOrigin.NEED
    return open_case(actor=actor, manager=manager, need=need, result=result, origin=origin)


@operation("case.plan", target="case", allowed=may_work)
def plan_case(*, actor: Actor, case: Case, next_step: str, next_due: date | None = None) -> Case:
    """Say what comes next and by when; both sides read it."""
    if not case.is_open:
        raise RuleViolation(_("The case is over; it has no next step."))
    if next_due is not None and not next_step.strip():
        raise InvalidInput.of({"next_step": [_("Say what is due on that day.")]})
    case.next_step, case.next_due = next_step, next_due
    return save_case(actor, case, "planned", {"due": next_due.isoformat() if next_due else ""})


@operation("case.name_owner", target="case", allowed=may_name)
def name_owner(*, actor: Actor, case: Case) -> Case:
    """Let the technology manager and the other side know whose the need is, though it is published without a name."""
    if case.owner_named:
        raise RuleViolation(_("The name is known to them already."))
    case.owner_named = True
    tell_of_case.enqueue(str(case.public_id), CaseNews.NAMED.value)
    return save_case(actor, case, "owner_named")


@operation("case.confirm", target="case", allowed=may_confirm)
def confirm_agreement(*, actor: Actor, case: Case, side: str = "") -> Case:
    """Say for one side that the two have come to an agreement. Whoever acts for both says it for each."""
    side = side or side_spoken_for(actor, case)
    organisation = {CaseSide.SEEKER: case.seeker_id, CaseSide.PARTNER: case.partner_id}.get(CaseSide(side))
    if not actor.may_write_for(organisation):
        raise InvalidInput.of({"side": [_("You do not speak for this side.")]})
    if case.stage != CaseStage.NEGOTIATING:
        raise RuleViolation(_("An agreement is confirmed while the two sides negotiate."))
    if case.confirmed_at(side):
        raise RuleViolation(_("Your side has confirmed it already."))
    setattr(case, f"{side}_confirmed_at", timezone.now())
    tell_of_case.enqueue(str(case.public_id), CaseNews.CONFIRMED.value)
    return save_case(actor, case, "agreement_confirmed", {"side": side})


@operation("case.advance", target="case", allowed=may_work)
def advance_case(
    *,
    actor: Actor,
    case: Case,
    stage: CaseStage,
    reason: str = "",
    note: str = "",
    contract_number: str = "",
    amount_fen: int | None = None,
) -> Case:
    """Move the case to another stage, as far as the table of stages lets it (`case_rules.TRANSITIONS`).

    Stopping takes a coded reason and a note; both sides are told, and may object. What refuses says why.
    """
    before, note = case.stage, clean_text(note)
    _check_stop(stage, reason, note)
    if contract_number:
        case.contract_number = contract_number
    if amount_fen is not None:
        case.amount_fen = amount_fen
    refused = refusals(before, stage, facts_of(case, reason, note))
    if refused:
        raise RuleViolation(" ".join(str(text) for text in refused))
    over = stage in (CaseStage.DONE, CaseStage.STOPPED)
    if over and case.offered_to_id is not None:
        raise RuleViolation(_("The case is offered to a colleague. Take the offer back first."))
    _leave(case, before, stage)
    case.stage, case.stage_since = stage, timezone.now()
    if stage == CaseStage.STOPPED:
        case.stop_reason, case.stop_note = reason, note
    if over:
        case.next_step, case.next_due = "", None
    save_case(
        actor, case, "advanced", {"from": str(before), "to": str(stage), "reason": reason, "note": note}
    )
    if over:
        record_outcome(case)
    tell_of_case.enqueue(str(case.public_id), CaseNews.of_stage(stage).value)
    return case


def facts_of(case: Case, reason: str = "", note: str = "") -> Facts:
    """What the guards ask about the case as it stands."""
    open_objections = IntroductionAnswer.objects.filter(
        introduction__case=case, kind=IntroductionAnswerKind.OBJECTED
    )
    return Facts(
        has_introduction=case.pk is not None and Introduction.objects.filter(case=case).exists(),
        objections_open=open_objections.count(),
        confirmed_sides=sum(1 for side in CaseSide.values if case.confirmed_at(side)),
        has_contract=bool(case.contract_number) and case.amount_fen is not None,
        reason=reason,
        note=note,
    )


def save_case(actor: Actor, case: Case, past: str, data: dict[str, Any] | None = None) -> Case:
    """Store what an operation changed, with its event; somebody has done something today."""
    case.version += 1
    case.touched_on = timezone.localdate()
    clean_record(case)
    case.save(force_update=True)
    record_event(actor, f"case.{past}", case, data)
    return case


def insist_on_room(manager: TechnologyManager) -> None:
    carried = Case.objects.still_open().filter(manager=manager).count()
    if carried >= manager.capacity:
        raise RuleViolation(
            _("%(manager)s carries %(count)d cases, as many as agreed. End or hand over one first.")
            % {"manager": str(manager), "count": carried}
        )


def insist_on_no_conflict(case: Case, manager: TechnologyManager) -> None:
    """Whoever acts for a side, or has declared a relation to it, does not stand between the two."""
    for side in filter(None, (case.seeker, case.partner)):
        if has_conflict(manager.person.public_id, side.pk):
            raise RuleViolation(
                _(
                    "%(manager)s has a conflict of interest with one of the two sides; somebody else carries this case."
                )
                % {"manager": str(manager)}
            )


def _lock(need: Need | None, consultation: Consultation | None) -> None:
    """Nobody opens a case about the same need beside us."""
    if need is not None:
        Need.objects.select_for_update().get(pk=need.pk)
    elif consultation is not None:
        Consultation.objects.select_for_update().get(pk=consultation.pk)


def _seeker_of(need: Need | None, consultation: Consultation | None) -> Organisation:
    if need is not None:
        if need.state != State.PUBLISHED:
            raise RuleViolation(_("Only a published need is carried."))
        return need.owner
    if consultation is None:
        raise InvalidInput.of({"need": [_("A case is about a need or a consultation.")]})
    return consultation.owner


def _set_partner(case: Case, result: Result | None, partner: Organisation | None) -> None:
    if result is not None and result.state != State.PUBLISHED:
        raise RuleViolation(_("Only a published result is introduced."))
    case.result = result
    case.partner = result.owner if result is not None else partner
    if case.partner is not None and case.partner == case.seeker:
        raise RuleViolation(_("Both belong to the same organisation; nobody has to introduce it to itself."))


def _insist_on_the_only_one(case: Case) -> None:
    about = {"need": case.need} if case.need is not None else {"consultation": case.consultation}
    same = Case.objects.still_open().filter(**about, result=case.result).exclude(pk=case.pk)
    other = same.select_related("manager").first()
    if other is not None:
        raise Conflict(
            _("This is carried already, by %(manager)s since %(day)s.")
            % {"manager": str(other.manager), "day": f"{timezone.localtime(other.created_at):%Y-%m-%d}"}
        )


def _check_stop(stage: str, reason: str, note: str) -> None:
    if stage != CaseStage.STOPPED:
        return
    problems = {}
    if reason not in StopReason.values:
        problems["reason"] = [_("Choose the reason.")]
    if not note:
        problems["note"] = [_("Say in a sentence what happened; both sides read it.")]
    if problems:
        raise InvalidInput.of(problems)


def _leave(case: Case, before: str, after: str) -> None:
    """What held in the stage before and holds no longer."""
    if before == CaseStage.STOPPED:
        case.stop_reason, case.stop_note = "", ""
    if (before, after) == (CaseStage.AGREEMENT, CaseStage.NEGOTIATING):
        case.contract_number, case.amount_fen = "", None
        case.seeker_confirmed_at = case.partner_confirmed_at = None
