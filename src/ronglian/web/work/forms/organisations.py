"""The form of an organisation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.enums import OrganisationKind, OrganisationSize
from ronglian.apps.accounts.models import Organisation
from ronglian.kernel.errors import Text
from ronglian.kernel.identifiers import IdentifierError, check_ror, check_uscc
from ronglian.web.work.forms.fields import LinesField, industry_field, label_of, region_field
from ronglian.web.work.forms.records import one_of


def uscc_problem(error: IdentifierError) -> Text:
    """What is wrong with a 统一社会信用代码, and what would be right."""
    if error.code == "length":
        return _("The code has %(length)d characters; right would be 18.") % {"length": len(error.value)}
    if error.code == "alphabet":
        assert error.position is not None
        return _(
            "Character %(place)d, %(character)s, does not occur in such codes: they are digits and capitals without I, O, S, V, Z."
        ) % {"place": error.position + 1, "character": error.value[error.position]}
    return _(
        "The last character does not fit the other 17: for these it would be %(expected)s (GB 32100). One of the characters is mistyped."
    ) % {"expected": error.expected}


class OrganisationForm(forms.Form):
    """单位: new without `version`, edited with it."""

    name = forms.CharField(help_text=_("The full name, as on the licence."))
    name_en = forms.CharField(required=False)
    uscc = forms.CharField(
        required=False,
        help_text=_(
            "18 characters, as on the licence (统一社会信用代码). Keeps others from registering you twice."
        ),
    )
    kind = forms.ChoiceField(choices=[("", _("choose")), *OrganisationKind.choices])
    size = one_of(OrganisationSize, help_text=_("By the 2011 standard. Small firms can be shown first."))
    region = region_field(required=False, help_text=_("Province or city, for example 江苏省苏州市."))
    industry = industry_field(required=False, help_text=_("For example C33 or 金属制品业."))
    ror = forms.CharField(required=False, help_text=_("For research organisations, for example 05dxps055."))
    summary = LinesField(required=False, help_text=_("What you make or research, in a few sentences."))
    summary_en = LinesField(required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            if field.label is None:
                field.label = label_of(Organisation, name)

    def clean_uscc(self) -> str | None:
        typed = self.cleaned_data["uscc"]
        if not typed:
            return None
        try:
            return check_uscc(typed)
        except IdentifierError as error:
            raise forms.ValidationError(str(uscc_problem(error)), code=error.code) from error

    def clean_ror(self) -> str | None:
        typed = self.cleaned_data["ror"]
        if not typed:
            return None
        try:
            return check_ror(typed)
        except IdentifierError as error:
            raise forms.ValidationError(
                _("This is not a ROR id, such as 05dxps055."), code=error.code
            ) from error

    def attributes(self) -> dict[str, Any]:
        """What was typed, as the operation takes it."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    @classmethod
    def values_of(cls, organisation: Organisation) -> dict[str, Any]:
        return {name: getattr(organisation, name) for name in cls.base_fields}
