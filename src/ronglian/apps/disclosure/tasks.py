"""Notices about agreements, by e-mail, in both languages. The job carries the agreement's id and nothing else."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django_tasks import task

from ronglian.apps.accounts.notices import emails_of_writers, send_notice
from ronglian.apps.disclosure.enums import NdaState
from ronglian.apps.disclosure.models import Nda


@task()
def tell_of_nda(public_id: str) -> int:
    """Tell the side whose turn it is, or that waits for an answer; answers how many were told."""
    nda = Nda.objects.select_related("owner", "organisation").get(public_id=public_id)
    side = nda.owner_id if nda.state == NdaState.REQUESTED else nda.organisation_id
    return send_notice(emails_of_writers([side]), lambda: _texts(nda))


def _texts(nda: Nda) -> tuple[str, str]:
    subject = _("Agreement about confidential details: %(state)s") % {"state": nda.get_state_display()}
    return subject, _wording(nda)


def _wording(nda: Nda) -> str:
    if nda.state == NdaState.REQUESTED:
        return _(
            "%(organisation)s has signed the agreement for one of your records and asks to read its details. "
            "Decide under “My work”, “Agreements”."
        ) % {"organisation": nda.organisation.name}
    return _(
        "The agreement that your organisation signed is now: %(state)s. See “My work”, “Agreements”."
    ) % {"state": nda.get_state_display()}
