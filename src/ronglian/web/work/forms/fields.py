"""Form fields that read what people type: amounts, keyword lists, places and industries by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, cast

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ronglian.engines.text import MoneyError, MoneyRange, read_money
from ronglian.kernel.codes.industries import find_industry, industries, industry_name
from ronglian.kernel.codes.regions import find_region, prefectures, provinces, region_name
from ronglian.kernel.errors import Text
from ronglian.web.context import short_language

NEGOTIABLE = MoneyRange(None, None)
_BETWEEN_KEYWORDS = re.compile(r"[、，,;；|\n]+")

MONEY_PROBLEMS: Mapping[str, Text] = {
    "unreadable": _(
        "This amount cannot be read. Right would be 30-50万元, 不超过100万元, CNY 300,000, or 面议 (negotiable)."
    ),
    "negative": _("An amount cannot be negative."),
    "foreign_currency": _("Amounts are in yuan. Convert the amount first."),
    "below_one_fen": _("An amount cannot be finer than one fen (0.01 yuan)."),
    "too_large": _("This amount is too large to be one."),
    "reversed_range": _("The lower amount is above the upper one."),
}


def label_of(model: type[models.Model], name: str) -> str:
    """How the model calls an attribute, as the label of a field."""
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return capfirst(str(field.verbose_name))


class MoneyField(forms.CharField):
    """One text for an amount or a range of it; cleans to a MoneyRange, empty being negotiable."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 100)
        super().__init__(**options)

    def clean(self, value: Any) -> MoneyRange:
        text = cast(str, super().clean(value))
        if not text:
            return NEGOTIABLE
        try:
            return read_money(text)
        except MoneyError as error:
            raise forms.ValidationError(
                str(MONEY_PROBLEMS.get(error.reason, MONEY_PROBLEMS["unreadable"])), code=error.reason
            ) from error


class KeywordsField(forms.CharField):
    """Words separated by any of 、，, ; or line breaks; cleans to a list with each word once."""

    def clean(self, value: Any) -> list[str]:
        text = cast(str, super().clean(value))
        words = (" ".join(word.split()) for word in _BETWEEN_KEYWORDS.split(text))
        return list(dict.fromkeys(word for word in words if word))

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value


class LinesField(forms.CharField):
    """A text of several lines."""

    def __init__(self, *, rows: int = 4, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**options)


class NamedCodeField(forms.CharField):
    """A code of a table, typed as the code or as its name; cleans to the code.

    The browser offers the table's names (a datalist); typing freely works without it.
    """

    def __init__(
        self,
        *,
        table: str,
        find: Callable[[str], str | None],
        name: Callable[[str, str], str],
        unknown: Text,
        **options: Any,
    ) -> None:
        super().__init__(max_length=100, **options)
        self.widget.attrs |= {"list": f"{table}-names", "autocomplete": "off"}
        self._find, self._name, self._unknown = find, name, unknown

    def clean(self, value: Any) -> str:
        text = cast(str, super().clean(value))
        if not text:
            return ""
        code = self._find(text)
        if code is None:
            raise forms.ValidationError(str(self._unknown), code="unknown")
        return code

    def prepare_value(self, value: Any) -> Any:
        """A stored code as its name where the name leads back to it; what was typed stays as it is."""
        if not isinstance(value, str) or not value or self._find(value) != value:
            return value
        shown = self._name(value, short_language())
        return shown if self._find(shown) == value else value


def region_field(**options: Any) -> NamedCodeField:
    return NamedCodeField(
        table="region",
        find=find_region,
        name=region_name,
        unknown=_(
            "No single place is called so. Right would be 江苏省苏州市, Suzhou, Jiangsu, or a code such as 3205."
        ),
        **options,
    )


def industry_field(**options: Any) -> NamedCodeField:
    return NamedCodeField(
        table="industry",
        find=find_industry,
        name=_industry_entry,
        unknown=_("No industry is called so. Right would be C26, or a name of the list (GB/T 4754)."),
        **options,
    )


def _industry_entry(code: str, language: str) -> str:
    return f"{code} {industry_name(code, language)}"


def region_names() -> list[str]:
    """The places the region field offers, each province before its prefectures."""
    language = short_language()
    return [
        region_name(place.code, language)
        for province in provinces()
        for place in (province, *prefectures(province.code))
    ]


def industry_names() -> list[str]:
    """The industries the industry field offers, each section before its divisions."""
    language = short_language()
    codes = [
        code for one in industries() for code in (one.code, *(division.code for division in one.divisions))
    ]
    return [_industry_entry(code, language) for code in codes]
