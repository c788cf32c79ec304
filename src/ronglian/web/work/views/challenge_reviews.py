"""The review of bids: by the issuer who organises it, by reviewers, and by whoever speaks against an award."""

from __future__ import annotations

import json
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.challenges.operations.awarding import (
    answer_award_objection,
    award_challenge,
    give_feedback,
    object_to_award,
)
from ronglian.apps.challenges.operations.reviewing import (
    assign_reviews,
    name_reviewer,
    rank_challenge,
    recuse_review,
    submit_review,
)
from ronglian.apps.challenges.queries.challenges import access_bid, access_challenge
from ronglian.apps.challenges.queries.reviews import (
    access_award_objection,
    access_review,
    latest_record,
    own_reviews,
)
from ronglian.apps.challenges.readings import read_bid
from ronglian.kernel.errors import NotFound
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.challenge_board import result_line
from ronglian.web.presenters.challenge_reviews import ranked_bids
from ronglian.web.views.challenges import challenge_response
from ronglian.web.work.access import signed_in, writable_organisations
from ronglian.web.work.forms.challenge_reviews import (
    AnswerForm,
    AssignForm,
    AwardForm,
    FeedbackForm,
    ObjectionForm,
    ReviewerForm,
    ScoreForm,
    StandAsideForm,
)
from ronglian.web.work.steps import take_step


