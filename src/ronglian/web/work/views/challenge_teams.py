"""Bidding together: one's team for a challenge, whom it lacks, and the answer of who is asked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.challenges.models import Team
from ronglian.apps.challenges.operations.teams import (
    answer_partner,
    ask_partner,
    change_team,
    form_team,
    take_out,
)
from ronglian.apps.challenges.queries.challenges import access_challenge
from ronglian.apps.challenges.queries.teams import access_team, access_team_member, own_team
from ronglian.kernel.errors import NotAllowed, OperationError
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.challenge_teams import team_page
from ronglian.web.presenters.challenges import challenge_line
from ronglian.web.work.access import signed_in, writable_organisations
from ronglian.web.work.forms.challenge_teams import AskPartnerForm, TeamForm
from ronglian.web.work.forms.refusals import add_refusal
from ronglian.web.work.steps import take_step


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def begin(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """A team for this challenge; who leads one already goes to it."""
    challenge = access_challenge(request.actor, public_id)
    there = own_team(request.actor, challenge)
    if there is not None:
        return redirect("work:team", there.public_id)
    own = writable_organisations(request.actor)
    form = TeamForm(request.POST if request.method == "POST" else None, own=own)
    context = {"form": form, "challenge": challenge, "line": challenge_line(challenge), "own": own}
    if request.method != "POST":
        return render(request, "work/team_form.html", context)
    if not form.is_valid():
        return render(request, "work/team_form.html", context, status=422)
    try:
        team = form_team(
            actor=request.actor,
            challenge=challenge,
            lead=access_organisation(request.actor, UUID(form.cleaned_data["lead"])),
            part=form.part(),
            lacks=form.cleaned_data["lacks"],
        )
    except NotAllowed:
        raise
    except OperationError as error:
        add_refusal(form, error)
        return render(request, "work/team_form.html", context, status=error.status)
    messages.success(request, _("Your team has begun. Only its members see it."))
    return redirect("work:team", team.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The team; its lead changes its own part and what is lacking here."""
    team = access_team(request.actor, public_id)
    if request.method != "POST":
        return _page(request, team)
    form = TeamForm(request.POST, own=(), team=team)
    return take_step(
        request,
        lambda: change_team(
            actor=request.actor, team=team, part=form.part(), lacks=form.cleaned_data["lacks"]
        ),
        lambda status, _error: _page(request, team, status, team_form=form),
        _("Kept."),
        ("work:team", public_id),
        form=form,
    )


@require_POST
@signed_in
def ask(request: ActorRequest, public_id: UUID) -> HttpResponse:
    team = access_team(request.actor, public_id)
    form = AskPartnerForm(request.POST)
    return take_step(
        request,
        lambda: ask_partner(
            actor=request.actor,
            team=team,
            organisation=access_organisation(request.actor, UUID(form.cleaned_data["organisation"])),
            part=form.part(),
        ),
        lambda status, _error: _page(request, team, status, ask_form=form),
        _("Asked. It confirms its part, or says no."),
        ("work:team", public_id),
        form=form,
    )


@require_POST
@signed_in
def drop(request: ActorRequest, public_id: UUID) -> HttpResponse:
    member = access_team_member(request.actor, public_id)
    team = access_team(request.actor, member.team.public_id)
    return take_step(
        request,
        lambda: take_out(actor=request.actor, team=team, member=member),
        lambda status, error: _page(request, team, status, refusal=error),
        _("Taken out. A bid that names it stays until you replace it."),
        ("work:team", team.public_id),
    )


@require_POST
@signed_in
def answer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Confirm one's part, or say no."""
    member = access_team_member(request.actor, public_id)
    team, confirms = access_team(request.actor, member.team.public_id), request.POST.get("confirms") == "yes"
    return take_step(
        request,
        lambda: answer_partner(actor=request.actor, member=member, confirms=confirms),
        lambda status, error: _page(request, team, status, refusal=error),
        _("Confirmed. The lead is told.") if confirms else _("You are not in the team. The lead is told."),
        ("work:team", team.public_id) if confirms else ("challenge", team.challenge.public_id),
    )


def _page(request: ActorRequest, team: Team, status: int = 200, **bound: Any) -> HttpResponse:
    context = {**team_page(request.actor, team), **bound}
    return render(request, "work/team.html", context, status=status)
