"""Background work of the clinic. Jobs carry ids and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.mail import send_mail
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_tasks import task

from ronglian.apps.accounts.models import Membership, Person
from ronglian.apps.clinic.enums import ShareState
from ronglian.apps.clinic.models import Pool, PoolShare, SlotBooking
from ronglian.kernel.actor import WRITING_ROLES, job_actor

LANGUAGES = ("zh-hans", "en")
BOOKING_SUBJECTS: Mapping[str, Promise] = {
    "booked": _lazy("A clinic hour of yours was booked"),
    "moved": _lazy("A clinic hour was moved"),
    "cancelled": _lazy("A clinic hour was cancelled"),
}


@task()
def tell_of_pool(public_id: str) -> int:
    """Tell the invited owners that others need the same; answers how many people were told."""
    pool = Pool.objects.get(public_id=public_id)
    owners = PoolShare.objects.filter(pool=pool, state=ShareState.INVITED).values("owner_id")
    members = Membership.objects.filter(organisation__in=owners, role__in=WRITING_ROLES)
    people = Person.objects.filter(pk__in=members.values("person"), is_active=True).order_by("pk")
    subjects, texts = [], []
    for language in LANGUAGES:
        with translation.override(language):
            subjects.append(_("Other enterprises need the same as you"))
            texts.append(
                _(
                    "One of your needs and needs of other enterprises say the same. You are invited to ask together, "
                    "with one budget. You decide what you share and whether you join: see “My work”, “Common needs”."
                )
            )
    for email in people.values_list("email", flat=True):
        send_mail(" / ".join(subjects), "\n\n".join(texts), None, [email])
    return len(people)


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
def tell_of_booking(public_id: str, past: str, by_manager: bool) -> int:
    """Tell the side that did not act that an hour was booked, moved or cancelled; answers how many people were told."""
    booking = SlotBooking.objects.select_related("slot__manager__person", "consultation").get(
        public_id=public_id
    )
    people = Person.objects.filter(is_active=True)
    if by_manager:
        members = Membership.objects.filter(
            organisation=booking.consultation.owner_id, role__in=WRITING_ROLES
        )
        people = people.filter(pk__in=members.values("person"))
    else:
        people = people.filter(pk=booking.slot.manager.person_id)
    subjects, texts = [], []
    for language in LANGUAGES:
        with translation.override(language):
            subjects.append(str(BOOKING_SUBJECTS[past]))
            begins = timezone.localtime(booking.slot.starts_at)
            texts.append(
                _("Begins %(time)s. Everything else stands under “My work”, “Clinic hours”.")
                % {"time": f"{begins:%Y-%m-%d %H:%M}"}
            )
    for email in people.values_list("email", flat=True):
        send_mail(" / ".join(subjects), "\n\n".join(texts), None, [email])
    return len(people)
