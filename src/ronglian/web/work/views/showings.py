"""Showing a bid to an investor: the team's consent, the investor's signature, reading, and what became of it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.challenges.operations.showing_outcomes import answer_outcome, tell_outcome
from ronglian.apps.challenges.operations.showing_readings import read_shown, read_shown_file
from ronglian.apps.challenges.operations.showings import (
    decline_showing,
    offer_showing,
    sign_showing,
    withdraw_showing,
)
from ronglian.apps.challenges.queries.challenges import access_bid
from ronglian.apps.challenges.queries.showings import (
    access_outcome,
    access_showing,
    investors_for,
    list_showings,
)
from ronglian.apps.challenges.showing_rules import may_show
from ronglian.apps.challenges.showing_text import showing_text
from ronglian.kernel.errors import NotAllowed, NotFound, OperationError
from ronglian.web.context import short_language
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.cases import money
from ronglian.web.presenters.showings import milestone_lines, outcome_lines, showing_lines, showing_page
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.refusals import add_refusal
from ronglian.web.work.forms.showings import (
    EndShowingForm,
    OutcomeAnswerForm,
    OutcomeForm,
    ShowForm,
    SignShowingForm,
)
from ronglian.web.work.steps import take_step

PER_PAGE = 20
USUAL_TERM = timedelta(days=180)


@require_safe
@signed_in
def list_all(request: ActorRequest) -> HttpResponse:
    """What one's team shows, and what is shown to one's own investor."""
    page = Paginator(list_showings(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "lines": showing_lines(request.actor, page)}
    return render(request, "work/showings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def begin(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The consent of the team."""
    bid = access_bid(request.actor, public_id)
    if not request.actor.is_member(bid.bidder_id):
        raise NotFound
    if not (verdict := may_show(request.actor, bid)):
        raise NotAllowed(verdict.reason)
    form = ShowForm(
        request.POST if request.method == "POST" else None, investors=list(investors_for(request.actor, bid))
    )
    form.initial = {"ends_on": timezone.localdate() + USUAL_TERM}
    text = showing_text()
    context = {"form": form, "bid": bid, "agreement": text.en if short_language() == "en" else text.zh}
    if request.method != "POST":
        return render(request, "work/showing_form.html", context)
    if not form.is_valid():
        return render(request, "work/showing_form.html", context, status=422)
    typed = form.cleaned_data
    try:
        showing = offer_showing(
            actor=request.actor,
            bid=bid,
            investor=access_organisation(request.actor, UUID(typed["investor"])),
            parts=typed["parts"],
            purpose=typed["purpose"],
            ends_on=typed["ends_on"],
        )
    except NotAllowed:
        raise
    except OperationError as error:
        add_refusal(form, error)
        return render(request, "work/showing_form.html", context, status=error.status)
    messages.success(request, _("Offered. The investor reads nothing before one of its people has signed."))
    return redirect("work:showing", showing.public_id)


@require_safe
@signed_in
def show(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _page(request, public_id)


def _page(request: ActorRequest, public_id: UUID, status: int = 200, **bound: object) -> HttpResponse:
    context = {**showing_page(request.actor, access_showing(request.actor, public_id)), **bound}
    return render(request, "work/showing.html", context, status=status)


@require_safe
@signed_in
def read(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What is shown; a reading by the investor is written down. The team sees the same page."""
    showing = access_showing(request.actor, public_id)
    material = read_shown(request.actor, showing)
    context = {
        "showing": showing,
        "challenge": showing.bid.challenge,
        "material": material,
        "price": money(material.price_fen),
        "milestones": milestone_lines(material),
        "is_ours": request.actor.is_member(showing.team_id),
    }
    response = render(request, "work/showing_material.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@signed_in
def file(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    """A file of the bid, as it was handed in."""
    chosen = read_shown_file(request.actor, access_showing(request.actor, public_id), number)
    response = HttpResponse(chosen.data, content_type="application/octet-stream")
    ending = chosen.name.rpartition(".")[2].lower()
    response["Content-Disposition"] = f'attachment; filename="bid-{number}.{ending}"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@signed_in
def sign(request: ActorRequest, public_id: UUID) -> HttpResponse:
    showing = access_showing(request.actor, public_id)
    form = SignShowingForm(request.POST)
    return take_step(
        request,
        lambda: sign_showing(
            actor=request.actor, showing=showing, text_digest=form.cleaned_data["digest"]
        ),
        lambda status, _error: _page(request, public_id, status, sign_form=form),
        _("Signed. You can read what is shown from now on."),
        ("work:showing", public_id),
        form=form,
    )  # fmt: skip


@require_POST
@signed_in
def decline(request: ActorRequest, public_id: UUID) -> HttpResponse:
    showing = access_showing(request.actor, public_id)
    form = EndShowingForm(request.POST, auto_id="decline-%s")
    return take_step(
        request,
        lambda: decline_showing(actor=request.actor, showing=showing, reason=form.cleaned_data["reason"]),
        lambda status, _error: _page(request, public_id, status, decline_form=form),
        _("Declined."),
        ("work:showing", public_id),
        form=form,
    )


@require_POST
@signed_in
def withdraw(request: ActorRequest, public_id: UUID) -> HttpResponse:
    showing = access_showing(request.actor, public_id)
    form = EndShowingForm(request.POST, auto_id="withdraw-%s")
    return take_step(
        request,
        lambda: withdraw_showing(actor=request.actor, showing=showing, reason=form.cleaned_data["reason"]),
        lambda status, _error: _page(request, public_id, status, withdraw_form=form),
        _("Withdrawn. The investor reads nothing from the next request on."),
        ("work:showing", public_id),
        form=form,
    )


@require_POST
@signed_in
def outcome(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What became of it, by the investor."""
    showing = access_showing(request.actor, public_id)
    form = OutcomeForm(request.POST)
    return take_step(
        request,
        lambda: tell_outcome(actor=request.actor, showing=showing, **form.cleaned_data),
        lambda status, _error: _page(request, public_id, status, outcome_form=form),
        _("Told. The team is asked to confirm it."),
        ("work:showing", public_id),
        form=form,
    )


@require_POST
@signed_in
def answer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The team's word on what the investor told."""
    told = access_outcome(request.actor, public_id)
    form = OutcomeAnswerForm(request.POST, auto_id=f"outcome-{told.number}-%s")
    page = told.showing.public_id

    return take_step(
        request,
        lambda: answer_outcome(actor=request.actor, outcome=told, **form.cleaned_data),
        lambda status, _error: _page(
            request, page, status, outcomes=outcome_lines(request.actor, told.showing, {told.pk: form})
        ),
        _("Kept."),
        ("work:showing", page),
        form=form,
    )
