"""专家: people and teams who know."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ronglian.apps.registry.enums import TechnologyField
from ronglian.apps.registry.models.record import EachOf, RegistryRecord, list_indexes, once_per_source
from ronglian.kernel.validators import validate_orcid


class Expert(RegistryRecord):
    """专家: with fields and ORCID; no contact data, the organisation is the contact."""

    name = models.CharField(pgettext_lazy("person", "name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=160, blank=True)
    post = models.CharField(_("post"), max_length=80, blank=True)
    post_en = models.CharField(_("English post"), max_length=160, blank=True)
    orcid = models.CharField(_("ORCID"), max_length=19, blank=True, validators=[validate_orcid])
    technology_fields = models.JSONField(
        _("technology fields"), default=list, blank=True, validators=[EachOf(TechnologyField)]
    )
    summary = models.TextField(_("summary"), max_length=4000, blank=True)
    summary_en = models.TextField(_("English summary"), max_length=8000, blank=True)

    class Meta(RegistryRecord.Meta):
        verbose_name = _("expert")
        verbose_name_plural = _("experts")
        indexes = tuple(list_indexes())
        constraints = (once_per_source(),)

    @property
    def headline(self) -> str:
        return self.name

    @property
    def headline_en(self) -> str:
        return self.name_en
