"""Tags of the site's own components: `{% load site %}`."""

from __future__ import annotations

from typing import Any, Protocol

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from ronglian.web.presenters.texts import choose, show


class Named(Protocol):
    """Whatever has a name in two languages."""

    name: str
    name_en: str


register = template.Library()

GROUPS = (forms.CheckboxSelectMultiple, forms.RadioSelect)
SELECTS = (forms.Select,)


@register.inclusion_tag("components/icon.html")
def icon(name: str, extra: str = "") -> dict[str, str]:
    """An icon of the sprite that tools/assets.py builds; decoration only, the words stand beside it."""
    return {"name": name, "extra": extra}


@register.inclusion_tag("components/field.html")
def form_field(field: BoundField) -> dict[str, Any]:
    """A field with its label, help and errors, tied together for screen readers."""
    widget = field.field.widget
    if isinstance(widget, GROUPS):
        for option in field:
            option.data["attrs"]["class"] = "form-check-input"
        return {"field": field, "shape": "group"}
    shape = "check" if isinstance(widget, forms.CheckboxInput) else "line"
    css = (
        "form-check-input"
        if shape == "check"
        else "form-select"
        if isinstance(widget, SELECTS)
        else "form-control"
    )
    if field.errors:
        css += " is-invalid"
    return {"field": field, "shape": shape, "control": field.as_widget(attrs={"class": css})}


@register.simple_tag(takes_context=True)
def with_parameter(context: dict[str, Any], name: str, value: str) -> str:
    """The address of the same list with one parameter set, or left out where the value is empty."""
    parameters = context["request"].GET.copy()
    parameters.pop("page", None)
    parameters.pop(name, None)
    if value:
        parameters[name] = value
    return f"?{parameters.urlencode()}"


@register.filter
def in_words(named: Named) -> SafeString:
    """Somebody or something that has a name and an English one, as the page's language calls it."""
    return show(choose(named.name, named.name_en))
