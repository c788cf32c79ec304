"""Forms of triage and of the authenticity check."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.enums import Route
from ronglian.apps.clinic.models.triage import MINUTES_LIMIT, OBJECTION_LIMIT
from ronglian.apps.clinic.triage_enums import CheckFinding, CheckMeans
from ronglian.web.work.forms.fields import LinesField


class TriageForm(forms.Form):
    """Which way it goes, and the minutes."""

    route = forms.ChoiceField(label=_("Way"), choices=Route.choices, widget=forms.RadioSelect)
    minutes = LinesField(
        label=_("Minutes"),
        rows=4,
        max_length=MINUTES_LIMIT,
        help_text=_("With whom you talked, what came out, and where the firm turns next. The firm reads it."),
    )


class ObjectionForm(forms.Form):
    """What is wrong with a decision or a check."""

    objection = forms.CharField(
        label=_("Objection"), max_length=OBJECTION_LIMIT, widget=forms.Textarea(attrs={"rows": 2})
    )


class CheckForm(forms.Form):
    """Who verified what: the person is who is signed in."""

    means = forms.ChoiceField(label=_("By what means"), choices=CheckMeans.choices, widget=forms.RadioSelect)
    checked_on = forms.DateField(label=_("Day of the check"), widget=forms.DateInput(attrs={"type": "date"}))
    finding = forms.ChoiceField(label=_("Finding"), choices=CheckFinding.choices, widget=forms.RadioSelect)
    what = forms.CharField(
        label=_("What was verified"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Everybody who sees the need reads it, so keep secrets out. For example: saw the line running and the scrap bin; figures of three shifts shown."
        ),
    )


class AnswerObjectionForm(forms.Form):
    """The answer to an objection to a check."""

    answer = forms.CharField(
        label=_("Answer"), max_length=OBJECTION_LIMIT, widget=forms.Textarea(attrs={"rows": 2})
    )
    is_dropped = forms.BooleanField(
        label=_("The objection is right: the check no longer counts"), required=False
    )
