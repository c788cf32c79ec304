"""Forms of the clinic hours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.models import ClinicSlot, Consultation
from ronglian.apps.clinic.models.hours import MINUTES_LIMIT, PLACE_LIMIT, REASON_LIMIT
from ronglian.web.work.forms.fields import LinesField

LENGTHS = (30, 45, 60, 90, 120)


class OfferForm(forms.Form):
    """A time at which one receives."""

    starts_at = forms.DateTimeField(
        label=_("Begins"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    minutes = forms.TypedChoiceField(
        label=_("How long, in minutes"), choices=[(each, each) for each in LENGTHS], coerce=int, initial=60
    )
    is_online = forms.BooleanField(label=_("Online"), required=False)
    place = forms.CharField(
        label=_("Place"),
        max_length=PLACE_LIMIT,
        required=False,
        help_text=_("Everybody who may book reads it."),
    )
    joining = LinesField(
        label=_("How to join"),
        rows=2,
        max_length=1000,
        required=False,
        help_text=_("Room or link; read only by whoever has booked."),
    )


class BookForm(forms.Form):
    """Which trouble is brought, and whether it may be read before."""

    consultation = forms.ChoiceField(label=_("Trouble"))
    allows_preread = forms.BooleanField(
        label=_("The technology manager may read it before: your words, answers and acceptance test"),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, consultations: Sequence[Consultation], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(str(one.public_id), one.title) for one in consultations]
        self.fields["consultation"] = forms.ChoiceField(label=_("Trouble"), choices=choices)


class MoveForm(forms.Form):
    """Another hour of the same technology manager."""

    slot = forms.ChoiceField(label=_("Another time"))

    def __init__(self, *args: Any, slots: Iterable[ClinicSlot], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [
            (str(one.public_id), f"{timezone.localtime(one.starts_at):%Y-%m-%d %H:%M}") for one in slots
        ]
        self.fields["slot"] = forms.ChoiceField(label=_("Another time"), choices=choices)


class CancelForm(forms.Form):
    """Why it is cancelled; the other side reads it."""

    reason = forms.CharField(label=_("Reason"), max_length=REASON_LIMIT)


class MinutesForm(forms.Form):
    """What was talked about, and what follows."""

    minutes = LinesField(label=_("Minutes"), rows=4, max_length=MINUTES_LIMIT)
    follow_up = LinesField(label=_("What follows"), rows=2, max_length=MINUTES_LIMIT, required=False)
    follow_up_on = forms.DateField(
        label=_("By when"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
