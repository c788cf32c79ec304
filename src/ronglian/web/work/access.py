"""What the screens of the working side share: whose work it is, and where to go afterwards."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, cast
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseStopPolling

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.queries.organisations import own_organisations
from ronglian.apps.registry.models import Draft, Need, RegistryRecord, Result
from ronglian.apps.registry.queries.records import access_record
from ronglian.kernel.actor import Actor
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.kinds import KINDS, record_url

P = ParamSpec("P")
# base.html tells HTMX to show the answers of this status.
SIGNED_OUT = 409


def writable_organisations(actor: Actor) -> list[Organisation]:
    """The organisations the actor may register records for."""
    return [one for one in own_organisations(actor) if actor.may_write_for(one.pk)]


def access_kind(actor: Actor, kind: str, public_id: UUID) -> RegistryRecord:
    """The record behind the address of one of its screens."""
    return access_record(actor, KINDS[kind].model, public_id)


def go_back(request: ActorRequest, otherwise: str) -> HttpResponse:
    """To the page the form named as `next`, if it is one of ours, or to another."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return redirect(wanted)
    return redirect(otherwise)


def matches_url(record: RegistryRecord) -> str:
    """Where a published record leads: to what fits it, or to its own page."""
    if isinstance(record, Need | Result):
        return reverse(f"{record.noun}-matches", args=[record.public_id])
    return record_url(record)


def draft_url(draft: Draft) -> str:
    """The form the draft belongs to."""
    if draft.subject:
        return reverse("work:edit", args=[draft.form, draft.subject])
    return reverse("work:new", args=[draft.form])


def signed_in(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Send a visitor to sign in. A fragment is answered by a line that says so, not by the sign-in page within the page."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        request = cast(ActorRequest, args[0])
        if request.actor.is_signed_in:
            return view(*args, **kwargs)
        if not request.htmx:
            return redirect_to_login(request.get_full_path())
        status = HttpResponseStopPolling.status_code if request.method == "GET" else SIGNED_OUT
        return render(request, "work/signed_out.html", status=status)

    return guarded
