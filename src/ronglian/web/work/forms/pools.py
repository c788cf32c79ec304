"""Forms about common needs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.models.pool import TEXT_LIMIT, TITLE_LIMIT
from ronglian.web.work.forms.fields import LinesField, MoneyField


class JoinForm(forms.Form):
    """What one shares with the others, and how much one gives."""

    told = LinesField(
        label=_("What you share with the others"),
        rows=4,
        required=False,
        max_length=TEXT_LIMIT,
        help_text=_("Only owners who have joined read this. Leave out what is secret."),
    )
    budget = MoneyField(
        label=_("Your part of the budget"),
        required=False,
        help_text=_("One amount, such as 20万元. Only the sum of all is published."),
    )

    def clean_budget(self) -> int | None:
        amount = self.cleaned_data["budget"]
        if amount.low_fen != amount.high_fen:
            raise forms.ValidationError(_("Name one amount, not a range."))
        found: int | None = amount.high_fen
        return found


class WordingForm(forms.Form):
    """What is wanted together."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_LIMIT)
    summary = LinesField(
        label=_("What is wanted together"),
        rows=6,
        required=False,
        max_length=TEXT_LIMIT,
        help_text=_("Everybody reads this once it is published. Each owner has to approve it first."),
    )


class WhyForm(forms.Form):
    """Why; `required` says whether one has to."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, required: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].required = required
