"""Introducing the two sides to each other, and their answers to it."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.case_enums import CaseSide, CaseStage, IntroductionAnswerKind, ObjectionReason
from ronglian.apps.clinic.case_mails import CaseNews, tell_of_case
from ronglian.apps.clinic.case_rules import (
    ANSWER_WITHIN,
    PROTECTED_MONTHS,
    USUAL_PROTECTION,
    may_answer,
    may_work,
    side_spoken_for,
)
from ronglian.apps.clinic.models import Case, Introduction, IntroductionAnswer
from ronglian.apps.clinic.operations.cases import advance_case, insist_on_no_conflict, save_case
from ronglian.engines.money import add_months
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict, InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record


@operation("case.introduce", target="case", allowed=may_work)
def introduce_sides(
    *, actor: Actor, case: Case, words: str, protected_months: int = USUAL_PROTECTION
) -> Case:
    """Bring the two sides together, and fix who did so and when.

    `words` is what both are told. From here on each knows the other; the event's receipt proves the rest.
    """
    _insist_on_ready(case, words, protected_months)
    now = timezone.now()
    introduction = Introduction(
        case=case,
        manager=case.manager,
        need=case.need,
        result=case.result,
        seeker=case.seeker,
        partner=case.partner,
        introduced_at=now,
        answer_by=now + ANSWER_WITHIN,
        protected_until=add_months(timezone.localdate(), protected_months),
        words=words,
    )
    clean_record(introduction)
    introduction.save(force_insert=True)
    record_event(actor, "introduction.made", introduction, what_is_fixed(introduction))
    case.introduced_at, case.introducer = now, case.manager
    save_case(actor, case, "sides_introduced", {"introduction": str(introduction.public_id)})
    return advance_case(actor=actor, case=case, stage=CaseStage.INTRODUCED)


@operation("introduction.answer", target="introduction", allowed=may_answer)
def answer_introduction(
    *,
    actor: Actor,
    introduction: Introduction,
    kind: IntroductionAnswerKind,
    reason: str = "",
    note: str = "",
    side: str = "",
) -> IntroductionAnswer:
    """Acknowledge the introduction for one side, or object to it with a reason while the clock runs.

    A later answer of the same side replaces the earlier one; the events keep both.
    """
    side = CaseSide(side or side_spoken_for(actor, introduction.case)).value
    if not actor.may_write_for(getattr(introduction, f"{side}_id")):
        raise InvalidInput.of({"side": [_("You do not speak for this side.")]})
    objects = kind == IntroductionAnswerKind.OBJECTED
    if objects:
        _check_objection(introduction, reason, note)
    answer = IntroductionAnswer.objects.filter(introduction=introduction, side=side).first()
    answer = answer or IntroductionAnswer(introduction=introduction, side=side)
    answer.version += 0 if answer.pk is None else 1
    answer.kind, answer.reason, answer.note = kind, reason if objects else "", note
    answer.answered_by = actor.label
    clean_record(answer)
    answer.save()
    record_event(actor, f"introduction.{kind}", answer, {"side": side, "reason": answer.reason})
    if objects:
        tell_of_case.enqueue(str(introduction.case.public_id), CaseNews.OBJECTED.value)
    return answer


def what_is_fixed(introduction: Introduction) -> dict[str, str]:
    """What the event of an introduction commits to; ids alone, so that the log tells nobody anything."""
    about = {"need": introduction.need, "result": introduction.result}
    return {
        "case": str(introduction.case.public_id),
        "manager": str(introduction.manager.public_id),
        "seeker": str(introduction.seeker.public_id),
        "partner": str(introduction.partner.public_id),
        **{name: str(record.public_id) for name, record in about.items() if record is not None},
        "introduced_at": introduction.introduced_at.isoformat(),
        "protected_until": introduction.protected_until.isoformat(),
    }


def _insist_on_ready(case: Case, words: str, protected_months: int) -> None:
    if case.stage != CaseStage.DIAGNOSIS or case.introduced_at is not None:
        raise RuleViolation(_("The two sides are introduced already."))
    if case.partner is None:
        raise RuleViolation(_("Choose a result or an organisation first: there is nobody to introduce yet."))
    if not case.owner_named:
        raise RuleViolation(
            _("The need is published without a name. Its owner has to agree to being named first.")
        )
    if not words.strip():
        raise InvalidInput.of({"words": [_("Tell both sides in a few words why you bring them together.")]})
    if protected_months not in PROTECTED_MONTHS:
        raise InvalidInput.of(
            {"protected_months": [_("The introduction is protected for 6, 12 or 24 months.")]}
        )
    insist_on_no_conflict(case, case.manager)
    earlier = Introduction.objects.filter(need=case.need, result=case.result).exclude(case=case)
    if case.need is None or case.result is None:
        earlier = earlier.filter(
            seeker=case.seeker, partner=case.partner, case__consultation=case.consultation
        )
    first = earlier.select_related("manager").first()
    if first is not None:
        raise Conflict(
            _("%(manager)s introduced these two on %(day)s already.")
            % {"manager": str(first.manager), "day": f"{timezone.localtime(first.introduced_at):%Y-%m-%d}"}
        )


def _check_objection(introduction: Introduction, reason: str, note: str) -> None:
    if not introduction.may_still_object(timezone.now()):
        raise RuleViolation(
            _("Objections were possible until %(day)s. Talk to the technology manager, or to the bureau.")
            % {"day": f"{timezone.localtime(introduction.answer_by):%Y-%m-%d %H:%M}"}
        )
    if reason not in ObjectionReason.values:
        raise InvalidInput.of({"reason": [_("Choose the reason.")]})
    if reason == ObjectionReason.OTHER and not note.strip():
        raise InvalidInput.of({"note": [_("Say in a few words what the reason is.")]})
