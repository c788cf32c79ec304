"""The address under which a calendar program reads what is due: shown once, revocable at once."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.queries.actors import digest_of_secret
from ronglian.apps.clinic.case_rules import may_keep_calendar
from ronglian.apps.clinic.models import CalendarFeed, TechnologyManager
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation


@operation("calendar.open", target="manager", allowed=may_keep_calendar)
def open_calendar(*, actor: Actor, manager: TechnologyManager, secret: str) -> CalendarFeed:
    """Make an address of `secret` (from `new_secret`); the one before it ends."""
    _revoke(actor, manager)
    feed = CalendarFeed(manager=manager, digest=digest_of_secret(secret))
    feed.save(force_insert=True)
    record_event(actor, "calendar.opened", feed)
    return feed


@operation("calendar.close", target="manager", allowed=may_keep_calendar)
def close_calendar(*, actor: Actor, manager: TechnologyManager) -> CalendarFeed:
    """End the address; the next request under it finds nothing."""
    feed = _revoke(actor, manager)
    if feed is None:
        raise RuleViolation(_("There is no calendar address to end."))
    return feed


def _revoke(actor: Actor, manager: TechnologyManager) -> CalendarFeed | None:
    feed = CalendarFeed.objects.filter(manager=manager, revoked_at=None).first()
    if feed is not None:
        feed.revoked_at = timezone.now()
        feed.version += 1
        feed.save(update_fields=["revoked_at", "version", "updated_at"])
        record_event(actor, "calendar.closed", feed)
    return feed
