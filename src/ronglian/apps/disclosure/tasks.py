"""Notices about agreements, by e-mail, in both languages. The job carries the agreement's id and nothing else."""

from __future__ import annotations

from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _
from django_tasks import task

from ronglian.apps.accounts.models import Membership, Organisation, Person
from ronglian.apps.disclosure.enums import NdaState
from ronglian.apps.disclosure.models import Nda
from ronglian.kernel.actor import WRITING_ROLES

LANGUAGES = ("zh-hans", "en")


@task()
def tell_of_nda(public_id: str) -> int:
    """Tell the side whose turn it is, or that waits for an answer; answers how many were told."""
    nda = Nda.objects.select_related("owner", "organisation").get(public_id=public_id)
    told = _people_of(nda.owner) if nda.state == NdaState.REQUESTED else _people_of(nda.organisation)
    subject, text = _in_both_languages(nda)
    for email in told:
        send_mail(subject, text, None, [email])
    return len(told)


def _people_of(organisation: Organisation) -> list[str]:
    rows = Membership.objects.filter(organisation=organisation, role__in=WRITING_ROLES)
    people = Person.objects.filter(pk__in=rows.values("person"), is_active=True)
    return list(people.order_by("pk").values_list("email", flat=True))


def _in_both_languages(nda: Nda) -> tuple[str, str]:
    subjects, texts = [], []
    for language in LANGUAGES:
        with translation.override(language):
            subjects.append(
                _("Agreement about confidential details: %(state)s") % {"state": nda.get_state_display()}
            )
            texts.append(_wording(nda))
    return " / ".join(subjects), "\n\n".join(texts)


def _wording(nda: Nda) -> str:
    if nda.state == NdaState.REQUESTED:
        return _(
            "%(organisation)s has signed the agreement for one of your records and asks to read its details. "
            "Decide under “My work”, “Agreements”."
        ) % {"organisation": nda.organisation.name}
    return _(
        "The agreement that your organisation signed is now: %(state)s. See “My work”, “Agreements”."
    ) % {"state": nda.get_state_display()}
