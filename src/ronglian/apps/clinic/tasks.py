"""Background work of the clinic. Jobs carry ids and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_tasks import task

from ronglian.apps.accounts.notices import emails_of, emails_of_writers, send_notice
from ronglian.apps.clinic.enums import ShareState
from ronglian.apps.clinic.models import Pool, PoolShare, SlotBooking
from ronglian.kernel.actor import job_actor

BOOKING_SUBJECTS: Mapping[str, Promise] = {
    "booked": _lazy("A clinic hour of yours was booked"),
    "moved": _lazy("A clinic hour was moved"),
    "cancelled": _lazy("A clinic hour was cancelled"),
}


@task()
def tell_of_pool(public_id: str) -> int:
    """Tell the invited owners that others need the same; answers how many people were told."""
    pool = Pool.objects.get(public_id=public_id)
    owners = PoolShare.objects.filter(pool=pool, state=ShareState.INVITED).values_list("owner_id", flat=True)
    return send_notice(emails_of_writers(owners), _texts_of_pool)


def _texts_of_pool() -> tuple[str, str]:
    return (
        _("Other enterprises need the same as you"),
        _(
            "One of your needs and needs of other enterprises say the same. You are invited to ask together, "
            "with one budget. You decide what you share and whether you join: see “My work”, “Common needs”."
        ),
    )


@task()
def find_pools() -> int:
    """Look for needs of small firms that say the same; answers how many groups are new."""
    from ronglian.apps.clinic.operations.pools import find_pool  # noqa: PLC0415 - the operations enqueue jobs of this file
    from ronglian.apps.clinic.queries.pools import new_groups  # noqa: PLC0415 - beside the operations

    actor = job_actor("find common needs")
    groups = new_groups()
    for group, needs in groups:
        find_pool(actor=actor, group=group, needs=needs)
    return len(groups)


@task()
def renew_assignments() -> int:
    """Propose anew who carries what where the last proposal is stale; answers 1 where it was. A person confirms."""
    from ronglian.apps.clinic.operations.assignments import propose_assignments  # noqa: PLC0415 - as above
    from ronglian.apps.clinic.queries.assignments import (  # noqa: PLC0415 - as above
        is_stale,
        latest_run,
        managers_with_load,
        waiting_needs,
    )

    run = latest_run()
    if run is None or not is_stale(run) or not waiting_needs().exists() or not managers_with_load():
        return 0
    propose_assignments(actor=job_actor("renew assignments"))
    return 1


@task()
def tell_of_booking(public_id: str, past: str, by_manager: bool) -> int:
    """Tell the side that did not act that an hour was booked, moved or cancelled; answers how many people were told."""
    booking = SlotBooking.objects.select_related("slot__manager__person", "consultation").get(
        public_id=public_id
    )
    told = (
        emails_of_writers([booking.consultation.owner_id])
        if by_manager
        else emails_of([booking.slot.manager.person])
    )
    return send_notice(told, lambda: _texts_of_booking(booking, past))


def _texts_of_booking(booking: SlotBooking, past: str) -> tuple[str, str]:
    begins = timezone.localtime(booking.slot.starts_at)
    return (
        str(BOOKING_SUBJECTS[past]),
        _("Begins %(time)s. Everything else stands under “My work”, “Clinic hours”.")
        % {"time": f"{begins:%Y-%m-%d %H:%M}"},
    )
