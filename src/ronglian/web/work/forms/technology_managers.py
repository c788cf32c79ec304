"""Forms about technology managers: one's entry in the register, a certificate, why it ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.manager_enums import ManagerLevel, WorkingLanguage
from ronglian.apps.clinic.models import TechnologyManager
from ronglian.apps.clinic.models.technology_manager import LARGEST_CAPACITY, USUAL_CAPACITY
from ronglian.apps.registry.enums import TechnologyField
from ronglian.kernel.codes.regions import find_region, region_name
from ronglian.web.context import short_language
from ronglian.web.work.forms.fields import LinesField
from ronglian.web.work.forms.records import day

_BETWEEN_REGIONS = re.compile(r"[、，;；|\n]+")


class RegionsField(forms.CharField):
    """Places by name or code, separated by 、 or line breaks; cleans to a list of codes."""

    def clean(self, value: Any) -> list[str]:
        text = cast(str, super().clean(value))
        names = [name.strip() for name in _BETWEEN_REGIONS.split(text) if name.strip()]
        unknown = [name for name in names if find_region(name) is None]
        if unknown:
            raise forms.ValidationError(
                str(_("No single place is called so: %(names)s. Right would be 江苏省苏州市、上海市.")
                    % {"names": "、".join(unknown)}),
                code="unknown",
            )  # fmt: skip
        return list(dict.fromkeys(code for name in names if (code := find_region(name))))

    def prepare_value(self, value: Any) -> Any:
        """Stored codes as names that lead back to them."""
        if not isinstance(value, list):
            return value
        names = (region_name(code, short_language()) for code in value)
        return "、".join(
            name if find_region(name) == code else code for name, code in zip(names, value, strict=True)
        )


class ManagerForm(forms.Form):
    """技术经理人: the entry in the register."""

    name = forms.CharField(
        label=pgettext_lazy("person", "Name"),
        max_length=80,
        help_text=_("The one you work under; everybody reads it."),
    )
    level = forms.ChoiceField(label=_("Level"), choices=ManagerLevel.choices, widget=forms.RadioSelect)
    technology_fields = forms.MultipleChoiceField(
        label=_("Technology fields"),
        choices=TechnologyField.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Those you know well. Cases are proposed to you by them."),
    )
    regions = RegionsField(
        label=_("Regions"),
        required=False,
        max_length=1000,
        help_text=_("Where you work, separated by 、. For example 江苏省苏州市、上海市. Empty: everywhere."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=WorkingLanguage.choices, widget=forms.CheckboxSelectMultiple
    )
    capacity = forms.IntegerField(
        label=_("Open cases at once"),
        min_value=1,
        max_value=LARGEST_CAPACITY,
        initial=USUAL_CAPACITY,
        help_text=_("You are not given more than that."),
    )
    summary = LinesField(
        label=_("Profile"),
        required=False,
        max_length=4000,
        help_text=_("What you have carried to a contract, for whom. No telephone, no e-mail."),
    )
    name_en = forms.CharField(label=_("English name"), required=False, max_length=160)
    summary_en = LinesField(label=_("English profile"), required=False, max_length=8000)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, organisations: Sequence[Organisation] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self._organisations = {str(one.public_id): one for one in organisations}
        choices = [("", _("none")), *((key, one.name) for key, one in self._organisations.items())]
        self.fields["organisation"] = forms.ChoiceField(
            label=_("Organisation"),
            choices=choices,
            required=False,
            help_text=_("One that you act for here."),
        )
        self.order_fields(["name", "organisation", "level"])

    def attributes(self) -> dict[str, Any]:
        """What was typed, as the operation takes it."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return {**values, "organisation": self._organisations.get(values["organisation"])}

    @classmethod
    def values_of(cls, manager: TechnologyManager) -> dict[str, Any]:
        values = {name: getattr(manager, name) for name in cls.base_fields}
        return {**values, "organisation": str(manager.organisation.public_id) if manager.organisation else ""}


class CertificateForm(forms.Form):
    title = forms.CharField(
        label=_("Certificate"), max_length=200, help_text=_("For example 中级技术经理人能力等级证书.")
    )
    number = forms.CharField(
        label=_("Number"), max_length=100, help_text=_("Only you and who checks it read the number.")
    )
    issuer = forms.CharField(label=_("Issued by"), max_length=200)
    issued_on = day(label=_("Issued on"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["issued_on"].required = True


class EndForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500)
