"""The clinic's forms: the trouble, an answer, the acceptance test, and who may read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.models.consultation import ANSWER_LIMIT, TITLE_LIMIT, WORDS_LIMIT
from ronglian.apps.registry.enums import Disclosure
from ronglian.engines.diagnosis import Criterion
from ronglian.web.work.forms.fields import LinesField

SPARE_ROWS = 2


class TroubleForm(forms.Form):
    """The trouble in the enterprise's own words."""

    title = forms.CharField(
        label=_("In one line"),
        max_length=TITLE_LIMIT,
        help_text=_("The thing and what is wrong with it. For example: 镀铬线漂洗水六价铬超标"),
    )
    words = LinesField(
        label=_("In your own words"),
        rows=9,
        required=False,
        max_length=WORDS_LIMIT,
        help_text=_(
            "Write as you would tell a colleague: what happens, on which machine, how it is today, what you want, what you tried, what it may cost."
        ),
    )

    def __init__(self, *args: Any, owners: Sequence[Organisation] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        if len(owners) > 1:
            choices = [(str(owner.public_id), owner.name) for owner in owners]
            self.fields["owner"] = forms.ChoiceField(choices=choices, label=_("Organisation"))


class AnswerForm(forms.Form):
    """An answer to one question."""

    topic = forms.CharField(max_length=100, widget=forms.HiddenInput)
    choice = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Answer"),
        max_length=ANSWER_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class CriterionForm(forms.Form):
    """One line of the acceptance test."""

    quantity = forms.CharField(label=_("What is measured"), max_length=500, required=False)
    threshold = forms.CharField(label=_("Threshold"), max_length=500, required=False)
    method = forms.CharField(label=_("Method"), max_length=500, required=False)
    measured_by = forms.CharField(label=_("Who measures"), max_length=500, required=False)
    evidence = forms.CharField(label=_("Evidence"), max_length=500, required=False)


CriterionFormSet = forms.formset_factory(CriterionForm, extra=SPARE_ROWS, max_num=30)


def criterion_rows(criteria: Sequence[Criterion]) -> list[dict[str, str]]:
    """Criteria as the form set takes them."""
    names = ("quantity", "threshold", "method", "measured_by", "evidence")
    return [{name: getattr(each, name) for name in names} for each in criteria]


class ReadersForm(forms.Form):
    """Who may read the need that comes of it."""

    summary = LinesField(
        label=_("What everybody may read"),
        rows=3,
        required=False,
        max_length=4000,
        help_text=_("Where the details stay under an agreement, readers are found by this and the title."),
    )
    under_nda = forms.BooleanField(
        label=_("Keep the details confidential: shown under an agreement (NDA) only"), required=False
    )
    anonymous = forms.BooleanField(label=_("Show it without the organisation's name"), required=False)
    disclosure = forms.ChoiceField(label=_("Who may see it"), choices=Disclosure.choices)


class CloseForm(forms.Form):
    """Why a consultation ends without a need."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
