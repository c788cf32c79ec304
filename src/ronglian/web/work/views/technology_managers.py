"""One's own entry in the register of technology managers, and keeping the register."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronglian.apps.accounts.queries.organisations import own_organisations
from ronglian.apps.accounts.queries.people import access_self
from ronglian.apps.clinic.manager_enums import ManagerState
from ronglian.apps.clinic.manager_rules import is_oneself, may_keep_register
from ronglian.apps.clinic.models import TechnologyManager
from ronglian.apps.clinic.operations.technology_managers import (
    add_certificate,
    confirm_manager,
    drop_certificate,
    edit_manager,
    end_manager,
    pause_manager,
    register_manager,
    verify_certificate,
)
from ronglian.apps.clinic.queries.performance import list_performance
from ronglian.apps.clinic.queries.technology_managers import (
    access_certificate,
    access_manager,
    access_own_manager,
    list_register,
    own_manager,
    waiting_managers,
)
from ronglian.kernel.errors import NotFound, OperationError, StaleVersion
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters import technology_managers as presenter
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.fields import region_names
from ronglian.web.work.forms.refusals import add_refusal
from ronglian.web.work.forms.technology_managers import CertificateForm, EndForm, ManagerForm

SHOWN = 50
PER_PAGE = 20


@require_http_methods(["GET", "POST"])
@signed_in
def own_entry(request: ActorRequest) -> HttpResponse:
    """Apply for the register, or change one's entry."""
    manager = own_manager(request.actor)
    organisations = list(own_organisations(request.actor))
    if request.method != "POST":
        shown = manager or TechnologyManager(name=access_self(request.actor).name, languages=["zh"])
        form = ManagerForm(organisations=organisations, initial=ManagerForm.values_of(shown))
        return _own_page(request, manager, form=form)
    form = ManagerForm(request.POST, organisations=organisations)
    if not form.is_valid():
        return _own_page(request, manager, form=form, status=422)
    try:
        _keep(request, manager, form)
    except StaleVersion as error:
        assert manager is not None
        typed = request.POST.copy()
        typed["version"] = str(manager.version)
        form = ManagerForm(typed, organisations=organisations)
        form.add_error(None, str(error.message))
        return _own_page(request, manager, form=form, status=412)
    except OperationError as error:
        add_refusal(form, error)
        return _own_page(request, manager, form=form, status=error.status)
    return redirect("work:manager")


def _keep(request: ActorRequest, manager: TechnologyManager | None, form: ManagerForm) -> None:
    if manager is None or manager.state == ManagerState.ENDED:
        register_manager(actor=request.actor, person=access_self(request.actor), fields=form.attributes())
        messages.success(
            request, _("You have applied. The science and technology bureau confirms the entry.")
        )
        return
    version = form.cleaned_data["version"]
    edit_manager(actor=request.actor, manager=manager, fields=form.attributes(), version=version)
    messages.success(request, _("Saved."))


@require_POST
@signed_in
def pause(request: ActorRequest) -> HttpResponse:
    manager = access_own_manager(request.actor)
    takes_new = bool(request.POST.get("takes_new"))
    pause_manager(actor=request.actor, manager=manager, takes_new=takes_new)
    messages.success(
        request, _("You take new cases again.") if takes_new else _("You are given no new cases now.")
    )
    return redirect("work:manager")


@require_POST
@signed_in
def leave(request: ActorRequest) -> HttpResponse:
    """End one's own registration."""
    manager = access_own_manager(request.actor)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _own_page(request, manager, ending=form, status=422)
    end_manager(actor=request.actor, manager=manager, reason=form.cleaned_data["reason"])
    messages.success(request, _("Your registration has ended."))
    return redirect("work:manager")


@require_POST
@signed_in
def certificate(request: ActorRequest) -> HttpResponse:
    """Name a certificate."""
    manager = access_own_manager(request.actor)
    form = CertificateForm(request.POST)
    if not form.is_valid():
        return _own_page(request, manager, certificate=form, status=422)
    try:
        add_certificate(actor=request.actor, manager=manager, **form.cleaned_data)
    except OperationError as error:
        add_refusal(form, error)
        return _own_page(request, manager, certificate=form, status=error.status)
    messages.success(request, _("The certificate stands in your entry; it waits to be checked."))
    return redirect("work:manager")


@require_POST
@signed_in
def drop(request: ActorRequest, public_id: UUID) -> HttpResponse:
    drop_certificate(actor=request.actor, certificate=access_certificate(request.actor, public_id))
    messages.success(request, _("The certificate is taken from your entry."))
    return redirect("work:manager")


@require_POST
@signed_in
def verify(request: ActorRequest, public_id: UUID) -> HttpResponse:
    verify_certificate(actor=request.actor, certificate=access_certificate(request.actor, public_id))
    messages.success(request, _("Verified."))
    return redirect("work:register")


@require_safe
@signed_in
def register(request: ActorRequest) -> HttpResponse:
    """For who keeps the register: what waits for confirmation."""
    if not may_keep_register(request.actor, None):
        raise NotFound
    waiting = [
        {
            "manager": manager,
            "name": presenter.manager_name(manager),
            "badges": presenter.manager_badges(manager),
            "facts": presenter.manager_facts(manager),
            "certificates": presenter.shown_certificates(request.actor, manager),
        }
        for manager in waiting_managers(request.actor).prefetch_related("certificates")[:SHOWN]
    ]
    return render(request, "work/register.html", {"waiting": waiting, "ending": EndForm(auto_id=False)})


@require_safe
@signed_in
def performance(request: ActorRequest) -> HttpResponse:
    """For who keeps the register: what became of everybody's cases."""
    if not may_keep_register(request.actor, None):
        raise NotFound
    page = Paginator(list_register(request.actor), PER_PAGE).get_page(request.GET.get("page"))
    found = list_performance(request.actor, list(page))
    rows = [presenter.performance_row(one) for one in found]
    titles = [line.title for line in rows[0].lines] if rows else []
    return render(request, "work/performance.html", {"rows": rows, "titles": titles, "page_obj": page})


@require_POST
@signed_in
def confirm(request: ActorRequest, public_id: UUID) -> HttpResponse:
    manager = confirm_manager(actor=request.actor, manager=access_manager(request.actor, public_id))
    messages.success(request, _("%(name)s stands in the register.") % {"name": manager})
    return redirect("work:register")


@require_POST
@signed_in
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Refuse an application, or take somebody from the register."""
    manager = access_manager(request.actor, public_id)
    end_manager(actor=request.actor, manager=manager, reason=request.POST.get("reason", ""))
    messages.success(request, _("The registration has ended."))
    return redirect("work:register" if not is_oneself(request.actor, manager) else "work:manager")


def _own_page(
    request: ActorRequest,
    manager: TechnologyManager | None,
    *,
    status: int = 200,
    form: forms.Form | None = None,
    certificate: forms.Form | None = None,
    ending: forms.Form | None = None,
) -> HttpResponse:
    if form is None:
        assert manager is not None
        organisations = list(own_organisations(request.actor))
        form = ManagerForm(organisations=organisations, initial=ManagerForm.values_of(manager))
    page = {
        "manager": manager,
        "is_standing": manager is not None and manager.state != ManagerState.ENDED,
        "badges": presenter.manager_badges(manager) if manager else [],
        "certificates": presenter.shown_certificates(request.actor, manager) if manager else [],
        "form": form,
        "certificate": certificate or CertificateForm(prefix=None, auto_id="id_certificate_%s"),
        "ending": ending or EndForm(auto_id="id_ending_%s"),
        "region_names": region_names(),
    }
    return render(request, "work/manager.html", page, status=status)
