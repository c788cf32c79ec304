"""Forms of the public pages."""

from __future__ import annotations

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ronglian.apps.matching.enums import CONFIRMING, DECLINING, DecisionKind, DecisionReason


def _reasons(among: frozenset[DecisionReason]) -> list[tuple[str, str | Promise]]:
    return [(reason.value, reason.label) for reason in DecisionReason if reason in among]


class DecisionForm(forms.Form):
    """What an organisation says of a match; the operation checks that reason and decision go together."""

    kind = forms.ChoiceField(label=_("Decision"), choices=DecisionKind.choices, widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[
            ("", _("Choose the reason")),
            (_("When it is worth a talk"), _reasons(CONFIRMING - DECLINING)),
            (_("When it does not fit"), _reasons(DECLINING - CONFIRMING)),
            (_("For both"), _reasons(CONFIRMING & DECLINING)),
        ],
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For your own side: what to ask, what is missing."),
    )

    def chosen(self) -> tuple[DecisionKind, DecisionReason, str]:
        values = self.cleaned_data
        return DecisionKind(values["kind"]), DecisionReason(values["reason"]), values["note"]