@require_safe
@signed_in
def list_own(request: ActorRequest) -> HttpResponse:
    return render(request, "work/reviews.html", {"reviews": own_reviews(request.actor)})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def review(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One bid to judge: what it says, the anchors, scores with reasons. Blind where the rules say so."""
    found = access_review(request.actor, public_id)
    bid = access_bid(request.actor, found.bid.public_id)
    form = ScoreForm(
        request.POST if request.method == "POST" else None,
        rubric=bid.challenge.rubric,
        scores=found.scores,
        comments=found.comments,
    )

    def page(status: int = 200) -> HttpResponse:
        content = read_bid(request.actor, bid)
        asked = zip(bid.challenge.eligibility, (content or {}).get("answers", []), strict=False)
        context = {
            "review": found,
            "result": result_line(request.actor, bid),
            "bid": bid,
            "content": content,
            "answers": [(question["label"], answer) for question, answer in asked],
            "is_blind": bid.challenge.is_blind,
            "form": form,
            "aside_form": StandAsideForm(),
        }
        return render(request, "work/review.html", context, status=status)

    if request.method != "POST":
        return page()
    return take_step(
        request,
        lambda: submit_review(
            actor=request.actor,
            review=found,
            scores=form.scores(),
            comments=form.comments(),
            reason=form.cleaned_data["reason"],
        ),
        lambda status, _error: page(status),
        _("Handed in."),
        ("work:review", public_id),
        form=form,
    )


@require_POST
@signed_in
def stand_aside(request: ActorRequest, public_id: UUID) -> HttpResponse:
    found = access_review(request.actor, public_id)
    form = StandAsideForm(request.POST)
    return take_step(
        request,
        lambda: recuse_review(actor=request.actor, review=found, reason=form.cleaned_data["reason"]),
        lambda status, _error: render(
            request,
            "work/reviews.html",
            {"reviews": own_reviews(request.actor), "aside_form": form},
            status=status,
        ),
        _("You have stood aside; the issuer sees it."),
        ("challenge", found.bid.challenge.public_id),
        form=form,
    )


@require_POST
@signed_in
def reviewer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    challenge, form = access_challenge(request.actor, public_id), ReviewerForm(request.POST)
    return take_step(
        request,
        lambda: name_reviewer(actor=request.actor, challenge=challenge, **form.cleaned_data),
        lambda status, _error: challenge_response(request, public_id, status, reviewer_form=form),
        _("Named."),
        ("challenge", public_id),
        form=form,
    )


@require_POST
@signed_in
def assign(request: ActorRequest, public_id: UUID) -> HttpResponse:
    challenge, form = access_challenge(request.actor, public_id), AssignForm(request.POST)
    return take_step(
        request,
        lambda: assign_reviews(actor=request.actor, challenge=challenge, each=form.cleaned_data["each"]),
        lambda status, _error: challenge_response(request, public_id, status, assign_form=form),
        _("Assigned to the best fit; nobody reviews a bid of an organisation they are tied to."),
        ("challenge", public_id),
        form=form,
    )


@require_POST
@signed_in
def rank(request: ActorRequest, public_id: UUID) -> HttpResponse:
    challenge = access_challenge(request.actor, public_id)
    return take_step(
        request,
        lambda: rank_challenge(actor=request.actor, challenge=challenge),
        lambda status, error: challenge_response(request, public_id, status, refusal=error),
        _("Computed by the published formula."),
        ("challenge", public_id),
    )


@require_POST
@signed_in
def award(request: ActorRequest, public_id: UUID) -> HttpResponse:
    challenge = access_challenge(request.actor, public_id)
    record = latest_record(request.actor, challenge)
    bids = ranked_bids(challenge, record.record) if record else []
    form = AwardForm(request.POST, bids=bids)

    def act() -> object:
        chosen = set(form.cleaned_data["bids"])
        winners = [bid for bid, _label in bids if str(bid.public_id) in chosen]
        return award_challenge(
            actor=request.actor, challenge=challenge, bids=winners, reason=form.cleaned_data["reason"]
        )

    return take_step(
        request,
        act,
        lambda status, _error: challenge_response(request, public_id, status, award_form=form),
        _("Proposed; the public notice runs."),
        ("challenge", public_id),
        form=form,
    )


@require_POST
@signed_in
def object_to(request: ActorRequest, public_id: UUID) -> HttpResponse:
    challenge = access_challenge(request.actor, public_id)
    form = ObjectionForm(request.POST, own=writable_organisations(request.actor))
    return take_step(
        request,
        lambda: object_to_award(
            actor=request.actor,
            challenge=challenge,
            by=access_organisation(request.actor, UUID(form.cleaned_data["by"])),
            text=form.cleaned_data["text"],
        ),
        lambda status, _error: challenge_response(request, public_id, status, objection_form=form),
        _("Raised. It is answered with reasons that everybody reads."),
        ("challenge", public_id),
        form=form,
    )


@require_POST
@signed_in
def answer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    objection, form = access_award_objection(request.actor, public_id), AnswerForm(request.POST)
    challenge_id = objection.challenge.public_id
    return take_step(
        request,
        lambda: answer_award_objection(actor=request.actor, objection=objection, **form.cleaned_data),
        lambda status, _error: challenge_response(request, challenge_id, status, answer_form=form),
        _("Answered. Take the step of the scheme that follows from it."),
        ("challenge", challenge_id),
        form=form,
    )


@require_POST
@signed_in
def feedback(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """To the bidder of one bid that did not win."""
    bid, form = access_bid(request.actor, public_id), FeedbackForm(request.POST)
    challenge = access_challenge(request.actor, bid.challenge.public_id)
    return take_step(
        request,
        lambda: give_feedback(
            actor=request.actor, challenge=challenge, bid=bid, text=form.cleaned_data["text"]
        ),
        lambda status, _error: challenge_response(request, challenge.public_id, status, feedback_form=form),
        _("Told."),
        ("challenge", challenge.public_id),
        form=form,
    )


@require_safe
def record(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The record of the review as a file: `ronglian challenge verify` computes the ranking again."""
    challenge = access_challenge(request.actor, public_id)
    found = latest_record(request.actor, challenge)
    if found is None:
        raise NotFound
    response = HttpResponse(
        json.dumps(found.record, ensure_ascii=False, indent=2), content_type="application/json; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="review-{challenge.public_id}.json"'
    return response
