"""Prices: mine, a new one, its notice and offer, finding it, and objections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronglian.apps.agreements.models import PriceFinding
from ronglian.apps.agreements.operations.price_objections import (
    answer_price_objection,
    name_price,
    object_to_price,
)
from ronglian.apps.agreements.operations.pricing import (
    notice_price,
    offer_price,
    propose_price,
    settle_price,
    withdraw_price,
)
from ronglian.apps.agreements.pricing import notice_law
from ronglian.apps.agreements.pricing_rules import may_read_basis
from ronglian.apps.agreements.queries.agreements import access_agreement
from ronglian.apps.agreements.queries.pricing import (
    access_price,
    access_price_objection,
    list_prices,
    list_valuations,
    prices_for,
)
from ronglian.apps.registry.models import Result
from ronglian.apps.registry.queries.records import access_record
from ronglian.kernel.errors import NotFound
from ronglian.web.asked import read_id
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.prices import price_line, price_page
from ronglian.web.work.access import signed_in, writable_organisations
from ronglian.web.work.forms.contracts import ReasonForm
from ronglian.web.work.forms.prices import (
    ContractPriceForm,
    PriceAnswerForm,
    PriceForm,
    PriceFoundForm,
    PriceNoticeForm,
    PriceObjectionForm,
    PriceOfferForm,
)
from ronglian.web.work.steps import take_step
from ronglian.web.work.views.contracts import send_step

PER_PAGE = 20
SHOWN = 20


@require_safe
@signed_in
def list_all(request: ActorRequest) -> HttpResponse:
    """One's own prices, and the price supports beside them."""
    today = timezone.localdate()
    page = Paginator(list_prices(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "lines": [price_line(one, today) for one in page],
        "supports": list(list_valuations(request.actor)[:SHOWN]),
        "may_propose": bool(writable_organisations(request.actor)),
    }
    return render(request, "work/prices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def begin(request: ActorRequest) -> HttpResponse:
    """A price for one's own result, which the address names."""
    asked = request.POST if request.method == "POST" else request.GET
    if not asked.get("result"):
        raise NotFound
    result = access_record(request.actor, Result, read_id(asked["result"]))
    supports = list(list_valuations(request.actor).filter(result=result, holder=result.owner_id))
    if request.method != "POST":
        initial = {"title": result.title, "valuation": asked.get("support", "")}
        return _begin_page(request, result, PriceForm(supports=supports, initial=initial))
    form = PriceForm(request.POST, supports=supports)
    made: list[PriceFinding] = []
    refused = take_step(
        request,
        lambda: made.append(
            propose_price(actor=request.actor, seller=result.owner, result=result, **form.chosen())
        ),
        lambda status, _error: _begin_page(request, result, form, status),
        _("Kept. Only your organisation sees it until you publish it."),
        ("work:prices",),
        form=form,
    )
    return redirect("work:price", made[0].public_id) if made else refused


@require_safe
@signed_in
def show(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _page(request, _own(request, public_id))


@require_POST
@signed_in
def notice(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _send(
        request, public_id, "notice_form", PriceNoticeForm(request.POST), notice_price, _("On public notice.")
    )


@require_POST
@signed_in
def offer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _send(
        request, public_id, "offer_form", PriceOfferForm(request.POST), offer_price, _("Offered publicly.")
    )


@require_POST
@signed_in
def settle(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _send(
        request, public_id, "found_form", PriceFoundForm(request.POST), settle_price, _("The price is found.")
    )


@require_POST
@signed_in
def withdraw(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _send(
        request, public_id, "withdraw_form", ReasonForm(request.POST), withdraw_price, _("Withdrawn.")
    )


@require_POST
@signed_in
def object_to(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """By whoever the notice reaches."""
    finding = access_price(request.actor, public_id)
    form = PriceObjectionForm(request.POST)
    return take_step(
        request,
        lambda: object_to_price(actor=request.actor, finding=finding, **form.cleaned_data),
        lambda status, _error: notice_response(request, finding, status, objection_form=form),
        _("Noted. The price is not found before the answer, which you will read here."),
        ("price-notice", public_id),
        form=form,
    )


@require_POST
@signed_in
def answer(request: ActorRequest, public_id: UUID, objection_id: UUID) -> HttpResponse:
    """Answer an objection: the price stays, or is withdrawn."""
    finding = _own(request, public_id)
    objection = access_price_objection(request.actor, finding, objection_id)
    upholds = request.POST.get("upholds") == "1"

    def act(**typed: Any) -> object:
        return answer_price_objection(objection=objection, upholds=upholds, **typed)

    return _send(request, public_id, "answer_form", PriceAnswerForm(request.POST), act, _("Answered."))


@require_POST
@signed_in
def name_for_contract(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The price that a contract rests on, chosen by party B."""
    agreement = access_agreement(request.actor, public_id)
    found = {str(one.public_id): one for one in prices_for(agreement)}
    form = ContractPriceForm(request.POST, findings=list(found.values()))

    def act(*, finding: str, **named: Any) -> object:
        return name_price(finding=found.get(finding), **named)

    return send_step(request, public_id, "price_form", form, act, _("Noted."))


def notice_response(
    request: ActorRequest, finding: PriceFinding, status: int = 200, **bound: Any
) -> HttpResponse:
    """The page for whoever the notice reaches."""
    context = {
        **price_page(request.actor, finding, timezone.localdate()),
        "objection_form": PriceObjectionForm(),
        **bound,
    }
    return render(request, "web/price_notice.html", context, status=status)


def _own(request: ActorRequest, public_id: UUID) -> PriceFinding:
    """For the seller alone: its working page."""
    finding = access_price(request.actor, public_id)
    if not may_read_basis(request.actor, finding):
        raise NotFound
    return finding


def _begin_page(request: ActorRequest, result: Result, form: PriceForm, status: int = 200) -> HttpResponse:
    if result.owner_id not in {one.pk for one in writable_organisations(request.actor)}:
        raise NotFound
    return render(request, "work/price_form.html", {"result": result, "form": form}, status=status)


def _send(
    request: ActorRequest, public_id: UUID, name: str, form: forms.Form, act: Callable[..., object], done: str
) -> HttpResponse:
    finding = _own(request, public_id)
    return take_step(
        request,
        lambda: act(actor=request.actor, finding=finding, **form.cleaned_data),
        lambda status, _error: _page(request, _own(request, public_id), status, **{name: form}),
        done,
        ("work:price", public_id),
        form=form,
    )


def _page(request: ActorRequest, finding: PriceFinding, status: int = 200, **bound: Any) -> HttpResponse:
    today = timezone.localdate()
    law = notice_law(finding.place, today)
    context = {
        **price_page(request.actor, finding, today),
        "least_days": law.days,
        "on_market": law.on_market,
        "notice_form": PriceNoticeForm(initial={"days": law.days or ""}),
        "offer_form": PriceOfferForm(),
        "found_form": PriceFoundForm(initial={"buyer": finding.buyer}),
        "withdraw_form": ReasonForm(),
        "answer_form": PriceAnswerForm(),
        **bound,
    }
    return render(request, "work/price.html", context, status=status)
