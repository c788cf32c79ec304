"""The mail that there is something to read about a contract that is negotiated. It names neither the clause nor what was said."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django_tasks import task

from ronglian.apps.accounts.notices import emails_of_writers, send_notice
from ronglian.apps.agreements.enums import Side
from ronglian.apps.agreements.models import Agreement


@task()
def tell_of_comments(public_id: str, side: str) -> int:
    """Tell those who act for one side; answers how many were told."""
    agreement = Agreement.objects.select_related("client", "provider").get(public_id=public_id)

    def texts() -> tuple[str, str]:
        return (
            _("The other side has commented on a contract"),
            _("It is about “%(title)s”. See “Mine”, “Contracts”.") % {"title": agreement.title},
        )

    return send_notice(emails_of_writers([agreement.organisation_of(Side(side)).pk]), texts)
