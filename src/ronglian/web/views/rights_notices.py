"""What grants of rights are on public notice; whoever is signed in objects to one."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ronglian.apps.agreements.operations.granting_objections import object_to_grant
from ronglian.apps.agreements.queries.rights import access_notice, list_notices
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.owners import organisation_line
from ronglian.web.presenters.rights import granted_text, notice_page
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.rights import GrantObjectionForm
from ronglian.web.work.steps import take_step

PER_PAGE = 20


@require_safe
def list_page(request: ActorRequest) -> HttpResponse:
    """Those whose notice runs, what ends first first."""
    rows = list_notices(timezone.localdate())
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    lines = [
        (
            grant,
            granted_text(grant),
            organisation_line(grant.owner),
            sorted(grant.members.all(), key=lambda one: one.number),
        )
        for grant in page
    ]
    return render(request, "web/rights_notices.html", {"page_obj": page, "lines": lines})


@require_safe
def show_page(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One of them: the result, the inventors, and what each is granted."""
    return _page(request, public_id, GrantObjectionForm())


@require_POST
@signed_in
def object_to(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Under one's name; the institution answers with reasons."""
    grant, form = access_notice(public_id, timezone.localdate()), GrantObjectionForm(request.POST)
    return take_step(
        request,
        lambda: object_to_grant(actor=request.actor, grant=grant, text=form.cleaned_data["text"]),
        lambda status, _error: _page(request, public_id, form, status),
        _("Noted. The institution answers before anything is signed."),
        ("rights-notice", public_id),
        form=form,
    )


def _page(
    request: ActorRequest, public_id: UUID, form: GrantObjectionForm, status: int = 200
) -> HttpResponse:
    grant = access_notice(public_id, timezone.localdate())
    context = {**notice_page(request.actor, grant), "form": form}
    return render(request, "web/rights_notice.html", context, status=status)
