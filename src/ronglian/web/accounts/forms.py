"""What signing up asks beside e-mail and password."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Person
from ronglian.kernel.validation import clean_text


class SignUpFields(forms.Form):
    """The base that allauth builds its sign-up form on."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        help_text=_("Shown to others beside what you do, instead of your e-mail."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    terms = forms.BooleanField(
        label=_("I publish only what my organisation allows me to publish, and what I enter is true."),
        error_messages={"required": _("Without this promise there is no account.")},
    )
    field_order = ("name", "email", "password1", "terms")

    def clean_name(self) -> str:
        name = clean_text(self.cleaned_data["name"], one_line=True)
        if not any(character.isalnum() for character in name):
            raise forms.ValidationError(_("Say how others should call you."))
        return name

    def signup(self, request: HttpRequest, user: Person) -> None:
        """allauth insists on this hook; the adapter has written the name already."""
