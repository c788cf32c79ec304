"""Small forms: why a record is withdrawn, who acts for an organisation, an API token."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ronglian.kernel.actor import Role


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "For example: solved, licensed to one party, no longer planned. It stands in the timeline."
        ),
    )


class RoleForm(forms.Form):
    email = forms.EmailField(label=_("E-mail of the person"), help_text=_("The one they signed up with."))
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        initial=Role.EDITOR,
        widget=forms.RadioSelect,
        help_text=_(
            "Viewers read what only the organisation sees. Editors also register and change records. Owners also say who acts for the organisation."
        ),
    )


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What it is for"), max_length=80)
    days = forms.IntegerField(
        label=_("Days it lasts"), initial=90, min_value=1, max_value=366, help_text=_("At most 366.")
    )
    may_write = forms.BooleanField(label=_("May also change records, not only read"), required=False)
