"""Bidding together: a lead asks partners, each confirms its own part, and the bid names who has confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.bid_content import WHOLE
from ronglian.apps.challenges.enums import STANDING_MEMBERS, MemberState, Openness, Phase
from ronglian.apps.challenges.models import Challenge, Team, TeamMember
from ronglian.apps.challenges.rules import may_bid
from ronglian.apps.challenges.tasks import tell_asked, tell_lead
from ronglian.apps.challenges.team_rules import may_answer_for, may_lead_team
from ronglian.apps.challenges.teams import MOST_MEMBERS
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict, InvalidInput, NotAllowed, RuleViolation, Text
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record, clean_text

LONGEST_ROLE = 200
LONGEST_LACK = 2000


@dataclass(frozen=True, slots=True)
class Part:
    """What an organisation does in a team, and its share of the reward in whole per cents."""

    role: str
    share: int


@operation("team.form", target="challenge", allowed=may_bid)
def form_team(*, actor: Actor, challenge: Challenge, lead: Organisation, part: Part, lacks: str = "") -> Team:
    """Begin a team that `lead` bids for. `lacks` says what it looks for; partners are found by it."""
    if not actor.may_write_for(lead.pk):
        raise NotAllowed(_("Owners and editors hand in bids for their organisation."))
    _insist_open(challenge)
    _insist_apart(challenge, lead)
    if Team.objects.filter(challenge=challenge, lead=lead).exists():
        raise Conflict(_("Your organisation leads a team for this challenge already."))
    team = Team(challenge=challenge, lead=lead)
    _write(team, part, lacks)
    team.save(force_insert=True)
    record_event(actor, "team.formed", team)
    return team


@operation("team.change", target="team", allowed=may_lead_team)
def change_team(*, actor: Actor, team: Team, part: Part, lacks: str) -> Team:
    """Change the lead's own part and what the team looks for. What others have confirmed stays as it is."""
    _insist_open(team.challenge)
    _write(team, part, lacks)
    team.version += 1
    team.save(force_update=True)
    record_event(actor, "team.changed", team)
    return team


@operation("team.ask", target="team", allowed=may_lead_team)
def ask_partner(*, actor: Actor, team: Team, organisation: Organisation, part: Part) -> TeamMember:
    """Ask an organisation to join with this part, or change the part of one that was asked: it confirms anew."""
    _insist_open(team.challenge)
    _insist_apart(team.challenge, organisation)
    if organisation.pk == team.lead_id:
        raise InvalidInput.of({"organisation": [_("The leading organisation is in the team already.")]})
    member = TeamMember.objects.select_for_update().filter(team=team, organisation=organisation).first()
    if member is None:
        if team.members.filter(state__in=STANDING_MEMBERS).count() >= MOST_MEMBERS:
            raise RuleViolation(_("A consortium has at most 20 members."))
        member = TeamMember(team=team, organisation=organisation)
    member.role, member.share = _role(part), part.share
    member.state, member.answered_at, member.answered_by = MemberState.ASKED, None, ""
    is_new = member.pk is None
    if not is_new:
        member.version += 1
    clean_record(member)
    member.save(force_insert=is_new, force_update=not is_new)
    record_event(actor, "teammember.asked", member)
    transaction.on_commit(lambda: tell_asked.enqueue(str(member.public_id)))
    return member


@operation("team.take_out", target="team", allowed=may_lead_team)
def take_out(*, actor: Actor, team: Team, member: TeamMember) -> Team:
    """Go on without a partner. A bid that names it stays as it was handed in until it is replaced.

    Who had confirmed stays in the record as one that has left: a bid can name it.
    """
    _insist_open(team.challenge)
    if member.team_id != team.pk or member.state not in STANDING_MEMBERS:
        raise InvalidInput.of({"member": [_("This organisation is not in the team.")]})
    if member.state == MemberState.CONFIRMED:
        member.state = MemberState.LEFT
        member.version += 1
        member.save(force_update=True)
        record_event(actor, "teammember.taken_out", member)
    else:
        record_event(actor, "teammember.taken_out", member)
        member.delete()
    return team


@operation("teammember.answer", target="member", allowed=may_answer_for)
def answer_partner(*, actor: Actor, member: TeamMember, confirms: bool) -> TeamMember:
    """Confirm one's part, or say no; who has confirmed can leave until bids close."""
    _insist_open(member.team.challenge)
    if member.state not in STANDING_MEMBERS:
        raise RuleViolation(_("Your organisation has said no already; the lead can ask again."))
    was_in = member.state == MemberState.CONFIRMED
    if confirms and was_in:
        raise RuleViolation(_("Your organisation has confirmed this part already."))
    if confirms:
        member.state = MemberState.CONFIRMED
    else:
        member.state = MemberState.LEFT if was_in else MemberState.DECLINED
    member.answered_at, member.answered_by = timezone.now(), actor.label
    member.version += 1
    clean_record(member)
    member.save(force_update=True)
    record_event(actor, f"teammember.{member.state}", member)
    transaction.on_commit(lambda: tell_lead.enqueue(str(member.public_id)))
    return member


def _write(team: Team, part: Part, lacks: str) -> None:
    if len(lacks) > LONGEST_LACK:
        raise InvalidInput.of({"lacks": [_("Say in 2,000 characters at most what the team lacks.")]})
    team.role, team.share, team.lacks = _role(part), part.share, clean_text(lacks)
    clean_record(team)


def _role(part: Part) -> str:
    """What the member does; raises InvalidInput."""
    problems: dict[str, Sequence[Text]] = {}
    role = clean_text(part.role, one_line=True)
    if not role or len(role) > LONGEST_ROLE:
        problems["role"] = [_("Say in 200 characters at most what the member does.")]
    if not 0 <= part.share <= WHOLE:
        problems["share"] = [_("A share is a whole number of per cents, 0 to 100.")]
    if problems:
        raise InvalidInput.of(problems)
    return role


def _insist_open(challenge: Challenge) -> None:
    if challenge.phase != Phase.OPEN or challenge.closes_at is None or timezone.now() >= challenge.closes_at:
        raise RuleViolation(_("This is possible while bids can come."))


def _insist_apart(challenge: Challenge, organisation: Organisation) -> None:
    if organisation.pk == challenge.issuer_id:
        raise RuleViolation(_("Whoever sets the question does not answer it."))
    if organisation.pk == challenge.escrow_id:
        raise RuleViolation(_("The escrow holds a key of the bids, and does not bid."))
    if challenge.openness == Openness.PRIVATE and not challenge.invites([organisation.pk]):
        raise RuleViolation(_("This challenge is private: only organisations that are invited can join."))
