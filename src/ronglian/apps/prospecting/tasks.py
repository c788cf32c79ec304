"""Mails of surveys, in both languages. Jobs carry ids and numbers, nothing else."""

from __future__ import annotations

from contextlib import suppress

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from ronglian.apps.accounts.notices import in_both_languages
from ronglian.apps.prospecting.enums import PartnerState, SurveyState
from ronglian.apps.prospecting.links import address_of
from ronglian.apps.prospecting.models import ChainMailStop, ChainPartner
from ronglian.kernel.actor import job_actor
from ronglian.kernel.errors import RuleViolation
from ronglian.kernel.log.carried import carried_checkpoint


@task()
def send_invitation(public_id: str, number: int) -> int:
    """Send the invitation or a reminder, unless it was sent or is not wanted any more; answers how many were sent.

    A worker that dies between sending and saying so sends it again: under the same Message-ID, by which mail systems drop
    the second one.
    """
    partner = ChainPartner.objects.select_related("survey__lead").filter(public_id=public_id).first()
    if partner is None or partner.mailed >= number or not _is_wanted(partner):
        return 0
    link = address_of(partner)
    subject, text = in_both_languages(lambda: _texts(partner, link, is_reminder=number > 1))
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    headers = {"Message-ID": f"<survey-{partner.public_id}-{number}@{domain}>", **carried_checkpoint()}
    EmailMessage(subject, text, None, [partner.email], headers=headers).send()
    ChainPartner.objects.filter(pk=partner.pk).update(mailed=number, mailed_at=timezone.now())
    return 1


@task()
def send_missing_invitations() -> int:
    """Every hour: what was asked for and not sent, because a mail server was away; answers how many were sent."""
    waiting = ChainPartner.objects.filter(
        mailed__lt=F("mails"), state=PartnerState.INVITED, survey__state=SurveyState.OPEN
    ).values_list("public_id", "mails")
    return sum(send_invitation.func(str(public_id), number) for public_id, number in waiting)


@task()
def remind_of_surveys() -> int:
    """Every hour: the reminders of surveys that send them by themselves; answers how many surveys reminded somebody.

    What the lead could not do either is left for a later hour: too many mails in a day, or nobody who wants one.
    """
    from ronglian.apps.prospecting.operations.surveys import remind_partners  # noqa: PLC0415 - the operations enqueue jobs of this file
    from ronglian.apps.prospecting.queries.surveys import surveys_to_remind  # noqa: PLC0415 - beside the operations

    actor, reminded = job_actor("reminders of surveys"), 0
    for survey in surveys_to_remind(timezone.now()):
        with suppress(RuleViolation):
            remind_partners(actor=actor, survey=survey)
            reminded += 1
    return reminded


def _is_wanted(partner: ChainPartner) -> bool:
    """Not after an answer, a closed survey, a forgotten address, or when its holder wants no more of them."""
    if partner.state != PartnerState.INVITED or not partner.survey.takes_answers(timezone.localdate()):
        return False
    stopped = ChainMailStop.objects.filter(email_digest=partner.email_digest)
    return bool(partner.email) and not stopped.exists()


def _texts(partner: ChainPartner, link: str, *, is_reminder: bool) -> tuple[str, str]:
    survey = partner.survey
    values = {
        "lead": survey.lead.name,
        "title": survey.title,
        "day": survey.closes_on.isoformat(),
        "link": link,
    }
    subject = (
        _("A reminder: %(lead)s asks what troubles you")
        if is_reminder
        else _("%(lead)s asks what troubles you")
    )
    text = _(
        "%(lead)s asks its partners along the chain where research could help: %(title)s.\n"
        "It takes about five minutes and no account. You may also say that you need nothing, decline, or want no more of "
        "these mails.\n"
        "%(lead)s sees how many have answered, never what you answer: it becomes a draft that belongs to your organisation, "
        "and you alone publish it.\n"
        "Until %(day)s: %(link)s"
    )
    return subject % values, text % values
