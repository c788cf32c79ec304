"""Keeping what is being typed, and forgetting it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronglian.apps.registry.operations.drafts import drop_draft, keep_draft
from ronglian.apps.registry.queries.drafts import access_own_draft
from ronglian.apps.registry.queries.records import find_draft
from ronglian.kernel.actor import Actor
from ronglian.web.middleware import ActorRequest
from ronglian.web.work.access import draft_url, go_back, signed_in
from ronglian.web.work.forms.kinds import FORMS


def typed_fields(kind: str, data: QueryDict) -> dict[str, Any]:
    """What stands in the fields of a form, valid or not; empty fields are left out."""
    known = {*FORMS[kind].base_fields, "owner", "version"}
    lists = {name: [value for value in values if value] for name, values in data.lists() if name in known}
    return {name: values if len(values) > 1 else values[0] for name, values in lists.items() if values}


def forget(actor: Actor, kind: str, subject: str) -> None:
    """Drop the draft of a form that was sent."""
    draft = find_draft(actor, kind, subject)
    if draft is not None:
        drop_draft(actor=actor, draft=draft)


@require_POST
@signed_in
def keep(request: ActorRequest, kind: str) -> HttpResponse:
    """Called by the form itself while somebody types; answers a line that says when."""
    subject = request.POST.get("subject", "")
    fields = typed_fields(kind, request.POST)
    kept = find_draft(request.actor, kind, subject)
    if kept is None or kept.fields != fields:
        keep_draft(actor=request.actor, form=kind, subject=subject, fields=fields)
    return render(request, "work/draft_kept.html", {"now": timezone.localtime()})


@require_POST
@signed_in
def drop(request: ActorRequest, public_id: UUID) -> HttpResponse:
    draft = access_own_draft(request.actor, public_id)
    address = draft_url(draft)
    drop_draft(actor=request.actor, draft=draft)
    messages.success(request, _("The draft is gone."))
    return go_back(request, address)
