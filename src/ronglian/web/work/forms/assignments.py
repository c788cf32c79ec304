"""Why a manager does not carry a need."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.assignment_enums import DeclineReason


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=DeclineReason.choices)
    note = forms.CharField(label=_("Note"), required=False, max_length=500)
