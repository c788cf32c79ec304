"""Background work of agreements. Jobs carry ids and nothing else; mails name neither amounts nor terms."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_tasks import task

from ronglian.apps.accounts.notices import emails_of_writers, send_notice
from ronglian.apps.agreements.enums import AgreementState
from ronglian.apps.agreements.models import Agreement, PriceFinding
from ronglian.kernel.actor import job_actor


class AgreementNews(StrEnum):
    SENT = "sent"
    PROPOSED = "proposed"
    SIGNED_BY_ONE = "signed_by_one"
    SIGNED = "signed"
    ENDED = "ended"
    ACCEPTED = "accepted"
    MONEY = "money"
    REPORTED = "reported"
    DEMANDED = "demanded"
    BOUGHT_OUT = "bought_out"
    END_PROPOSED = "end_proposed"
    REGISTERED = "registered"


SUBJECTS: Mapping[str, Promise] = {
    AgreementNews.SENT: _lazy("An agreement was sent to you"),
    AgreementNews.PROPOSED: _lazy("Other terms were proposed for an agreement"),
    AgreementNews.SIGNED_BY_ONE: _lazy("An agreement was signed by one side"),
    AgreementNews.SIGNED: _lazy("An agreement is in force"),
    AgreementNews.ENDED: _lazy("An agreement has ended"),
    AgreementNews.ACCEPTED: _lazy("Acceptance was decided on"),
    AgreementNews.MONEY: _lazy("A payment waits for your answer, or was answered"),
    AgreementNews.REPORTED: _lazy("A royalty report was handed in"),
    AgreementNews.DEMANDED: _lazy("What is overdue was demanded, or more time was given"),
    AgreementNews.BOUGHT_OUT: _lazy("An agreement was bought out"),
    AgreementNews.END_PROPOSED: _lazy("The end of an agreement was proposed, or the proposal was answered"),
    AgreementNews.REGISTERED: _lazy("A contract was registered"),
}


@task()
def tell_of_agreement(public_id: str, news: str) -> int:
    """Tell both sides; answers how many people were told."""
    agreement = Agreement.objects.get(public_id=public_id)

    def texts() -> tuple[str, str]:
        return (
            str(SUBJECTS[news]),
            _("It is about “%(title)s”. See “Mine”, “Contracts”.") % {"title": agreement.title},
        )

    return send_notice(emails_of_writers([agreement.client_id, agreement.provider_id]), texts)


@task()
def tell_of_price(public_id: str) -> int:
    """Tell the seller that somebody objects to a price; answers how many people were told."""
    finding = PriceFinding.objects.get(public_id=public_id)

    def texts() -> tuple[str, str]:
        return (
            _("Somebody objects to a price on public notice"),
            _("It is about “%(title)s”. The price is not found before you answer: see “Mine”, “Prices”.")
            % {"title": finding.title},
        )

    return send_notice(emails_of_writers([finding.seller_id]), texts)


@task()
def claim_due_payments() -> int:
    """Claim what became due since yesterday; answers how many agreements had something new."""
    from ronglian.apps.agreements.operations.money import claim_due  # noqa: PLC0415 - the operations enqueue jobs of this file
    from ronglian.apps.agreements.queries.money import has_unclaimed  # noqa: PLC0415 - beside the operations

    today, actor = timezone.localdate(), job_actor("claim what is due")
    found = [
        agreement
        for agreement in Agreement.objects.filter(state=AgreementState.IN_FORCE)
        .select_related("signed")
        .order_by("pk")
        if has_unclaimed(agreement, today)
    ]
    for agreement in found:
        claim_due(actor=actor, agreement=agreement, today=today)
    return len(found)
