"""Forms about the registration of a contract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.registration_form import Particulars
from ronglian.apps.agreements.registration_texts import codes, wording
from ronglian.apps.registry.enums import TechnologyField
from ronglian.web.context import short_language
from ronglian.web.work.forms.cases import CaseForm, required_day
from ronglian.web.work.forms.contracts import FenField
from ronglian.web.work.forms.fields import LinesField, industry_field

LISTS = {"client_nature": "natures", "provider_nature": "natures", "plan": "plans", "objective": "objectives"}


def choices_of(name: str) -> list[tuple[str, str]]:
    """A code list as it is chosen from, its codes shown where the form writes them."""
    language = short_language()
    shown = [
        (code, f"{code} {entry[language]}" if code.isdecimal() else entry[language])
        for code, entry in codes(name).items()
    ]
    return [("", "–"), *shown]


class ParticularsForm(CaseForm):
    """What the registration form asks beside the contract, and what party B says of the conditions of recognition."""

    provider_nature = forms.ChoiceField(label=_("Nature of the seller"), required=False)
    client_nature = forms.ChoiceField(label=_("Nature of the buyer"), required=False)
    provider_country = forms.CharField(label=_("Country of the seller"), max_length=3, required=False)
    client_country = forms.CharField(label=_("Country of the buyer"), max_length=3, required=False)
    plan = forms.ChoiceField(label=_("Source in plans"), required=False)
    objective = forms.ChoiceField(label=_("Socio-economic objective"), required=False)
    industry = industry_field(label=_("Industry that is served"), required=False)
    technology_field = forms.ChoiceField(
        label=_("Technology field"), choices=[("", "–"), *TechnologyField.choices], required=False
    )
    technology_fen = FenField(
        label=_("Technology amount that you declare"),
        required=False,
        help_text=_("Only where the rules do not determine it, or you declare another."),
    )
    new_investment_fen = FenField(label=_("Expected new investment"), required=False)
    new_output_fen = FenField(label=_("Expected new output value"), required=False)
    responsible = forms.CharField(label=_("Person in charge"), max_length=100, required=False)
    filled_by = forms.CharField(label=_("Filled in by"), max_length=100, required=False)

    def __init__(
        self, data: QueryDict | None = None, *, asked: Sequence[str], typed: Particulars | None = None
    ) -> None:
        shown = asdict(typed) if typed else {}
        said = shown.pop("said", {})
        super().__init__(
            data, initial=shown | {f"said_{key}": str(int(value)) for key, value in said.items()}
        )
        for name, of in LISTS.items():
            self.fields[name].choices = choices_of(of)  # type: ignore[attr-defined]  # it is a ChoiceField
        language = short_language()
        self.asked = [f"said_{key}" for key in asked]
        for key in asked:
            self.fields[f"said_{key}"] = forms.ChoiceField(
                label=wording(key)[language],
                choices=[("", _text("not said")), ("1", _text("yes")), ("0", _text("no"))],
                required=False,
            )

    def particulars(self) -> dict[str, Any]:
        """What the operation takes."""
        typed = dict(self.cleaned_data)
        said = {name.removeprefix("said_"): typed.pop(name) for name in self.asked}
        typed["said"] = {key: value == "1" for key, value in said.items() if value}
        for name in ("provider_country", "client_country"):
            typed[name] = typed[name] or Particulars().client_country
        return typed

    def plain(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.asked]

    def conditions(self) -> list[forms.BoundField]:
        return [self[name] for name in self.asked]


class HandInForm(CaseForm):
    body = forms.CharField(label=_("Registration body"), max_length=200)
    day = required_day(label=_("Handed in on"))


class CertificateForm(CaseForm):
    number = forms.CharField(label=_("Registration number"), max_length=16)
    day = required_day(label=_("Registered on"))
    turnover_fen = FenField(label=_("Turnover on the certificate"))
    technology_fen = FenField(label=_("Technology amount on the certificate"))


class RefusedForm(CaseForm):
    day = required_day(label=_("Decided on"))
    reason = LinesField(label=_("Reason"), rows=2, max_length=2000)


class ChangeForm(CaseForm):
    day = required_day(label=_("Changed on"))
    turnover_fen = FenField(label=_("Turnover now"))
    technology_fen = FenField(label=_("Technology amount now"))
    reason = LinesField(label=_("What changed in the contract"), rows=2, max_length=2000)


class CancelForm(CaseForm):
    day = required_day(label=_("Cancelled on"))
    reason = LinesField(label=_("Reason"), rows=2, max_length=2000)
