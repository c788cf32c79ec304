"""Importing a file: send, assign columns, check, take over, see what fits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from ronglian.apps.registry.columns import Kind
from ronglian.apps.registry.imports.messages import column_label
from ronglian.apps.registry.imports.reading import missing_columns
from ronglian.apps.registry.models import ImportBatch, ImportState, RowOutcome
from ronglian.apps.registry.operations.imports import (
    cancel_import,
    may_run_import,
    request_apply,
    request_check,
    stage_import,
)
from ronglian.apps.registry.queries.imports import (
    access_import,
    describe_failure,
    imported_records,
    list_bad_cells,
    list_imports,
    list_rows,
)
from ronglian.kernel.errors import InvalidInput, OperationError
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.kinds import KINDS
from ronglian.web.work.access import signed_in, writable_organisations
from ronglian.web.work.fitting import records_with_fit
from ronglian.web.work.forms.imports import UploadForm, column_choices, shown_headers, typed_mapping
from ronglian.web.work.forms.refusals import add_refusal

RECENT = 10
BAD_CELLS_A_PAGE = 50
RECORDS_A_PAGE = 5  # each is matched while the page is made


@require_http_methods(["GET", "POST"])
@signed_in
def upload(request: ActorRequest) -> HttpResponse:
    """Send a file; below it, the imports of late."""
    owners = writable_organisations(request.actor)
    if not (owners or request.actor.is_operator):
        return render(request, "work/no_organisation.html", {"kind": KINDS["results"]}, status=403)
    options: dict[str, Any] = {"owners": owners, "is_operator": request.actor.is_operator}
    if request.method != "POST":
        asked = {
            name: request.GET[name] for name in ("kind", "owner", "source", "after") if name in request.GET
        }
        return _upload_page(request, UploadForm(initial=asked, **options))
    form = UploadForm(request.POST, request.FILES, **options)
    if not form.is_valid():
        return _upload_page(request, form, status=422)
    owner = next((one for one in owners if str(one.public_id) == form.cleaned_data["owner"]), None)
    file = form.cleaned_data["file"]
    try:
        batch = stage_import(
            actor=request.actor,
            owner=None if form.cleaned_data["kind"] == "organisations" else owner,
            kind=form.cleaned_data["kind"],
            file=file,
            filename=file.name,
            publish=form.cleaned_data["after"] == "publish",
            source_name=form.cleaned_data["source"],
        )
    except OperationError as error:
        add_refusal(form, error)
        return _upload_page(request, form, status=error.status)
    return redirect("work:import-columns", batch.public_id)


def _upload_page(request: ActorRequest, form: UploadForm, *, status: int = 200) -> HttpResponse:
    page = {
        "form": form,
        "recent": list_imports(request.actor)[:RECENT],
        "template_kinds": form.fields["kind"].choices,  # type: ignore[attr-defined]  # a ChoiceField
        "formats": ("xlsx", "csv", "jsonl"),
    }
    return render(request, "work/imports.html", page, status=status)


@require_http_methods(["GET", "POST"])
@signed_in
def map_columns(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Which header is which column: as recognised, changeable; then the dry run starts."""
    batch = access_import(request.actor, public_id)
    if batch.state not in (ImportState.STAGED, ImportState.CHECKED, ImportState.FAILED):
        return redirect("work:import", public_id)
    mapping, problems, status = dict(batch.mapping), {}, 200
    if request.method == "POST":
        mapping |= typed_mapping(batch, request.POST.dict())
        try:
            request_check(actor=request.actor, batch=batch, mapping=mapping)
        except InvalidInput as error:
            problems, status = error.fields, error.status
        else:
            return redirect("work:import", public_id)
    kind: Kind = batch.kind  # type: ignore[assignment]  # the model's choices are the kinds
    missing = missing_columns(kind, tuple(batch.headers), mapping)
    page = {
        "batch": batch,
        "headers": list(shown_headers(batch, mapping, problems)),
        "choices": column_choices(batch.kind),
        "missing": [column_label(batch.kind, name) for name in missing],
        "left_out": sum(not column for column in mapping.values()),
        "verdict": may_run_import(request.actor, batch),
    }
    return render(request, "work/import_columns.html", page, status=status)


