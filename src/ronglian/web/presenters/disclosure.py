"""Where a reader stands with the details of a record: what is shown, what can happen next, and who can do it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ronglian.apps.disclosure.enums import NdaState
from ronglian.apps.disclosure.models import Nda
from ronglian.apps.disclosure.operations.viewings import read_annex
from ronglian.apps.disclosure.queries.agreements import latest_about
from ronglian.apps.disclosure.queries.annexes import find_annex
from ronglian.apps.registry.models import RegistryRecord
from ronglian.apps.registry.rules import may_see_owner, may_sign_for_details
from ronglian.kernel.actor import Actor
from ronglian.web.presenters.kinds import kind_of
from ronglian.web.presenters.owners import organisation_line


@dataclass(frozen=True, slots=True)
class DetailsPanel:
    """One sentence and at most two ways on; `refused` says why there is none, and who can."""

    text: str
    sign_url: str = ""
    agreement_url: str = ""
    readers_url: str = ""
    needs_sign_in: bool = False
    refused: str = ""


def details_panel(actor: Actor, record: RegistryRecord) -> DetailsPanel | None:
    """None for a record that is open as a whole."""
    if not getattr(record, "under_nda", False):
        return None
    address = [kind_of(record).name, record.public_id]
    if actor.is_member(record.owner_id):
        return DetailsPanel(
            _("Title and summary are public. The details are shown to those you have an agreement with."),
            readers_url=reverse("work:readers", args=address),
        )
    nda = latest_about(actor, record.public_id)
    agreement = reverse("work:agreement", args=[nda.public_id]) if nda else ""
    if record.is_opened:
        return DetailsPanel(
            _("You read the details under an agreement. Who reads them and when is shown to their owner."),
            agreement_url=agreement,
        )
    text = _(
        "What stands here is the public summary. Details, metrics and amounts are shown under an agreement."
    )
    if nda is not None and nda.state == NdaState.REQUESTED:
        waiting = _("Your organisation signed on %(day)s; the owner decides next.")
        return DetailsPanel(
            waiting % {"day": timezone.localdate(nda.signed_at).isoformat()}, agreement_url=agreement
        )
    if not actor.is_signed_in:
        return DetailsPanel(text, needs_sign_in=True)
    verdict = may_sign_for_details(actor, record)
    if not verdict:
        refused = " ".join(str(part) for part in (verdict.reason, verdict.who_can) if part)
        return DetailsPanel(text, agreement_url=agreement, refused=refused)
    return DetailsPanel(text, sign_url=reverse("work:sign", args=address), agreement_url=agreement)


def shown_annex(actor: Actor, record: RegistryRecord) -> str:
    """The sealed annex, for those who may read it; empty for everybody else."""
    annex = find_annex(actor, record.public_id)
    return read_annex(actor, annex) if annex else ""


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """An agreement in a list: the other side, the record, where it stands."""

    nda: Nda
    url: str
    other: str
    is_ours_to_give: bool
    about: str
    record_url: str
    is_over: bool
    waits_for_us: bool


def agreement_line(actor: Actor, nda: Nda, records: dict[str, RegistryRecord]) -> AgreementLine:
    """`records` holds those of the agreements' records that the actor may see, by public id."""
    record = records.get(str(nda.asked_about_id))
    gives = actor.is_member(nda.owner_id)
    if gives:
        other = nda.organisation.name
    elif record is not None and may_see_owner(actor, record):
        other = str(organisation_line(nda.owner).name)
    else:
        other = _("Anonymous enterprise") if record is not None else _("an organisation")
    return AgreementLine(
        nda=nda,
        url=reverse("work:agreement", args=[nda.public_id]),
        other=other,
        is_ours_to_give=gives,
        about=str(record) if record else _("a record that is no longer shown"),
        record_url=reverse(record.noun, args=[record.public_id]) if record else "",
        is_over=nda.state == NdaState.GRANTED and not nda.is_in_force(timezone.localdate()),
        waits_for_us=gives and nda.state == NdaState.REQUESTED,
    )
