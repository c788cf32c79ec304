"""Finding surveys, the lead's own list of partners, and what of their answers is public."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from ronglian.apps.prospecting.enums import PartnerState, SurveyState
from ronglian.apps.prospecting.models import ChainNeed, ChainPartner, ChainSurvey
from ronglian.apps.prospecting.rules import reads_partners
from ronglian.apps.registry.models import Need
from ronglian.kernel.actor import ANONYMOUS, Actor
from ronglian.kernel.errors import NotFound

MOST_MAILS = 3
"""To one partner in one survey: the invitation and two reminders."""
REMIND_AFTER = timedelta(days=7)


def list_surveys(actor: Actor) -> QuerySet[ChainSurvey]:
    """Those the actor may know of, the newest first."""
    rows: QuerySet[ChainSurvey] = ChainSurvey.objects.visible_to(actor).select_related("lead")
    return rows.order_by("-id")


def access_survey(actor: Actor, public_id: UUID) -> ChainSurvey:
    """The survey, if the actor may know of it. Raises NotFound."""
    found = list_surveys(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def list_partners(actor: Actor, survey: ChainSurvey) -> QuerySet[ChainPartner]:
    """The lead's own list; of what became of it only whether a mail went out. Raises NotFound."""
    if not reads_partners(actor, survey):
        raise NotFound
    return ChainPartner.objects.filter(survey=survey).order_by("tier", "relation", "id")


def access_partner(actor: Actor, survey: ChainSurvey, public_id: UUID) -> ChainPartner:
    """One of the list. Raises NotFound."""
    found = list_partners(actor, survey).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def due_for_a_reminder(now: datetime) -> QuerySet[ChainPartner]:
    """Who was invited, has not answered, and had the last mail a week ago or longer."""
    return ChainPartner.objects.filter(
        state=PartnerState.INVITED,
        mails__lt=MOST_MAILS,
        mailed__gte=F("mails"),
        mailed_at__lte=now - REMIND_AFTER,
    )


def surveys_to_remind(now: datetime) -> QuerySet[ChainSurvey]:
    """Open surveys that remind by themselves and have somebody to remind."""
    due = due_for_a_reminder(now).filter(survey=OuterRef("pk"))
    open_ones = ChainSurvey.objects.filter(state=SurveyState.OPEN, closes_on__gte=timezone.localdate(now))
    return open_ones.filter(Exists(due), reminds=True).order_by("id")


def published_needs(survey: ChainSurvey) -> QuerySet[ChainNeed]:
    """What partners have published under their names. One without a name is in no list of its chain: its tier would name it."""
    public = Need.objects.visible_to(ANONYMOUS).current(timezone.localdate()).filter(anonymous=False)
    rows = ChainNeed.objects.filter(partner__survey=survey, need__in=public)
    return rows.select_related("need", "need__owner").order_by("tier", "id")


def place_of(actor: Actor, need: Need) -> ChainNeed | None:
    """Where in whose chain the need was told: for its owner, and for the lead once it is public."""
    place = ChainNeed.objects.filter(need=need).select_related("partner__survey__lead").first()
    if place is None or actor.is_system or actor.is_member(need.owner_id):
        return place
    survey = place.partner.survey
    is_listed = actor.is_member(survey.lead_id) and published_needs(survey).filter(pk=place.pk).exists()
    return place if is_listed else None
