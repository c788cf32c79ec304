"""Where a record comes from and how far it can be trusted; shown to every reader."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _


class SourceKind(models.TextChoices):
    """来源方式."""

    TYPED = "typed", _("typed in")
    IMPORTED = "imported", _("imported from a file")
    API = "api", _("sent through the API")
    DEMO = "demo", _("invented for the demo region")


class Verification(models.TextChoices):
    """核实程度: what stands behind the record."""

    SELF_DECLARED = "self_declared", _("declared by its owner")
    DOCUMENTED = "documented", _("documents seen")
    VERIFIED = "verified", _("checked on site or by a third party")


class Provenance(models.Model):
    """出处: carried by every record of the registry."""

    source_kind = models.CharField(
        _("how it came"), max_length=10, choices=SourceKind, default=SourceKind.TYPED
    )
    source_name = models.CharField(_("source"), max_length=200, blank=True)
    source_id = models.CharField(_("id in the source"), max_length=120, blank=True)
    recorded_by = models.CharField(_("recorded by"), max_length=200, blank=True)
    verification = models.CharField(
        _("verification"), max_length=15, choices=Verification, default=Verification.SELF_DECLARED
    )
    confirmed_on = models.DateField(_("last confirmed"), null=True, blank=True)
    expires_on = models.DateField(_("expires"), null=True, blank=True)

    class Meta:
        abstract = True

    def is_expired(self, today: date) -> bool:
        return self.expires_on is not None and self.expires_on < today


def unexpired(today: date) -> models.Q:
    """The filter form of `not is_expired`."""
    return models.Q(expires_on__isnull=True) | models.Q(expires_on__gte=today)
