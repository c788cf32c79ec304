"""What belongs to a case: contacts, tasks, hand-over, the introduction with its receipt, the terms for the fee."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronglian.apps.accounts.operations.tokens import new_secret
from ronglian.apps.agreements.commission import commissions_of
from ronglian.apps.clinic.case_enums import ContactChannel, ContactWith, IntroductionAnswerKind, NoteReader
from ronglian.apps.clinic.case_rules import may_confirm, view_of
from ronglian.apps.clinic.fee_text import fee_text
from ronglian.apps.clinic.models import HandOver, TechnologyManager
from ronglian.apps.clinic.operations.calendar_feeds import close_calendar, open_calendar
from ronglian.apps.clinic.operations.contacts import add_task, finish_task, log_contact, postpone_task
from ronglian.apps.clinic.operations.fee_terms import accept_fee, decline_fee, propose_fee
from ronglian.apps.clinic.operations.hand_overs import accept_case, decline_case, offer_case, take_back_offer
from ronglian.apps.clinic.operations.introductions import answer_introduction
from ronglian.apps.clinic.operations.stop_objections import answer_stop_objection
from ronglian.apps.clinic.queries.cases import (
    access_case,
    access_fee_terms,
    access_hand_over,
    access_introduction,
    access_objection,
    access_task,
    calendar_of,
    colleagues_of,
    due_days,
    event_of,
    list_fee_terms,
    own_manager,
)
from ronglian.kernel.errors import NotAllowed, NotFound, OperationError
from ronglian.kernel.log.proofs import opened_receipt
from ronglian.web.calendars import DueDay, calendar_file
from ronglian.web.context import short_language
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.cases import case_card, terms_line
from ronglian.web.presenters.contracts import commission_line
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.cases import (
    AnswerForm,
    ContactForm,
    FeeForm,
    OfferForm,
    PostponeForm,
    TaskForm,
    WordsForm,
)
from ronglian.web.work.forms.refusals import add_refusal
from ronglian.web.work.steps import take_step
from ronglian.web.work.views.cases import carry_out


@require_POST
@signed_in
def log(request: ActorRequest, public_id: UUID) -> HttpResponse:
    def act(**fields: Any) -> object:
        fields["with_whom"] = ContactWith(fields["with_whom"])
        fields["channel"], fields["reader"] = ContactChannel(fields["channel"]), NoteReader(fields["reader"])
        return log_contact(**fields)

    return carry_out(request, public_id, "contact_form", ContactForm(request.POST), act, _("Noted."))


@require_POST
@signed_in
def add(request: ActorRequest, public_id: UUID) -> HttpResponse:
    done = _("Noted. A mail reminds you the day before.")
    return carry_out(request, public_id, "task_form", TaskForm(request.POST), add_task, done)


@require_POST
@signed_in
def finish(request: ActorRequest, public_id: UUID) -> HttpResponse:
    task = finish_task(actor=request.actor, task=access_task(request.actor, public_id))
    messages.success(request, _("Done."))
    return redirect("work:case", task.case.public_id)


@require_POST
@signed_in
def postpone(request: ActorRequest, public_id: UUID) -> HttpResponse:
    task = access_task(request.actor, public_id)
    form = PostponeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This is not a date. Right would be 2026-11-22."))
    else:
        postpone_task(actor=request.actor, task=task, due_on=form.cleaned_data["due_on"])
        messages.success(request, _("Postponed."))
    return redirect("work:case", task.case.public_id)


@require_safe
@signed_in
def task_file(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """One task for one's own calendar."""
    task = access_task(request.actor, public_id)
    url = request.build_absolute_uri(reverse("work:case", args=[task.case.public_id]))
    day = DueDay(f"task-{task.public_id}", task.title, task.due_on, url)
    return calendar_file([day], timezone.now(), file_name=f"task-{task.public_id}.ics")


@require_POST
@signed_in
def offer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    case = access_case(request.actor, public_id)
    colleagues = list(colleagues_of(case.manager))

    def act(*, taker: str, **fields: Any) -> object:
        chosen = next(one for one in colleagues if str(one.public_id) == taker)
        return offer_case(taker=chosen, **fields)

    form = OfferForm(request.POST, colleagues=colleagues)
    return carry_out(request, public_id, "offer_form", form, act, _("The colleague is asked."))


@require_POST
@signed_in
def take(request: ActorRequest, public_id: UUID) -> HttpResponse:
    taken = accept_case(actor=request.actor, hand_over=access_hand_over(request.actor, public_id))
    messages.success(request, _("You carry this case now."))
    return redirect("work:case", taken.case.public_id)


@require_POST
@signed_in
def decline_offer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    hand_over = access_hand_over(request.actor, public_id)
    decline_case(actor=request.actor, hand_over=hand_over, answer=_typed(request))
    messages.success(request, _("Declined; the colleague keeps the case."))
    return redirect("work:cases")


@require_POST
@signed_in
def take_back(request: ActorRequest, public_id: UUID) -> HttpResponse:
    hand_over: HandOver = access_hand_over(request.actor, public_id)
    take_back_offer(actor=request.actor, hand_over=hand_over)
    messages.success(request, _("The offer is taken back."))
    return redirect("work:case", hand_over.case.public_id)


@require_POST
@signed_in
def answer_stop(request: ActorRequest, public_id: UUID) -> HttpResponse:
    objection = access_objection(request.actor, public_id)

    def act(*, words: str, case: object, actor: Any) -> object:
        return answer_stop_objection(
            actor=actor, objection=objection, answer=words, reopen="reopen" in request.POST
        )

    form = WordsForm(request.POST)
    return carry_out(request, objection.case.public_id, "answer_form", form, act, _("Answered."))


