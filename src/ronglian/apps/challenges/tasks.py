"""Background work of challenges. Jobs carry ids and nothing else, and keep no count: how many bid is nobody's business."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_tasks import task

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.notices import emails_of, emails_of_office, emails_of_writers, send_notice
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.challenges.enums import LIVE_BIDS, AwardState, ReviewState
from ronglian.apps.challenges.models import (
    Award,
    Bid,
    Challenge,
    ChallengeObjection,
    Following,
    Question,
    TeamMember,
)
from ronglian.apps.challenges.rules import may_see_challenge
from ronglian.kernel.actor import Office


class News(StrEnum):
    PUBLISHED = "published"
    AMENDED = "amended"
    ANSWERED = "answered"
    AWARDED = "awarded"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


SUBJECTS: Mapping[str, Promise] = {
    News.PUBLISHED: _lazy("A new challenge"),
    News.AMENDED: _lazy("A challenge was amended"),
    News.ANSWERED: _lazy("A question about a challenge was answered"),
    News.AWARDED: _lazy("An award was proposed; the public notice runs"),
    News.WITHDRAWN: _lazy("A challenge was withdrawn"),
    News.ENDED: _lazy("A challenge has ended"),
}


@task()
def tell_news(public_id: str, news: str) -> None:
    """Tell those who have bid, have asked, are invited, or follow it. The job answers nothing, for its answer is kept."""
    challenge = Challenge.objects.get(public_id=public_id)
    concerned = {
        *Bid.objects.filter(challenge=challenge, state__in=LIVE_BIDS).values_list("bidder_id", flat=True),
        *Question.objects.filter(challenge=challenge).values_list("asker_id", flat=True),
        *challenge.invitations.values_list("organisation_id", flat=True),
    }
    told = dict.fromkeys([*emails_of_writers(concerned), *_emails_of_followers(challenge, news)])
    send_notice(list(told), lambda: (str(SUBJECTS[news]), _about(challenge)))


def _emails_of_followers(challenge: Challenge, news: str) -> list[str]:
    """Of those who follow it, or every new one, and may see it today."""
    wanted = Q(challenge=challenge)
    if news == News.PUBLISHED:
        wanted |= Q(challenge=None)
    rows = Following.objects.filter(wanted).select_related("person").order_by("person_id")
    people = {row.person for row in rows}
    return emails_of(one for one in people if may_see_challenge(actor_of_person(one), challenge))


def _about(challenge: Challenge) -> str:
    return _("It is about “%(title)s”. See “Challenges”.") % {"title": challenge.title}


@task()
def tell_reviewers(public_id: str) -> None:
    """Tell those to whom bids were assigned that they wait."""
    challenge = Challenge.objects.get(public_id=public_id)
    waiting = Person.objects.filter(
        reviewing__challenge=challenge, reviewing__reviews__state=ReviewState.ASSIGNED
    )
    send_notice(
        emails_of(waiting.distinct().order_by("pk")),
        lambda: (_("Bids wait for your review"), _about(challenge)),
    )


@task()
def tell_of_feedback(public_id: str) -> None:
    """Tell a bidder that feedback has come; what it says stands on the page of the bid alone."""
    bid = Bid.objects.select_related("challenge").get(public_id=public_id)
    send_notice(
        emails_of_writers([bid.bidder_id]),
        lambda: (_("You have feedback on your bid"), _about(bid.challenge)),
    )


@task()
def tell_of_late_reading(public_id: str) -> None:
    """Tell a bidder that its bid was read after another had won; who it was stands on the page of the bid."""
    bid = Bid.objects.select_related("challenge").get(public_id=public_id)
    send_notice(
        emails_of_writers([bid.bidder_id]),
        lambda: (_("Your bid was read again after the award"), _about(bid.challenge)),
    )


@task()
def tell_of_objection(public_id: str, is_answered: bool) -> None:
    """Tell the bureau that an objection or appeal waits, or who raised it that it was answered."""
    objection = ChallengeObjection.objects.select_related("challenge").get(public_id=public_id)
    challenge = objection.challenge
    if is_answered:
        said = _lazy("Your objection was answered")
        emails = emails_of_writers([objection.by_id])
    else:
        said = _lazy("An objection to an award waits for its answer")
        emails = emails_of_office(Office.BUREAU)
    send_notice(emails, lambda: (str(said), _about(challenge)))


@task()
def tell_of_deadline(public_id: str, roles: list[str], zh: str, en: str, bidder: str = "") -> None:
    """Tell those whose deadline has come. `bidder` is whose milestone it is; without one it is every winner's."""
    challenge = Challenge.objects.get(public_id=public_id)
    emails: list[str] = []
    if "issuer" in roles:
        emails += emails_of_writers([challenge.issuer_id])
    if "authority" in roles:
        emails += emails_of_office(Office.BUREAU)
    if "bidder" in roles:
        winners = Award.objects.filter(challenge=challenge, state=AwardState.STANDING)
        if bidder:
            winners = winners.filter(bid__bidder__public_id=bidder)
        emails += emails_of_writers(list(winners.values_list("bid__bidder_id", flat=True)))

    def texts() -> tuple[str, str]:
        name = en if get_language() == "en" else zh
        return _("A deadline of a challenge has come: %(name)s") % {"name": name}, _about(challenge)

    send_notice(list(dict.fromkeys(emails)), texts)


@task()
def tell_issuer_of_question(public_id: str) -> None:
    """Tell the issuer that a question waits, not whose."""
    challenge = Challenge.objects.get(public_id=public_id)
    send_notice(
        emails_of_writers([challenge.issuer_id]),
        lambda: (_("A question about a challenge of yours waits for its answer"), _about(challenge)),
    )


@task()
def tell_asked(public_id: str) -> None:
    """Tell an organisation that it is asked to join a team. Nothing else of the team is said in a mail."""
    member = (
        TeamMember.objects.select_related("team__challenge", "team__lead").filter(public_id=public_id).first()
    )
    if member is None:
        return  # taken out meanwhile

    def texts() -> tuple[str, str]:
        return (
            _("You are asked to answer a challenge together"),
            _("%(lead)s asks you to join. See “Challenges”.") % {"lead": member.team.lead.name},
        )

    send_notice(emails_of_writers([member.organisation_id]), texts)


@task()
def tell_lead(public_id: str) -> None:
    """Tell the lead that a partner has answered."""
    member = TeamMember.objects.select_related("team__challenge").filter(public_id=public_id).first()
    if member is None:
        return
    send_notice(
        emails_of_writers([member.team.lead_id]),
        lambda: (_("A partner of your team has answered"), _about(member.team.challenge)),
    )
