"""What always holds of surveys along a chain and of check-ups."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.prospecting.enums import PartnerState, SurveyState
from ronglian.apps.prospecting.models import ChainPartner, CheckupFinding
from ronglian.apps.prospecting.queries.surveys import MOST_MAILS
from ronglian.kernel.invariant import invariant, named


@invariant(
    "prospecting.few_mails",
    _("Nobody in a survey gets more than three mails, and none that was not asked for."),
)
def _too_many_mails() -> Iterable[object]:
    return named(ChainPartner.objects.filter(Q(mails__gt=MOST_MAILS) | Q(mailed__gt=F("mails"))))


@invariant(
    "prospecting.invited_by_mail", _("Whoever was invited to a survey was sent a mail, or one is on its way.")
)
def _invited_without_a_mail() -> Iterable[object]:
    yield from named(ChainPartner.objects.exclude(state=PartnerState.ENTERED).filter(mails=0))
    yield from named(ChainPartner.objects.filter(state=PartnerState.ENTERED, mails__gt=0))


@invariant(
    "prospecting.addresses_forgotten", _("A survey that was closed holds no address of a contact any more.")
)
def _remembered() -> Iterable[object]:
    return named(ChainPartner.objects.filter(survey__state=SurveyState.CLOSED).exclude(email_digest=""))


@invariant(
    "prospecting.brought_to_own_clinic",
    _("What a check-up finds is brought to the clinic of its own enterprise."),
)
def _brought_elsewhere() -> Iterable[object]:
    return named(CheckupFinding.objects.exclude(consultation__owner=F("checkup__owner")))
