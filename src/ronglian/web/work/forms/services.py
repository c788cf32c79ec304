"""Forms about services: offering one, asking for one, answering, and saying whether it helped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.models import Service
from ronglian.apps.clinic.models.service import (
    LONGEST_ANSWER_DAYS,
    PRICE_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    USUAL_ANSWER_DAYS,
    WORD_LIMIT,
)
from ronglian.apps.clinic.service_enums import Met, PriceBasis, ServiceKind
from ronglian.apps.registry.enums import TechnologyField
from ronglian.web.work.forms.fields import LinesField
from ronglian.web.work.forms.technology_managers import RegionsField

Choices = Sequence[tuple[str, str]]


class ServiceForm(forms.Form):
    """技术转移服务: an entry of the catalogue."""

    kind = forms.ChoiceField(
        label=_("Kind of service"),
        choices=ServiceKind.choices,
        widget=forms.RadioSelect,
        help_text=_("The kinds of GB/T 34670-2017, the standard of technology transfer services."),
    )
    title = forms.CharField(label=_("Title"), max_length=TITLE_LIMIT)
    summary = LinesField(
        label=_("What is done and delivered"),
        max_length=TEXT_LIMIT,
        help_text=_("Steps, what the customer receives, how long it takes. No telephone, no e-mail."),
    )
    technology_fields = forms.MultipleChoiceField(
        label=_("Technology fields"),
        choices=TechnologyField.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None chosen: all."),
    )
    regions = RegionsField(
        label=_("Regions"),
        required=False,
        max_length=1000,
        help_text=_("Separated by 、. Empty: everywhere."),
    )
    price_basis = forms.ChoiceField(
        label=_("Price basis"), choices=PriceBasis.choices, initial=PriceBasis.AGREED
    )
    price_note = forms.CharField(
        label=_("What it costs"),
        required=False,
        max_length=PRICE_LIMIT,
        help_text=_("For example 每份报告8000元起."),
    )
    answer_days = forms.IntegerField(
        label=_("Days to an answer"),
        min_value=1,
        max_value=LONGEST_ANSWER_DAYS,
        initial=USUAL_ANSWER_DAYS,
        help_text=_("You promise to answer whoever asks within so many days; whether you do is counted."),
    )
    title_en = forms.CharField(label=_("English title"), required=False, max_length=2 * TITLE_LIMIT)
    summary_en = LinesField(label=_("The same in English"), required=False, max_length=2 * TEXT_LIMIT)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, providers: Choices = (), **options: Any) -> None:
        super().__init__(*args, **options)
        if providers:
            self.fields["provider"] = forms.ChoiceField(label=_("Who offers it"), choices=list(providers))
            self.order_fields(["provider"])

    def attributes(self) -> dict[str, Any]:
        """What was typed, as the operation takes it."""
        apart = ("version", "provider")
        return {name: value for name, value in self.cleaned_data.items() if name not in apart}

    @classmethod
    def values_of(cls, service: Service) -> dict[str, Any]:
        return {name: getattr(service, name) for name in cls.base_fields}


class AskForm(forms.Form):
    """For whom, for which need, and what is wished for."""

    wish = LinesField(
        label=_("What do you wish for?"),
        max_length=TEXT_LIMIT,
        help_text=_("Only you and who offers the service read it."),
    )

    def __init__(self, *args: Any, organisations: Choices, needs: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["organisation"] = forms.ChoiceField(
            label=_("For which organisation?"), choices=list(organisations)
        )
        if needs:
            self.fields["need"] = forms.ChoiceField(
                label=_("About which need?"), choices=[("", _("about none")), *needs], required=False
            )
        self.order_fields(["organisation", "need", "wish"])


class AnswerForm(forms.Form):
    """What happens next, or why not."""

    answer = LinesField(label=_("What happens next, or why not"), max_length=TEXT_LIMIT)


class MetForm(forms.Form):
    """Whether it helped."""

    met = forms.ChoiceField(label=_("Did it help?"), choices=Met.choices, widget=forms.RadioSelect)


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=WORD_LIMIT)
