"""Registering a record and changing one."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.derived import fill_derived
from ronglian.apps.registry.models import Draft, Need, RegistryRecord, Result
from ronglian.apps.registry.operations.records import edit_record, register_record
from ronglian.apps.registry.queries.records import find_draft
from ronglian.apps.registry.rules import may_edit_record
from ronglian.kernel.errors import NotAllowed, OperationError, StaleVersion
from ronglian.kernel.idempotency import idempotency
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.kinds import KINDS, record_url
from ronglian.web.presenters.pages import metric_views, unread_views
from ronglian.web.work.access import access_kind, matches_url, signed_in, writable_organisations
from ronglian.web.work.forms.fields import industry_names, region_names
from ronglian.web.work.forms.kinds import FORMS
from ronglian.web.work.forms.records import RecordForm
from ronglian.web.work.forms.refusals import differences
from ronglian.web.work.views.drafts import forget, typed_fields


@require_http_methods(["GET", "POST"])
@signed_in
def new_record(request: ActorRequest, kind: str) -> HttpResponse:
    owners = writable_organisations(request.actor)
    if not owners:
        return render(request, "work/no_organisation.html", {"kind": KINDS[kind]}, status=403)
    if request.method == "POST":
        return _register(request, kind, owners)
    draft = find_draft(request.actor, kind, "")
    form = FORMS[kind](initial=draft.fields if draft else None, owners=owners)
    return _form_page(request, kind, form, draft=draft)


def _register(request: ActorRequest, kind: str, owners: list[Organisation]) -> HttpResponse:
    form = FORMS[kind](request.POST, owners=owners)
    if not form.is_valid():
        return _form_page(request, kind, form, status=422)
    owner = next(one for one in owners if str(one.public_id) == form.cleaned_data["owner"])
    is_published = "publish" in request.POST
    # Two clicks on the button send the same page twice, its secret included: one record.
    sent = request.POST.urlencode().encode()
    try:
        with idempotency(f"form {sha256(sent).hexdigest()}", sent):
            record = register_record(
                actor=request.actor,
                owner=owner,
                model=form.model,
                fields=form.attributes(),
                publish=is_published,
            )
    except OperationError as error:
        form.refuse(error)
        return _form_page(request, kind, form, status=error.status)
    forget(request.actor, kind, "")
    if is_published:
        messages.success(request, _("Published. Others can find it from now on."))
        return redirect(matches_url(record))
    messages.success(
        request, _("Saved as a draft that only your organisation sees. Publish it when it is ready.")
    )
    return redirect(record_url(record))


@require_http_methods(["GET", "POST"])
@signed_in
def change_record(request: ActorRequest, kind: str, public_id: UUID) -> HttpResponse:
    record = access_kind(request.actor, kind, public_id)
    verdict = may_edit_record(request.actor, record)
    if not verdict:
        raise NotAllowed(verdict.reason)
    if request.method == "POST":
        return _edit(request, kind, record)
    draft = find_draft(request.actor, kind, str(public_id))
    form = FORMS[kind](initial=draft.fields if draft else FORMS[kind].values_of(record))
    return _form_page(request, kind, form, record=record, draft=draft)


def _edit(request: ActorRequest, kind: str, record: RegistryRecord) -> HttpResponse:
    form = FORMS[kind](request.POST)
    if not form.is_valid():
        return _form_page(request, kind, form, record=record, status=422)
    try:
        record = edit_record(
            actor=request.actor,
            record=record,
            fields=form.attributes(),
            version=form.cleaned_data["version"],
        )
    except StaleVersion:
        return _stale_page(request, kind, record)
    except OperationError as error:
        form.refuse(error)
        return _form_page(request, kind, form, record=record, status=error.status)
    forget(request.actor, kind, str(record.public_id))
    messages.success(request, _("Saved."))
    return redirect(record_url(record))


def _stale_page(request: ActorRequest, kind: str, record: RegistryRecord) -> HttpResponse:
    """Somebody else was faster: show both, keep what was typed, and let the next save go through."""
    typed: QueryDict = request.POST.copy()
    typed["version"] = str(record.version)
    form = FORMS[kind](typed)
    stored = FORMS[kind](initial=FORMS[kind].values_of(record))
    return _form_page(
        request, kind, form, record=record, status=412, differences=differences(form, stored), is_stale=True
    )


def _form_page(
    request: ActorRequest,
    kind: str,
    form: RecordForm,
    *,
    record: RegistryRecord | None = None,
    draft: Draft | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    page = {
        "kind": KINDS[kind],
        "form": form,
        "record": record,
        "record_url": record_url(record) if record else "",
        "draft": draft,
        "region_names": region_names(),
        "industry_names": industry_names(),
        "reading": read_typed(form) if "metrics_text" in form.fields else None,
        **more,
    }
    return render(request, "work/record_form.html", page, status=status)


@require_POST
@signed_in
def preview_metrics(request: ActorRequest, kind: str) -> HttpResponse:
    """What would be read out of the texts as they stand in the form, for HTMX."""
    form = FORMS[kind](initial=typed_fields(kind, request.POST))
    return render(request, "work/metrics_preview.html", {"reading": read_typed(form)})


def read_typed(form: RecordForm) -> dict[str, Any] | None:
    """The metrics that saving the form would store, read by the same code."""
    if form.model not in (Need, Result):
        return None
    texts = ("metrics_text", "metrics_text_en", "details", "difficulty", "summary")
    values = {name: str(form[name].value() or "") for name in texts if name in form.fields}
    record = form.model(**values)
    assert isinstance(record, Need | Result)
    fill_derived(record)
    return {
        "metrics": metric_views(record),
        "unread": unread_views(record),
        "is_empty": not any(values.values()),
    }
