"""The one operation that moves a challenge: any step of its scheme that no part of the app takes by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.challenges.clarity import unclear
from ronglian.apps.challenges.enums import HolderRole, Phase
from ronglian.apps.challenges.models import Challenge, HolderKey
from ronglian.apps.challenges.paying import PAPER, is_paying, order_rest
from ronglian.apps.challenges.rules import may_take_steps
from ronglian.apps.challenges.standing import facts_of, follow, process_of, roles_of
from ronglian.engines.process import Definition, Transition
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.process.running import advance


@operation("challenge.advance", target="challenge", allowed=may_take_steps)
def advance_challenge(
    *,
    actor: Actor,
    challenge: Challenge,
    step: str,
    documents: Mapping[str, str] | None = None,
    note: str = "",
) -> Challenge:
    """Take a step of the scheme. `documents` are what it must produce, as text or as the id of a record.

    Raises what the process answers: StepNotAllowed, StepRefused with all reasons.
    """
    now, process = timezone.now(), process_of(challenge)
    transition = process.definition.transitions.get(step)
    if transition is not None and leads_to(process.definition, transition, "open"):
        _insist_ready(challenge, now)
    if transition is not None and is_opening(process.definition, transition):
        raise RuleViolation(_("Bids are opened by two holders of keys, each with a passphrase."))
    advance(
        process,
        step,
        actor=actor,
        roles=roles_of(actor, challenge),
        facts=facts_of(challenge, process.definition),
        now=now,
        documents=documents,
        note=note,
    )
    record_event(actor, "challenge.advanced", challenge, {"step": step})
    if transition is not None and is_paying(transition):
        order_rest(actor, challenge, (documents or {}).get(PAPER, ""))
    follow(actor, challenge, process, now)
    return challenge


def leads_to(definition: Definition, transition: Transition, stage: str) -> bool:
    return any(definition.states[target].stage == stage for target in transition.targets)


def is_opening(definition: Definition, transition: Transition) -> bool:
    """The step from sealed bids to their review."""
    sealed = any(definition.states[source].stage == "sealed" for source in transition.sources)
    return sealed and leads_to(definition, transition, "review")


def _insist_ready(challenge: Challenge, now: datetime) -> None:
    """Whatever the scheme: a call that can be answered, three keys, and a closing that is still to come."""
    missing = [str(each) for each in unclear(challenge)]
    keys = set(HolderKey.objects.filter(challenge=challenge).values_list("role", flat=True))
    if keys != set(HolderRole.values):
        missing.append(
            str(_("Three holders make their keys before bids can come: issuer, technology manager, escrow."))
        )
    if challenge.closes_at is None or challenge.closes_at <= now:
        missing.append(str(_("State a closing of bids that is still to come.")))
    if challenge.phase not in (Phase.DRAFT, Phase.CHECK):
        missing.append(str(_("It is published already.")))
    if missing:
        raise RuleViolation(" ".join(missing))
