"""How allauth makes accounts here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.mail import EmailMessage
from django.forms import BaseForm
from django.http import HttpRequest

from ronglian.apps.accounts.models import Person
from ronglian.kernel.log.carried import carried_checkpoint


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """An account has a name beside its e-mail; both are written at once. Its mails carry the latest checkpoint."""

    def save_user(self, request: HttpRequest, user: Person, form: BaseForm, commit: bool = True) -> Person:
        user.name = form.cleaned_data.get("name", "")
        saved: Any = super().save_user(request, user, form, commit)
        assert isinstance(saved, Person)
        return saved

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        more = {**(headers or {}), **carried_checkpoint()}
        rendered: EmailMessage = super().render_mail(template_prefix, email, context, more)
        return rendered
