"""Mails about cases, in both languages: news to who is concerned, and reminders of what is due.

A job carries an id and the name of the news, nothing else. Mails name no need and no organisation: what is confidential
stays at the site, where it is read by who may.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_tasks import task

from ronglian.apps.accounts.notices import emails_of, emails_of_writers, in_both_languages, send_notice
from ronglian.apps.clinic.case_enums import OPEN_STAGES, CaseStage
from ronglian.apps.clinic.case_rules import REMIND_BEFORE
from ronglian.apps.clinic.models import Case, CaseTask, Reminder
from ronglian.kernel.log.carried import carried_checkpoint


class CaseNews(StrEnum):
    """What happened to a case that somebody should hear of."""

    OPENED = "opened"
    NAMED = "named"
    INTRODUCED = CaseStage.INTRODUCED.value
    NEGOTIATING = CaseStage.NEGOTIATING.value
    AGREEMENT = CaseStage.AGREEMENT.value
    DONE = CaseStage.DONE.value
    STOPPED = CaseStage.STOPPED.value
    REOPENED = CaseStage.DIAGNOSIS.value
    CONFIRMED = "confirmed"
    OBJECTED = "objected"
    ANSWERED = "answered"
    FEE_PROPOSED = "fee_proposed"
    FEE_DECIDED = "fee_decided"
    OFFERED = "offered"
    TAKEN = "taken"

    @classmethod
    def of_stage(cls, stage: str) -> CaseNews:
        return cls(str(stage))


Audience = Callable[[Case], list[str]]


def _manager(case: Case) -> list[str]:
    return emails_of([case.manager.person])


def _taker(case: Case) -> list[str]:
    return emails_of([case.offered_to.person] if case.offered_to else [])


def _seeker(case: Case) -> list[str]:
    return emails_of_writers([case.seeker_id])


def _sides(case: Case) -> list[str]:
    """Both, as far as they know of the case."""
    return emails_of_writers([case.seeker_id, case.partner_id if case.introduced_at else None])


NEWS: Mapping[CaseNews, tuple[Audience, Promise]] = {
    CaseNews.OPENED: (_seeker, _lazy("A technology manager carries a need of your organisation.")),
    CaseNews.NAMED: (_manager, _lazy("The owner of a need agrees to being named.")),
    CaseNews.INTRODUCED: (
        _sides,
        _lazy("You were introduced to a possible partner. Please acknowledge it, or object within 14 days."),
    ),
    CaseNews.NEGOTIATING: (_sides, _lazy("A case of your organisation has reached negotiation.")),
    CaseNews.AGREEMENT: (_sides, _lazy("An agreement is recorded in a case of your organisation.")),
    CaseNews.DONE: (_sides, _lazy("A case of your organisation is done.")),
    CaseNews.STOPPED: (
        _sides,
        _lazy("A case of your organisation was stopped. The reason stands there; you may object."),
    ),
    CaseNews.REOPENED: (_sides, _lazy("A case of your organisation was taken up again.")),
    CaseNews.CONFIRMED: (_manager, _lazy("One side confirms the agreement in a case of yours.")),
    CaseNews.OBJECTED: (_manager, _lazy("One side objects in a case of yours. Please answer.")),
    CaseNews.ANSWERED: (_sides, _lazy("An objection in a case of your organisation was answered.")),
    CaseNews.FEE_PROPOSED: (_sides, _lazy("Terms for the fee were proposed in a case of your organisation.")),
    CaseNews.FEE_DECIDED: (_manager, _lazy("A side has answered the terms for the fee in a case of yours.")),
    CaseNews.OFFERED: (_taker, _lazy("A colleague asks you to take over a case.")),
    CaseNews.TAKEN: (_sides, _lazy("Another technology manager carries a case of your organisation now.")),
}


@task()
def tell_of_case(public_id: str, news: str) -> int:
    """Tell who is concerned; answers how many were told."""
    case = Case.objects.select_related("manager__person", "offered_to__person").get(public_id=public_id)
    audience, sentence = NEWS[CaseNews(news)]
    return send_notice(audience(case), lambda: (str(sentence), _("See “My work”, “Cases”.")))


@task()
def remind_of_due() -> int:
    """Every hour: make one reminder for each task and next step that is due by tomorrow; answers how many.

    A reminder's row and its job are written in one transaction, and the row is unique: none is lost, none made twice.
    """
    until = timezone.localdate() + REMIND_BEFORE
    tasks = CaseTask.objects.filter(done_at=None, due_on__lte=until, case__stage__in=OPEN_STAGES)
    steps = Case.objects.still_open().filter(next_due__lte=until)
    made = 0
    for one in tasks.select_related("case__manager"):
        made += _make(Reminder(case=one.case, task=one, manager=one.case.manager, due_on=one.due_on))
    for case in steps.select_related("manager"):
        if case.next_due is not None:
            made += _make(Reminder(case=case, manager=case.manager, due_on=case.next_due))
    return made


def _make(reminder: Reminder) -> int:
    same = Reminder.objects.filter(case=reminder.case, task=reminder.task, due_on=reminder.due_on)
    if same.exists():
        return 0
    with transaction.atomic():
        # Another worker may be making the same one: the unique row decides, and only its maker enqueues.
        Case.objects.select_for_update().get(pk=reminder.case_id)
        if same.exists():
            return 0
        reminder.save(force_insert=True)
        send_reminder.enqueue(reminder.pk)
    return 1


@task()
def send_reminder(pk: int) -> int:
    """Send one, unless it was sent or is not needed any more; answers how many were sent.

    A worker that dies between sending and saying so sends it again: under the same Message-ID, by which mail systems
    drop the second one.
    """
    reminder = Reminder.objects.select_related("case", "task", "manager__person").filter(pk=pk).first()
    if reminder is None or reminder.sent_at is not None or not _is_needed(reminder):
        return 0
    about = reminder.task.title if reminder.task else reminder.case.next_step
    subject, text = in_both_languages(lambda: _reminder_texts(about, reminder.due_on))
    for email in emails_of([reminder.manager.person]):
        sender = settings.DEFAULT_FROM_EMAIL
        identity = (
            f"<reminder-{reminder.pk}-{reminder.made_at:%Y%m%d%H%M%S}@{sender.rpartition('@')[2].strip('>')}>"
        )
        EmailMessage(
            subject, text, None, [email], headers={"Message-ID": identity, **carried_checkpoint()}
        ).send()
    Reminder.objects.filter(pk=pk).update(sent_at=timezone.now())
    return 1


def _is_needed(reminder: Reminder) -> bool:
    """Not for what is done, postponed, over, or somebody else's now."""
    case, one = reminder.case, reminder.task
    if not case.is_open or case.manager_id != reminder.manager_id:
        return False
    if one is not None:
        return one.done_at is None and one.due_on == reminder.due_on
    return case.next_due == reminder.due_on


def _reminder_texts(about: str, due: date) -> tuple[str, str]:
    values = {"about": about, "due": due.isoformat()}
    return (
        _("Due on %(due)s: a step in one of your cases") % values,
        _("%(about)s\nDue on %(due)s. See “My work”, “Cases”.") % values,
    )
