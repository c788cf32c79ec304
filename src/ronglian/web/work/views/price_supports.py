"""Price supports: assumptions, and the ranges that follow from them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.comparables import KINDS, find_comparables
from ronglian.apps.agreements.enums import PricedWay
from ronglian.apps.agreements.operations.valuing import make_valuation
from ronglian.apps.agreements.queries.pricing import access_valuation
from ronglian.apps.registry.models import Result
from ronglian.apps.registry.queries.records import access_record
from ronglian.kernel.errors import NotAllowed, NotFound, OperationError
from ronglian.web.asked import read_id
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.prices import support_view, told_of
from ronglian.web.work.access import signed_in, writable_organisations
from ronglian.web.work.forms.prices import SupportForm


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def begin(request: ActorRequest) -> HttpResponse:
    """For a result that the reader may see: the owner's side, or somebody's who would buy it."""
    asked = request.POST if request.method == "POST" else request.GET
    own = writable_organisations(request.actor)
    if not asked.get("result"):
        raise NotFound
    result = access_record(request.actor, Result, read_id(asked["result"]))
    if not own:
        raise NotAllowed(_("Owners and editors of an organisation find prices for it."))
    holder = next((one for one in own if str(one.public_id) == asked.get("own")), None)
    holder = holder or next((one for one in own if one.pk == result.owner_id), own[0])
    form = SupportForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, form, result, own, holder)
    if not form.is_valid():
        return _page(request, form, result, own, holder, 422)
    try:
        made = make_valuation(
            actor=request.actor,
            holder=holder,
            result=result,
            way=PricedWay(form.cleaned_data["way"]),
            assumptions=form.assumptions(),
            grounds=form.cleaned_data["grounds"],
        )
    except NotAllowed:
        raise
    except OperationError as error:
        form.add_assumption_error(error)
        return _page(request, form, result, own, holder, error.status)
    messages.success(request, _("Computed and kept. Only your organisation sees it."))
    return redirect("work:price-support", made.public_id)


@require_safe
@signed_in
def show(request: ActorRequest, public_id: UUID) -> HttpResponse:
    valuation = access_valuation(request.actor, public_id)
    is_sellers = valuation.holder_id == valuation.result.owner_id
    context = {**support_view(valuation), "may_propose": is_sellers and request.actor.may_write_for(valuation.holder_id)}  # fmt: skip
    return render(request, "work/price_support.html", context)


def _page(
    request: ActorRequest, form: SupportForm, result: Result, own: list[Organisation], holder: Organisation, status: int = 200
) -> HttpResponse:  # fmt: skip
    today = timezone.localdate()
    told = [
        (way.label, told_of(find_comparables(way=way, technology_field=result.technology_field,
                                             region=result.owner.region, without=holder.pk, today=today)))
        for way in KINDS
    ]  # fmt: skip
    context = {
        "form": form,
        "groups": form.groups(),
        "result": result,
        "own": own,
        "holder": holder,
        "told": told,
    }
    return render(request, "work/price_support_form.html", context, status=status)
