"""Forms about cases. Each parses for one operation; what the table of stages refuses is said by the operation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ronglian.apps.clinic.case_enums import (
    CaseStage,
    ContactChannel,
    ContactWith,
    FeeBase,
    FeePayer,
    IntroductionAnswerKind,
    NoteReader,
    ObjectionReason,
    StopReason,
)
from ronglian.apps.clinic.case_rules import PROTECTED_MONTHS, USUAL_PROTECTION
from ronglian.apps.clinic.models import TechnologyManager
from ronglian.engines.text import MoneyRange
from ronglian.web.work.forms.fields import LinesField, MoneyField

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def required_day(**options: Any) -> forms.DateField:
    return forms.DateField(
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("This is not a date. Right would be 2026-11-22.")},
        **options,
    )


class AmountField(MoneyField):
    """One exact amount; cleans to fen, or None where nothing is typed."""

    def clean(self, value: Any) -> Any:
        found: MoneyRange = super().clean(value)
        low, high = found.low_fen, found.high_fen
        if low is not None and high is not None and low != high:
            raise forms.ValidationError(_("One amount is needed here, such as 50万元."), code="range")
        return low if low is not None else high


class CaseForm(forms.Form):
    """Many stand on one page: each gives its fields ids of its own."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{type(self).__name__.lower()}-%s", **options})


class PlanForm(CaseForm):
    next_step = forms.CharField(
        label=_("Next step"), max_length=200, required=False, help_text=_("In one line; both sides read it.")
    )
    next_due = required_day(label=pgettext_lazy("date", "Due"), required=False)


class MoveForm(CaseForm):
    """To another stage, with the contract where there is one."""

    stage = forms.ChoiceField(choices=CaseStage.choices, widget=forms.HiddenInput)
    contract_number = forms.CharField(label=_("Number of the contract"), max_length=100, required=False)
    amount_fen = AmountField(
        label=_("Amount of the contract"), required=False, help_text=_("For example: 50万元")
    )
    note = LinesField(label=_("Note"), rows=2, max_length=2000, required=False)


class StopForm(CaseForm):
    reason = forms.ChoiceField(
        label=_("Why it stops"), choices=[("", _("Choose the reason")), *StopReason.choices]
    )
    note = LinesField(
        label=_("What happened"), rows=3, max_length=2000, help_text=_("Both sides read it, and may object.")
    )


class IntroduceForm(CaseForm):
    words = LinesField(
        label=_("What both sides are told"),
        rows=4,
        max_length=2000,
        help_text=_("Why you bring them together. Write nothing here that one side keeps from the other."),
    )
    protected_months = forms.TypedChoiceField(
        label=_("Protected for"),
        coerce=int,
        initial=USUAL_PROTECTION,
        choices=[(months, _("%(months)d months") % {"months": months}) for months in PROTECTED_MONTHS],
        help_text=_("An agreement between the two within this time counts as brought about by you."),
    )


class PartnerForm(CaseForm):
    """A result or an organisation, by the address of its page."""

    address = forms.CharField(
        label=_("Address of a result or an organisation on this site"),
        max_length=400,
        help_text=_("Copy it from the page. On the page of a match, “Add to my cases” does the same."),
    )

    def clean_address(self) -> tuple[str, UUID]:
        typed = self.cleaned_data["address"]
        found = _ID.search(typed)
        if found is None:
            raise forms.ValidationError(_("This is not the address of a result or an organisation."))
        return ("organisation" if "/organisations/" in typed else "result"), UUID(found.group())


class ContactForm(CaseForm):
    with_whom = forms.ChoiceField(label=_("With"), choices=ContactWith.choices)
    channel = forms.ChoiceField(label=_("By"), choices=ContactChannel.choices)
    happened_at = forms.DateTimeField(
        label=_("When"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text=_("Empty: now."),
        error_messages={"invalid": _("This is not a time. Right would be 2026-11-22 14:30.")},
    )
    names = forms.CharField(label=_("People"), max_length=200, required=False)
    note = LinesField(label=_("What was said"), rows=3, max_length=4000)
    reader = forms.ChoiceField(
        label=_("Who reads it"), choices=NoteReader.choices, initial=NoteReader.CARRIER
    )

    def clean_happened_at(self) -> datetime | None:
        typed: datetime | None = self.cleaned_data["happened_at"]
        return timezone.make_aware(typed) if typed is not None and timezone.is_naive(typed) else typed


class TaskForm(CaseForm):
    title = forms.CharField(label=_("Task"), max_length=200)
    due_on = required_day(label=pgettext_lazy("date", "Due"))


class PostponeForm(CaseForm):
    due_on = required_day(label=pgettext_lazy("date", "Due"))


class OfferForm(CaseForm):
    taker = forms.ChoiceField(label=_("Colleague"))
    reason = LinesField(label=_("Why, and what comes next"), rows=3, max_length=1000)
    passes_notes = forms.BooleanField(label=_("Pass my private notes on, too"), required=False)

    def __init__(self, *args: Any, colleagues: Iterable[TechnologyManager] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["taker"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(one.public_id), str(one)) for one in colleagues]


class FeeForm(CaseForm):
    """The terms for the fee; the rate is typed in per cent."""

    base = forms.ChoiceField(label=_("Computed from"), choices=FeeBase.choices)
    rate = forms.DecimalField(
        label=_("Rate in per cent"), min_value=Decimal("0.01"), max_value=30, decimal_places=2
    )
    cap_fen = AmountField(label=_("At most"), required=False, help_text=_("Empty: no limit."))
    payer = forms.ChoiceField(label=_("Paid by"), choices=FeePayer.choices, initial=FeePayer.HALF_EACH)

    def clean_rate(self) -> int:
        return int(self.cleaned_data["rate"] * 100)


class AnswerForm(CaseForm):
    """What a side says to the introduction."""

    kind = forms.ChoiceField(
        label=_("Answer"), choices=IntroductionAnswerKind.choices, widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(
        label=_("Reason of an objection"),
        required=False,
        choices=[("", _("Choose the reason")), *ObjectionReason.choices],
    )
    note = LinesField(label=_("Note"), rows=2, max_length=2000, required=False)


class WordsForm(CaseForm):
    """One text: a reason, an objection, an answer."""

    words = LinesField(label=_("In a sentence"), rows=2, max_length=500)
