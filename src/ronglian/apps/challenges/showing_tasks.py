"""Notices about showings, by e-mail. Jobs carry ids, and mails name neither the bid nor the other side."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django_tasks import task

from ronglian.apps.accounts.notices import emails_of_writers, send_notice
from ronglian.apps.challenges.models import Showing, ShowingOutcome
from ronglian.apps.challenges.showing_enums import ShowingState

OF_THE_TEAM = (ShowingState.ACCEPTED, ShowingState.DECLINED)


@task()
def tell_of_showing(public_id: str) -> int:
    """Tell the side that did not act; answers how many were told."""
    showing = Showing.objects.get(public_id=public_id)
    side = showing.team_id if showing.state in OF_THE_TEAM else showing.investor_id

    def texts() -> tuple[str, str]:
        subject = _("A bid shown to an investor: %(state)s") % {"state": showing.get_state_display()}
        return subject, _("See “My work”, “Bids shown to investors”.")

    return send_notice(emails_of_writers([side]), texts)


@task()
def tell_of_outcome(public_id: str) -> int:
    """Tell the team that something was told, and the investor that it was answered."""
    outcome = ShowingOutcome.objects.select_related("showing").get(public_id=public_id)
    showing = outcome.showing
    side = showing.investor_id if outcome.answer else showing.team_id

    def texts() -> tuple[str, str]:
        subject = _("What became of a bid shown to an investor was answered")
        if not outcome.answer:
            subject = _("What became of a bid shown to an investor waits for your confirmation")
        return subject, _("See “My work”, “Bids shown to investors”.")

    return send_notice(emails_of_writers([side]), texts)
