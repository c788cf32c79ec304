"""Mails about requests for services, in both languages. They name neither side, need nor wish: those stand at the site."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_tasks import task

from ronglian.apps.accounts.notices import emails_of, emails_of_writers, send_notice
from ronglian.apps.clinic.models import ServiceRequest


class RequestNews(StrEnum):
    """What happened to a request that the other side should hear of."""

    ASKED = "asked"
    ANSWERED = "answered"
    TAKEN_BACK = "taken_back"
    CONFIRMED = "confirmed"


SUBJECTS: Mapping[RequestNews, Promise] = {
    RequestNews.ASKED: _lazy("A service of yours was asked for. Please answer by the day you promise."),
    RequestNews.ANSWERED: _lazy("A request of your organisation for a service was answered."),
    RequestNews.TAKEN_BACK: _lazy("A request for a service of yours was taken back."),
    RequestNews.CONFIRMED: _lazy("The delivery of a service of yours was confirmed."),
}


@task()
def tell_of_request(public_id: str, news: str) -> int:
    """Tell the other side; answers how many were told."""
    request = ServiceRequest.objects.select_related("service__manager__person").get(public_id=public_id)
    what = RequestNews(news)
    if what is RequestNews.ANSWERED:
        told = emails_of_writers([request.organisation_id])
    elif request.service.manager is not None:
        told = emails_of([request.service.manager.person])
    else:
        told = emails_of_writers([request.service.owner_id])
    return send_notice(told, lambda: (str(SUBJECTS[what]), _("See “My work”, “Services”.")))
