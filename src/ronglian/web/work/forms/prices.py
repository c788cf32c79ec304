"""Forms about prices: proposing one, its notice, finding it, and the assumptions of a price support."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.enums import NoticeReach, PricedWay, PriceMethod, RelatedTo, RoyaltyBase
from ronglian.apps.agreements.models import PriceFinding, Valuation
from ronglian.engines.money import MOST_VALUED_YEARS
from ronglian.kernel.errors import OperationError, Text
from ronglian.web.work.forms.cases import CaseForm, required_day
from ronglian.web.work.forms.contracts import FenField, PercentField
from ronglian.web.work.forms.fields import LinesField
from ronglian.web.work.forms.refusals import add_refusal

SPARE_ITEMS = 4
MOST_ITEMS = 30
PLACES = ("low", "likely", "high")
WHOLE = 10_000
_SIGNED = re.compile(r"([-−－]?)\s*(.+)", re.DOTALL)


class SignedPercentField(PercentField):
    """A rate that may be below zero."""

    def clean(self, value: Any) -> Any:
        found = _SIGNED.fullmatch(str(value or "").strip())
        if found is None:
            return super().clean(value)
        rate = super().clean(found[2])
        return -rate if found[1] and rate is not None else rate


class PriceForm(CaseForm):
    """How the price of a result is to be found."""

    title = forms.CharField(
        label=_("Name of the result"), max_length=300, help_text=_("As it stands in the notice.")
    )
    way = forms.ChoiceField(label=_("Way of conversion"), choices=PricedWay.choices, initial="licence")
    method = forms.ChoiceField(label=_("How the price is found"), choices=PriceMethod.choices)
    price_fen = FenField(
        label=_("Price"), help_text=_("What is proposed; for listing, auction and tender the least that is asked for.")
    )  # fmt: skip
    royalty_rate = PercentField(label=_("Royalty in per cent"), max_length=10, required=False)
    royalty_base = forms.ChoiceField(label=_("Of"), choices=[("", "–"), *RoyaltyBase.choices], required=False)
    basis = LinesField(
        label=_("What the price rests on"), rows=4, max_length=3000,
        help_text=_("A price support, comparable deals, an expert opinion. Only your organisation reads it."),
    )  # fmt: skip
    valuation = forms.ChoiceField(label=_("Price support"), required=False)
    state_set = forms.BooleanField(
        label=_("We are a research body or university set up by the state"), required=False
    )
    buyer = forms.CharField(
        label=_("Buyer"), max_length=200, required=False, help_text=_("Stands in the notice; empty where it is open.")
    )  # fmt: skip
    related_to = forms.ChoiceField(
        label=_("The buyer is related to"), choices=[("", _("Choose"), ), *RelatedTo.choices]
    )  # fmt: skip
    related_how = LinesField(
        label=_("How they are related"), rows=2, max_length=1000, required=False,
        help_text=_("For example: a company that the first completer controls. It stands in the notice."),
    )  # fmt: skip

    def __init__(
        self, data: QueryDict | None = None, *, supports: Sequence[Valuation] = (), initial: Mapping[str, Any] | None = None
    ) -> None:  # fmt: skip
        super().__init__(data, initial=dict(initial or {}))
        self.supports = {str(one.public_id): one for one in supports}
        labels = [(key, f"{one.valued_on} · {one.get_way_display()}") for key, one in self.supports.items()]
        self.fields["valuation"].choices = [("", "–"), *labels]  # type: ignore[attr-defined]  # it is a ChoiceField

    def chosen(self) -> dict[str, Any]:
        """What the operation takes."""
        typed = self.cleaned_data
        return {
            **typed,
            "way": PricedWay(typed["way"]),
            "method": PriceMethod(typed["method"]),
            "related_to": RelatedTo(typed["related_to"]),
            "valuation": self.supports.get(typed["valuation"]),
        }


class PriceNoticeForm(CaseForm):
    """For how long, where, and for whom."""

    days = forms.IntegerField(label=_("Days of public notice"), min_value=1, max_value=365)
    noticed_at = forms.CharField(
        label=_("Where in your unit it is published"), max_length=500, help_text=_("An address or a board.")
    )
    reach = forms.ChoiceField(
        label=_("Who reads it here"), choices=NoticeReach.choices, initial=NoticeReach.PUBLIC
    )


class PriceOfferForm(CaseForm):
    """Where the market finds the price, and until when."""

    noticed_at = forms.CharField(label=_("Market, and number or address of the offer"), max_length=500)
    closes_on = required_day(label=_("Closes on"))
    reach = forms.ChoiceField(
        label=_("Who reads it here"), choices=NoticeReach.choices, initial=NoticeReach.PUBLIC
    )


class PriceFoundForm(CaseForm):
    """What the market found; an agreed price needs none of it."""

    price_fen = FenField(label=_("Price that was found"), required=False)
    buyer = forms.CharField(label=_("Buyer"), max_length=200, required=False)
    evidence = LinesField(label=_("Record of the deal"), rows=2, max_length=2000, required=False)


class PriceObjectionForm(CaseForm):
    text = LinesField(label=_("What is not right about the price"), rows=3, max_length=2000)


class PriceAnswerForm(CaseForm):
    answer = LinesField(label=_("Answer with reasons"), rows=2, max_length=2000)


class ContractPriceForm(CaseForm):
    """The price that a contract rests on."""

    finding = forms.ChoiceField(label=_("Price finding"), required=False)

    def __init__(
        self, data: QueryDict | None = None, *, findings: Sequence[PriceFinding], chosen: str = ""
    ) -> None:
        super().__init__(data, initial={"finding": chosen})
        labels = [(str(one.public_id), f"{one.title} · {one.get_state_display()}") for one in findings]
        self.fields["finding"].choices = [("", "–"), *labels]  # type: ignore[attr-defined]  # it is a ChoiceField


class CostRow(forms.Form):
    """A part of what it would cost to make the result again."""

    name = forms.CharField(label=_("Part of the cost"), max_length=200, required=False)
    low = FenField(label=_("Low"), required=False)
    likely = FenField(label=_("Likely"), required=False)
    high = FenField(label=_("High"), required=False)
    index = PercentField(
        label=_("Today's prices, per cent of then"), max_length=10, required=False, initial=WHOLE
    )


def _percent(label: Text, help_text: Text = "", *, signed: bool = False) -> tuple[Text, Text, type[forms.Field], dict[str, Any]]:  # fmt: skip
    return label, help_text, SignedPercentField if signed else PercentField, {"max_length": 10}


def _years(label: Text, help_text: Text = "") -> tuple[Text, Text, type[forms.Field], dict[str, Any]]:
    return label, help_text, forms.IntegerField, {"min_value": 0, "max_value": MOST_VALUED_YEARS}


# Each assumption of a group: label, help, field; what is assumed where nothing is typed, None where it has to be.
ROWS: Mapping[str, tuple[tuple[Text, Text, type[forms.Field], dict[str, Any]], int | None]] = {
    "cost_profit": (_percent(_("Profit of a developer, per cent")), 0),
    "cost_obsolescence": (
        _percent(_("Obsolescence, per cent"), _("What progress and market have taken off.")), 0,
    ),
    "market_adjustment": (
        _percent(_("This result against comparable ones, per cent"), _("100: nothing sets it apart.")), None,
    ),
    "income_fen": ((_("Base in the first year of income"), "", FenField, {}), None),
    "income_growth": (_percent(_("Growth each year, per cent"), signed=True), 0),
    "income_share": (_percent(_("Share of the base, per cent"), _("Royalty rate, or share of the profit.")), None),
    "income_discount": (_percent(_("Discount rate, per cent"), _("Before tax, as the base is.")), None),
    "income_success": (_percent(_("Likelihood of coming to income, per cent")), WHOLE),
    "income_delay": (_years(_("Years until the first year of income")), 0),
    "income_years": (_years(_("Years of income")), None),
}  # fmt: skip
MARKS = {"market": "market_adjustment", "income": "income_fen"}  # filled in, the group counts


class SupportForm(CaseForm):
    """Assumptions, each low, likely and high. A group that is left empty does not count."""

    way = forms.ChoiceField(label=_("Way of conversion"), choices=PricedWay.choices, initial="licence")
    grounds = LinesField(
        label=_("Where the assumptions come from"), rows=3, max_length=3000,
        help_text=_("Ledgers, plans of those who are interested, statistics with their year."),
    )  # fmt: skip
    income_base = forms.ChoiceField(label=_("Base"), choices=RoyaltyBase.choices, required=False)
    protected_years = forms.IntegerField(
        label=_("Years until the right ends"), min_value=0, max_value=MOST_VALUED_YEARS, required=False,
        help_text=_("Later income does not count; empty where it does not end."),
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        for name, ((_label, _help, kind, options), _default) in ROWS.items():
            for place, words in zip(PLACES, (_("Low"), _("Likely"), _("High")), strict=True):
                self.fields[f"{name}_{place}"] = kind(label=words, required=False, **options)
        rows = forms.formset_factory(CostRow, extra=SPARE_ITEMS, max_num=MOST_ITEMS, absolute_max=MOST_ITEMS)
        self.items = rows(data, prefix="items")

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.items.is_valid()])

    def groups(self) -> dict[str, list[dict[str, Any]]]:
        """For the page: each group's assumptions with their three fields."""
        found: dict[str, list[dict[str, Any]]] = {"cost": [], "market": [], "income": []}
        for name, ((label, help_text, _kind, _options), _default) in ROWS.items():
            fields = [self[f"{name}_{place}"] for place in PLACES]
            found[name.partition("_")[0]].append({"label": label, "help": help_text, "fields": fields})
        return found

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        for name, (_field, default) in ROWS.items():
            three = self._three(name)
            needed = default is None and self._counts(name.partition("_")[0])
            if needed and three is None:
                self.add_error(f"{name}_likely", _("This is needed here."))
            elif three is not None and not three[0] <= three[1] <= three[2]:
                self.add_error(f"{name}_likely", _("From low over likely to high."))
        return typed

    def assumptions(self) -> dict[str, Any]:
        """What was typed, as the operation takes it."""
        found: dict[str, Any] = {}
        items = [_item(row.cleaned_data) for row in self.items if row.cleaned_data.get("likely") is not None]
        if items:
            found["cost"] = {"items": items, **self._part("cost")}
        if self._counts("market"):
            found["market"] = self._part("market")
        if self._counts("income"):
            protected = self.cleaned_data["protected_years"]
            base = self.cleaned_data["income_base"]
            found["income"] = {"base": base, **self._part("income"), "protected_years": protected}
        return found

    def add_assumption_error(self, error: OperationError) -> None:
        """Put what the operation says of `income.share` or `share` at that row, the rest on top."""
        add_refusal(self, error, {**_at_rows(error.fields)})

    def _counts(self, group: str) -> bool:
        mark = MARKS.get(group)
        return mark is not None and self._three(mark) is not None

    def _part(self, group: str) -> dict[str, Any]:
        return {
            name.partition("_")[2]: self._three(name) or [default] * 3
            for name, (_field, default) in ROWS.items()
            if name.startswith(f"{group}_")
        }

    def _three(self, name: str) -> list[Any] | None:
        """Low, likely and high; where one is left out, the likely one. None where none is likely."""
        low, likely, high = (self.cleaned_data.get(f"{name}_{place}") for place in PLACES)
        if likely is None:
            return None
        return [likely if low is None else low, likely, likely if high is None else high]


def _item(typed: Mapping[str, Any]) -> dict[str, Any]:
    likely = typed["likely"]
    low, high = (likely if typed[place] is None else typed[place] for place in ("low", "high"))
    index = typed["index"] if typed["index"] is not None else WHOLE
    return {"name": typed["name"] or "–", "fen": [low, likely, high], "index": [index] * 3}


def _at_rows(names: Mapping[str, Any]) -> dict[str, str]:
    """`income.share.2`, `share`: the field of that row's likely value."""
    found = {}
    for name in names:
        parts = set(name.split("."))
        row = next((one for one in ROWS if one.partition("_")[2] in parts), None)
        if row is not None:
            found[name] = f"{row}_likely"
    return found
