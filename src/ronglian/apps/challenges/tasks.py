"""Background work of challenges. Jobs carry ids and nothing else, and keep no count: how many bid is nobody's business."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_tasks import task

from ronglian.apps.accounts.notices import emails_of_writers, send_notice
from ronglian.apps.challenges.enums import LIVE_BIDS
from ronglian.apps.challenges.models import Bid, Challenge, Question, TeamMember


class News(StrEnum):
    AMENDED = "amended"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


SUBJECTS: Mapping[str, Promise] = {
    News.AMENDED: _lazy("A challenge was amended"),
    News.ANSWERED: _lazy("A question about a challenge was answered"),
    News.WITHDRAWN: _lazy("A challenge was withdrawn"),
}


@task()
def tell_bidders(public_id: str, news: str) -> None:
    """Tell those who have bid, have asked, or are invited. The job answers nothing, for its answer is kept."""
    challenge = Challenge.objects.get(public_id=public_id)
    concerned = {
        *Bid.objects.filter(challenge=challenge, state__in=LIVE_BIDS).values_list("bidder_id", flat=True),
        *Question.objects.filter(challenge=challenge).values_list("asker_id", flat=True),
        *challenge.invitations.values_list("organisation_id", flat=True),
    }

    def texts() -> tuple[str, str]:
        return (
            str(SUBJECTS[news]),
            _("It is about “%(title)s”. See “Challenges”.") % {"title": challenge.title},
        )

    send_notice(emails_of_writers(concerned), texts)


@task()
def tell_issuer_of_question(public_id: str) -> None:
    """Tell the issuer that a question waits, not whose."""
    challenge = Challenge.objects.get(public_id=public_id)

    def texts() -> tuple[str, str]:
        return (
            _("A question about a challenge of yours waits for its answer"),
            _("It is about “%(title)s”. See “Challenges”.") % {"title": challenge.title},
        )

    send_notice(emails_of_writers([challenge.issuer_id]), texts)


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

    def texts() -> tuple[str, str]:
        return (
            _("A partner of your team has answered"),
            _("It is about “%(title)s”. See “Challenges”.") % {"title": member.team.challenge.title},
        )

    send_notice(emails_of_writers([member.team.lead_id]), texts)
