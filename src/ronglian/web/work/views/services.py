"""Offering services, asking for them, answering, and saying whether they helped."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.models import Service, ServiceRequest, TechnologyManager
from ronglian.apps.clinic.operations.services import (
    answer_request,
    ask_for_service,
    confirm_delivery,
    edit_service,
    offer_service,
    resume_service,
    take_back_request,
    withdraw_service,
)
from ronglian.apps.clinic.queries.services import (
    access_request,
    access_service,
    list_requests,
    own_services,
    waiting_requests,
)
from ronglian.apps.clinic.queries.technology_managers import own_manager
from ronglian.apps.clinic.service_enums import RequestState, ServiceState
from ronglian.apps.clinic.service_rules import (
    is_providing,
    may_answer_request,
    may_change_service,
    may_end_request,
    may_offer_service,
)
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.queries.records import access_record, list_records
from ronglian.kernel.errors import NotAllowed, OperationError
from ronglian.web.asked import read_id
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters import services as presenter
from ronglian.web.presenters.texts import said, show_paragraphs
from ronglian.web.work.access import signed_in, writable_organisations
from ronglian.web.work.forms.fields import region_names
from ronglian.web.work.forms.refusals import add_refusal
from ronglian.web.work.forms.services import AnswerForm, AskForm, MetForm, ServiceForm, WithdrawForm
from ronglian.web.work.steps import take_step

PER_PAGE = 20
SHOWN = 50

Provider = Organisation | TechnologyManager


@require_safe
@signed_in
def list_own(request: ActorRequest) -> HttpResponse:
    """What waits for an answer, what was asked on both sides, and what one offers."""
    actor = request.actor
    page = Paginator(list_requests(actor), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "waiting": [presenter.request_row(actor, one) for one in waiting_requests(actor)[:SHOWN]],
        "page_obj": page,
        "requests": [presenter.request_row(actor, one) for one in page],
        "services": [presenter.service_card(one) for one in own_services(actor)[:SHOWN]],
        "may_offer": bool(_providers(request)),
    }
    return render(request, "work/services.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def offer(request: ActorRequest) -> HttpResponse:
    """Put a service in the catalogue."""
    providers = _providers(request)
    if not providers:
        raise NotAllowed(
            _(
                "Owners and editors offer an organisation's services; technology managers of the register their own."
            )
        )
    choices = [(key, str(one)) for key, one in providers.items()]
    form = ServiceForm(request.POST if request.method == "POST" else None, providers=choices)
    if request.method != "POST":
        return _form_page(request, form)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    provider = providers[form.cleaned_data["provider"]]
    try:
        service = offer_service(actor=request.actor, provider=provider, fields=form.attributes())
    except OperationError as error:
        add_refusal(form, error)
        return _form_page(request, form, status=error.status)
    messages.success(request, _("The service stands in the catalogue."))
    return redirect("service", service.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: ActorRequest, public_id: UUID) -> HttpResponse:
    service = access_service(request.actor, public_id)
    if not (verdict := may_change_service(request.actor, service)):
        raise NotAllowed(verdict.reason)
    if request.method != "POST":
        return _form_page(request, ServiceForm(initial=ServiceForm.values_of(service)), service)
    form = ServiceForm(request.POST)
    return take_step(
        request,
        lambda: edit_service(
            actor=request.actor,
            service=service,
            fields=form.attributes(),
            version=form.cleaned_data["version"],
        ),
        lambda status, _error: _form_page(request, form, service, status=status),
        _("Saved."),
        ("service", service.public_id),
        form=form,
    )


@require_POST
@signed_in
def withdraw(request: ActorRequest, public_id: UUID) -> HttpResponse:
    service = access_service(request.actor, public_id)
    form = WithdrawForm(request.POST)
    return take_step(
        request,
        lambda: withdraw_service(actor=request.actor, service=service, reason=form.cleaned_data["reason"]),
        lambda status, _error: service_response(request, service, status=status, withdrawing=form),
        _("It is offered no longer."),
        ("service", service.public_id),
        form=form,
    )


@require_POST
@signed_in
def resume(request: ActorRequest, public_id: UUID) -> HttpResponse:
    service = access_service(request.actor, public_id)
    resume_service(actor=request.actor, service=service)
    messages.success(request, _("It is offered again."))
    return redirect("service", service.public_id)


@require_POST
@signed_in
def ask(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Ask for it, for an organisation one acts for."""
    service = access_service(request.actor, public_id)
    own = {str(one.public_id): one for one in writable_organisations(request.actor)}
    form = _ask_form(request, own, request.POST)
    if not form.is_valid():
        return service_response(request, service, status=422, asking=form)
    wanted = form.cleaned_data.get("need")
    try:
        asked = ask_for_service(
            actor=request.actor,
            organisation=own[form.cleaned_data["organisation"]],
            service=service,
            wish=form.cleaned_data["wish"],
            need=access_record(request.actor, Need, read_id(wanted)) if wanted else None,
        )
    except NotAllowed:
        raise
    except OperationError as error:
        add_refusal(form, error)
        return service_response(request, service, status=error.status, asking=form)
    messages.success(request, _("Asked. Who offers the service is told."))
    return redirect("work:service-request", asked.public_id)


