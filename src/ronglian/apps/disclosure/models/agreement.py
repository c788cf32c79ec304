"""保密协议: who may read whose confidential details, since when, until when, and who did."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.disclosure.enums import OPEN_STATES, NdaState
from ronglian.kernel.models import Record


class Nda(Record):
    """保密协议: signed by a person for `organisation`; about one record of `owner`, or all of them without a `subject_id`."""

    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="ndas_given", verbose_name=_("disclosing party")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="ndas_signed", verbose_name=_("receiving party")
    )
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)
    asked_about_type = models.CharField(max_length=40)
    asked_about_id = models.UUIDField()
    hides_owner = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=10, choices=NdaState, default=NdaState.REQUESTED)
    text_version = models.CharField(_("version of the text"), max_length=20)
    text_digest = models.CharField(_("digest of the text"), max_length=64)
    purpose = models.TextField(_("what you want the details for"), max_length=1000)
    signed_by = models.UUIDField()
    signed_by_label = models.CharField(_("signed by"), max_length=200)
    signed_at = models.DateTimeField(_("signed"))
    decided_by_label = models.CharField(_("decided by"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=500, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    if TYPE_CHECKING:
        owner_id: int
        organisation_id: int

    class Meta:
        verbose_name = _("non-disclosure agreement")
        verbose_name_plural = _("non-disclosure agreements")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "asked_about_id"],
                condition=models.Q(state__in=OPEN_STATES),
                name="nda_one_open",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=NdaState.GRANTED)
                | models.Q(starts_on__isnull=False, ends_on__isnull=False),
                name="nda_granted_has_a_term",
            ),
        )
        indexes = (
            models.Index(fields=["organisation", "state"], name="nda_by_reader"),
            models.Index(fields=["owner", "state"], name="nda_by_owner"),
        )

    def __str__(self) -> str:
        return f"{self.organisation} – {self.owner}: {self.state}"

    def is_in_force(self, today: date) -> bool:
        if self.state != NdaState.GRANTED or self.starts_on is None or self.ends_on is None:
            return False
        return self.starts_on <= today <= self.ends_on


class Viewing(models.Model):
    """查阅记录: that a person was shown confidential fields, once for each person, record and day.

    A sealed annex is read by who was named for it, under no agreement; that is a reading of its own.
    """

    nda = models.ForeignKey(Nda, on_delete=models.PROTECT, related_name="viewings", null=True)
    of_annex = models.BooleanField(_("of the annex"), default=False)
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    person_id = models.UUIDField()
    person_label = models.CharField(max_length=200)
    viewed_on = models.DateField()
    first_at = models.DateTimeField(auto_now_add=True)
    fields = models.JSONField(default=list)

    class Meta:
        verbose_name = _("reading of confidential details")
        verbose_name_plural = _("readings of confidential details")
        constraints = (
            models.UniqueConstraint(
                fields=["subject_id", "person_id", "viewed_on", "of_annex"], name="viewing_once_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(of_annex=True, nda__isnull=True)
                | models.Q(of_annex=False, nda__isnull=False),
                name="viewing_of_details_under_an_agreement",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_label} {self.subject_type}:{self.subject_id} {self.viewed_on}"


class Annex(Record):
    """封存附件: a text for the owning organisation and persons named one by one, sealed as details are."""

    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="annexes")
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField(unique=True)
    sealed = models.TextField()

    if TYPE_CHECKING:
        owner_id: int

    class Meta:
        verbose_name = _("sealed annex")
        verbose_name_plural = _("sealed annexes")

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}"


class AnnexReader(models.Model):
    """附件读者: a person outside the organisation who may read the annex."""

    annex = models.ForeignKey(Annex, on_delete=models.CASCADE, related_name="readers")
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="annexes")
    named_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("reader of an annex")
        verbose_name_plural = _("readers of an annex")
        constraints = (models.UniqueConstraint(fields=["annex", "person"], name="annex_reader_once"),)

    def __str__(self) -> str:
        return f"{self.annex} {self.person}"
