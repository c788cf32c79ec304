"""Organisations and who may act for them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.enums import SMALL_SIZES, OrganisationKind, OrganisationSize
from ronglian.apps.accounts.models.person import Person
from ronglian.kernel.actor import Role
from ronglian.kernel.models import Record
from ronglian.kernel.provenance import Provenance
from ronglian.kernel.validators import validate_industry, validate_region, validate_ror, validate_uscc


class Organisation(Record, Provenance):
    """单位: a legal person, known by its 统一社会信用代码 (GB 32100) where it has one."""

    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=300, blank=True)
    uscc = models.CharField(
        _("unified social credit code"),
        max_length=18,
        unique=True,
        null=True,
        blank=True,
        validators=[validate_uscc],
    )
    ror = models.CharField(
        _("ROR id"), max_length=9, unique=True, null=True, blank=True, validators=[validate_ror]
    )
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind)
    size = models.CharField(_("size"), max_length=10, choices=OrganisationSize, blank=True)
    region = models.CharField(
        _("region"), max_length=6, blank=True, db_index=True, validators=[validate_region]
    )
    industry = models.CharField(_("industry"), max_length=5, blank=True, validators=[validate_industry])
    summary = models.TextField(_("summary"), max_length=4000, blank=True)
    summary_en = models.TextField(_("English summary"), max_length=8000, blank=True)
    people: ClassVar[models.ManyToManyField[Person, Membership]] = models.ManyToManyField(
        Person, through="Membership", related_name="organisations"
    )

    class Meta:
        verbose_name = _("organisation")
        constraints = (
            models.UniqueConstraint(
                fields=["source_name", "source_id"],
                condition=~models.Q(source_id=""),
                name="organisation_source_once",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_small(self) -> bool:
        return self.size in SMALL_SIZES


class Membership(models.Model):
    """成员关系."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role)
    wants_digest = models.BooleanField(_("weekly digest by e-mail"), default=True)

    class Meta:
        verbose_name = _("membership")
        constraints = (models.UniqueConstraint(fields=["person", "organisation"], name="membership_once"),)

    def __str__(self) -> str:
        return f"{self.person} – {self.organisation}"
