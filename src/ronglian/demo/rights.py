"""Invented rights in results of the demo region: a grant on public notice, one applied for, and a ledger of results."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from ronglian.apps.agreements.granting_law import FACTS, least_notice_days
from ronglian.apps.agreements.models import RightsGrant
from ronglian.apps.agreements.operations.assets import enter_asset
from ronglian.apps.agreements.operations.granting import (
    Named,
    apply_for_rights,
    begin_grant_notice,
    decide_grant,
)
from ronglian.apps.agreements.rights_enums import AssetStage, GrantedRight, GrantForm
from ronglian.apps.registry.models import Result
from ronglian.demo.people import demo_organisation, editor_of
from ronglian.kernel.actor import Actor

INSTITUTION = "demo-org-b14"
VALUE_FEN = 48_000_000


@transaction.atomic
def load_rights(actor: Actor) -> int:
    """Apply and decide once; answers how many grants are new."""
    unit = demo_organisation(INSTITUTION)
    results = list(Result.objects.filter(owner=unit, state="published").order_by("pk")[:3])
    if len(results) < 2 or RightsGrant.objects.filter(owner=unit).exists():
        return 0
    office = editor_of(actor, unit, "rights-01", "虚构·成果处")
    first = editor_of(actor, unit, "rights-02", "虚构·林知远")
    editor_of(actor, unit, "rights-03", "虚构·何书宁")
    members = [
        Named("虚构·林知远", "demo-rights-02@example.org", 6_500),
        Named("虚构·何书宁", "demo-rights-03@example.org", 3_500),
    ]
    facts = {name: name != "touches_security" for name in FACTS}
    grants = [
        apply_for_rights(
            actor=first,
            result=result,
            right=GrantedRight.PATENT,
            form=form,
            share=share,
            use_years=years,
            members=members,
            facts=facts,
            plan="与两家示例企业中试，两年内以许可方式转化。（虚构）",
        )
        for result, form, share, years in (
            (results[0], GrantForm.OWNERSHIP, 7_500, None),
            (results[1], GrantForm.USE, None, 12),
        )
    ]
    grounds = "院务会纪要第6号；本院《职务科技成果赋权办法》第五条。（虚构）"
    grant = decide_grant(actor=office, grant=grants[0], approves=True, grounds=grounds)
    days = least_notice_days(grant.place, timezone.localdate()) or 1
    begin_grant_notice(actor=office, grant=grant, days=days)
    for result in results:
        is_first = result == results[0]
        enter_asset(
            actor=office,
            owner=unit,
            result=result,
            right=GrantedRight.PATENT,
            stage=AssetStage.DEVELOPMENT,
            value_fen=VALUE_FEN if is_first else None,
            value_basis="评估报告（虚构）" if is_first else "",
        )
    return len(grants)
