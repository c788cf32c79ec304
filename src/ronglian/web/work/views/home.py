"""我的: what waits for me today, then what is mine."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ronglian.apps.accounts.queries.organisations import own_organisations
from ronglian.apps.challenges.queries.showings import waiting_showings
from ronglian.apps.clinic.queries.pools import waiting_pools
from ronglian.apps.clinic.queries.services import waiting_requests
from ronglian.apps.disclosure.queries.agreements import waiting_ndas
from ronglian.apps.registry.queries.duplicates import list_duplicates
from ronglian.kernel.actor import WRITING_ROLES
from ronglian.web.middleware import ActorRequest
from ronglian.web.work import mine, today
from ronglian.web.work.access import signed_in

PER_PAGE = 20


@require_safe
@signed_in
def show_work(request: ActorRequest) -> HttpResponse:
    actor = request.actor
    organisations = [
        (one, actor.memberships[one.pk].label, actor.memberships[one.pk] in WRITING_ROLES)
        for one in own_organisations(actor)
    ]
    waiting = today.waiting_records(actor)
    expiring, expiring_total = today.expiring_records(actor, timezone.localdate())
    unsent = list(today.unsent_forms(actor))
    imports_waiting = today.waiting_imports(actor)
    duplicates_open = list_duplicates(actor).count()
    agreements_waiting = waiting_ndas(actor).count()
    pools_waiting = waiting_pools(actor)
    services_waiting = waiting_requests(actor).count()
    showings_waiting = waiting_showings(actor).count()
    manager_work = today.manager_work(actor)
    coming = today.coming_contracts(actor, timezone.localdate())
    choice, tabs = mine.read_choice(actor, request.GET.dict())
    page = Paginator(mine.chosen_keys(actor, choice), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "organisations": organisations,
        "may_write": any(may_write for _one, _role, may_write in organisations),
        "waiting": waiting,
        "expiring": expiring,
        "expiring_more": expiring_total - len(expiring),
        "unsent": unsent,
        "imports_waiting": imports_waiting,
        "duplicates_open": duplicates_open,
        "agreements_waiting": agreements_waiting,
        "pools_waiting": pools_waiting,
        "services_waiting": services_waiting,
        "showings_waiting": showings_waiting,
        "manager_work": manager_work,
        "coming": coming[: today.SHOWN],
        "coming_more": len(coming[today.SHOWN :]),
        "is_quiet": not (
            coming
            or pools_waiting
            or services_waiting
            or showings_waiting
            or manager_work
            or agreements_waiting
            or waiting
            or expiring
            or unsent
            or imports_waiting
            or duplicates_open
        ),
        "choice": choice,
        "tabs": tabs,
        "states": mine.state_counts(actor, choice.kind),
        "page_obj": page,
        "rows": mine.rows(actor, choice.kind, list(page)),
        "is_narrowed": bool(choice.state or choice.query),
    }
    return render(request, "work/home.html", context)