@require_POST
@signed_in
def propose(request: ActorRequest, public_id: UUID) -> HttpResponse:
    case = access_case(request.actor, public_id)
    form = FeeForm(request.POST)
    return take_step(
        request,
        lambda: propose_fee(actor=request.actor, case=case, **form.cleaned_data),
        lambda status, _error: _introduction_page(request, public_id, status, fee_form=form),
        _("The terms wait for both sides."),
        ("work:case-introduction", public_id),
        form=form,
    )


@require_POST
@signed_in
def accept_terms(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """For one's side; by the digest of what was shown."""
    terms = access_fee_terms(request.actor, public_id)
    side, digest = request.POST.get("side", ""), request.POST.get("digest", "")
    accept_fee(actor=request.actor, terms=terms, digest=digest, side=_side(side))
    messages.success(request, _("Accepted for your side."))
    return redirect("work:case-introduction", terms.case.public_id)


@require_POST
@signed_in
def decline_terms(request: ActorRequest, public_id: UUID) -> HttpResponse:
    terms = access_fee_terms(request.actor, public_id)
    decline_fee(actor=request.actor, terms=terms, reason=_typed(request))
    messages.success(request, _("Declined; the technology manager may propose others."))
    return redirect("work:case-introduction", terms.case.public_id)


@require_safe
@signed_in
def show_introduction(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _introduction_page(request, public_id)


@require_POST
@signed_in
def answer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Acknowledge the introduction, or object to it."""
    introduction = access_introduction(request.actor, access_case(request.actor, public_id))
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _introduction_page(request, public_id, 422, form=form)
    said = form.cleaned_data
    try:
        answer_introduction(
            actor=request.actor,
            introduction=introduction,
            side=_side(request.POST.get("side", "")),
            kind=IntroductionAnswerKind(said["kind"]),
            reason=said["reason"],
            note=said["note"],
        )
    except NotAllowed:
        raise
    except OperationError as error:
        add_refusal(form, error)
        return _introduction_page(request, public_id, error.status, form=form)
    messages.success(request, _("Your answer is kept beside the introduction."))
    return redirect("work:case-introduction", public_id)


@require_safe
@signed_in
def receipt(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The receipt of the introduction, with what it commits to: `ronglian verify` checks it anywhere."""
    introduction = access_introduction(request.actor, access_case(request.actor, public_id))
    proof = opened_receipt(event_of(introduction))
    response = HttpResponse(
        json.dumps(proof, ensure_ascii=False, indent=2), content_type="application/json; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="introduction-{introduction.public_id}.json"'
    return response


def _introduction_page(
    request: ActorRequest, public_id: UUID, status: int = 200, **bound: forms.Form
) -> HttpResponse:
    case = access_case(request.actor, public_id)
    introduction = access_introduction(request.actor, case)
    view = view_of(request.actor, case)
    event = event_of(introduction)
    text = fee_text()
    try:
        proof: dict[str, Any] | None = opened_receipt(event)
    except NotFound:
        proof = None
    page = {
        "case": case,
        "card": case_card(request.actor, case, timezone.localdate()),
        "introduction": introduction,
        "event": event,
        "proof": proof,
        "sides": sorted(view.sides, reverse=True),
        "may_speak": may_confirm(request.actor, case) if view.sides else None,
        "answers": {each.side: each for each in introduction.answers.all()},
        "may_object": introduction.may_still_object(timezone.now()),
        "terms": [terms_line(one) for one in list_fee_terms(request.actor, case)],
        "commissions": [commission_line(one) for one in commissions_of(case)]
        if view.carries or view.sides
        else [],
        "fee_text": text.en if short_language() == "en" else text.zh,
        "form": AnswerForm(),
        "fee_form": FeeForm(),
    }
    return render(request, "work/introduction.html", {**page, **bound}, status=status)


@require_http_methods(["GET", "POST"])
@signed_in
def own_calendar(request: ActorRequest) -> HttpResponse:
    """Make or end the address of one's calendar. It is shown once: the site keeps a digest alone."""
    manager = own_manager(request.actor)
    if manager is None:
        raise NotAllowed(_("Only registered technology managers have a calendar of cases."))
    address = ""
    if request.method == "POST":
        if "close" in request.POST:
            close_calendar(actor=request.actor, manager=manager)
            messages.success(request, _("Ended. Whoever has the address finds nothing from now on."))
            return redirect("work:case-calendar")
        secret = new_secret()
        open_calendar(actor=request.actor, manager=manager, secret=secret)
        address = request.build_absolute_uri(reverse("calendar", args=[secret]))
    has_one = manager.calendar_feeds.filter(revoked_at=None).exists()
    return render(request, "work/case_calendar.html", {"address": address, "has_one": has_one})


@require_safe
def feed(request: ActorRequest, secret: str) -> HttpResponse:
    """What is due in a manager's cases, for calendar programs: whoever has the address reads it."""
    manager: TechnologyManager = calendar_of(secret)
    steps, tasks = due_days(manager)

    def page_of(public_id: UUID) -> str:
        return request.build_absolute_uri(reverse("work:case", args=[public_id]))

    days = [
        DueDay(f"case-{case.public_id}", case.next_step, case.next_due, page_of(case.public_id))
        for case in steps
        if case.next_due is not None
    ]
    days += [
        DueDay(f"task-{task.public_id}", task.title, task.due_on, page_of(task.case.public_id))
        for task in tasks.select_related("case")
    ]
    response = calendar_file(days, timezone.now())
    response["Cache-Control"] = "private, no-store"
    return response


def _typed(request: ActorRequest) -> str:
    return request.POST.get("words", "")[:500]


def _side(typed: str) -> str:
    return typed if typed in ("seeker", "partner") else ""
