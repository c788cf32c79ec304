"""共性需求: what the engine found, whom somebody invited, and what the owners made of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.models import Pool
from ronglian.apps.clinic.operations.pools import (
    approve_pool,
    close_pool,
    decline_pool,
    invite_owners,
    join_pool,
    leave_pool,
    publish_pool,
    word_pool,
)
from ronglian.apps.clinic.pool_rules import keeps_pools
from ronglian.apps.clinic.queries.pools import access_pool, list_pools
from ronglian.kernel.errors import NotAllowed, OperationError
from ronglian.web.asked import read_number
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.pools import pool_line, pool_page
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.pools import JoinForm, WhyForm, WordingForm
from ronglian.web.work.steps import take_step

PER_PAGE = 20


@require_safe
@signed_in
def list_all(request: ActorRequest) -> HttpResponse:
    """Those one is invited to; for who brings firms together, all that were found."""
    page = Paginator(list_pools(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "lines": [pool_line(request.actor, pool) for pool in page],
        "keeps": keeps_pools(request.actor),
    }
    return render(request, "work/pools.html", context)


@require_safe
@signed_in
def show_pool(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _page(request, access_pool(request.actor, public_id))


@require_POST
@signed_in
def invite(request: ActorRequest, public_id: UUID) -> HttpResponse:
    pool = access_pool(request.actor, public_id)
    return _do(
        request,
        pool,
        lambda: invite_owners(actor=request.actor, pool=pool),
        _("Invited. The owners are told by e-mail."),
    )


@require_POST
@signed_in
def close(request: ActorRequest, public_id: UUID) -> HttpResponse:
    pool = access_pool(request.actor, public_id)
    form = WhyForm(request.POST)
    return _send(
        request, pool, "closing", form,
        lambda typed: close_pool(actor=request.actor, pool=pool, reason=typed["reason"]),
        _("Given up. The reason stays with it."),
    )  # fmt: skip


@require_POST
@signed_in
def join(request: ActorRequest, public_id: UUID) -> HttpResponse:
    pool = access_pool(request.actor, public_id)
    form = JoinForm(request.POST)

    def call(typed: dict[str, Any]) -> Pool:
        return join_pool(
            actor=request.actor,
            pool=pool,
            owner=_owner(request, pool),
            told=typed["told"],
            budget_fen=typed["budget"],
        )

    return _send(request, pool, "joining", form, call, _("Joined. Now you see what the others share."))


@require_POST
@signed_in
def decline(request: ActorRequest, public_id: UUID) -> HttpResponse:
    pool = access_pool(request.actor, public_id)
    form = WhyForm(request.POST, required=False)

    def call(typed: dict[str, Any]) -> Pool:
        owner = _owner(request, pool)
        return decline_pool(actor=request.actor, pool=pool, owner=owner, reason=typed["reason"])

    return _send(request, pool, "declining", form, call, _("Declined. Your own need stays as it is."))


@require_POST
@signed_in
def word(request: ActorRequest, public_id: UUID) -> HttpResponse:
    pool = access_pool(request.actor, public_id)
    form = WordingForm(request.POST)

    def call(typed: dict[str, Any]) -> Pool:
        return word_pool(
            actor=request.actor, pool=pool, version=read_number(request.POST.get("version", "")), **typed
        )

    return _send(request, pool, "wording", form, call, _("Kept. Each owner approves it now."))


@require_POST
@signed_in
def approve(request: ActorRequest, public_id: UUID) -> HttpResponse:
    pool = access_pool(request.actor, public_id)

    def call() -> Pool:
        owner = _owner(request, pool)
        return approve_pool(
            actor=request.actor,
            pool=pool,
            owner=owner,
            version=read_number(request.POST.get("version", "")) or 0,
        )

    return _do(request, pool, call, _("Approved."))


@require_POST
@signed_in
def publish(request: ActorRequest, public_id: UUID) -> HttpResponse:
    pool = access_pool(request.actor, public_id)
    return _do(
        request,
        pool,
        lambda: publish_pool(actor=request.actor, pool=pool),
        _("Published in the name of the group."),
    )


@require_POST
@signed_in
def leave(request: ActorRequest, public_id: UUID) -> HttpResponse:
    pool = access_pool(request.actor, public_id)
    form = WhyForm(request.POST)

    def call(typed: dict[str, Any]) -> Pool:
        owner = _owner(request, pool)
        return leave_pool(actor=request.actor, pool=pool, owner=owner, reason=typed["reason"])

    return _send(request, pool, "leaving", form, call, _("You have left."))


def _owner(request: ActorRequest, pool: Pool) -> Organisation:
    """The organisation the form speaks for: one of the invited, and one that the person writes for."""
    invited = {str(share.owner.public_id): share.owner for share in pool.shares.all()}
    own = [one for one in invited.values() if request.actor.may_write_for(one.pk)]
    named = invited.get(request.POST.get("owner", ""))
    if named is None and not own:
        raise NotAllowed(_("Owners and editors of an invited organisation decide for it, at the site."))
    return named or own[0]


def _do(request: ActorRequest, pool: Pool, call: Callable[[], Pool], said: str) -> HttpResponse:
    def refused(status: int, error: OperationError | None) -> HttpResponse:
        return _page(request, access_pool(request.actor, pool.public_id), status, refusal=error)

    return take_step(request, call, refused, said, ("work:pool", pool.public_id))


def _send(
    request: ActorRequest,
    pool: Pool,
    name: str,
    form: forms.Form,
    call: Callable[[dict[str, Any]], Pool],
    said: str,
) -> HttpResponse:
    return take_step(
        request,
        lambda: call(form.cleaned_data),
        lambda status, _error: _page(
            request, access_pool(request.actor, pool.public_id), status, **{name: form}
        ),
        said,
        ("work:pool", pool.public_id),
        form=form,
        fields={"budget_fen": "budget"},
    )


def _page(request: ActorRequest, pool: Pool, status: int = 200, **bound: Any) -> HttpResponse:
    context = {
        "pool": pool,
        **pool_page(request.actor, pool),
        "closing": WhyForm(),
        "joining": JoinForm(),
        "declining": WhyForm(required=False),
        "wording": WordingForm(initial={"title": pool.title, "summary": pool.summary}),
        "leaving": WhyForm(),
        **bound,
    }
    return render(request, "work/pool.html", context, status=status)
