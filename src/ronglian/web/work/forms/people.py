"""Forms about oneself: conflicts of interest, erasing the account."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.enums import ConflictKind
from ronglian.web.work.forms.records import day


class ConflictForm(forms.Form):
    organisation = forms.CharField(
        label=_("Organisation"), max_length=200, help_text=_("Its full name or its social credit code.")
    )
    kind = forms.ChoiceField(label=_("Kind of relation"), choices=ConflictKind.choices)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    starts_on = day(label=_("From"), help_text=_("Empty: today."))
    ends_on = day(label=_("Until"), help_text=_("Empty: it goes on."))


class EraseForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail of this account"),
        help_text=_("Typed once more, so that it does not happen by mistake."),
    )
