"""API tokens: made here, shown once, revoked here."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ronglian.apps.accounts.operations.tokens import issue_token, new_secret, revoke_token
from ronglian.apps.accounts.queries.organisations import access_own_token, own_tokens
from ronglian.kernel.errors import InvalidInput
from ronglian.web.middleware import ActorRequest
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.actions import TokenForm
from ronglian.web.work.forms.refusals import add_refusal


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def show_tokens(request: ActorRequest) -> HttpResponse:
    """The person's tokens; a new one's secret stands in the answer to the POST and nowhere else."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    status, secret = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            fresh = new_secret()
            try:
                issue_token(actor=request.actor, secret=fresh, **form.cleaned_data)
            except InvalidInput as error:
                add_refusal(form, error)
            else:
                status, secret, form = 200, fresh, TokenForm()
    page = {"tokens": own_tokens(request.actor), "form": form, "secret": secret, "now": timezone.now()}
    return render(request, "work/tokens.html", page, status=status)


@require_POST
@signed_in
def revoke(request: ActorRequest, public_id: UUID) -> HttpResponse:
    revoke_token(actor=request.actor, token=access_own_token(request.actor, public_id))
    messages.success(request, _("The token is revoked; programs that use it are refused from now on."))
    return redirect("work:tokens")
