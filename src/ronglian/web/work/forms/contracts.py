"""Forms about technology contracts: a new one, its terms in parts, and what happens under it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.enums import (
    AgreementKind,
    DiligenceStep,
    DueOn,
    EndKind,
    LicenceKind,
    MovementKind,
    PaymentStart,
    Restraint,
    RightKind,
    RoyaltyBase,
    Side,
)
from ronglian.apps.agreements.operations.money import TOLD_KINDS
from ronglian.engines.money import MOST_YEARS
from ronglian.engines.text import format_money
from ronglian.kernel.errors import OperationError, Text
from ronglian.web.context import short_language
from ronglian.web.work.forms.cases import AmountField, CaseForm, required_day
from ronglian.web.work.forms.fields import LinesField

SPARE_ROWS = 2
MOST_ROWS = 30
_PERCENT = re.compile(r"(\d{1,3})(?:[.．](\d{1,2}))?\s*[%％]?")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
TEXTS: Mapping[str, tuple[Text, Text]] = {
    "subject": (
        _("Subject, extent and requirements"),
        _("What is transferred, licensed, developed or done."),
    ),
    "plan": (_("Plan, place and manner of performance"), ""),
    "acceptance": (_("Standard and method of acceptance"), _("Quantity, method, threshold, who measures.")),
    "confidentiality": (_("Confidentiality"), ""),
    "ownership": (_("Ownership of results and sharing of income"), ""),
    "improvements": (_("Later improvements"), ""),
    "background": (
        _("Background rights"),
        _("What each side brings, whose it stays, and what the other may use."),
    ),
    "risk": (_("Risk"), ""),
    "ending": (_("Termination"), _("What ends the contract early, with which notice, and what then.")),
    "definitions": (_("Definitions"), ""),
    "disputes": (_("Settling of disputes"), ""),
}


class FenField(AmountField):
    """One amount in fen; shows what is kept as a person writes it."""

    def prepare_value(self, value: Any) -> Any:
        return format_money(value, short_language()) if isinstance(value, int) else value


class PercentField(forms.CharField):
    """A rate such as 3 or 2.5 %; cleans to hundredths of a per cent."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        if not text:
            return None
        found = _PERCENT.fullmatch(text)
        if found is None:
            raise forms.ValidationError(_("This is no percentage. Right would be 3 or 2.5 %."), code="rate")
        return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))

    def prepare_value(self, value: Any) -> Any:
        return f"{value / 100:g}" if isinstance(value, int) else value


