"""A contract in default, bought out, or at its end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronglian.apps.agreements.enums import EndKind
from ronglian.apps.agreements.operations.ending import (
    answer_end,
    buy_out,
    demand_payment,
    end_for_default,
    give_more_time,
    propose_end,
)
from ronglian.apps.agreements.queries.money import access_end_proposal
from ronglian.web.asked import read_number
from ronglian.web.middleware import ActorRequest
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.contracts import DemandForm, EndForm, MoreTimeForm, ReasonForm
from ronglian.web.work.views.contracts import do_step, send_step, spoken_side

LONGEST_PRICE = 15


@require_POST
@signed_in
def demand(request: ActorRequest, public_id: UUID) -> HttpResponse:
    form = DemandForm(request.POST)
    return send_step(
        request, public_id, "demand_form", form, demand_payment, _("Demanded. Both sides are told.")
    )


@require_POST
@signed_in
def more_time(request: ActorRequest, public_id: UUID) -> HttpResponse:
    form = MoreTimeForm(request.POST)
    return send_step(request, public_id, "more_time_form", form, give_more_time, _("More time is given."))


@require_POST
@signed_in
def default(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """End it, because the day of the demand has passed."""
    form = ReasonForm(request.POST)
    return send_step(
        request, public_id, "end_for_default_form", form, end_for_default, _("The contract has ended.")
    )


@require_POST
@signed_in
def buy(request: ActorRequest, public_id: UUID) -> HttpResponse:
    price = read_number(request.POST.get("price_fen", ""), digits=LONGEST_PRICE)

    def act(**named: Any) -> object:
        return buy_out(price_fen=-1 if price is None else price, **named)

    return do_step(request, public_id, act, _("Bought out. The price is due."))


@require_POST
@signed_in
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    def act(**typed: Any) -> object:
        return propose_end(**typed | {"kind": EndKind(typed["kind"]), "side": spoken_side(request)})

    form = EndForm(request.POST)
    return send_step(request, public_id, "end_form", form, act, _("Proposed. The other side answers."))


@require_POST
@signed_in
def agree(request: ActorRequest, public_id: UUID, proposal_id: UUID) -> HttpResponse:
    def act(**named: Any) -> object:
        proposal = access_end_proposal(named["agreement"], proposal_id)
        return answer_end(proposal=proposal, agrees=True, **named)

    return do_step(request, public_id, act, _("The contract has ended."))


@require_POST
@signed_in
def decline(request: ActorRequest, public_id: UUID, proposal_id: UUID) -> HttpResponse:
    def act(**typed: Any) -> object:
        proposal = access_end_proposal(typed["agreement"], proposal_id)
        return answer_end(proposal=proposal, agrees=False, **typed)

    form = ReasonForm(request.POST)
    return send_step(request, public_id, "decline_form", form, act, _("Declined; the contract goes on."))
