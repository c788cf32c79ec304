"""The ledger of an institution's service results: the list by state, a file of it, and each entry."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.agreements.asset_file import ledger_file
from ronglian.apps.agreements.granting_law import ledger_rules
from ronglian.apps.agreements.models import AssetEntry
from ronglian.apps.agreements.operations.assets import enter_asset, value_asset, write_off_asset
from ronglian.apps.agreements.queries.assets import access_asset, count_states, list_assets, moves_of
from ronglian.apps.agreements.rights_enums import AssetState
from ronglian.apps.agreements.rights_rules import may_enter_asset, may_keep_asset
from ronglian.apps.registry.models import Result
from ronglian.apps.registry.queries.records import access_record
from ronglian.kernel.errors import InvalidInput, NotFound
from ronglian.web.context import short_language
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.cases import money
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.contracts import ReasonForm
from ronglian.web.work.forms.rights import AssetForm, ValueForm
from ronglian.web.work.steps import take_step

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show_ledger(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The ledger of one's institution, by state; a further result is entered here."""
    owner = access_organisation(request.actor, public_id)
    list_assets(request.actor, owner)
    if request.method != "POST":
        asked = request.GET.get("result", "")
        return _ledger(request, owner, AssetForm(initial={"result": asked} if asked else None))
    form = AssetForm(request.POST)
    return take_step(
        request,
        lambda: enter_asset(
            actor=request.actor, owner=owner, **{**form.chosen(), "result": _result(request, form)}
        ),
        lambda status, _error: _ledger(request, owner, form, status),
        _("Entered in the ledger."),
        ("work:assets", public_id),
        form=form,
    )


@require_safe
@signed_in
def get_file(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The whole ledger as CSV."""
    owner = access_organisation(request.actor, public_id)
    response = HttpResponse(ledger_file(request.actor, owner), content_type="text/csv; charset=utf-8")
    day = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="ledger-{day}.csv"'
    return response


@require_safe
@signed_in
def show_entry(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What happened to a result, and what it is worth."""
    return _entry(request, access_asset(request.actor, public_id))


@require_POST
@signed_in
def value(request: ActorRequest, public_id: UUID) -> HttpResponse:
    entry, form = access_asset(request.actor, public_id), ValueForm(request.POST)
    return take_step(
        request,
        lambda: value_asset(actor=request.actor, entry=entry, **form.chosen()),
        lambda status, _error: _entry(request, access_asset(request.actor, public_id), status, form=form),
        _("Kept."),
        ("work:asset", public_id),
        form=form,
    )


@require_POST
@signed_in
def write_off(request: ActorRequest, public_id: UUID) -> HttpResponse:
    entry, form = access_asset(request.actor, public_id), ReasonForm(request.POST)
    return take_step(
        request,
        lambda: write_off_asset(actor=request.actor, entry=entry, **form.cleaned_data),
        lambda status, _error: _entry(
            request, access_asset(request.actor, public_id), status, write_off_form=form
        ),
        _("Written off."),
        ("work:asset", public_id),
        form=form,
    )


def _result(request: ActorRequest, form: AssetForm) -> Result:
    try:
        return access_record(request.actor, Result, UUID(form.cleaned_data["result"]))
    except NotFound as error:
        raise InvalidInput.of({"result": [_("There is no such result.")]}) from error


def _ledger(request: ActorRequest, owner: Organisation, form: AssetForm, status: int = 200) -> HttpResponse:
    asked = request.GET.get("state", "")
    state = asked if asked in AssetState.values else ""
    page = Paginator(list_assets(request.actor, owner, state), PER_PAGE).get_page(request.GET.get("page"))
    language = short_language()
    context = {
        "owner": owner,
        "page_obj": page,
        "lines": [(entry, AssetState(entry.derived_state).label, money(entry.value_fen)) for entry in page],
        "counts": [(one, money(one.value_fen)) for one in count_states(request.actor, owner)],
        "state": state,
        "rules": [
            (item.matter.in_language(language), item.says.in_language(language))
            for item in ledger_rules(timezone.localdate())
        ],
        "may_enter": bool(may_enter_asset(request.actor, owner)),
        "form": form,
    }
    return render(request, "work/assets.html", context, status=status)


def _entry(request: ActorRequest, entry: Any, status: int = 200, **bound: Any) -> HttpResponse:
    kept: AssetEntry = entry
    context = {
        "entry": kept,
        "state": AssetState(entry.derived_state),
        "amount": money(kept.value_fen),
        "moves": moves_of([kept])[kept.pk],
        "may_keep": kept.written_off_on is None and bool(may_keep_asset(request.actor, kept)),
        "form": ValueForm(
            initial={"stage": kept.stage, "value_fen": kept.value_fen, "value_basis": kept.value_basis}
        ),
        "write_off_form": ReasonForm(),
        **bound,
    }
    return render(request, "work/asset.html", context, status=status)