@never_cache
@require_safe
@signed_in
def show_import(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Where the import stands: at work, checked, taken over, failed or cancelled."""
    batch = access_import(request.actor, public_id)
    if batch.state == ImportState.STAGED:
        return redirect("work:import-columns", public_id)
    page = {"batch": batch, "verdict": may_run_import(request.actor, batch), "percent": _percent(batch)}
    if batch.is_running:
        template = "work/import_progress.html" if request.htmx else "work/import_running.html"
        return render(request, template, page)
    if request.htmx:
        return HttpResponseClientRefresh()
    match batch.state:
        case ImportState.CHECKED:
            return _report_page(request, batch, page)
        case ImportState.APPLIED:
            return _result_page(request, batch, page)
    page["failure"] = describe_failure(batch)
    return render(request, "work/import_over.html", page)


def _percent(batch: ImportBatch) -> int | None:
    """How far the work is, None while nobody knows how long the file is."""
    done = batch.rows_applied if batch.state == ImportState.APPLYING else batch.rows_seen
    return min(100, 100 * done // batch.rows_total) if batch.rows_total else None


def _report_page(request: ActorRequest, batch: ImportBatch, page: dict[str, Any]) -> HttpResponse:
    """The dry run: how many rows would do what, and every bad cell."""
    outcome = request.GET.get("outcome", "")
    if outcome not in RowOutcome.values:
        outcome = RowOutcome.ERROR.value if batch.bad_rows else ""
    shown: Any = list_bad_cells(batch) if outcome == RowOutcome.ERROR else list_rows(batch, outcome)
    page |= {
        "outcomes": outcome_counts(batch),
        "outcome": outcome,
        "page_obj": Paginator(shown, BAD_CELLS_A_PAGE).get_page(request.GET.get("page")),
        "failure": describe_failure(batch),
    }
    return render(request, "work/import_report.html", page)


def outcome_counts(batch: ImportBatch) -> list[tuple[str, str, int]]:
    """Code, words and number of rows of each outcome."""
    counts = (
        (RowOutcome.CREATE, batch.creates),
        (RowOutcome.UPDATE, batch.updates),
        (RowOutcome.DUPLICATE, batch.duplicates),
        (RowOutcome.UNCHANGED, batch.unchanged),
        (RowOutcome.ERROR, batch.bad_rows),
    )
    return [(outcome.value, str(outcome.label), count) for outcome, count in counts]


def _result_page(request: ActorRequest, batch: ImportBatch, page: dict[str, Any]) -> HttpResponse:
    """What was taken over, and for each record what fits it best."""
    records = imported_records(batch).order_by("id")
    page_obj = Paginator(records, RECORDS_A_PAGE).get_page(request.GET.get("page"))
    page |= {
        "outcomes": outcome_counts(batch),
        "page_obj": page_obj,
        "fits": records_with_fit(request.actor, page_obj) if batch.kind in KINDS else [],
    }
    return render(request, "work/import_result.html", page)


@require_POST
@signed_in
def apply(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Take the rows over: all, or with `only=good` the good ones."""
    batch = access_import(request.actor, public_id)
    request_apply(actor=request.actor, batch=batch, only_good_rows=request.POST.get("only") == "good")
    return redirect("work:import", public_id)


@require_POST
@signed_in
def cancel(request: ActorRequest, public_id: UUID) -> HttpResponse:
    cancel_import(actor=request.actor, batch=access_import(request.actor, public_id))
    messages.success(request, _("Cancelled. Nothing of the file was taken over."))
    return redirect("work:import", public_id)
