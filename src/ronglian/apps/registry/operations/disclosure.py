"""Signing for the details of a record, and keeping its sealed annex."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.disclosure.models import Annex, Nda
from ronglian.apps.disclosure.operations.agreements import write_signature
from ronglian.apps.disclosure.operations.annexes import write_annex
from ronglian.apps.registry.models import RegistryRecord
from ronglian.apps.registry.rules import may_edit_record, may_sign_for_details
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotAllowed
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation


@operation("nda.sign", target="record", allowed=may_sign_for_details)
def sign_nda(
    *, actor: Actor, record: RegistryRecord, organisation: Organisation, purpose: str, text_digest: str
) -> Nda:
    """Sign the agreement for one's organisation; in force at once where the owner chose so, else the owner decides."""
    if not actor.may_write_for(organisation.pk):
        raise NotAllowed(_("Owners and editors sign for their organisation."))
    at_once = bool(getattr(record, "signing_suffices", False))
    nda = write_signature(
        actor,
        record,
        record.owner,
        organisation,
        purpose=purpose,
        text_digest=text_digest,
        at_once=at_once,
        hides_owner=bool(getattr(record, "anonymous", False)),
    )
    record_event(actor, "nda.signed", nda, {"text": nda.text_version, "digest": nda.text_digest})
    if at_once:
        record_event(actor, "nda.granted", nda, {"ends_on": str(nda.ends_on), "by": "standing choice"})
    return nda


@operation("annex.keep", target="record", allowed=may_edit_record)
def keep_annex(*, actor: Actor, record: RegistryRecord, text: str) -> Annex:
    """Keep a sealed annex of the record, or replace it."""
    annex = write_annex(record, record.owner, text)
    record_event(actor, "annex.kept", annex)
    return annex
