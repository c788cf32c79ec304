"""What was done in a case and what is to be done: contacts, tasks, and the reminders sent about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ronglian.apps.clinic.case_enums import ContactChannel, ContactWith, NoteReader
from ronglian.apps.clinic.case_rules import visible_contacts_q
from ronglian.apps.clinic.models.case import Case
from ronglian.apps.clinic.models.technology_manager import TechnologyManager
from ronglian.kernel.actor import Actor
from ronglian.kernel.models import Record
from ronglian.kernel.sealed_field import SealedField

NOTE_LIMIT = 4_000
NAMES_LIMIT = 200


class ContactQuerySet(models.QuerySet["Contact"]):
    """Queries that respect the policy."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(visible_contacts_q(actor))


class Contact(Record):
    """联系记录: who, when, with whom, by which means. Names and note are sealed: they are not the site's to read."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="contacts")
    author = models.ForeignKey(TechnologyManager, on_delete=models.PROTECT, related_name="+")
    happened_at = models.DateTimeField(_("when"), default=timezone.now)
    with_whom = models.CharField(_("with"), max_length=10, choices=ContactWith)
    channel = models.CharField(_("by"), max_length=10, choices=ContactChannel)
    names = SealedField(_("people"), blank=True, default="", max_length=NAMES_LIMIT)
    note = SealedField(_("what was said"), max_length=NOTE_LIMIT)
    reader = models.CharField(
        _("who reads it"), max_length=10, choices=NoteReader, default=NoteReader.CARRIER
    )

    objects: ClassVar[models.Manager[Any]] = ContactQuerySet.as_manager()
    if TYPE_CHECKING:
        case_id: int
        author_id: int

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = (models.Index(fields=["case", "-happened_at"], name="contact_by_case"),)

    def __str__(self) -> str:
        return f"{self.channel} {self.happened_at:%Y-%m-%d}"


class CaseTask(Record):
    """个案任务: what whoever carries the case has to do, and by when."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    title = models.CharField(_("task"), max_length=200)
    due_on = models.DateField(pgettext_lazy("date", "due"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    if TYPE_CHECKING:
        case_id: int

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = (
            models.Index(fields=["due_on"], name="task_waiting", condition=models.Q(done_at__isnull=True)),
        )

    def __str__(self) -> str:
        return self.title


class Reminder(models.Model):
    """提醒: one mail about one day on which something is due. Its row is written with the job that sends it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reminders")
    task = models.ForeignKey(CaseTask, on_delete=models.CASCADE, related_name="reminders", null=True)
    manager = models.ForeignKey(TechnologyManager, on_delete=models.CASCADE, related_name="+")
    due_on = models.DateField()
    made_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = (
            models.UniqueConstraint(
                fields=["task", "due_on"],
                condition=models.Q(task__isnull=False),
                name="reminder_once_per_task",
            ),
            models.UniqueConstraint(
                fields=["case", "due_on"],
                condition=models.Q(task__isnull=True),
                name="reminder_once_per_step",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.due_on}"
