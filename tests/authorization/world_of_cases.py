"""Cases of the world: each stage that grants something else, with a task, an offer, terms and an objection."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from ronglian.apps.clinic.case_enums import CaseStage, FeeBase, FeePayer
from ronglian.apps.clinic.models import TechnologyManager
from ronglian.apps.clinic.operations.calendar_feeds import open_calendar
from ronglian.apps.clinic.operations.contacts import add_task
from ronglian.apps.clinic.operations.fee_terms import propose_fee
from ronglian.apps.clinic.operations.hand_overs import offer_case
from ronglian.apps.clinic.operations.stop_objections import object_to_stop
from ronglian.apps.registry.models import Need
from ronglian.kernel.actor import Actor
from tests.factories import make_organisation, make_result
from tests.factories.cases import actor_of, make_case
from tests.factories.technology_managers import make_manager

CALENDAR_SECRET = "rl_" + "0" * 40
DUE = (timezone.localdate() + timedelta(days=7)).isoformat()


def cases_of(manager: TechnologyManager, need: Need, owner: Actor) -> Mapping[str, Mapping[str, Any]]:
    """What the manager carries about the need of `owner`."""
    third = make_organisation("第三方单位")
    actor = actor_of(manager)
    stages = {
        "in diagnosis": CaseStage.DIAGNOSIS,
        "introduced": CaseStage.INTRODUCED,
        "stopped": CaseStage.STOPPED,
    }
    cases = {
        label: make_case(manager, need=need, result=make_result(third), stage=stage)
        for label, stage in stages.items()
    }
    introduced = cases["introduced"]
    task = add_task(actor=actor, case=introduced, title="寄样", due_on=timezone.localdate())
    offer = offer_case(
        actor=actor, case=cases["in diagnosis"], taker=make_manager(name="同事"), reason="转岗"
    )
    terms = propose_fee(
        actor=actor, case=introduced, base=FeeBase.MONEY_PAID, rate=500, payer=FeePayer.HALF_EACH
    )
    objection = object_to_stop(actor=owner, case=cases["stopped"], note="应当继续")
    open_calendar(actor=actor, manager=manager, secret=CALENDAR_SECRET)
    return {
        "case": cases,
        "task": {"theirs": task},
        "hand_over": {"offered": offer},
        "terms": {"proposed": terms},
        "objection": {"ours": objection},
    }
