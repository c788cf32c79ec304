"""利益冲突: what ties a person to an organisation, declared by the person."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.enums import ConflictKind
from ronglian.apps.accounts.models.organisation import Organisation
from ronglian.apps.accounts.models.person import Person
from ronglian.kernel.models import Record


class ConflictDeclaration(Record):
    """利益冲突声明: holds from its first day to its last, or on and on."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="conflicts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="conflicts")
    kind = models.CharField(_("kind of relation"), max_length=15, choices=ConflictKind)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    if TYPE_CHECKING:
        person_id: int
        organisation_id: int

    class Meta:
        verbose_name = _("declaration of a conflict of interest")
        verbose_name_plural = _("declarations of conflicts of interest")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="conflict_ends_after_it_starts",
            ),
        )
        indexes = (models.Index(fields=["organisation", "person"], name="conflict_pair"),)

    def __str__(self) -> str:
        return f"{self.person} – {self.organisation}: {self.kind}"

    def holds(self, today: date) -> bool:
        return self.starts_on <= today and (self.ends_on is None or today <= self.ends_on)
