"""技术经理人: who carries a case from need to contract, and the certificates that say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.clinic.manager_enums import ManagerLevel, ManagerState, WorkingLanguage
from ronglian.apps.clinic.manager_rules import visible_managers_q
from ronglian.apps.registry.enums import TechnologyField
from ronglian.apps.registry.models.record import EachOf
from ronglian.kernel.actor import Actor
from ronglian.kernel.models import Record
from ronglian.kernel.provenance import Provenance
from ronglian.kernel.sealed_field import SealedField
from ronglian.kernel.validators import validate_region

USUAL_CAPACITY = 20
LARGEST_CAPACITY = 200
MOST_REGIONS = 40
CERTIFICATE_LIMIT = 100


def validate_regions(value: Any) -> None:
    """A list of GB/T 2260 codes, each once."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise ValidationError(_("Regions must be a list of GB/T 2260 codes."))
    if len(value) > MOST_REGIONS or len(set(value)) < len(value):
        raise ValidationError(_("At most 40 regions, each once."))
    for code in value:
        validate_region(code)


def validate_certificate_number(value: Any) -> None:
    if not isinstance(value, str) or not value.strip() or len(value) > CERTIFICATE_LIMIT:
        raise ValidationError(_("A certificate has a number of at most 100 characters."))


class ManagerQuerySet(models.QuerySet["TechnologyManager"]):
    """Queries that respect the policy."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(visible_managers_q(actor))

    def confirmed(self) -> Self:
        return self.filter(state=ManagerState.CONFIRMED)


class TechnologyManager(Record, Provenance):
    """技术经理人. No contact data: a manager is reached through the cases of this platform.

    `capacity` is how many cases may be open at once. The name is the one the person works under, and stays apart
    from the account's.
    """

    person = models.OneToOneField(
        Person, on_delete=models.PROTECT, related_name="technology_manager", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="technology_managers",
        null=True,
        blank=True,
        verbose_name=_("organisation"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ManagerState, default=ManagerState.PENDING, db_index=True
    )
    name = models.CharField(pgettext_lazy("person", "name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=160, blank=True)
    level = models.CharField(_("level"), max_length=10, choices=ManagerLevel)
    technology_fields = models.JSONField(
        _("technology fields"), default=list, blank=True, validators=[EachOf(TechnologyField)]
    )
    regions = models.JSONField(_("regions"), default=list, blank=True, validators=[validate_regions])
    languages = models.JSONField(_("languages"), default=list, validators=[EachOf(WorkingLanguage)])
    capacity = models.PositiveSmallIntegerField(
        _("open cases at once"),
        default=USUAL_CAPACITY,
        validators=[MinValueValidator(1), MaxValueValidator(LARGEST_CAPACITY)],
    )
    takes_new = models.BooleanField(_("takes new cases"), default=True)
    summary = models.TextField(_("profile"), max_length=4000, blank=True)
    summary_en = models.TextField(_("English profile"), max_length=8000, blank=True)
    confirmed_by = models.CharField(_("confirmed by"), max_length=200, blank=True)
    ended_because = models.TextField(_("why the registration ended"), max_length=500, blank=True)

    objects: ClassVar[models.Manager[Any]] = ManagerQuerySet.as_manager()
    if TYPE_CHECKING:
        person_id: int
        organisation_id: int | None

    class Meta:
        verbose_name = _("technology manager")
        verbose_name_plural = _("technology managers")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state=ManagerState.ENDED) | ~models.Q(ended_because=""),
                name="manager_ended_with_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ManagerState.CONFIRMED) | ~models.Q(confirmed_by=""),
                name="manager_confirmed_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return self.name or self.name_en or f"#{self.public_id.hex[:8]}"


class ManagerCertificate(Record):
    """技术经理人证书. The number is the holder's own: it is sealed, and shown to the holder and to who checks it."""

    manager = models.ForeignKey(TechnologyManager, on_delete=models.PROTECT, related_name="certificates")
    title = models.CharField(_("certificate"), max_length=200)
    number = SealedField(_("number of the certificate"), validators=[validate_certificate_number])
    issuer = models.CharField(_("issued by"), max_length=200)
    issued_on = models.DateField(_("issued on"))
    verified_by = models.CharField(_("verified by"), max_length=200, blank=True)
    verified_on = models.DateField(_("verified on"), null=True, blank=True)

    if TYPE_CHECKING:
        manager_id: int

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")

    def __str__(self) -> str:
        return self.title
