"""Telling those in a dispute. Jobs carry ids and nothing else; mails name neither what is claimed nor amounts."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_tasks import task

from ronglian.apps.accounts.notices import emails_of, emails_of_writers, send_notice
from ronglian.apps.agreements.models import Dispute
from ronglian.apps.agreements.queries.disputes import unnoted_late_disputes
from ronglian.kernel.actor import job_actor


class DisputeNews(StrEnum):
    RAISED = "raised"
    LATE = "late"
    ANSWERED = "answered"
    SAID = "said"
    MEDIATOR = "mediator"
    APPOINTED = "appointed"
    SETTLEMENT = "settlement"
    SETTLED = "settled"
    CLOSED = "closed"


SUBJECTS: Mapping[str, Promise] = {
    DisputeNews.RAISED: _lazy("A dispute about a contract was raised and waits for an answer"),
    DisputeNews.LATE: _lazy("The day to answer a dispute about a contract has passed"),
    DisputeNews.ANSWERED: _lazy("A dispute about a contract was answered"),
    DisputeNews.SAID: _lazy("Something was added to the log of a dispute"),
    DisputeNews.MEDIATOR: _lazy("A mediator was proposed or declined, or stepped down"),
    DisputeNews.APPOINTED: _lazy("A mediator was appointed"),
    DisputeNews.SETTLEMENT: _lazy("A settlement was proposed, or answered by one side"),
    DisputeNews.SETTLED: _lazy("A dispute was settled"),
    DisputeNews.CLOSED: _lazy("A dispute was closed without a settlement"),
}


@task()
def tell_of_dispute(public_id: str, news: str) -> int:
    """Tell both sides and the mediator; answers how many people were told."""
    dispute = Dispute.objects.select_related("agreement", "mediator__manager__person").get(
        public_id=public_id
    )
    agreement, mediator = dispute.agreement, dispute.mediator
    organisations: list[int | None] = [agreement.client_id, agreement.provider_id]
    emails: list[str] = []
    if mediator is not None and mediator.manager is not None:
        emails = emails_of([mediator.manager.person])
    elif mediator is not None:
        organisations.append(mediator.organisation_id)

    def texts() -> tuple[str, str]:
        return (
            str(SUBJECTS[news]),
            _("It is about “%(title)s”. See “Mine”, “Contracts”.") % {"title": agreement.title},
        )

    return send_notice([*emails_of_writers(organisations), *emails], texts)


@task()
def note_late_answers() -> int:
    """Note that the day to answer has passed, once for each dispute; answers how many were new."""
    from ronglian.apps.agreements.operations.disputing import note_lateness  # noqa: PLC0415 - the operations enqueue jobs of this file

    actor, late = job_actor("note late answers"), list(unnoted_late_disputes(timezone.localdate()))
    for dispute in late:
        note_lateness(actor=actor, dispute=dispute)
    return len(late)
