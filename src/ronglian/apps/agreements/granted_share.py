"""Income from a result in which rights were granted: the agreement on rights says which part of it is the team's.

A contract follows the grant that was in force on the day on which it was signed, also after the grant has ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.contract_text import rate_text
from ronglian.apps.agreements.enums import AgreementKind, DistributionState
from ronglian.apps.agreements.models import Agreement, Distribution, GrantMember, RightsGrant
from ronglian.apps.agreements.models.rights import WHOLE
from ronglian.apps.agreements.paid import paid_of_agreements
from ronglian.apps.agreements.queries.rights import latest_deed
from ronglian.apps.agreements.rights_enums import GrantState
from ronglian.engines.money import allocate
from ronglian.kernel.errors import InvalidInput

FOLLOWING = (AgreementKind.TRANSFER, AgreementKind.LICENCE)


@dataclass(frozen=True, slots=True)
class ContractIncome:
    """What a contract brought and what of it the agreement on rights makes the team's; the parts of the members add up to it.

    `base_fen` is the net income as far as it was planned how to share it, and what was received where it was not:
    costs are then still to be taken off (`is_net`).
    """

    agreement: Agreement
    received_fen: int
    base_fen: int
    is_net: bool
    team_fen: int
    parts: tuple[tuple[str, int], ...]


def grant_of_contract(agreement: Agreement) -> RightsGrant | None:
    """The grant that was in force in the result of a contract when it was signed."""
    if agreement.result_id is None or agreement.signed_on is None or agreement.kind not in FOLLOWING:
        return None
    rows = RightsGrant.objects.filter(
        result=agreement.result_id,
        owner=agreement.provider_id,
        state__in=(GrantState.IN_FORCE, GrantState.ENDED),
        in_force_on__lte=agreement.signed_on,
    )
    return rows.filter(Q(ended_on=None) | Q(ended_on__gte=agreement.signed_on)).order_by("-id").first()


def granted_rate(agreement: Agreement) -> int | None:
    """The team's part of the net income by the agreement on rights, in hundredths of a per cent; None without a grant."""
    grant = grant_of_contract(agreement)
    deed = latest_deed(grant) if grant else None
    return int(deed.terms["income_share"]) if deed else None


def agreed_rate_of(agreement: Agreement, told: int | None) -> int | None:
    """The share by agreement that a plan goes by: what was told, never below what was granted. Raises InvalidInput."""
    granted = granted_rate(agreement)
    if granted is None:
        return told
    if told is not None and told < granted:
        raise InvalidInput.of(
            {
                "agreed_rate": [
                    _("The agreement on rights in this result gives the team %(share)s.")
                    % {"share": rate_text(granted)}
                ]
            }
        )
    return told if told is not None else granted


def contracts_under(grant: RightsGrant) -> list[Agreement]:
    """The contracts that follow the grant, in the order of signing."""
    if grant.in_force_on is None:
        return []
    rows = Agreement.objects.filter(
        result=grant.result_id,
        provider=grant.owner_id,
        kind__in=FOLLOWING,
        signed_on__gte=grant.in_force_on,
        signed__isnull=False,
    )
    if grant.ended_on is not None:
        rows = rows.filter(signed_on__lte=grant.ended_on)
    return list(rows.select_related("client", "signed").order_by("signed_on", "id"))


def income_under(grant: RightsGrant, members: Sequence[GrantMember]) -> tuple[ContractIncome, ...]:
    """What the contracts under a grant brought, and whose it is."""
    deed = latest_deed(grant)
    if deed is None:
        return ()
    contracts, rate = contracts_under(grant), int(deed.terms["income_share"])
    received = paid_of_agreements([one.pk for one in contracts])
    plans = Distribution.objects.filter(agreement__in=contracts).exclude(state=DistributionState.WITHDRAWN)
    planned = {
        row["agreement"]: (int(row["income"]), int(row["net"]))
        for row in plans.values("agreement").annotate(income=Sum("income_fen"), net=Sum("net_fen"))
    }
    return tuple(
        _income_of(one, received.get(one.pk, 0), *planned.get(one.pk, (0, 0)), rate, members)
        for one in contracts
    )


def _income_of(
    agreement: Agreement, received: int, planned: int, net: int, rate: int, members: Sequence[GrantMember]
) -> ContractIncome:
    base = net + max(received - planned, 0)
    team, _rest = allocate(base, (rate, WHOLE - rate))
    parts = allocate(team, [one.share for one in members])
    return ContractIncome(
        agreement,
        received,
        base,
        is_net=planned >= received,
        team_fen=team,
        parts=tuple((one.name, part) for one, part in zip(members, parts, strict=True)),
    )
