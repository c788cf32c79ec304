"""Ending mails by the address that stands in them: whoever has the mail may, without signing in."""

from __future__ import annotations

from uuid import UUID

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ronglian.apps.accounts.models import Membership, Organisation, Person
from ronglian.apps.accounts.operations.organisations import choose_digest
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.registry.enums import AlertFrequency
from ronglian.apps.registry.models import SavedSearch
from ronglian.apps.registry.operations.searches import ALERT, change_search
from ronglian.kernel.errors import NotFound
from ronglian.web.letters import read_end
from ronglian.web.middleware import ActorRequest


@csrf_exempt  # RFC 8058: mail programs send this POST, without a form of ours; the signed address is the permission
@require_http_methods(["GET", "POST"])
def end_letters(request: ActorRequest, token: str) -> HttpResponse:
    """Ask, by GET; end them, by POST. A mail program that only looks at the address ends nothing."""
    try:
        what, *ids = read_end(token)
    except (signing.BadSignature, ValueError) as error:
        raise NotFound from error
    if request.method == "POST":
        _end_alert(ids[0]) if what == ALERT else _end_digest(*ids)
    return render(
        request, "web/end_letters.html", {"is_done": request.method == "POST", "is_alert": what == ALERT}
    )


def _end_alert(search_id: str) -> None:
    search = SavedSearch.objects.select_related("person").filter(public_id=UUID(search_id)).first()
    if search is not None and search.frequency != AlertFrequency.OFF:
        change_search(actor=actor_of_person(search.person), search=search, frequency=AlertFrequency.OFF)


def _end_digest(organisation_id: str, person_id: str) -> None:
    person = Person.objects.filter(public_id=UUID(person_id), is_active=True).first()
    organisation = Organisation.objects.filter(public_id=UUID(organisation_id)).first()
    wanted = Membership.objects.filter(person=person, organisation=organisation, wants_digest=True)
    if person is not None and organisation is not None and wanted.exists():
        choose_digest(actor=actor_of_person(person), organisation=organisation, wanted=False)
