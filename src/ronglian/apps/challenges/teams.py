"""From a team to the bid it hands in, and from an opened bid back to the organisations that stand in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.bid_content import MOST_PARTNERS, WHOLE, BidContent, Partner
from ronglian.apps.challenges.enums import STANDING_MEMBERS, MemberState
from ronglian.apps.challenges.models import Bid, Challenge, Team
from ronglian.kernel.errors import InvalidInput, RuleViolation

MOST_MEMBERS = MOST_PARTNERS - 1  # beside the lead


def partners_of_team(challenge: Challenge, lead: Organisation, content: BidContent) -> tuple[Partner, ...]:
    """The members of the bid: those of the team that `lead` leads here, who all have confirmed; else those typed.

    Raises RuleViolation where somebody has not answered yet or the shares do not add up.
    """
    team = Team.objects.filter(challenge=challenge, lead=lead).first()
    members = (
        list(team.members.filter(state__in=STANDING_MEMBERS).select_related("organisation").order_by("pk"))
        if team
        else []
    )
    if team is None or not members:
        return content.partners
    if content.partners:
        raise InvalidInput.of(
            {"partners": [_("Your team here says who bids together: leave this empty, or change the team.")]}
        )
    if waiting := [one.organisation.name for one in members if one.state != MemberState.CONFIRMED]:
        raise RuleViolation(
            _("Not confirmed yet: %(names)s. Wait for the answer, or go on without them.")
            % {"names": ", ".join(waiting)}
        )
    if team.share + sum(one.share for one in members) != WHOLE:
        raise RuleViolation(_("The shares of the team, the lead's own included, add up to 100 per cent."))
    return (
        Partner(lead.name, team.role, team.share, str(lead.public_id)),
        *(
            Partner(one.organisation.name, one.role, one.share, str(one.organisation.public_id))
            for one in members
        ),
    )


def organisations_in(bid: Bid) -> set[UUID]:
    """The organisations of the platform that an opened bid names as members of its consortium."""
    partners = bid.content["partners"] if isinstance(bid.content, dict) else []
    return {UUID(one["organisation"]) for one in partners if one.get("organisation")}


def sides_of(bids: Sequence[Bid]) -> Mapping[int, frozenset[int]]:
    """By bid, the row numbers of all organisations that stand behind it: who reviews it is tied to none of them."""
    named = {bid.pk: organisations_in(bid) for bid in bids}
    wanted = set().union(*named.values()) if named else set()
    rows = dict(Organisation.objects.filter(public_id__in=wanted).values_list("public_id", "pk"))
    return {
        bid.pk: frozenset({bid.bidder_id, *(rows[one] for one in named[bid.pk] if one in rows)})
        for bid in bids
    }


def who_left(bid: Bid) -> set[UUID]:
    """Those whom an opened bid names and who left its team before the closing."""
    rows = Team.objects.filter(challenge=bid.challenge, lead=bid.bidder_id).first()
    if rows is None:
        return set()
    standing = rows.members.filter(state=MemberState.CONFIRMED)
    there = set(standing.values_list("organisation__public_id", flat=True)) | {bid.bidder.public_id}
    return organisations_in(bid) - there
