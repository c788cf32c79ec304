"""What always holds of disputes: who mediates, and what both sides settled on."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.dispute_enums import DisputeState, MediatorState, SettlementState
from ronglian.apps.agreements.enums import Side
from ronglian.apps.agreements.models import Dispute, DisputeEntry, MediatorProposal, Settlement
from ronglian.apps.agreements.settlement import settlement_digest
from ronglian.kernel.invariant import invariant, named


@invariant(
    "agreements.settled_by_both",
    _(
        "A dispute is settled when both sides accepted the same settlement, and it still has the digest they accepted."
    ),
)
def _settled_by_few() -> Iterable[object]:
    settled = Dispute.objects.filter(state=DisputeState.SETTLED)
    for dispute in settled.select_related("settlement__dispute__agreement__signed").iterator(chunk_size=100):
        found: Settlement | None = dispute.settlement
        assert found is not None  # a constraint of the database
        digests = dict(found.consents.values_list("side", "digest"))
        wanted = dict.fromkeys(Side.values, settlement_digest(found))
        if digests != wanted or found.state != SettlementState.AGREED or found.dispute_id != dispute.pk:
            yield f"dispute {dispute.public_id}"


@invariant("agreements.mediators_of_neither_side", _("A mediator is no party of the contract."))
def _partial_mediators() -> Iterable[object]:
    client, provider = F("dispute__agreement__client"), F("dispute__agreement__provider")
    appointed = MediatorProposal.objects.exclude(state=MediatorState.DECLINED)
    return named(appointed.filter(Q(organisation=client) | Q(organisation=provider)))


@invariant(
    "agreements.mediators_appointed_by_both",
    _("Who mediates a dispute was proposed in it by one side and accepted by the other."),
)
def _unappointed_mediators() -> Iterable[object]:
    mediated = Dispute.objects.filter(mediator__isnull=False)
    appointed = Q(mediator__state=MediatorState.APPOINTED, mediator__dispute=F("pk"))
    return named(mediated.exclude(appointed))


@invariant("agreements.disputes_have_their_log", _("The log of every dispute begins with its raising."))
def _disputes_without_log() -> Iterable[object]:
    raised = DisputeEntry.objects.filter(step="raised").values("dispute")
    return named(Dispute.objects.exclude(pk__in=raised))
