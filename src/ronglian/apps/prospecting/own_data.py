"""What surveys hold about a person: invitations that went to the person's address."""

from __future__ import annotations

from typing import Any

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.personal import add_part
from ronglian.apps.prospecting.models import ChainPartner
from ronglian.apps.prospecting.naming import digest_of_email
from ronglian.kernel.actor import job_actor
from ronglian.kernel.events import record_event


def register() -> None:
    add_part("survey_invitations", _invitations, _forget_address)


def _rows(person: Person) -> list[ChainPartner]:
    found = ChainPartner.objects.filter(email_digest=digest_of_email(person.email))
    return list(found.select_related("survey__lead").order_by("id"))


def _invitations(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "from": row.survey.lead.name,
            "survey": row.survey.title,
            "email": row.email,
            "mails": row.mailed,
            "last_mail": row.mailed_at.isoformat() if row.mailed_at else None,
        }
        for row in _rows(person)
    ]


def _forget_address(person: Person) -> None:
    actor = job_actor("person.erase")
    for row in _rows(person):
        row.email = row.email_digest = ""
        row.version += 1
        row.save(update_fields=["email", "email_digest", "version", "updated_at"])
        record_event(actor, "partner.address_forgotten", row)
