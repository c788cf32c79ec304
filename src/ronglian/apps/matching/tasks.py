"""Background work of matching: suggestions for what has changed, and the snapshot of the index."""

from __future__ import annotations

import logging
from typing import TypeVar, cast

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_tasks import task

from ronglian.apps.matching.keeper import keeper
from ronglian.apps.matching.operations.exposure import measure_suggestions
from ronglian.apps.matching.operations.matches import suggest_matches
from ronglian.apps.matching.queries.exposure import latest_measurement
from ronglian.apps.matching.vectors import NoVectors, refresh
from ronglian.apps.registry.models import Need, RegistryRecord, Result
from ronglian.kernel.actor import job_actor
from ronglian.kernel.models import Event

logger = logging.getLogger(__name__)

R = TypeVar("R", bound=RegistryRecord)
WRITTEN = ("registered", "edited", "published", "confirmed")
AT_A_TIME = 200


@task()
def refresh_suggestions() -> int:
    """Store suggestions for the needs and results written since their last matching; answers how many.

    What is more than one run can do is left to the next.
    """
    actor = job_actor("refresh suggestions")
    pending = [*unmatched(Need)[:AT_A_TIME], *unmatched(Result)[:AT_A_TIME]]
    for record in pending:
        suggest_matches(actor=actor, record=record)
    return len(pending)


def unmatched(model: type[R]) -> QuerySet[R]:
    """The current records written since they were last matched, oldest first."""
    noun = model._meta.model_name
    about = Event.objects.filter(subject_id=OuterRef("public_id")).order_by("-id").values("id")
    written = about.filter(name__in=[f"{noun}.{past}" for past in WRITTEN])[:1]
    matched = about.filter(name=f"{noun}.matched")[:1]
    rows = model.objects.current(timezone.localdate()).annotate(
        written=Subquery(written), matched=Coalesce(Subquery(matched), 0)
    )
    return cast(QuerySet[R], rows.filter(written__gt=F("matched")).order_by("id"))


@task()
def rebuild_index() -> int:
    """Build the match index anew and save the snapshot that other processes start from."""
    return keeper.rebuild()


@task()
def refresh_vectors() -> int:
    """Compute vectors of meaning for some records that have none; answers how many. The rest is left to the next run."""
    try:
        return refresh(keeper.folder).done
    except NoVectors as error:
        logger.warning("vectors of meaning were not computed: %s", error)
        return 0


@task()
def refresh_exposure() -> int:
    """Measure who is seen, where suggestions were stored since the last time; answers how many measurements."""
    matched = Event.objects.filter(name__in=("need.matched", "result.matched"))
    latest = latest_measurement()
    if latest is not None:
        matched = matched.filter(occurred_at__gt=latest.created_at)
    if not matched.exists():
        return 0
    measure_suggestions(actor=job_actor("refresh exposure"))
    return 1