class OwnForm(CaseForm):
    """For which of one's organisations."""

    own = forms.ChoiceField(label=_("My organisation"))

    def __init__(self, *args: Any, own: Sequence[Organisation], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["own"].choices = [(str(one.public_id), str(one)) for one in own]  # type: ignore[attr-defined]  # it is a ChoiceField


class ContractForm(OwnForm):
    """Who concludes what with whom."""

    kind = forms.ChoiceField(label=_("Kind of contract"), choices=AgreementKind.choices)
    title = forms.CharField(label=_("Name of the project"), max_length=200)
    side = forms.ChoiceField(label=_("My organisation is"), choices=Side.choices)
    other = forms.CharField(
        label=_("The other side"),
        max_length=400,
        help_text=_("The address of the organisation's page on this site, copied from the browser."),
    )

    def clean_other(self) -> str:
        found = _ID.search(self.cleaned_data["other"])
        if found is None:
            raise forms.ValidationError(
                _("This is not an address of an organisation. Right would be https://…/organisations/….")
            )
        return found.group()


class RightRow(forms.Form):
    kind = forms.ChoiceField(label=_("Right"), choices=[("", "–"), *RightKind.choices], required=False)
    name = forms.CharField(label=_("Name"), max_length=300, required=False)
    number = forms.CharField(label=_("Number"), max_length=100, required=False)
    holder = forms.CharField(label=_("Applicant or owner"), max_length=200, required=False)
    filed_on = required_day(label=_("Filed on"), required=False)
    valid_until = required_day(label=_("Valid until"), required=False)


class ItemRow(forms.Form):
    """A part of the price; one choice says what the engine keeps as two marks."""

    SORTS: ClassVar = [
        ("technical", _("technology")),
        ("other", _("not technology")),
        ("carrier", _("carrier in reasonable quantity")),
    ]
    name = forms.CharField(label=_("Part of the price"), max_length=200, required=False)
    amount_fen = FenField(label=_("Amount"), required=False)
    sort = forms.ChoiceField(label=_("Is"), choices=SORTS, initial="technical")


class PaymentRow(forms.Form):
    title = forms.CharField(label=_("Payment"), max_length=200, required=False)
    amount_fen = FenField(label=_("Amount"), required=False)
    due = forms.ChoiceField(label=_("Becomes due"), choices=DueOn.choices, initial=DueOn.SIGNING)
    day = required_day(label=_("Day"), required=False)
    months = forms.IntegerField(label=_("Months after"), min_value=0, max_value=600, required=False)
    retained_fen = FenField(label=_("Of which retained"), required=False)


ROWS: Mapping[str, type[forms.Form]] = {"rights": RightRow, "items": ItemRow, "payments": PaymentRow}


class TermsForm(CaseForm):
    """The terms but for their rows."""

    starts_on = required_day(label=_("Starts on"), required=False)
    ends_on = required_day(label=_("Ends on"), required=False)
    licence_kind = forms.ChoiceField(
        label=_("Kind of licence"), choices=[("", "–"), *LicenceKind.choices], required=False
    )
    licence_area = forms.CharField(label=_("Area"), max_length=300, required=False)
    licence_purpose = forms.CharField(label=_("Field of use"), max_length=300, required=False)
    licence_may_sublicense = forms.BooleanField(label=_("May sub-license"), required=False)
    restraints = forms.MultipleChoiceField(
        label=_("The other side wants one of these"),
        choices=Restraint.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each of them is void. Mark what was asked for, so that the review says why."),
    )
    royalty_rate = PercentField(label=_("Royalty in per cent"), max_length=10, required=False)
    royalty_base = forms.ChoiceField(label=_("Of"), choices=RoyaltyBase.choices, required=False)
    royalty_report_months = forms.TypedChoiceField(
        label=_("Reported every"),
        coerce=int,
        initial=6,
        required=False,
        choices=[(count, _("%(months)d months") % {"months": count}) for count in (1, 3, 6, 12)],
    )
    royalty_may_inspect_books = forms.BooleanField(label=_("Party B may look into the books"), required=False)
    use_trial_days = forms.IntegerField(
        label=_("Days of trial"), min_value=0, max_value=3650, required=False,
        help_text=_("Only for payment after use; empty where it is not agreed."),
    )  # fmt: skip
    use_start = forms.ChoiceField(
        label=_("Payment starts with"), choices=PaymentStart.choices, required=False
    )
    use_day = required_day(label=_("Day"), required=False)
    use_output = forms.CharField(label=_("Output"), max_length=300, required=False)
    use_start_by = required_day(label=_("Payment has to start by"), required=False)
    use_least_per_year_fen = FenField(label=_("At least, each year"), required=False)
    use_most_fen = FenField(label=_("At most, in all"), required=False)
    use_buy_out_fen = FenField(label=_("Price of a buy-out"), required=False)
    use_royalty_credit = PercentField(
        label=_("Royalties that count towards it, per cent"), max_length=10, required=False
    )
    use_guarantee = forms.CharField(label=_("Guarantee or insurance"), max_length=300, required=False)
    note = LinesField(label=_("Note to the other side"), rows=2, max_length=2000, required=False)

    def __init__(self, data: QueryDict | None = None, *, terms: Mapping[str, Any] | None = None) -> None:
        terms = terms or {}
        super().__init__(data, initial=_initial(terms))
        for name, (label, text) in TEXTS.items():
            self.fields[name] = LinesField(
                label=label, rows=3, max_length=8000, required=False, help_text=text
            )
        # What was sent stands for itself: a row equal to what it began with counts, too.
        shown = terms if data is None else {}
        self.rows = {
            name: forms.formset_factory(row, extra=SPARE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)(
                data, prefix=name, initial=[_row_initial(name, one) for one in shown.get(name, ())]
            )
            for name, row in ROWS.items()
        }

    def is_valid(self) -> bool:
        """Also of the rows; every part is checked, so that all errors show at once."""
        return all([super().is_valid(), *(rows.is_valid() for rows in self.rows.values())])

    def texts(self) -> list[forms.BoundField]:
        return [self[name] for name in TEXTS]

    def terms(self) -> dict[str, Any]:
        """What was typed, as the operation takes it."""
        typed = self.cleaned_data
        found: dict[str, Any] = {name: typed[name] for name in TEXTS}
        found |= {name: _day(typed[name]) for name in ("starts_on", "ends_on")}
        found |= {
            name: [_row(name, row.cleaned_data) for row in rows if _is_filled(name, row)]
            for name, rows in self.rows.items()
        }
        found["restraints"] = typed["restraints"]
        licence = _part(typed, "licence_")
        if licence["kind"] or licence["area"] or licence["purpose"] or licence["may_sublicense"]:
            found["licence"] = licence | {"kind": licence["kind"] or None}
        if typed["royalty_rate"]:
            royalty = _part(typed, "royalty_")
            found["royalty"] = royalty | {"report_months": royalty["report_months"] or 6}
        if typed["use_trial_days"] is not None:
            plan = _part(typed, "use_")
            plan["least_per_year_fen"] = plan["least_per_year_fen"] or 0
            plan["royalty_credit"] = plan["royalty_credit"] or 0
            found["after_use"] = plan | {name: _day(plan[name]) for name in ("day", "start_by")}
        return found

    def add_terms_error(self, error: OperationError) -> None:
        """Put what the operation says of `payments.0.amount_fen` at that row, and the rest on top."""
        for name, texts in error.fields.items():
            top, _dot, rest = name.partition(".")
            place, _dot, attribute = rest.partition(".")
            rows = self.rows.get(top)
            words = [str(text) for text in texts]
            if rows is not None and place.isdigit() and attribute in ROWS[top].base_fields:
                filled = [row for row in rows if _is_filled(top, row)]
                filled[int(place)].add_error(attribute, words)
            else:
                self.add_error(top if top in self.fields else None, words)
        if not error.fields:
            self.add_error(None, str(error.message))


class MovementForm(CaseForm):
    kind = forms.ChoiceField(
        label=_("What happened"),
        choices=[(one.value, one.label) for one in MovementKind if one in TOLD_KINDS],
    )
    amount_fen = FenField(label=_("Amount"))
    day = required_day(label=_("Day"))
    reference = forms.CharField(label=_("Bank reference"), max_length=120, required=False)


class EvidenceForm(CaseForm):
    evidence = LinesField(label=_("Evidence"), rows=2, max_length=2000)


class UseForm(CaseForm):
    happened_on = required_day(label=_("Day"))
    evidence = LinesField(label=_("Evidence"), rows=2, max_length=2000)


class ReportForm(CaseForm):
    first_day = required_day(label=_("From"))
    last_day = required_day(label=_("Until"))
    base_fen = FenField(label=_("Base of the royalty"))
    note = LinesField(label=_("Note"), rows=2, max_length=1000, required=False)


class DemandForm(CaseForm):
    cure_by = required_day(label=_("To be paid by"))
    reason = LinesField(
        label=_("What is demanded, and by which term of the contract"), rows=2, max_length=2000
    )


class MoreTimeForm(CaseForm):
    cure_by = required_day(label=_("New day"))


class EndForm(CaseForm):
    kind = forms.ChoiceField(label=_("How it ends"), choices=EndKind.choices)
    reason = LinesField(label=_("Reason"), rows=2, max_length=2000)
    waived_fen = FenField(label=_("Waived of what is due"), required=False)

    def clean_waived_fen(self) -> int:
        return self.cleaned_data["waived_fen"] or 0


class StatementForm(OwnForm):
    """A bank statement, of which organisation."""

    file = forms.FileField(
        label=_("Statement of the bank"),
        allow_empty_file=True,  # the reader says what an empty file lacks
        max_length=None,
        help_text=_("Excel (.xlsx) or CSV as the bank exports it. It is compared and not kept."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )


class WhatIfForm(CaseForm):
    """An assumption about payment after use; nothing of it is kept."""

    started = required_day(label=_("First income or output on"))
    base = FenField(label=_("Base of the royalty in the first year of paying"))
    growth = forms.IntegerField(
        label=_("Growth each year, per cent"), min_value=-100, max_value=1000, required=False, initial=0
    )
    years = forms.IntegerField(label=_("Years"), min_value=1, max_value=MOST_YEARS, initial=5)


class DiligenceForm(CaseForm):
    """One note of the due-diligence file."""

    step = forms.ChoiceField(label=_("Step"), choices=DiligenceStep.choices)
    taken_on = required_day(label=_("Taken on"))
    text = LinesField(
        label=_("What shows it"),
        rows=3,
        max_length=3000,
        help_text=_(
            "Who decided, which notice, which grounds of the price, which pledge; where the paper lies."
        ),
    )


class ReasonForm(CaseForm):
    reason = LinesField(label=_("Reason"), rows=2, max_length=1000)


def _initial(terms: Mapping[str, Any]) -> dict[str, Any]:
    parts = {"licence_": "licence", "royalty_": "royalty", "use_": "after_use"}
    flat = {name: terms.get(name) for name in (*TEXTS, "starts_on", "ends_on", "restraints")}
    for prefix, name in parts.items():
        flat |= {f"{prefix}{key}": value for key, value in (terms.get(name) or {}).items()}
    return flat


def _row_initial(name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    if name != "items":
        return dict(row)
    sort = "technical" if row.get("technical", True) else "carrier" if row.get("carrier") else "other"
    return {"name": row["name"], "amount_fen": row["amount_fen"], "sort": sort}


def _is_filled(name: str, row: forms.Form) -> bool:
    """A row counts when something but its first choice was typed into it."""
    typed = row.cleaned_data if row.is_valid() else {}
    key = {"rights": "name", "items": "name", "payments": "title"}[name]
    return bool(typed.get(key) or typed.get("amount_fen"))


def _row(name: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    row = {
        key: _day(value) if key in ("filed_on", "valid_until", "day") else value
        for key, value in typed.items()
    }
    if name == "items":
        sort = row.pop("sort")
        row |= {"technical": sort == "technical", "carrier": sort == "carrier"}
    if name == "payments":
        row |= {"months": row["months"] or 0, "retained_fen": row["retained_fen"] or 0}
    return row


def _part(typed: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in typed.items() if name.startswith(prefix)}


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None
