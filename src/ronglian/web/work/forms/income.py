"""Forms about sharing the income of a contract."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.enums import ShareRole
from ronglian.web.work.forms.cases import CaseForm, required_day
from ronglian.web.work.forms.contracts import FenField, PercentField
from ronglian.web.work.forms.fields import LinesField

SHARE_ROWS = 4
MOST_ROWS = 50


class ShareRow(forms.Form):
    name = forms.CharField(label=_("Person or office"), max_length=200, required=False)
    role = forms.ChoiceField(label=_("Shares as"), choices=ShareRole.choices, initial=ShareRole.CONTRIBUTOR)
    weight = forms.IntegerField(label=_("Weight"), min_value=1, max_value=10_000, required=False)


class IncomeForm(CaseForm):
    """What the law of the place asks for, the reward, and who shares it. Costs the place does not ask for are not shown."""

    state_set = forms.BooleanField(
        label=_("We are a research body or university set up by the state"), required=False
    )
    agreed_rate = PercentField(
        label=_("Share by our rule or agreement, per cent"), max_length=10, required=False
    )
    own_net_income = FenField(label=_("Net income by our own rule"), required=False)
    deal_taxes = FenField(label=_("Taxes of the deal"), required=False)
    upkeep = FenField(label=_("Upkeep of the result"), required=False)
    deal_costs = FenField(label=_("Direct costs of the deal"), required=False)
    cost = FenField(label=_("Cost"), required=False)
    public_money = FenField(label=_("Of which public R&D money"), required=False)
    reward_fen = FenField(label=_("Reward in all"))
    as_of = required_day(
        label=_("By the law of"), required=False, help_text=_("A day since the signing; empty: today.")
    )

    def __init__(
        self, data: QueryDict | None = None, *, asked: Collection[str], granted_rate: int | None = None
    ) -> None:
        super().__init__(data)
        self.fields["agreed_rate"].initial = granted_rate
        self.costs = [name for name in self.fields if name in asked]
        for name in ("own_net_income", "deal_taxes", "upkeep", "deal_costs", "cost", "public_money"):
            if name not in asked:
                del self.fields[name]
        rows = forms.formset_factory(ShareRow, extra=SHARE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
        self.rows = rows(data, prefix="shares")

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.rows.is_valid()])

    def chosen(self) -> dict[str, Any]:
        """What the operation takes."""
        typed = self.cleaned_data
        shares = [
            (
                row.cleaned_data["name"],
                ShareRole(row.cleaned_data["role"]),
                row.cleaned_data.get("weight") or 1,
            )
            for row in self.rows
            if row.cleaned_data.get("name")
        ]
        return {
            "reward_fen": typed["reward_fen"],
            "state_set": typed["state_set"],
            "agreed_rate": typed["agreed_rate"],
            "as_of": typed["as_of"],
            "costs": {name: typed[name] for name in self.costs},
            "shares": shares,
        }


class PayoutForm(CaseForm):
    """When it was paid, and what was withheld from each share."""

    income_on = required_day(label=_("Income received on"))
    paid_on = required_day(label=_("Paid out on"))
    non_profit = forms.BooleanField(
        label=_("We are a non-profit research body or a university"), required=False
    )
    is_certified = forms.BooleanField(
        label=_("The contract is registered and has its certificate"), required=False
    )

    def __init__(self, data: QueryDict | None = None, *, names: Sequence[str] = ()) -> None:
        super().__init__(data)
        self.taxes = [f"withheld_{number}" for number in range(len(names))]
        for field, name in zip(self.taxes, names, strict=True):
            self.fields[field] = FenField(label=_("Withheld from %(name)s") % {"name": name}, required=False)

    def chosen(self) -> dict[str, Any]:
        """What the operation takes."""
        typed = dict(self.cleaned_data)
        return {**{name: typed[name] for name in ("income_on", "paid_on", "non_profit", "is_certified")},
                "withheld": [typed[name] or 0 for name in self.taxes]}  # fmt: skip


class ObjectionForm(CaseForm):
    text = LinesField(label=_("What is not right about the plan"), rows=2, max_length=2000)


class ObjectionAnswerForm(CaseForm):
    answer = LinesField(label=_("Answer with reasons"), rows=2, max_length=2000)


class NoticeForm(CaseForm):
    days = forms.IntegerField(label=_("Days of public notice"), min_value=1, max_value=365)
