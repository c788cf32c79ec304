"""What always holds of common needs, cases, introductions and hand-overs."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.case_enums import CaseStage, HandOverState
from ronglian.apps.clinic.enums import PoolState, ShareState
from ronglian.apps.clinic.models import Case, HandOver, Introduction, Pool, PoolShare, ServiceRequest
from ronglian.apps.clinic.operations.pools import FEWEST
from ronglian.kernel.invariant import invariant, named
from ronglian.kernel.models import Event


@invariant(
    "clinic.common_needs_shared", _("At least two owners have joined every common need that is published.")
)
def _asked_alone() -> Iterable[object]:
    joined = Count("shares", filter=Q(shares__state=ShareState.JOINED))
    return named(
        Pool.objects.filter(state=PoolState.PUBLISHED).annotate(joined=joined).filter(joined__lt=FEWEST)
    )


@invariant("clinic.common_needs_led", _("Whoever leads a common need has joined it."))
def _led_from_outside() -> Iterable[object]:
    leading = PoolShare.objects.filter(pool=OuterRef("pk"), owner=OuterRef("lead"), state=ShareState.JOINED)
    under_way = Pool.objects.filter(state__in=(PoolState.OPEN, PoolState.PUBLISHED), lead__isnull=False)
    return named(under_way.filter(~Exists(leading)))


@invariant(
    "clinic.introduced_by_an_introduction",
    _("Every case beyond the diagnosis has an introduction on record."),
)
def _introduced_by_nobody() -> Iterable[object]:
    introduced = Exists(Introduction.objects.filter(case=OuterRef("pk")))
    return named(Case.objects.exclude(stage__in=(CaseStage.DIAGNOSIS, CaseStage.STOPPED)).exclude(introduced))


@invariant("clinic.introductions_logged", _("Every introduction has the one event that fixed it."))
def _introductions_not_logged() -> Iterable[object]:
    fixed = Event.objects.filter(name="introduction.made", subject_id=OuterRef("public_id"))
    return named(Introduction.objects.exclude(Exists(fixed)))


@invariant("clinic.offers_open_once", _("A case is offered to a colleague exactly while that offer is open."))
def _offers_astray() -> Iterable[object]:
    waiting = HandOver.objects.filter(
        case=OuterRef("pk"), state=HandOverState.OFFERED, taker=OuterRef("offered_to")
    )
    yield from named(Case.objects.exclude(offered_to=None).exclude(Exists(waiting)))
    yield from named(HandOver.objects.filter(state=HandOverState.OFFERED, case__offered_to=None))


@invariant(
    "clinic.services_asked_by_others", _("Nobody asks for a service of their own, or for a need of others.")
)
def _asked_oneself() -> Iterable[object]:
    yield from named(ServiceRequest.objects.filter(organisation=F("service__owner")))
    yield from named(ServiceRequest.objects.filter(need__isnull=False).exclude(need__owner=F("organisation")))
