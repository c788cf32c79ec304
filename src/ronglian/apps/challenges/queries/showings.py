"""Reading showings to investors: each side sees its own; the log of readings is the team's."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from ronglian.apps.accounts.enums import OrganisationKind
from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.queries.organisations import list_organisations
from ronglian.apps.challenges.models import Bid, Showing, ShowingOutcome, ShowingReading
from ronglian.apps.challenges.showing_enums import ShowingState
from ronglian.apps.challenges.showing_rules import may_read_readings
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound


def list_showings(actor: Actor) -> QuerySet[Showing]:
    """Those of one's team and those to one's own investor, the latest first; without what the bids say."""
    rows: QuerySet[Showing] = Showing.objects.visible_to(actor)
    rows = rows.select_related("bid__challenge", "team", "investor")
    return rows.defer("bid__envelope", "bid__content").order_by("-id")


def access_showing(actor: Actor, public_id: UUID) -> Showing:
    """One showing; raises NotFound for one the actor may not know of."""
    found = list_showings(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def showings_of_bid(actor: Actor, bid: Bid) -> QuerySet[Showing]:
    """To whom a bid is shown: for its own team. The issuer's page of the bid says nothing of it."""
    return list_showings(actor).filter(bid=bid, team_id__in=actor.organisation_ids)


def waiting_showings(actor: Actor) -> QuerySet[Showing]:
    """Those that wait for a signature of the actor's own investor, and can still be signed for."""
    rows = list_showings(actor).filter(investor_id__in=actor.organisation_ids)
    return rows.filter(state=ShowingState.ASKED, ends_on__gte=timezone.localdate())


def list_outcomes(actor: Actor, showing: Showing) -> QuerySet[ShowingOutcome]:
    """What became of a showing, in the order in which it was told: for both sides."""
    rows = ShowingOutcome.objects.filter(showing__in=Showing.objects.visible_to(actor), showing=showing)
    return rows.order_by("number")


def access_outcome(actor: Actor, public_id: UUID) -> ShowingOutcome:
    """One outcome of a showing that the actor may know of; raises NotFound."""
    rows = ShowingOutcome.objects.filter(showing__in=Showing.objects.visible_to(actor), public_id=public_id)
    found = rows.select_related("showing__team", "showing__investor").first()
    if found is None:
        raise NotFound
    return found


def list_showing_readings(actor: Actor, showing: Showing) -> QuerySet[ShowingReading]:
    """Who of the investor has read what, the latest first; raises NotFound for everybody but the team."""
    if not may_read_readings(actor, showing):
        raise NotFound
    return ShowingReading.objects.filter(showing=showing).order_by("-id")


def investors_for(actor: Actor, bid: Bid) -> QuerySet[Organisation]:
    """The organisations that a bid can be shown to: such as invest, but for the bidder, the issuer and the escrow."""
    challenge = bid.challenge
    aside = [bid.bidder_id, challenge.issuer_id, challenge.escrow_id]
    rows = list_organisations(actor).filter(kind=OrganisationKind.INVESTOR)
    return rows.exclude(pk__in=[one for one in aside if one is not None])
