"""Challenges for those who set them, hold their keys, or answer them."""

from __future__ import annotations

import base64
import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.challenges.bid_content import LARGEST_CONTENT
from ronglian.apps.challenges.enums import HolderRole
from ronglian.apps.challenges.models import Challenge
from ronglian.apps.challenges.operations.bids import hand_in_bid, withdraw_bid
from ronglian.apps.challenges.operations.drafting import (
    change_challenge,
    draft_challenge,
    make_holder_key,
    state_facts,
)
from ronglian.apps.challenges.operations.opening import open_bids
from ronglian.apps.challenges.operations.steps import advance_challenge
from ronglian.apps.challenges.queries.challenges import (
    access_bid,
    access_challenge,
    own_bids,
    own_challenges,
    receipt_event,
)
from ronglian.apps.challenges.queries.readings import readings_of
from ronglian.apps.challenges.queries.reviews import feedback_of
from ronglian.apps.challenges.queries.showings import showings_of_bid
from ronglian.apps.challenges.queries.teams import list_teams, own_team, waits_for
from ronglian.apps.challenges.readings import read_bid
from ronglian.apps.challenges.showing_rules import may_show
from ronglian.apps.challenges.standing import KIND, asked_facts, process_of
from ronglian.apps.clinic.queries.technology_managers import access_manager, list_managers
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.queries.records import access_record
from ronglian.kernel.errors import NotAllowed, NotFound, OperationError
from ronglian.kernel.log.proofs import opened_receipt
from ronglian.kernel.process.rulebook import rulebook
from ronglian.web.asked import read_id
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.cases import money
from ronglian.web.presenters.challenge_board import result_line
from ronglian.web.presenters.challenge_teams import consortium_of
from ronglian.web.presenters.challenges import challenge_line, step_form
from ronglian.web.presenters.processes import say
from ronglian.web.presenters.showings import showing_lines
from ronglian.web.uploads import files_in_memory
from ronglian.web.views.challenges import challenge_response
from ronglian.web.work.access import signed_in, writable_organisations
from ronglian.web.work.forms.challenges import BidForm, ChallengeForm, FactsForm, KeyForm, OpenForm
from ronglian.web.work.steps import take_step

PER_PAGE = 20


