"""What was learned from decisions: for everybody to read, for operators to propose, use and take back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ronglian.apps.matching.operations.training import activate_training, propose_training, revert_training
from ronglian.apps.matching.queries.training import access_run, list_runs, points_in_use
from ronglian.apps.matching.rules import may_train
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.training import shown_runs

PER_PAGE = 10


@require_safe
def show_runs(request: ActorRequest) -> HttpResponse:
    page = Paginator(list_runs(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "in_use": points_in_use(),
        "page_obj": page,
        "runs": shown_runs(page.object_list),
        "may_train": bool(may_train(request.actor, None)),
    }
    return render(request, "web/training.html", context)


@require_POST
def propose(request: ActorRequest) -> HttpResponse:
    propose_training(actor=request.actor)
    messages.success(request, _("Proposed. Read the report, then put it to use or leave it."))
    return redirect("training")


@require_POST
def activate(request: ActorRequest, public_id: UUID) -> HttpResponse:
    run = activate_training(actor=request.actor, run=access_run(public_id))
    messages.success(request, _("In use: parameters %(version)s.") % {"version": run.version_after})
    return redirect("training")


@require_POST
def revert(request: ActorRequest, public_id: UUID) -> HttpResponse:
    revert_training(actor=request.actor, run=access_run(public_id))
    text = _("Taken back. Parameters %(version)s are in use again.")
    messages.success(request, text % {"version": points_in_use().version})
    return redirect("training")
