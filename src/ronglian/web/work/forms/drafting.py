"""Forms of the drafting assistant: which words are sent, and what is made of a suggestion."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.models.consultation import ANSWER_LIMIT
from ronglian.apps.clinic.models.drafting import SENT_LIMIT
from ronglian.web.work.forms.fields import LinesField


class DraftingForm(forms.Form):
    """The words that leave the platform."""

    words = LinesField(
        label=_("Exactly these words are sent"),
        rows=6,
        max_length=SENT_LIMIT,
        help_text=_(
            "Shorten them as you like. Names of your people and your organisation, and contact data, are blotted out."
        ),
    )
    is_public = forms.BooleanField(
        label=_("Everybody may read these words: nothing in them is confidential"), required=False
    )


class DecisionForm(forms.Form):
    """Take it, changed or not, or leave it."""

    text = forms.CharField(max_length=ANSWER_LIMIT, required=False, widget=forms.Textarea(attrs={"rows": 2}))
