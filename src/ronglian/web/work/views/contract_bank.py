"""A bank statement beside what the other sides told: compared, looked at, confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.bank_file import read_statement
from ronglian.apps.agreements.operations.money import confirm_movement
from ronglian.apps.agreements.queries.agreements import access_agreement
from ronglian.apps.agreements.queries.money import access_movement
from ronglian.apps.agreements.reconciling import Reconciled, reconciled, waiting_movements
from ronglian.engines.money import Finding
from ronglian.kernel.errors import NotFound, OperationError
from ronglian.web.asked import read_id
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.cases import money
from ronglian.web.work.access import signed_in, writable_organisations
from ronglian.web.work.forms.contracts import StatementForm

FOUND: Mapping[Finding, tuple[str, str, Promise]] = {  # sign, icon and words
    Finding.CONFIRMED: ("good", "check", _lazy("reference and amount fit")),
    Finding.PROPOSED: ("warn", "help-circle", _lazy("amount and day fit; no reference")),
    Finding.OTHER_AMOUNT: ("bad", "circle-x", _lazy("another amount under this reference")),
    Finding.AGAIN: ("bad", "alert-triangle", _lazy("this reference stands in an earlier line")),
    Finding.SEVERAL: ("", "help-circle", _lazy("several of this amount")),
    Finding.UNKNOWN: ("", "minus", _lazy("nothing like it was told")),
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show(request: ActorRequest) -> HttpResponse:
    """Upload a statement and see which lines confirm what was told. Nothing is kept."""
    own = writable_organisations(request.actor)
    if not own:
        raise NotFound
    form = StatementForm(*((request.POST, request.FILES) if request.method == "POST" else ()), own=own)
    if request.method != "POST":
        return _page(request, own, form)
    if not form.is_valid():
        return _page(request, own, form, 422)
    organisation = next(one for one in own if str(one.public_id) == form.cleaned_data["own"])
    sent = form.cleaned_data["file"]
    statement = read_statement(sent, sent.name)
    if statement.wrong:
        return _page(request, own, form, 422, wrong_cells=statement.wrong)
    found = reconciled(request.actor, organisation, statement.lines)
    return _page(request, own, form, lines=[_line(one) for one in found], statement_of=organisation)


@require_POST
@signed_in
def confirm(request: ActorRequest) -> HttpResponse:
    """Confirm what was chosen, each by itself: what one refuses leaves the others confirmed."""
    done, refused = 0, []
    for chosen in request.POST.getlist("movement"):
        agreement_id, _slash, movement_id = chosen.partition("/")
        agreement = access_agreement(request.actor, read_id(agreement_id))
        movement = access_movement(agreement, read_id(movement_id))
        try:
            confirm_movement(actor=request.actor, agreement=agreement, movement=movement)
        except OperationError as error:
            refused.append(f"{agreement.title}: {error.message}")
        else:
            done += 1
    if done:
        text = ngettext("%(count)d payment confirmed.", "%(count)d payments confirmed.", done)
        messages.success(request, text % {"count": done})
    for text in refused:
        messages.error(request, text)
    return redirect("work:contract-bank")


def _line(found: Reconciled) -> dict[str, Any]:
    sign, icon, words = FOUND[found.finding]
    return {
        "line": found.line,
        "amount": money(abs(found.line.amount)),
        "comes_in": found.line.amount > 0,
        "sign": sign,
        "icon": icon,
        "words": words,
        "movement": found.movement,
        "may_confirm": found.movement is not None and found.finding in (Finding.CONFIRMED, Finding.PROPOSED),
        "is_sure": found.finding is Finding.CONFIRMED,
    }


def _page(
    request: ActorRequest, own: Sequence[Organisation], form: StatementForm, status: int = 200, **more: Any
) -> HttpResponse:
    waiting = [(one, waiting_movements(request.actor, one)) for one in own]
    context = {
        "form": form,
        "waiting": [(one, [(row, money(row.amount_fen)) for row in rows]) for one, rows in waiting if rows],
        **more,
    }
    return render(request, "work/contract_bank.html", context, status=status)