@require_safe
@signed_in
def list_own(request: ActorRequest) -> HttpResponse:
    """Those one set or holds a key of, and one's bids."""
    page = Paginator(own_challenges(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "lines": [challenge_line(one) for one in page],
        "bids": own_bids(request.actor),
        "teams": [(one, waits_for(request.actor, one)) for one in list_teams(request.actor)[:PER_PAGE]],
        "may_draft": bool(writable_organisations(request.actor)),
    }
    return render(request, "work/challenges.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def begin(request: ActorRequest) -> HttpResponse:
    """A new challenge, from nothing or from a need."""
    own = writable_organisations(request.actor)
    if not own:
        raise NotAllowed(_("Owners and editors put out challenges for their organisation."))
    asked = request.POST if request.method == "POST" else request.GET
    need = access_record(request.actor, Need, read_id(asked["need"])) if asked.get("need") else None
    issuer = next((one for one in own if str(one.public_id) == asked.get("issuer")), own[0])
    form = _form(request, initial=_from_need(request, need))
    schemes = [(each.id, say(each.name), say(each.summary)) for each in _schemes()]
    context = {"form": form, "own": own, "issuer": issuer, "need": need, "schemes": schemes, "scheme": asked.get("scheme", "prize_challenge")}  # fmt: skip
    if request.method != "POST":
        return render(request, "work/challenge_form.html", context)
    if not form.is_valid():
        return render(request, "work/challenge_form.html", context, status=422)
    try:
        fields, invited = _fields(request, form)
        challenge = draft_challenge(
            actor=request.actor,
            issuer=issuer,
            scheme=str(context["scheme"]),
            fields=fields,
            need=need,
            invited=invited,
        )
    except NotAllowed:
        raise
    except OperationError as error:
        form.add_call_error(error)
        return render(request, "work/challenge_form.html", context, status=error.status)
    messages.success(request, _("Drafted. Only your side sees it until it is published."))
    return redirect("challenge", challenge.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def edit(request: ActorRequest, public_id: UUID) -> HttpResponse:
    challenge = access_challenge(request.actor, public_id)
    if not request.actor.may_write_for(challenge.issuer_id):
        raise NotAllowed(_("Owners and editors of the issuer do this."))
    form = _form(request, challenge=challenge)
    context = {"form": form, "challenge": challenge}
    if request.method != "POST":
        return render(request, "work/challenge_form.html", context)
    if not form.is_valid():
        return render(request, "work/challenge_form.html", context, status=422)
    try:
        fields, invited = _fields(request, form)
        change_challenge(actor=request.actor, challenge=challenge, fields=fields, invited=invited)
    except NotAllowed:
        raise
    except OperationError as error:
        form.add_call_error(error)
        return render(request, "work/challenge_form.html", context, status=error.status)
    messages.success(request, _("Kept."))
    return redirect("challenge", challenge.public_id)


@require_POST
@signed_in
def facts(request: ActorRequest, public_id: UUID) -> HttpResponse:
    challenge = access_challenge(request.actor, public_id)
    asked = asked_facts(process_of(challenge).definition)
    form = FactsForm(request.POST, facts=asked, stated=challenge.stated)
    return take_step(
        request,
        lambda: state_facts(actor=request.actor, challenge=challenge, facts=form.facts()),
        lambda status, _error: challenge_response(request, public_id, status, facts_form=form),
        _("Kept; it is published with the challenge."),
        ("challenge", public_id),
        form=form,
    )


@sensitive_post_parameters()
@require_POST
@signed_in
def make_key(request: ActorRequest, public_id: UUID) -> HttpResponse:
    challenge = access_challenge(request.actor, public_id)
    form = KeyForm(request.POST)
    return take_step(
        request,
        lambda: make_holder_key(
            actor=request.actor,
            challenge=challenge,
            role=HolderRole(form.cleaned_data["role"]),
            passphrase=form.cleaned_data["passphrase"],
        ),
        lambda status, _error: challenge_response(request, public_id, status, key_form=form),
        _("Your key is made. Keep the passphrase: it is stored nowhere."),
        ("challenge", public_id),
        form=form,
    )


@require_POST
@signed_in
def step(request: ActorRequest, public_id: UUID, name: str) -> HttpResponse:
    challenge = access_challenge(request.actor, public_id)
    form = step_form(process_of(challenge).definition, name, request.POST)
    if form is None:
        raise NotFound
    return take_step(
        request,
        lambda: advance_challenge(
            actor=request.actor,
            challenge=challenge,
            step=name,
            documents=form.documents(),
            note=form.cleaned_data["note"],
        ),
        lambda status, error: challenge_response(
            request, public_id, status, refusal=error, refused_form=form
        ),
        _("Done. The log keeps it."),
        ("challenge", public_id),
        form=form,
    )


@sensitive_post_parameters()
@signed_in
@files_in_memory(LARGEST_CONTENT)
@require_http_methods(["GET", "HEAD", "POST"])
def bid(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A bid. Its files stay in memory."""
    challenge = access_challenge(request.actor, public_id)
    own = writable_organisations(request.actor)
    is_sent = request.method == "POST"
    form = BidForm(
        request.POST if is_sent else None, request.FILES if is_sent else None, challenge=challenge, own=own
    )
    team = own_team(request.actor, challenge)
    context = {
        "form": form,
        "challenge": challenge,
        "line": challenge_line(challenge),
        "own": own,
        "team": team,
    }
    if not is_sent:
        return render(request, "work/bid_form.html", context)
    if not form.is_valid():
        return render(request, "work/bid_form.html", context, status=422)
    bidder = access_organisation(request.actor, UUID(form.cleaned_data["bidder"]))
    try:
        kept = hand_in_bid(actor=request.actor, challenge=challenge, bidder=bidder, content=form.content())
    except NotAllowed:
        raise
    except OperationError as error:
        for name, texts in error.fields.items():
            form.add_error(name if name in form.fields else None, [str(text) for text in texts])
        if not error.fields:
            form.add_error(None, str(error.message))
        return render(request, "work/bid_form.html", context, status=error.status)
    messages.success(request, _("Sealed and received. Keep the receipt."))
    return redirect("work:bid", kept.public_id)


@require_safe
@signed_in
def show_bid(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One's own receipt, or an opened bid of one's own challenge."""
    found = access_bid(request.actor, public_id)
    is_own = request.actor.is_member(found.bidder_id)
    if not is_own and not request.actor.is_member(found.challenge.issuer_id):
        raise NotFound  # a reviewer reads it on the page of the review, without the bidder's name where that is blind
    content, event = read_bid(request.actor, found), receipt_event(found)
    try:
        proof: dict[str, Any] | None = opened_receipt(event)
    except NotFound:
        proof = None
    context = {
        "bid": found,
        "feedback": feedback_of(request.actor, found),
        "content": content,
        "readings": readings_of(request.actor, found)[:PER_PAGE] if is_own else None,
        "consortium": consortium_of(found),
        "result": result_line(request.actor, found),
        "proof": proof if is_own else None,
        "is_own": is_own,
        "showings": showing_lines(request.actor, showings_of_bid(request.actor, found)) if is_own else (),
        "may_show": is_own and bool(may_show(request.actor, found)),
        "price": money((content or {}).get("price_fen")),
        "answers": _answers(found.challenge, content),
        "may_withdraw": is_own and request.actor.may_write_for(found.bidder_id) and found.state == "sealed",
    }
    return render(request, "work/bid.html", context)


@require_safe
@signed_in
def receipt(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """What proves that the bid arrived when it did: `ronglian verify` checks it anywhere."""
    found = access_bid(request.actor, public_id)
    if not request.actor.is_member(found.bidder_id):
        raise NotFound
    proof = opened_receipt(receipt_event(found))
    response = HttpResponse(
        json.dumps(proof, ensure_ascii=False, indent=2), content_type="application/json; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="bid-{found.public_id}.json"'
    return response


@require_safe
@signed_in
def attachment(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    """A file of an opened bid."""
    found = access_bid(request.actor, public_id)
    files = (read_bid(request.actor, found) or {}).get("attachments", [])
    if not 1 <= number <= len(files):
        raise NotFound
    chosen = files[number - 1]
    response = HttpResponse(base64.b64decode(chosen["data"]), content_type="application/octet-stream")
    ending = str(chosen["name"]).rpartition(".")[2].lower()
    response["Content-Disposition"] = f'attachment; filename="bid-{number}.{ending}"'
    return response


@require_POST
@signed_in
def withdraw(request: ActorRequest, public_id: UUID) -> HttpResponse:
    found = access_bid(request.actor, public_id)
    if not request.actor.is_member(found.bidder_id):
        raise NotFound
    return take_step(
        request,
        lambda: withdraw_bid(actor=request.actor, challenge=found.challenge, bidder=found.bidder),
        lambda status, error: challenge_response(request, found.challenge.public_id, status, refusal=error),
        _("Taken back. Its envelope is never opened."),
        ("challenge", found.challenge.public_id),
    )


@sensitive_post_parameters()
@require_POST
@signed_in
def open_layer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    challenge = access_challenge(request.actor, public_id)
    form = OpenForm(request.POST)
    return take_step(
        request,
        lambda: open_bids(
            actor=request.actor, challenge=challenge, passphrase=form.cleaned_data["passphrase"]
        ),
        lambda status, _error: challenge_response(request, public_id, status, open_form=form),
        _("Opened. The record says who did, and when."),
        ("challenge", public_id),
        form=form,
    )


def _form(
    request: ActorRequest, *, challenge: Challenge | None = None, initial: dict[str, Any] | None = None
) -> ChallengeForm:
    return ChallengeForm(
        request.POST if request.method == "POST" else None,
        managers=list(list_managers(request.actor).confirmed()),  # type: ignore[attr-defined]  # the managers' own query set
        challenge=challenge,
        initial=initial,
    )


def _fields(request: ActorRequest, form: ChallengeForm) -> tuple[dict[str, Any], list[Organisation]]:
    """What was typed, with people and organisations looked up; an address that leads nowhere is said at its field."""
    fields, invited = form.fields_of(), []
    typed = form.cleaned_data
    manager, escrow = typed["manager"], typed["escrow"]
    fields["manager"] = access_manager(request.actor, UUID(manager)) if manager else None
    try:
        fields["escrow"] = access_organisation(request.actor, UUID(escrow)) if escrow else None
        invited = [access_organisation(request.actor, UUID(one)) for one in typed["invited"]]
    except NotFound as error:
        raise OperationError(_("One of the addresses leads to no organisation.")) from error
    return fields, invited


def _from_need(request: ActorRequest, need: Need | None) -> dict[str, Any]:
    """What a need says already; its acceptance test only to those who may read the consultation it came of."""
    if need is None:
        return {}
    found: dict[str, Any] = {"title": need.title, "title_en": need.title_en, "text": need.summary}
    consultation = getattr(need, "consultation", None)
    if consultation is not None and request.actor.is_member(consultation.owner_id):
        found["acceptance"] = consultation.acceptance
    return found


def _schemes() -> list[Any]:
    found = [each for each in rulebook().library if each.kind == KIND]
    return sorted(found, key=lambda each: (each.jurisdiction != "platform", each.id))


def _answers(challenge: Challenge, content: Any) -> list[tuple[str, str]]:
    if not content:
        return []
    return [
        (question["label"], answer)
        for question, answer in zip(challenge.eligibility, content["answers"], strict=False)
    ]
