"""Forms of showing a bid to an investor: the consent, the signature, what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.showing_enums import OutcomeAnswer, OutcomeKind, PassReason, ShownPart
from ronglian.web.work.forms.cases import CaseForm, required_day
from ronglian.web.work.forms.contracts import FenField
from ronglian.web.work.forms.fields import LinesField


class ShowForm(CaseForm):
    """The team's consent: to whom, which parts, what for, until when."""

    investor = forms.ChoiceField(label=_("Investor"))
    parts = forms.MultipleChoiceField(
        label=_("What is shown"), choices=ShownPart.choices, widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what you tick. Files are shown as you handed them in: if one says the price, it is told."),
    )  # fmt: skip
    purpose = LinesField(
        label=_("What it is shown for"), rows=2, max_length=1000,
        help_text=_("For example: seed round for the pilot line. The investor reads this before signing."),
    )  # fmt: skip
    ends_on = required_day(
        label=_("Last day"), help_text=_("At most two years from now; you can withdraw at any time.")
    )
    agreed = forms.BooleanField(
        label=_("Our organisation consents that this investor reads these parts under the agreement"),
        error_messages={"required": _("Without this nothing is shown.")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, investors: Sequence[Organisation]) -> None:
        super().__init__(data)
        choices = [("", "–"), *((str(one.public_id), one.name) for one in investors)]
        self.fields["investor"].choices = choices  # type: ignore[attr-defined]  # it is a ChoiceField


class SignShowingForm(CaseForm):
    """The investor's signature. `digest` is that of the text and the terms on the page."""

    agreed = forms.BooleanField(
        label=_("I have read the agreement and sign it for the investor"),
        error_messages={"required": _("Without this nothing is signed.")},
    )
    digest = forms.CharField(widget=forms.HiddenInput)


class EndShowingForm(CaseForm):
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=500, help_text=_("The other side reads it.")
    )


class OutcomeForm(CaseForm):
    """What became of it, told by the investor."""

    kind = forms.TypedChoiceField(
        label=_("What became of it"), coerce=OutcomeKind, choices=OutcomeKind.choices
    )
    happened_on = required_day(label=_("On which day"))
    amount_fen = FenField(label=_("Amount invested"), required=False, help_text=_("Only of an investment."))
    reason = forms.ChoiceField(
        label=_("Why you passed"), required=False, choices=[("", "–"), *PassReason.choices]
    )
    note = LinesField(label=_("Note"), rows=2, max_length=1000, required=False)


class OutcomeAnswerForm(CaseForm):
    """The team's word on it."""

    answer = forms.TypedChoiceField(
        label=_("Is it so?"), coerce=OutcomeAnswer, choices=OutcomeAnswer.choices, widget=forms.RadioSelect
    )
    note = LinesField(
        label=_("Note"),
        rows=2,
        max_length=1000,
        required=False,
        help_text=_("What is wrong, if you contradict."),
    )
