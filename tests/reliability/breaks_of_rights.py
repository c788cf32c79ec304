"""What breaks each invariant of rights in results and of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ronglian.apps.agreements.models import AssetEntry, DeedSignature, GrantMember, RightsDeed, RightsGrant
from ronglian.apps.agreements.operations.granting_objections import object_to_grant
from tests.factories import make_result
from tests.factories.rights import applied, in_force, make_team, noticed


def _unanswered() -> None:
    team = make_team()
    grant = noticed(team)
    object_to_grant(actor=team.office, grant=grant, text="漏了丙")
    RightsGrant.objects.filter(pk=grant.pk).update(state="drawn_up")


OF_RIGHTS: Mapping[str, Callable[[], object]] = {
    "rights.parts_add_up": lambda: GrantMember.objects.filter(grant=applied(make_team()), number=1).update(
        share=5_999
    ),
    "rights.text_as_signed": lambda: RightsDeed.objects.filter(grant=in_force(make_team())).update(text={}),
    "rights.signed_by_all": lambda: DeedSignature.objects.filter(
        deed__grant=in_force(make_team()), member=None
    ).delete(),
    "rights.objections_were_answered": _unanswered,
    "rights.granted_results_in_the_ledger": lambda: AssetEntry.objects.filter(
        result=in_force(make_team()).result
    ).delete(),
    "rights.ledger_of_own_results": lambda: AssetEntry.objects.filter(
        result=in_force(make_team()).result
    ).update(result=make_result()),
}
