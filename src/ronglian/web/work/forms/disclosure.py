"""Forms about agreements and sealed annexes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.web.work.forms.records import day


class SignForm(forms.Form):
    """Signing: for whom, what for, and that the text was read. `digest` is that of the text on the page."""

    organisation = forms.ChoiceField(label=_("You sign for"))
    purpose = forms.CharField(
        label=_("What you want the details for"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The owner reads this before deciding. For example: we have a process that may fit."),
    )
    agreed = forms.BooleanField(
        label=_("I have read the agreement and sign it for this organisation"),
        error_messages={"required": _("Without this nothing is signed.")},
    )
    digest = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(str(one.public_id), one.name) for one in organisations]
        self.fields["organisation"] = forms.ChoiceField(choices=choices, label=_("You sign for"))
        self.order_fields(["organisation", "purpose", "agreed"])


class GrantForm(forms.Form):
    ends_on = day(label=_("Last day"), help_text=_("Empty: a year from today."))
    for_all = forms.BooleanField(
        required=False,
        label=_("For all records of my organisation, not only this one"),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        help_text=_("The other side reads it."),
    )


class AnnexForm(forms.Form):
    text = forms.CharField(
        label=_("Text of the annex"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Your own organisation reads it, and the persons you name below. No agreement opens it."),
    )


class AnnexReaderForm(forms.Form):
    email = forms.EmailField(label=_("E-mail of the person"), help_text=_("The one they signed up with."))
