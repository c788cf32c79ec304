"""价格测算: computing what a result may be worth, and keeping it with its assumptions."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.comparables import find_comparables
from ronglian.apps.agreements.enums import PricedWay
from ronglian.apps.agreements.models import Valuation
from ronglian.apps.agreements.pricing_rules import may_price_for
from ronglian.apps.agreements.valuing import assumptions_to_json, find_value, read_assumptions
from ronglian.apps.registry.models import Result
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record, clean_text


@operation("valuation.make", target="holder", allowed=may_price_for)
def make_valuation(
    *, actor: Actor, holder: Organisation, result: Result, way: PricedWay, assumptions: Any, grounds: str
) -> Valuation:
    """Compute a range for a result that the actor may see, for one's own side of a deal; kept as computed, never changed."""
    read = read_assumptions(assumptions)
    if not clean_text(grounds):
        raise InvalidInput.of({"grounds": [_("Say where the assumptions come from.")]})
    today = timezone.localdate()
    comparables = find_comparables(
        way=way,
        technology_field=result.technology_field,
        region=result.owner.region,
        without=holder.pk,
        today=today,
    )
    valuation = Valuation(
        holder=holder,
        result=result,
        way=way,
        assumptions=assumptions_to_json(read),  # type: ignore[misc]  # a sealed field holds any JSON
        grounds=clean_text(grounds),
        found=find_value(read, comparables),
        valued_on=today,
        made_by=actor.label,
    )
    clean_record(valuation)
    valuation.save(force_insert=True)
    record_event(actor, "valuation.made", valuation, {"result": str(result.public_id), "way": str(way)})
    return valuation
