"""Background work of grants of rights. Jobs carry ids and nothing else; mails name the result and no more."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_tasks import task

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.notices import emails_of, emails_of_writers, send_notice
from ronglian.apps.agreements.models import RightsGrant
from ronglian.apps.agreements.rights_enums import GrantEnd, GrantState
from ronglian.kernel.actor import job_actor


class RightsNews(StrEnum):
    APPLIED = "applied"
    WITHDRAWN = "withdrawn"
    DECIDED = "decided"
    NOTICED = "noticed"
    OBJECTED = "objected"
    ANSWERED = "answered"
    DRAWN_UP = "drawn_up"
    SIGNED = "signed"
    ENDED = "ended"


SUBJECTS: Mapping[str, Promise] = {
    RightsNews.APPLIED: _lazy("Rights in a result were applied for"),
    RightsNews.WITHDRAWN: _lazy("An application for rights was withdrawn"),
    RightsNews.DECIDED: _lazy("It was decided on an application for rights"),
    RightsNews.NOTICED: _lazy("A grant of rights is on public notice"),
    RightsNews.OBJECTED: _lazy("Somebody objects to a grant of rights"),
    RightsNews.ANSWERED: _lazy("An objection to a grant of rights was answered"),
    RightsNews.DRAWN_UP: _lazy("An agreement on rights waits for your signature"),
    RightsNews.SIGNED: _lazy("A grant of rights is in force"),
    RightsNews.ENDED: _lazy("A grant of rights has ended"),
}


@task()
def tell_of_grant(public_id: str, news: str) -> int:
    """Tell the institution and the inventors; answers how many people were told."""
    grant = RightsGrant.objects.get(public_id=public_id)
    inventors = emails_of(Person.objects.filter(grant_memberships__grant=grant).order_by("pk"))
    emails = list(dict.fromkeys([*emails_of_writers([grant.owner_id]), *inventors]))

    def texts() -> tuple[str, str]:
        return (
            str(SUBJECTS[news]),
            _("It is about “%(title)s”. See “Mine”, “Rights in results”.") % {"title": grant.title},
        )

    return send_notice(emails, texts)


@task()
def end_expired_grants() -> int:
    """Every day: end the grants whose years of use are over; answers how many."""
    from ronglian.apps.agreements.operations.granting import end_grant  # noqa: PLC0415 - the operations enqueue jobs of this file

    over = RightsGrant.objects.filter(state=GrantState.IN_FORCE, use_until__lt=timezone.localdate())
    found = list(over.order_by("pk"))
    for grant in found:
        with translation.override("zh-hans"):
            reason = str(GrantEnd.EXPIRED.label)
        end_grant(actor=job_actor("end what is over"), grant=grant, kind=GrantEnd.EXPIRED, reason=reason)
    return len(found)
