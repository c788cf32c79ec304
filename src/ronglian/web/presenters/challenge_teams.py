"""A team as its page shows it: the members with their parts, whom it lacks, and what the reader can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from ronglian.apps.challenges.bid_content import WHOLE
from ronglian.apps.challenges.enums import STANDING_MEMBERS, MemberState, Phase
from ronglian.apps.challenges.models import Bid, Team, TeamMember
from ronglian.apps.challenges.queries.teams import FoundPartner, find_partners, members_of
from ronglian.apps.challenges.teams import who_left
from ronglian.kernel.actor import Actor
from ronglian.web.presenters.challenges import challenge_line
from ronglian.web.presenters.matches import shared_words
from ronglian.web.presenters.owners import OwnerLine, organisation_line
from ronglian.web.presenters.pages import page_title
from ronglian.web.work.forms.challenge_teams import AskPartnerForm, TeamForm


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member with its part; `may_answer` where the reader acts for it and the answer is still wanted or can change."""

    member: TeamMember
    who: OwnerLine
    may_answer: bool
    is_confirmed: bool
    is_standing: bool


@dataclass(frozen=True, slots=True)
class FoundLine:
    """Who could do what is lacking, and why: results with the words they share with what was said."""

    who: OwnerLine
    fit: int
    reasons: list[tuple[str, str, str]]
    form: AskPartnerForm


@dataclass(frozen=True, slots=True)
class ConsortiumLine:
    """A member of an opened bid: confirmed on the platform, said by the bidder alone, or gone before the closing."""

    name: str
    role: str
    share: int
    is_confirmed: bool
    has_left: bool


def team_page(actor: Actor, team: Team) -> dict[str, Any]:
    challenge = team.challenge
    is_open = challenge.phase == Phase.OPEN
    leads = actor.may_write_for(team.lead_id) and is_open
    members = list(members_of(actor, team))
    standing = [one for one in members if one.state in STANDING_MEMBERS]
    found = find_partners(actor, team) if leads else []
    return {
        "team": team,
        "challenge": challenge,
        "line": challenge_line(challenge),
        "lead": organisation_line(team.lead),
        "leads": leads,
        "is_lead": actor.is_member(team.lead_id),
        "members": [_member(actor, one, is_open=is_open) for one in members],
        "total": team.share + sum(one.share for one in standing),
        "is_whole": team.share + sum(one.share for one in standing) == WHOLE,
        "waiting": sum(one.state == MemberState.ASKED for one in standing),
        "team_form": TeamForm(own=(), team=team) if leads else None,
        "ask_form": AskPartnerForm() if leads else None,
        "found": [_found(number, one) for number, one in enumerate(found)],
    }


def consortium_of(bid: Bid) -> list[ConsortiumLine]:
    """The consortium of an opened bid, line by line."""
    content = bid.content if isinstance(bid.content, dict) else {"partners": []}
    gone = {str(one) for one in who_left(bid)}
    return [
        ConsortiumLine(
            name=one["name"],
            role=one["role"],
            share=one["share"],
            is_confirmed=bool(one.get("organisation")) and one["organisation"] not in gone,
            has_left=one.get("organisation", "") in gone,
        )
        for one in content["partners"]
    ]


def _member(actor: Actor, member: TeamMember, *, is_open: bool) -> MemberLine:
    answers = is_open and member.state in STANDING_MEMBERS and actor.may_write_for(member.organisation_id)
    who = organisation_line(member.organisation)
    is_confirmed = member.state == MemberState.CONFIRMED
    return MemberLine(member, who, answers, is_confirmed, member.state in STANDING_MEMBERS)


def _found(number: int, found: FoundPartner) -> FoundLine:
    address = reverse("organisation", args=[found.organisation.public_id])
    reasons = [
        (
            str(page_title(view.result)),
            reverse("result", args=[view.result.public_id]),
            shared_words(view.match),
        )
        for view in found.reasons
        if view.result is not None
    ]
    form = AskPartnerForm(initial={"organisation": address}, auto_id=f"found{number}-%s")
    return FoundLine(organisation_line(found.organisation), round(found.best), reasons, form)
