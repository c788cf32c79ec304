"""What can happen next with a record: buttons, or the reason why not and who can."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from ronglian.apps.registry.enums import State
from ronglian.apps.registry.models import RegistryRecord
from ronglian.apps.registry.rules import may_edit_record, may_verify_record
from ronglian.kernel.actor import Actor

RENEW_BEFORE = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class NextSteps:
    """Which buttons stand on the page; `refused` says why there are none, to members who may not write."""

    may_edit: bool
    may_publish: bool = False
    may_withdraw: bool = False
    may_confirm: bool = False
    may_verify: bool = False
    refused: str = ""


def next_steps(actor: Actor, record: RegistryRecord, today: date) -> NextSteps:
    verdict = may_edit_record(actor, record)
    if not verdict:
        refused = " ".join(str(part) for part in (verdict.reason, verdict.who_can) if part)
        may_verify = bool(may_verify_record(actor, record))
        return NextSteps(
            may_edit=False, may_verify=may_verify, refused=refused if actor.is_member(record.owner_id) else ""
        )
    ends = record.expires_on
    return NextSteps(
        may_edit=True,
        may_publish=record.state != State.PUBLISHED and not record.is_expired(today),
        may_withdraw=record.state != State.WITHDRAWN,
        may_confirm=ends is None or ends <= today + RENEW_BEFORE,
    )


def clock(record: RegistryRecord, today: date) -> str:
    """How long the record still holds, in words."""
    if record.expires_on is None:
        return ""
    days = (record.expires_on - today).days
    if days < 0:
        return _("expired on %(date)s") % {"date": record.expires_on.isoformat()}
    return _("valid until %(date)s, %(days)d days left") % {
        "date": record.expires_on.isoformat(),
        "days": days,
    }
