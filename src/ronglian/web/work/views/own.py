"""About oneself: declared conflicts of interest, one's own data, and erasing the account."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ronglian.apps.accounts.enums import ConflictKind
from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.operations.conflicts import declare_conflict, end_conflict
from ronglian.apps.accounts.operations.erasure import erase_person
from ronglian.apps.accounts.personal import personal_data
from ronglian.apps.accounts.queries.conflicts import access_conflict, list_conflicts
from ronglian.apps.accounts.queries.organisations import list_organisations
from ronglian.apps.accounts.queries.people import access_self
from ronglian.kernel.errors import OperationError
from ronglian.kernel.log.carried import checkpoint_note
from ronglian.web.middleware import ActorRequest
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.people import ConflictForm, EraseForm
from ronglian.web.work.forms.refusals import add_refusal


@require_http_methods(["GET", "POST"])
@signed_in
def conflicts(request: ActorRequest) -> HttpResponse:
    """What ties the person to organisations; reviewers and juries are chosen by it."""
    form = ConflictForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and _declared(request, form):
            messages.success(request, _("Declared."))
            return redirect("work:conflicts")
    today = timezone.localdate()
    rows = [(one, one.holds(today)) for one in list_conflicts(request.actor)]
    return render(request, "work/conflicts.html", {"rows": rows, "form": form}, status=status)


def _declared(request: ActorRequest, form: ConflictForm) -> bool:
    values = form.cleaned_data
    named = values["organisation"].strip()
    found = list_organisations(request.actor).filter(Q(name=named) | Q(name_en=named) | Q(uscc=named.upper()))
    organisation = found.first()
    if organisation is None:
        form.add_error("organisation", _("No organisation here has this name or code."))
        return False
    try:
        declare_conflict(
            actor=request.actor,
            organisation=organisation,
            kind=ConflictKind(values["kind"]),
            note=values["note"],
            starts_on=values["starts_on"],
            ends_on=values["ends_on"],
        )
    except OperationError as error:
        add_refusal(form, error)
        return False
    return True


@require_POST
@signed_in
def end(request: ActorRequest, public_id: UUID) -> HttpResponse:
    end_conflict(actor=request.actor, declaration=access_conflict(request.actor, public_id))
    messages.success(request, _("It holds until today."))
    return redirect("work:conflicts")


@never_cache
@require_safe
@signed_in
def download(request: ActorRequest) -> HttpResponse:
    """Everything that is held about the person, as one JSON file, and the latest checkpoint of the log."""
    data = {**personal_data(access_self(request.actor)), "checkpoint": checkpoint_note()}
    answer = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = 'attachment; filename="ronglian-my-data.json"'
    return answer


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def account(request: ActorRequest) -> HttpResponse:
    """One's own data and the end of the account."""
    form = EraseForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                person = erase_person(
                    actor=request.actor, person=access_self(request.actor), email=form.cleaned_data["email"]
                )
            except OperationError as error:
                add_refusal(form, error)
                status = error.status
            else:
                _drop_sign_in(person)
                logout(request)
                messages.success(request, _("Your account is erased."))
                return redirect("home")
    return render(request, "work/account.html", {"form": form}, status=status)


def _drop_sign_in(person: Person) -> None:
    """What the sign-in library holds: addresses and second factors."""
    for relation in ("emailaddress_set", "authenticator_set"):
        getattr(person, relation).all().delete()
