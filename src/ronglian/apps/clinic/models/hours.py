"""问诊室坐诊: times at which a technology manager receives, and who has booked them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.hours_enums import BookingState
from ronglian.apps.clinic.models.consultation import Consultation
from ronglian.apps.clinic.models.technology_manager import TechnologyManager
from ronglian.kernel.models import Record
from ronglian.kernel.sealed_field import SealedField

PLACE_LIMIT = 200
REASON_LIMIT = 500
MINUTES_LIMIT = 4_000


class ClinicSlot(Record):
    """坐诊时段. `place` is read by everybody who may book; `joining` (room, link) by whoever has booked."""

    manager = models.ForeignKey(
        TechnologyManager,
        on_delete=models.PROTECT,
        related_name="slots",
        verbose_name=_("technology manager"),
    )
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    is_online = models.BooleanField(_("online"), default=False)
    place = models.CharField(_("place"), max_length=PLACE_LIMIT, blank=True)
    joining = SealedField(_("how to join"), max_length=1000, default="", blank=True)
    is_withdrawn = models.BooleanField(_("withdrawn"), default=False)

    if TYPE_CHECKING:
        manager_id: int

    class Meta:
        verbose_name = _("clinic hour")
        verbose_name_plural = _("clinic hours")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="slot_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=["manager", "starts_at"], condition=models.Q(is_withdrawn=False), name="slot_once"
            ),
        )
        indexes = (models.Index(fields=["starts_at"], name="slot_by_time"),)

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class SlotBooking(Record):
    """坐诊预约. One slot has one booking that is not cancelled: the database says so, however many ask at once.

    `allows_preread` lets this manager read the consultation before. The minutes are sealed like the consultation.
    """

    slot = models.ForeignKey(
        ClinicSlot, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("clinic hour")
    )
    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="bookings", verbose_name=_("consultation")
    )
    state = models.CharField(_("state"), max_length=10, choices=BookingState, default=BookingState.BOOKED)
    allows_preread = models.BooleanField(_("may be read before"), default=False)
    booked_by = models.CharField(_("booked by"), max_length=200)
    cancelled_because = models.TextField(_("why it was cancelled"), max_length=REASON_LIMIT, blank=True)
    minutes = SealedField(_("minutes"), max_length=MINUTES_LIMIT, default="", blank=True)
    follow_up = SealedField(_("what follows"), max_length=MINUTES_LIMIT, default="", blank=True)
    follow_up_on = models.DateField(_("follow up by"), null=True, blank=True)

    if TYPE_CHECKING:
        slot_id: int
        consultation_id: int

    class Meta:
        verbose_name = _("booking of a clinic hour")
        verbose_name_plural = _("bookings of clinic hours")
        constraints = (
            models.UniqueConstraint(
                fields=["slot"], condition=~models.Q(state=BookingState.CANCELLED), name="slot_booked_once"
            ),
            models.UniqueConstraint(
                fields=["consultation"],
                condition=models.Q(state=BookingState.BOOKED),
                name="consultation_booked_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=BookingState.CANCELLED) | ~models.Q(cancelled_because=""),
                name="booking_cancelled_with_reason",
            ),
        )

    def __str__(self) -> str:
        return f"#{self.public_id.hex[:8]}"
