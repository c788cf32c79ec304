"""Rights in service results: mine, an application, and every step to the agreement and its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronglian.apps.accounts.queries.organisations import own_organisations
from ronglian.apps.agreements.deed_text import deed_document
from ronglian.apps.agreements.granting_law import least_use_years, steps_of_granting
from ronglian.apps.agreements.models import RightsGrant
from ronglian.apps.agreements.operations.deeds import draw_up_deed, sign_deed
from ronglian.apps.agreements.operations.granting import (
    apply_for_rights,
    begin_grant_notice,
    decide_grant,
    end_grant,
    note_change_of_title,
    withdraw_grant,
)
from ronglian.apps.agreements.operations.granting_objections import answer_grant_objection
from ronglian.apps.agreements.queries.rights import (
    access_deed,
    access_grant,
    access_grant_objection,
    list_grants,
    members_of,
)
from ronglian.apps.agreements.rights_rules import may_apply_for_rights
from ronglian.apps.registry.models import Result
from ronglian.apps.registry.queries.records import access_record
from ronglian.kernel.errors import NotAllowed, OperationError
from ronglian.web.context import short_language
from ronglian.web.files import document_file, file_choices, named_language
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.rights import grant_page, granted_text
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.refusals import add_refusal
from ronglian.web.work.forms.rights import (
    DecideForm,
    DeedForm,
    EndGrantForm,
    GrantAnswerForm,
    GrantNoticeForm,
    RightsForm,
    TitleForm,
    WithdrawGrantForm,
)
from ronglian.web.work.steps import take_step

PER_PAGE = 20


@require_safe
@signed_in
def list_all(request: ActorRequest) -> HttpResponse:
    """The grants of my institutions, and those in which I am named."""
    page = Paginator(list_grants(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    language = short_language()
    context = {
        "page_obj": page,
        "lines": [(grant, granted_text(grant)) for grant in page],
        "organisations": own_organisations(request.actor),
        "steps": [
            (item.matter.in_language(language), item.says.in_language(language))
            for item in steps_of_granting(timezone.localdate())
        ],
    }
    return render(request, "work/rights.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def begin(request: ActorRequest, result_id: UUID) -> HttpResponse:
    """An application for rights in a result of one's institution."""
    result = access_record(request.actor, Result, result_id)
    verdict = may_apply_for_rights(request.actor, result)
    if not verdict:
        raise NotAllowed(verdict.reason)
    if request.method != "POST":
        return _form(request, result, RightsForm(initial={"title": result.headline or result.headline_en}))
    form = RightsForm(request.POST)
    if not form.is_valid():
        return _form(request, result, form, 422)
    try:
        grant = apply_for_rights(actor=request.actor, result=result, **form.chosen())
    except NotAllowed:
        raise
    except OperationError as error:
        add_refusal(form, error)
        return _form(request, result, form, error.status)
    messages.success(request, _("Applied for. The institution decides next."))
    return redirect("work:right", grant.public_id)


def _form(request: ActorRequest, result: Result, form: RightsForm, status: int = 200) -> HttpResponse:
    least = least_use_years(result.owner.region or "cn", timezone.localdate())
    context = {"form": form, "result": result, "least_years": least}
    return render(request, "work/rights_form.html", context, status=status)


@require_safe
@signed_in
def show(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _page(request, access_grant(request.actor, public_id))


@require_safe
@signed_in
def get_file(request: ActorRequest, public_id: UUID, number: int, language: str, ending: str) -> HttpResponse:
    """The agreement as PDF or Word file."""
    known = named_language(language)
    grant = access_grant(request.actor, public_id)
    deed = access_deed(grant, number)
    deed.grant = grant
    return document_file(
        deed_document(deed, members_of(grant), known), f"rights-{public_id}-{number}-{language}", ending
    )


@require_POST
@signed_in
def withdraw(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _act(
        request, public_id, "withdraw_form", WithdrawGrantForm(request.POST), withdraw_grant, _("Withdrawn.")
    )


@require_POST
@signed_in
def decide(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Approve or refuse: which, the button says."""
    approves = {"approves": request.POST.get("approves") == "1"}
    form = DecideForm(request.POST)
    return _act(request, public_id, "decide_form", form, decide_grant, _("Decided."), approves)


@require_POST
@signed_in
def notice(request: ActorRequest, public_id: UUID) -> HttpResponse:
    form = GrantNoticeForm(request.POST)
    return _act(request, public_id, "notice_form", form, begin_grant_notice, _("On public notice."))


@require_POST
@signed_in
def answer(request: ActorRequest, public_id: UUID, objection_id: UUID) -> HttpResponse:
    """Answer an objection: the grant goes on, or is refused."""
    grant = access_grant(request.actor, public_id)
    more = {
        "objection": access_grant_objection(grant, objection_id),
        "upholds": request.POST.get("upholds") == "1",
    }
    form = GrantAnswerForm(request.POST)
    return _act(request, public_id, "answer_form", form, answer_grant_objection, _("Answered."), more)


@require_POST
@signed_in
def draw_up(request: ActorRequest, public_id: UUID) -> HttpResponse:
    form = DeedForm(request.POST)
    done = _("Drawn up. It waits for the signatures.")
    return _act(request, public_id, "deed_form", form, draw_up_deed, done)


@require_POST
@signed_in
def sign(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """By the digest of the text that was shown."""
    digest = {"digest": request.POST.get("digest", "")}
    return _act(request, public_id, "sign_form", forms.Form(request.POST), sign_deed, _("Signed."), digest)


@require_POST
@signed_in
def title(request: ActorRequest, public_id: UUID) -> HttpResponse:
    form = TitleForm(request.POST)
    return _act(request, public_id, "title_form", form, note_change_of_title, _("Noted."))


@require_POST
@signed_in
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _act(request, public_id, "end_form", EndGrantForm(request.POST), end_grant, _("Ended."))


def _act(
    request: ActorRequest,
    public_id: UUID,
    name: str,
    form: forms.Form,
    act: Callable[..., object],
    done: str,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """One step on a grant. A form that gathers more than its fields says what it `chosen`."""
    grant = access_grant(request.actor, public_id)
    return take_step(
        request,
        lambda: act(
            actor=request.actor,
            grant=grant,
            **(form.chosen() if hasattr(form, "chosen") else form.cleaned_data),
            **(more or {}),
        ),
        lambda status, _error: _page(
            request, access_grant(request.actor, public_id), status, refused=form, **{name: form}
        ),
        done,
        ("work:right", public_id),
        form=form,
    )


def _page(request: ActorRequest, grant: RightsGrant, status: int = 200, **bound: Any) -> HttpResponse:
    today = timezone.localdate()
    page = grant_page(request.actor, grant, today)
    deed = page["deed"]
    context = {
        **page,
        "withdraw_form": WithdrawGrantForm(),
        "decide_form": DecideForm(),
        "notice_form": GrantNoticeForm(initial={"days": page["days"]}),
        "deed_form": DeedForm(initial=deed.terms if deed else None),
        "title_form": TitleForm(initial={"day": today}),
        "end_form": EndGrantForm(),
        "files": file_choices(),
        **bound,
    }
    return render(request, "work/right.html", context, status=status)
