"""The task book of a challenge: planned, handed in, judged, paid."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ronglian.apps.challenges.milestones import part_of
from ronglian.apps.challenges.operations.milestones import advance_milestone, plan_milestones
from ronglian.apps.challenges.operations.payments import confirm_receipt
from ronglian.apps.challenges.payment_document import payment_document
from ronglian.apps.challenges.queries.milestones import access_milestone
from ronglian.apps.challenges.queries.payments import access_payment_order
from ronglian.apps.challenges.queries.reviews import access_award
from ronglian.kernel.errors import InvalidInput, NotFound
from ronglian.web.files import document_file, named_language
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.challenges import step_form
from ronglian.web.views.challenges import challenge_response
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.challenge_tasks import milestone_rows, planned_rows
from ronglian.web.work.steps import take_step


@require_POST
@signed_in
def plan(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The milestones of one winner."""
    award = access_award(request.actor, public_id)
    challenge = award.challenge
    rows = milestone_rows(request.POST, f"award-{award.place}")

    def act() -> object:
        if not rows.is_valid():
            texts = [str(text) for row in rows.errors for name in row for text in row[name]]
            raise InvalidInput(" ".join(texts), fields={"": texts})
        return plan_milestones(actor=request.actor, challenge=challenge, award=award, rows=planned_rows(rows))

    return take_step(
        request,
        act,
        lambda status, error: challenge_response(request, challenge.public_id, status, refusal=error),
        _("Kept; it is fixed once it is signed."),
        ("challenge", challenge.public_id),
    )


@require_POST
@signed_in
def step(request: ActorRequest, public_id: UUID, name: str) -> HttpResponse:
    milestone = access_milestone(request.actor, public_id)
    process = part_of(milestone)
    form = step_form(process.definition, name, request.POST) if process else None
    if form is None:
        raise NotFound
    challenge_id = milestone.award.challenge.public_id
    return take_step(
        request,
        lambda: advance_milestone(
            actor=request.actor,
            milestone=milestone,
            step=name,
            documents=form.documents(),
            note=form.cleaned_data["note"],
        ),
        lambda status, error: challenge_response(request, challenge_id, status, refusal=error),
        _("Done. The log keeps it."),
        ("challenge", challenge_id),
        form=form,
    )


@require_safe
@signed_in
def order_file(request: ActorRequest, public_id: UUID, language: str, ending: str) -> HttpResponse:
    """A payment order to print, for the issuer and the payee."""
    order = access_payment_order(request.actor, public_id)
    document = payment_document(order, named_language(language))
    return document_file(document, f"payment-order-{order.number}-{order.public_id}", ending)


@require_POST
@signed_in
def received(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """The payee says that the money has arrived."""
    order = access_payment_order(request.actor, public_id)
    challenge_id = order.challenge.public_id
    return take_step(
        request,
        lambda: confirm_receipt(actor=request.actor, payment_order=order),
        lambda status, error: challenge_response(request, challenge_id, status, refusal=error),
        _("Confirmed."),
        ("challenge", challenge_id),
    )
