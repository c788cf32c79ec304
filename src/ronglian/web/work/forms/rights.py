"""Forms about rights in service results: the application, each step of the institution, the ledger."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.deed_text import LONGEST_TEXT, MORE_TEXTS, MOST_MONTHS, NEEDED_TEXTS
from ronglian.apps.agreements.granting_law import FACTS
from ronglian.apps.agreements.operations.granting import MOST_MEMBERS, Named
from ronglian.apps.agreements.rights_enums import AssetStage, GrantedRight, GrantEnd, GrantForm
from ronglian.web.work.forms.cases import CaseForm, required_day
from ronglian.web.work.forms.contracts import FenField, PercentField
from ronglian.web.work.forms.fields import LinesField

MEMBER_ROWS = 3
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class MemberRow(forms.Form):
    name = forms.CharField(label=_("Inventor"), max_length=100, required=False)
    email = forms.EmailField(label=_("E-mail of the account"), required=False)
    share = PercentField(label=_("Part of the team's share, per cent"), max_length=10, required=False)


class RightsForm(CaseForm):
    """An application: what is granted, to whom, under which conditions, and how it is to be converted."""

    title = forms.CharField(
        label=_("Name of the result"),
        max_length=300,
        help_text=_("The public notice names the result like this. Name nothing that has to stay secret."),
    )
    right = forms.ChoiceField(label=_("Kind of right"), choices=GrantedRight.choices)
    form = forms.ChoiceField(label=_("What is granted"), choices=GrantForm.choices)
    share = PercentField(
        label=_("Share of the ownership for the team, per cent"), max_length=10, required=False
    )
    use_years = forms.IntegerField(label=_("Years of use"), min_value=1, max_value=99, required=False)
    ownership_clear = forms.BooleanField(label=_("It is clear whose the result is"), required=False)
    good_prospects = forms.BooleanField(label=_("Its prospects of use are good"), required=False)
    taker_identified = forms.BooleanField(label=_("Somebody who takes it up is known"), required=False)
    researchers_willing = forms.BooleanField(label=_("The inventors want to convert it"), required=False)
    touches_security = forms.BooleanField(
        label=_("It touches national security or a major public interest"), required=False
    )
    plan = LinesField(label=_("Plan of conversion"), rows=6, max_length=10_000)

    def __init__(self, data: QueryDict | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        rows = forms.formset_factory(
            MemberRow, extra=MEMBER_ROWS, max_num=MOST_MEMBERS, absolute_max=MOST_MEMBERS
        )
        self.rows = rows(data, prefix="members")

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.rows.is_valid()])

    def chosen(self) -> dict[str, Any]:
        """What the operation takes."""
        typed = self.cleaned_data
        members = [
            Named(
                row.cleaned_data["name"],
                row.cleaned_data.get("email") or "",
                row.cleaned_data.get("share") or 0,
            )
            for row in self.rows
            if row.cleaned_data.get("name")
        ]
        return {
            "title": typed["title"],
            "right": GrantedRight(typed["right"]),
            "form": GrantForm(typed["form"]),
            "share": typed["share"],
            "use_years": typed["use_years"],
            "plan": typed["plan"],
            "facts": {name: typed[name] for name in FACTS},
            "members": members,
        }


class WithdrawGrantForm(CaseForm):
    reason = LinesField(label=_("Reason"), rows=2, max_length=2_000)


class DecideForm(CaseForm):
    grounds = LinesField(
        label=_("Who decided, and on what it rests"),
        rows=3,
        max_length=3_000,
        help_text=_(
            "Minutes, the institution's own rules, a document of the province. It stays with the grant."
        ),
    )


class GrantNoticeForm(CaseForm):
    days = forms.IntegerField(label=_("Days of public notice"), min_value=1, max_value=365)


class GrantObjectionForm(CaseForm):
    text = LinesField(label=_("What is not right about the grant"), rows=3, max_length=2_000)


class GrantAnswerForm(CaseForm):
    answer = LinesField(label=_("Answer with reasons"), rows=2, max_length=2_000)


class DeedForm(CaseForm):
    """What the written agreement says beside what was applied for."""

    income_share = PercentField(label=_("The team's part of the net income, per cent"), max_length=10)
    convert_within_months = forms.IntegerField(
        label=_("Months until conversion is under way"), min_value=1, max_value=MOST_MONTHS, initial=12
    )
    decision = LinesField(label=_("Who decides on conversion, and how"), rows=2, max_length=LONGEST_TEXT)
    costs = LinesField(label=_("How costs are shared"), rows=2, max_length=LONGEST_TEXT)
    upkeep = LinesField(label=_("Who keeps the right alive"), rows=2, max_length=LONGEST_TEXT)
    background = LinesField(
        label=_("Background rights that the result needs"), rows=2, max_length=LONGEST_TEXT, required=False
    )
    improvements = LinesField(label=_("Later improvements"), rows=2, max_length=LONGEST_TEXT, required=False)
    ending = LinesField(label=_("More about its end"), rows=2, max_length=LONGEST_TEXT, required=False)
    disputes = LinesField(label=_("Settling of disputes"), rows=2, max_length=LONGEST_TEXT, required=False)

    def chosen(self) -> dict[str, Any]:
        names = ("income_share", "convert_within_months", *NEEDED_TEXTS, *MORE_TEXTS)
        return {"terms": {name: self.cleaned_data[name] for name in names}}


class TitleForm(CaseForm):
    day = required_day(label=_("Registered on"))
    evidence = forms.CharField(label=_("What shows it"), max_length=300)


class EndGrantForm(CaseForm):
    kind = forms.ChoiceField(label=_("Why it ends"), choices=GrantEnd.choices)
    reason = LinesField(label=_("Reason"), rows=2, max_length=2_000)

    def chosen(self) -> dict[str, Any]:
        return {"kind": GrantEnd(self.cleaned_data["kind"]), "reason": self.cleaned_data["reason"]}


class ValueForm(CaseForm):
    """How far a result is and what it is worth."""

    stage = forms.ChoiceField(label=_("Stage"), choices=AssetStage.choices)
    value_fen = FenField(label=_("Value"), required=False, help_text=_("Leave it out where nobody has said."))
    value_basis = forms.CharField(
        label=_("Basis of the value"),
        max_length=500,
        required=False,
        help_text=_("A report of an appraiser, a price that was published or agreed."),
    )

    def chosen(self) -> dict[str, Any]:
        return {**self.cleaned_data, "stage": AssetStage(self.cleaned_data["stage"])}


class AssetForm(ValueForm):
    """A result to be entered."""

    result = forms.CharField(
        label=_("The result"),
        max_length=400,
        help_text=_("The address of the result's page on this site, copied from the browser."),
    )
    right = forms.ChoiceField(label=_("Kind of right"), choices=GrantedRight.choices)
    field_order = ("result", "right", "stage", "value_fen", "value_basis")

    def clean_result(self) -> str:
        found = _ID.search(self.cleaned_data["result"])
        if found is None:
            raise forms.ValidationError(
                _("This is not an address of a result. Right would be https://…/results/….")
            )
        return found.group()

    def chosen(self) -> dict[str, Any]:
        return {**super().chosen(), "right": GrantedRight(self.cleaned_data["right"])}
