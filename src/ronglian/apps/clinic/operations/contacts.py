"""The log of contacts, and the tasks of who carries a case."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.case_enums import ContactChannel, ContactWith, NoteReader
from ronglian.apps.clinic.case_rules import may_work, may_work_within
from ronglian.apps.clinic.models import Case, CaseTask, Contact
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record, clean_text


@operation("contact.log", target="case", allowed=may_work)
def log_contact(
    *,
    actor: Actor,
    case: Case,
    with_whom: ContactWith,
    channel: ContactChannel,
    note: str,
    names: str = "",
    happened_at: datetime | None = None,
    reader: NoteReader = NoteReader.CARRIER,
) -> Contact:
    """Write down who was talked to, how and about what. What is shared with a side is read by that side alone."""
    now = timezone.now()
    if happened_at is not None and happened_at > now:
        raise InvalidInput.of({"happened_at": [_("This lies in the future; plan it as a task instead.")]})
    if not note.strip():
        raise InvalidInput.of({"note": [_("Say in a sentence what was talked about.")]})
    if reader == NoteReader.SIDE and with_whom == ContactWith.OTHERS:
        raise InvalidInput.of({"reader": [_("A talk with somebody else is shared with neither side.")]})
    contact = Contact(
        case=case,
        author=case.manager,
        happened_at=happened_at or now,
        with_whom=with_whom,
        channel=channel,
        names=clean_text(names, one_line=True),
        note=clean_text(note),
        reader=reader,
    )
    clean_record(contact)
    contact.save(force_insert=True)
    record_event(
        actor,
        "contact.logged",
        contact,
        {"case": str(case.public_id), "with": str(with_whom), "channel": str(channel)},
    )
    Case.objects.filter(pk=case.pk).update(touched_on=timezone.localdate())
    return contact


@operation("task.add", target="case", allowed=may_work)
def add_task(*, actor: Actor, case: Case, title: str, due_on: date) -> CaseTask:
    """Note what is to be done, and by when; a mail reminds of it the day before."""
    if not case.is_open:
        raise RuleViolation(_("The case is over; there is nothing left to do."))
    task = CaseTask(case=case, title=title, due_on=due_on)
    clean_record(task)
    task.save(force_insert=True)
    record_event(actor, "task.added", task, {"case": str(case.public_id)})
    return task


@operation("task.finish", target="task", allowed=may_work_within)
def finish_task(*, actor: Actor, task: CaseTask) -> CaseTask:
    """Say that it is done."""
    if task.done_at is not None:
        raise RuleViolation(_("This is done already."))
    task.done_at = timezone.now()
    task.version += 1
    task.save(update_fields=["done_at", "version", "updated_at"])
    record_event(actor, "task.finished", task)
    Case.objects.filter(pk=task.case_id).update(touched_on=timezone.localdate())
    return task


@operation("task.postpone", target="task", allowed=may_work_within)
def postpone_task(*, actor: Actor, task: CaseTask, due_on: date) -> CaseTask:
    """Give it another day; another mail reminds of that."""
    if task.done_at is not None:
        raise RuleViolation(_("This is done already."))
    task.due_on = due_on
    task.version += 1
    clean_record(task)
    task.save(update_fields=["due_on", "version", "updated_at"])
    record_event(actor, "task.postponed", task, {"due": due_on.isoformat()})
    return task
