"""Who may know of a team that would answer a challenge together, and act in it.

That there is one tells that a bid is coming, so it is its members' own, the issuer's least of all.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.challenges.enums import STANDING_MEMBERS
from ronglian.kernel.actor import Actor
from ronglian.kernel.permission import ALLOWED, Verdict, refused


class Joined(Protocol):
    """What the rules need to know of a team."""

    lead_id: int

    def asks(self, organisations: Collection[int]) -> bool: ...


class OfTeam(Protocol):
    """What the rules need to know of a member of a team."""

    organisation_id: int


def visible_teams_q(actor: Actor) -> Q:
    """Teams are their members' own, those who were asked included until they say no."""
    if actor.is_system:
        return Q()
    if not actor.may_read_confidential:
        return Q(pk__in=())
    own = actor.organisation_ids
    return Q(lead_id__in=own) | Q(pk__in=_teams_asking(own))


def _teams_asking(own: frozenset[int]) -> object:
    from ronglian.apps.challenges.models import TeamMember  # noqa: PLC0415 - the models rest on these rules

    return TeamMember.objects.filter(organisation_id__in=own, state__in=STANDING_MEMBERS).values("team_id")


def may_see_team(actor: Actor, team: Joined) -> bool:
    """The same rule for one team."""
    if actor.is_system:
        return True
    return actor.may_read_confidential and (
        actor.is_member(team.lead_id) or team.asks(actor.organisation_ids)
    )


def may_lead_team(actor: Actor, team: Joined) -> Verdict:
    if actor.may_write_for(team.lead_id):
        return ALLOWED
    return refused(_("Owners and editors of the leading organisation do this."))


def may_answer_for(actor: Actor, team_member: OfTeam) -> Verdict:
    if actor.may_write_for(team_member.organisation_id):
        return ALLOWED
    return refused(_("Owners and editors of the organisation that was asked do this."))
