"""Reading teams, and finding whom a team lacks."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.enums import STANDING_MEMBERS, MemberState
from ronglian.apps.challenges.models import Challenge, Team, TeamMember
from ronglian.apps.challenges.team_rules import visible_teams_q
from ronglian.apps.matching.queries.matches import MatchView, match_text
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound

LOOKED_AT = 60
SHOWN_REASONS = 3


@dataclass(frozen=True, slots=True)
class FoundPartner:
    """An organisation with the results that speak for it, the best first."""

    organisation: Organisation
    reasons: tuple[MatchView, ...]

    @property
    def best(self) -> float:
        return self.reasons[0].match.score


def list_teams(actor: Actor) -> QuerySet[Team]:
    """The teams that the actor leads, has joined or is asked to join, the latest first."""
    rows = Team.objects.filter(visible_teams_q(actor)).select_related("challenge__issuer", "lead")
    return rows.order_by("-id")


def access_team(actor: Actor, public_id: UUID) -> Team:
    """One team; raises NotFound for one the actor may not know of."""
    found: Team | None = list_teams(actor).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def own_team(actor: Actor, challenge: Challenge) -> Team | None:
    """The team that an organisation of the actor leads for this challenge."""
    return list_teams(actor).filter(challenge=challenge, lead_id__in=actor.organisation_ids).first()


def waits_for(actor: Actor, team: Team) -> bool:
    """Whether an organisation of the actor was asked to join and has not answered."""
    return team.members.filter(organisation_id__in=actor.organisation_ids, state=MemberState.ASKED).exists()


def members_of(actor: Actor, team: Team) -> QuerySet[TeamMember]:
    """All who were asked to the lead, to the others those who stand in it."""
    rows = TeamMember.objects.filter(team=team, team__in=Team.objects.filter(visible_teams_q(actor)))
    if not (actor.is_system or actor.is_member(team.lead_id)):
        rows = rows.filter(state__in=STANDING_MEMBERS)
    return rows.select_related("organisation").order_by("pk")


def access_team_member(actor: Actor, public_id: UUID) -> TeamMember:
    """One member of a team that the actor may see; raises NotFound."""
    found = TeamMember.objects.filter(public_id=public_id).select_related("team__challenge").first()
    if found is None:
        raise NotFound
    team = access_team(actor, found.team.public_id)
    if not members_of(actor, team).filter(pk=found.pk).exists():
        raise NotFound
    return found


def find_partners(actor: Actor, team: Team) -> list[FoundPartner]:
    """Who could do what the team lacks: the owners of published results that fit it (C7), by their best result.

    The issuer, the escrow and who stands in the team are left out. Nothing of the search is kept.
    """
    if not team.lacks.strip():
        return []
    out = {team.challenge.issuer_id, team.challenge.escrow_id, team.lead_id}
    out |= set(team.members.filter(state__in=STANDING_MEMBERS).values_list("organisation_id", flat=True))
    found: dict[int, list[MatchView]] = {}
    owners: dict[int, Organisation] = {}
    for view in match_text(actor, team.lacks, side="results", top=LOOKED_AT):
        result = view.result
        if result is None or result.owner_id in out:
            continue
        owners[result.owner_id] = result.owner
        found.setdefault(result.owner_id, []).append(view)
    return [FoundPartner(owners[key], tuple(views[:SHOWN_REASONS])) for key, views in found.items()]
