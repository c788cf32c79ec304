"""Jobs that need to know the site's lists and addresses."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from ronglian.apps.accounts.letters import deliver, post_letter
from ronglian.apps.accounts.models import Membership
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.matching.saved_searches import found_by
from ronglian.apps.registry.operations.searches import tell_new_hits
from ronglian.apps.registry.queries.searches import due_searches
from ronglian.kernel.actor import WRITING_ROLES, job_actor
from ronglian.web.contract_letters import post_reminders
from ronglian.web.expiry_letters import post_notices
from ronglian.web.letters import DIGEST


@task()
def run_searches() -> int:
    """Look what saved searches that are due find, and post letters about what is new; answers how many were run."""
    actor, now = job_actor("saved searches"), timezone.now()
    due = list(due_searches(now))
    for search in due:
        found = found_by(actor_of_person(search.person), search.kind, search.query)
        tell_new_hits(actor=actor, search=search, found=found, now=now)
    return len(due)


@task()
def post_digests() -> int:
    """Post this week's digest to everybody who writes for an organisation and wants it; answers how many are new.

    The week stands in the letter's key, so it does not matter how often this runs.
    """
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    rows = Membership.objects.filter(role__in=WRITING_ROLES, wants_digest=True, person__is_active=True)
    posted = 0
    for row in rows.select_related("person", "organisation").order_by("id"):
        organisation = str(row.organisation.public_id)
        key = f"{organisation}:{monday}:{row.person.public_id}"
        posted += post_letter(DIGEST, key, row.person, {"organisation": organisation})
    return posted


@task()
def post_expiry_notices() -> int:
    """Post notices of records that run out; answers how many are new. It does not matter how often this runs."""
    return post_notices(timezone.localdate())


@task()
def post_contract_reminders() -> int:
    """Post reminders of what comes under contracts; answers how many are new. It does not matter how often this runs."""
    return post_reminders(timezone.localdate())


@task()
def send_letters() -> int:
    """Send what waits; answers how many."""
    return deliver(timezone.now())
