"""Small forms: why a record is withdrawn, who acts for an organisation, an API token."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ronglian.kernel.actor import Role
from ronglian.kernel.provenance import Verification


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "For example: solved, licensed to one party, no longer planned. It stands in the timeline."
        ),
    )


class VerifyForm(forms.Form):
    verification = forms.ChoiceField(
        label=_("Verification"), choices=Verification.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("What was looked at"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: licence and test report of 2026-10, seen at the site."),
    )


class PersonForm(forms.Form):
    email = forms.EmailField(label=_("E-mail of the person"), help_text=_("The one they signed up with."))


class SuspendForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500)


class RoleForm(forms.Form):
    email = forms.EmailField(label=_("E-mail of the person"), help_text=_("The one they signed up with."))
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        initial=Role.EDITOR,
        widget=forms.RadioSelect,
        help_text=_(
            "Viewers read what only the organisation sees. Reviewers read the same and decide who outside reads confidential details. Editors also register and change records. Owners also say who acts for the organisation."
        ),
    )


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What it is for"), max_length=80)
    days = forms.IntegerField(
        label=_("Days it lasts"), initial=90, min_value=1, max_value=366, help_text=_("At most 366.")
    )
    may_write = forms.BooleanField(label=_("May also change records, not only read"), required=False)
    may_read_confidential = forms.BooleanField(
        label=_("May also read confidential details"),
        required=False,
        help_text=_("Those of your organisations, and of others under an agreement."),
    )
