"""Forms about a dispute: raising it, answering, naming a mediator, and a proposal of a settlement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ronglian.apps.agreements.dispute_enums import DisputeSubject
from ronglian.apps.agreements.enums import Side
from ronglian.apps.agreements.operations.disputing import LEAST_DAYS, MOST_DAYS
from ronglian.apps.agreements.settlement import LONGEST_TITLE, MOST_AMOUNTS, Amount
from ronglian.web.work.forms.cases import CaseForm, required_day
from ronglian.web.work.forms.contracts import FenField
from ronglian.web.work.forms.fields import LinesField

USUAL_DAYS = 15
AMOUNT_ROWS = 3
LONGEST_STATEMENT = 3000
_MEDIATOR = re.compile(
    r"/(?P<kind>managers|organisations)/(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE
)
Choices = Sequence[tuple[str, str]]


class DisputeForm(CaseForm):
    """What is claimed, and how long the other side has to answer."""

    subject = forms.ChoiceField(label=_("Subject of the dispute"), choices=DisputeSubject.choices)
    claim = LinesField(
        label=_("What is claimed"),
        rows=5,
        max_length=LONGEST_STATEMENT,
        help_text=_(
            "What happened, what you ask for, and what shows it. The other side reads it, and later the mediator."
        ),
    )
    clause = forms.ChoiceField(label=_("Clause of the contract"), required=False)
    payment = forms.ChoiceField(label=_("Payment it is about"), required=False)
    amount_fen = FenField(label=_("Amount in dispute"), required=False)
    asks_hold = forms.BooleanField(
        label=_("Hold this amount while we talk, if the other side agrees"), required=False
    )
    days = forms.IntegerField(
        label=_("Days to answer"), min_value=LEAST_DAYS, max_value=MOST_DAYS, initial=USUAL_DAYS
    )

    def __init__(self, *args: Any, clauses: Choices, payments: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, choices in (("clause", clauses), ("payment", payments)):
            self.fields[name].choices = [("", "–"), *choices]  # type: ignore[attr-defined]  # it is a ChoiceField


class DisputeAnswerForm(CaseForm):
    text = LinesField(label=_("How you see the matter"), rows=5, max_length=LONGEST_STATEMENT)
    agrees_hold = forms.BooleanField(
        label=_("We agree to hold the amount: nobody demands it while the dispute is open"), required=False
    )

    def __init__(self, *args: Any, asks_hold: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not asks_hold:
            del self.fields["agrees_hold"]


class DisputeStatementForm(CaseForm):
    text = LinesField(label=_("Statement"), rows=3, max_length=LONGEST_STATEMENT)


class MediatorForm(CaseForm):
    """A technology manager or an organisation, by the address of its page."""

    mediator = forms.CharField(
        label=_("Mediator"),
        max_length=400,
        help_text=_("The address of the page of a technology manager or of an organisation on this site."),
    )

    def clean_mediator(self) -> tuple[str, UUID]:
        found = _MEDIATOR.search(self.cleaned_data["mediator"])
        if found is None:
            raise forms.ValidationError(
                _(
                    "This is no such address. Right would be https://…/managers/… or https://…/organisations/…."
                )
            )
        return found["kind"].lower(), UUID(found["id"])


class AmountRow(forms.Form):
    payer = forms.ChoiceField(label=_("Who pays"), choices=Side.choices)
    amount_fen = FenField(label=_("Amount"), required=False)
    title = forms.CharField(label=pgettext_lazy("payment", "For"), max_length=LONGEST_TITLE, required=False)
    day = required_day(label=_("Until"), required=False)


class SettlementForm(CaseForm):
    """What both sides would do, and who would pay what."""

    text = LinesField(
        label=_("Text of the settlement"),
        rows=8,
        max_length=8000,
        help_text=_("What each side does and until when, and what becomes of the claim."),
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        rows = forms.formset_factory(
            AmountRow, extra=AMOUNT_ROWS, max_num=MOST_AMOUNTS, absolute_max=MOST_AMOUNTS
        )
        self.rows = rows(data, prefix="amounts")

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.rows.is_valid()])

    def chosen(self) -> dict[str, Any]:
        """What the operation takes."""
        typed = [row.cleaned_data for row in self.rows if row.cleaned_data.get("amount_fen")]
        amounts = [Amount(Side(one["payer"]), one["amount_fen"], one["title"], one["day"]) for one in typed]
        return {"text": self.cleaned_data["text"], "amounts": amounts}
