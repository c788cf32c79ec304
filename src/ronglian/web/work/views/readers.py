"""Who may read what of a record, for its own organisation: agreements, readings, and the sealed annex."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ronglian.apps.disclosure.models import AnnexReader
from ronglian.apps.disclosure.operations.annexes import end_annex_reader, name_annex_reader
from ronglian.apps.disclosure.queries.agreements import list_ndas, list_viewings_of
from ronglian.apps.disclosure.queries.annexes import access_annex, annex_text, find_annex
from ronglian.apps.registry.models import RegistryRecord
from ronglian.apps.registry.operations.disclosure import keep_annex
from ronglian.apps.registry.rules import may_edit_record
from ronglian.kernel.errors import NotAllowed, NotFound, OperationError
from ronglian.web.asked import read_id
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.kinds import KINDS, record_url
from ronglian.web.work.access import access_kind, signed_in
from ronglian.web.work.forms.disclosure import AnnexForm, AnnexReaderForm
from ronglian.web.work.forms.fields import label_of
from ronglian.web.work.forms.refusals import add_refusal
from ronglian.web.work.views.agreements import agreement_lines

READINGS_SHOWN = 200


@require_safe
@signed_in
def show_readers(request: ActorRequest, kind: str, public_id: UUID) -> HttpResponse:
    return _page(request, kind, _own(request, kind, public_id))


def _own(request: ActorRequest, kind: str, public_id: UUID) -> RegistryRecord:
    record = access_kind(request.actor, kind, public_id)
    if not request.actor.is_member(record.owner_id):
        raise NotFound
    return record


def _page(
    request: ActorRequest, kind: str, record: RegistryRecord, status: int = 200, **forms: forms.Form
) -> HttpResponse:
    annex = find_annex(request.actor, record.public_id)
    text = annex_text(annex) if annex else ""
    ndas = list_ndas(request.actor).filter(asked_about_id=record.public_id)
    page: dict[str, Any] = {
        "kind": KINDS[kind],
        "record": record,
        "record_url": record_url(record),
        "is_confidential": getattr(record, "under_nda", False),
        "closed_fields": [
            label_of(type(record), name) for name in record.nda_fields if not name.endswith("_en")
        ],
        "lines": agreement_lines(request.actor, ndas),
        "readings": list_viewings_of(request.actor, record.owner_id, record.public_id)[:READINGS_SHOWN],
        "verdict": may_edit_record(request.actor, record),
        "annex": text,
        "annex_readers": AnnexReader.objects.filter(annex=annex).select_related("person") if annex else (),
        "annex_form": AnnexForm(initial={"text": text}),
        "reader_form": AnnexReaderForm(),
        **forms,
    }
    return render(request, "work/readers.html", page, status=status)


@require_POST
@signed_in
def save_annex(request: ActorRequest, kind: str, public_id: UUID) -> HttpResponse:
    record = _own(request, kind, public_id)
    form = AnnexForm(request.POST)
    if not form.is_valid():
        return _page(request, kind, record, 422, annex_form=form)
    keep_annex(actor=request.actor, record=record, text=form.cleaned_data["text"])
    messages.success(request, _("The annex is kept, sealed."))
    return redirect("work:readers", kind, public_id)


@require_POST
@signed_in
def name_reader(request: ActorRequest, kind: str, public_id: UUID) -> HttpResponse:
    record = _own(request, kind, public_id)
    annex = access_annex(request.actor, record.public_id)
    form = AnnexReaderForm(request.POST)
    if not form.is_valid():
        return _page(request, kind, record, 422, reader_form=form)
    try:
        name_annex_reader(actor=request.actor, annex=annex, email=form.cleaned_data["email"])
    except NotAllowed:
        raise
    except OperationError as error:
        add_refusal(form, error)
        return _page(request, kind, record, error.status, reader_form=form)
    messages.success(request, _("This person can read the annex from now on."))
    return redirect("work:readers", kind, public_id)


@require_POST
@signed_in
def end_reader(request: ActorRequest, kind: str, public_id: UUID) -> HttpResponse:
    record = _own(request, kind, public_id)
    annex = access_annex(request.actor, record.public_id)
    person = str(read_id(request.POST.get("person", "")))
    end_annex_reader(actor=request.actor, annex=annex, person=person)
    messages.success(request, _("This person can no longer read the annex."))
    return redirect("work:readers", kind, public_id)
