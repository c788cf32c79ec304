"""Code lists of the clinic hours."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BookingState(models.TextChoices):
    """预约状态."""

    BOOKED = "booked", _("booked")
    CANCELLED = "cancelled", _("cancelled")
    HELD = "held", _("held, with minutes")