@require_safe
@signed_in
def show_request(request: ActorRequest, public_id: UUID) -> HttpResponse:
    return _request_page(request, access_request(request.actor, public_id))


@require_POST
@signed_in
def answer(request: ActorRequest, public_id: UUID) -> HttpResponse:
    asked = access_request(request.actor, public_id)
    form = AnswerForm(request.POST)
    return take_step(
        request,
        lambda: answer_request(
            actor=request.actor,
            request=asked,
            accepts=request.POST.get("accepts") == "1",
            answer=form.cleaned_data["answer"],
        ),
        lambda status, _error: _request_page(request, asked, status=status, answering=form),
        _("Answered. Who asked is told."),
        ("work:service-request", asked.public_id),
        form=form,
    )


@require_POST
@signed_in
def take_back(request: ActorRequest, public_id: UUID) -> HttpResponse:
    asked = access_request(request.actor, public_id)
    take_back_request(actor=request.actor, request=asked)
    messages.success(request, _("Taken back."))
    return redirect("work:service-request", asked.public_id)


@require_POST
@signed_in
def confirm(request: ActorRequest, public_id: UUID) -> HttpResponse:
    asked = access_request(request.actor, public_id)
    form = MetForm(request.POST)
    return take_step(
        request,
        lambda: confirm_delivery(actor=request.actor, request=asked, met=form.cleaned_data["met"]),
        lambda status, _error: _request_page(request, asked, status=status, confirming=form),
        _("Confirmed. Who offers the service is told."),
        ("work:service-request", asked.public_id),
        form=form,
    )


def service_response(
    request: ActorRequest,
    service: Service,
    *,
    status: int = 200,
    asking: AskForm | None = None,
    withdrawing: WithdrawForm | None = None,
) -> HttpResponse:
    """The page of a service, with what the reader may do."""
    own = {str(one.public_id): one for one in writable_organisations(request.actor)}
    is_ours = is_providing(request.actor, service)
    may_ask = bool(own) and not is_ours and service.state == ServiceState.OFFERED
    context = {
        "service": service,
        "title": presenter.service_title(service),
        "line": presenter.provider_line(service),
        "badges": presenter.service_badges(service),
        "facts": presenter.service_facts(service),
        "summary": show_paragraphs(said(service, "summary")),
        "may_change": bool(may_change_service(request.actor, service)),
        "asking": (asking or _ask_form(request, own, None)) if may_ask else None,
        "withdrawing": withdrawing or WithdrawForm(auto_id="id_withdrawing_%s"),
    }
    return render(request, "web/service.html", context, status=status)


def _ask_form(request: ActorRequest, own: dict[str, Organisation], data: object) -> AskForm:
    needs = list_records(request.actor, Need).filter(
        owner__in=own.values(), state__in=(State.DRAFT, State.PUBLISHED)
    )[:SHOWN]
    return AskForm(
        data,
        organisations=[(key, one.name) for key, one in own.items()],
        needs=[(str(one.public_id), one.title) for one in needs],
        initial={"need": request.GET.get("need", "")},
    )


def _form_page(
    request: ActorRequest, form: ServiceForm, service: Service | None = None, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "service": service, "region_names": region_names()}
    return render(request, "work/service_form.html", context, status=status)


def _request_page(
    request: ActorRequest,
    asked: ServiceRequest,
    *,
    status: int = 200,
    answering: AnswerForm | None = None,
    confirming: MetForm | None = None,
) -> HttpResponse:
    actor, state = request.actor, asked.state
    context = {
        "asked": asked,
        "title": presenter.service_title(asked.service),
        "line": presenter.provider_line(asked.service),
        "need": presenter.need_link(actor, asked),
        "may_answer": state == RequestState.ASKED and bool(may_answer_request(actor, asked)),
        "may_take_back": state == RequestState.ASKED and bool(may_end_request(actor, asked)),
        "may_confirm": state == RequestState.ACCEPTED and bool(may_end_request(actor, asked)),
        "answering": answering or AnswerForm(),
        "confirming": confirming or MetForm(),
    }
    return render(request, "work/service_request.html", context, status=status)


def _providers(request: ActorRequest) -> dict[str, Provider]:
    """For whom the reader may offer services, by a name for the form."""
    found: dict[str, Provider] = {str(one.public_id): one for one in writable_organisations(request.actor)}
    manager = own_manager(request.actor)
    if manager is not None and may_offer_service(request.actor, manager):
        found = {"manager": manager, **found}
    return found
