"""Where a challenge stands: what is known for its process, whose roles somebody has in it, and its phase."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from ronglian.apps.accounts.enums import OrganisationSize
from ronglian.apps.challenges import milestones, reviewing
from ronglian.apps.challenges.clarity import has_acceptance_test, unclear
from ronglian.apps.challenges.enums import LIVE_BIDS, AwardState, ObjectionKind, Phase
from ronglian.apps.challenges.models import Award, Bid, Challenge
from ronglian.apps.challenges.rules import holder_roles_of, is_authority
from ronglian.apps.challenges.tasks import News, tell_news, tell_of_deadline
from ronglian.engines.process import Advanced, Definition
from ronglian.engines.process.definition import Fact, Value
from ronglian.kernel.actor import Actor
from ronglian.kernel.events import record_event
from ronglian.kernel.process.models import RunningProcess
from ronglian.kernel.process.queries import main_process
from ronglian.kernel.process.subjects import Facts, Subject, register_subject

KIND = "challenge"
# The stages of the schemes in the order in which a challenge goes through them; of several the furthest is shown.
PHASE_OF_STAGE: Mapping[str, Phase] = {
    "draft": Phase.DRAFT,
    "check": Phase.CHECK,
    "open": Phase.OPEN,
    "sealed": Phase.SEALED,
    "review": Phase.REVIEW,
    "feedback": Phase.NOTICE,
    "publicity": Phase.NOTICE,
    "objection": Phase.NOTICE,
    "appeal_window": Phase.NOTICE,
    "appeal": Phase.NOTICE,
    "signing": Phase.TASK,
    "work": Phase.TASK,
    "comparing": Phase.TASK,
    "acceptance": Phase.ACCEPTANCE,
    "judging": Phase.ACCEPTANCE,
    "admission": Phase.ACCEPTANCE,
    "order": Phase.ACCEPTANCE,
    "supply": Phase.ACCEPTANCE,
    "payment": Phase.ACCEPTANCE,
}
BEFORE_THE_REVIEW = (Phase.DRAFT, Phase.CHECK, Phase.OPEN, Phase.SEALED)
PHASE_OF_OUTCOME: Mapping[str, Phase] = {
    "success": Phase.DONE,
    "failure": Phase.FAILED,
    "cancelled": Phase.WITHDRAWN,
}
# The first time a challenge gets there; an award is told of again where bids are reviewed again.
NEWS_OF_PHASE: Mapping[str, News] = {
    Phase.OPEN: News.PUBLISHED,
    Phase.NOTICE: News.AWARDED,
    Phase.WITHDRAWN: News.WITHDRAWN,
    Phase.DONE: News.ENDED,
    Phase.FAILED: News.ENDED,
}
_ORDER = list(PHASE_OF_STAGE)


def register() -> None:
    register_subject(
        Subject(
            milestones.KIND,
            facts=milestones.facts_by_id,
            fired=milestones.after_part,
            reminded=milestones.reminded,
        )
    )
    register_subject(Subject(KIND, facts=_facts_by_id, fired=_after_clock, reminded=_reminded))


def process_of(challenge: Challenge) -> RunningProcess:
    """The process a challenge goes through; it has one from its first draft on."""
    found = main_process(KIND, challenge.public_id)
    assert found is not None
    return found


def phase_of(process: RunningProcess) -> Phase:
    if process.is_over:
        return PHASE_OF_OUTCOME[process.outcome]
    stages = [process.definition.states[state].stage for state in process.states]
    return PHASE_OF_STAGE[max(stages, key=_ORDER.index)]


def live_bids(challenge: Challenge) -> int:
    return Bid.objects.filter(challenge=challenge, state__in=LIVE_BIDS).count()


def facts_of(challenge: Challenge, definition: Definition, *, for_pages: bool = False) -> Facts:
    """What is known of the definition's facts: what records tell, else what the issuer stated.

    For pages nothing is told of bids that are sealed unless the rules of the challenge say so.
    """
    known = _told_by_records(challenge)
    if for_pages and challenge.phase == Phase.OPEN and not challenge.tells_number_of_bids:
        known["bids_count"] = None
    stated = {
        name: stated_value(fact, challenge.stated.get(name))
        for name, fact in definition.facts.items()
        if name not in known
    }
    return {name: value for name, value in {**known, **stated}.items() if name in definition.facts}


def moments_of(challenge: Challenge, definition: Definition) -> Facts:
    """The facts that deadlines are computed from, without asking what else is known."""
    moments = {
        name: stated_value(fact, challenge.stated.get(name))
        for name, fact in definition.facts.items()
        if fact.kind == "time"
    }
    return {**moments, "bids_close_at": challenge.closes_at}


def asked_facts(definition: Definition) -> list[Fact]:
    """The facts of a scheme that no record tells, so that the issuer states them."""
    return [fact for name, fact in definition.facts.items() if name not in TOLD_BY_RECORDS]


def stated_value(fact: Fact, value: object) -> Value | None:
    """What was stated, as the process reads it: moments are kept as text."""
    if fact.kind == "time" and isinstance(value, str):
        return parse_datetime(value)
    return value if isinstance(value, bool | int | str) else None


TOLD_BY_RECORDS = frozenset(
    {
        "clarity_checked", "has_acceptance_test", "bids_close_at", "bids_count", "bids_opened", "invited_count",
        "issuer_is_large", "issuer_bids", "list_complete", "reviews_missing", "conflicts_open", "losers_without_feedback",
        "objections_open", "appeals_open", "teams_left", "winner_is_small", "milestones_planned",
        "stages_left",
    }
)  # fmt: skip


def _told_by_records(challenge: Challenge) -> dict[str, Value | None]:
    opening = getattr(challenge, "opening", None)
    clear = not unclear(challenge)
    # Before publication nobody relies on the call, so that nobody is owed anything.
    owed: dict[str, Value | None] = {} if challenge.published_at else {"compensation_settled": True}
    return owed | {
        "clarity_checked": clear,
        "has_acceptance_test": has_acceptance_test(challenge),
        "list_complete": clear,
        "bids_close_at": challenge.closes_at,
        "bids_count": live_bids(challenge),
        "bids_opened": opening is not None and opening.second_at is not None,
        "invited_count": challenge.invitations.count(),
        "issuer_is_large": challenge.issuer.size == OrganisationSize.LARGE,
        # The issuer and the escrow are refused as bidders, whatever the scheme.
        "issuer_bids": False,
        **_told_by_the_review(challenge),
    }


def _told_by_the_review(challenge: Challenge) -> dict[str, Value | None]:
    if challenge.phase in BEFORE_THE_REVIEW:
        return {}
    awards = Award.objects.filter(challenge=challenge, state=AwardState.STANDING).select_related(
        "bid__bidder"
    )
    winners = [award.bid.bidder for award in awards.order_by("place")]
    return {
        "reviews_missing": reviewing.reviews_missing(challenge),
        "conflicts_open": reviewing.conflicts_open(challenge),
        "losers_without_feedback": reviewing.losers_without_feedback(challenge),
        "objections_open": reviewing.open_objections(challenge, ObjectionKind.OBJECTION),
        "appeals_open": reviewing.open_objections(challenge, ObjectionKind.APPEAL),
        "teams_left": len(winners),
        "milestones_planned": milestones.planned(challenge) if winners else 0,
        "stages_left": milestones.stages_left(challenge) if winners else 0,
        "winner_is_small": all(one.is_small for one in winners) if winners else None,
    }


def roles_of(actor: Actor, challenge: Challenge) -> set[str]:
    """The roles of the scheme that the actor has in this challenge."""
    roles = set()
    if actor.may_write_for(challenge.issuer_id):
        roles.add("issuer")
    if is_authority(actor):
        roles.add("authority")
    if holder_roles_of(actor, challenge):
        roles.add("holder")
    writes_for = [pk for pk in actor.organisation_ids if actor.may_write_for(pk)]
    if writes_for and challenge.bids.filter(bidder_id__in=writes_for, state__in=LIVE_BIDS).exists():
        roles.add("bidder")
    return roles


def list_digest(digests: Iterable[str]) -> str:
    """What is published when bids close: SHA-256 over the sorted digests, a line each, in hexadecimal."""
    return hashlib.sha256("".join(f"{each}\n" for each in sorted(digests)).encode()).hexdigest()


def follow(actor: Actor, challenge: Challenge, process: RunningProcess, now: datetime) -> None:
    """Let the row of a challenge follow its process; the list of bids is fixed when they close."""
    milestones.begin_parts(actor, challenge, process, now)
    phase = phase_of(process)
    if phase == challenge.phase:
        return
    before, challenge.phase = challenge.phase, phase
    if phase == Phase.REVIEW:
        _take_back_awards(actor, challenge)
    said: dict[str, object] = {"from": before, "to": phase.value}
    if phase == Phase.OPEN and challenge.published_at is None:
        challenge.published_at = now
    if phase == Phase.SEALED:
        digests = Bid.objects.filter(challenge=challenge, state__in=LIVE_BIDS).values_list(
            "digest", flat=True
        )
        challenge.list_digest = list_digest(digests)
        said["list_digest"] = challenge.list_digest
    challenge.version += 1
    challenge.save(force_update=True)
    record_event(actor, "challenge.moved", challenge, said)
    news = NEWS_OF_PHASE.get(phase)
    if news is not None and challenge.published_at is not None:
        transaction.on_commit(lambda: tell_news.enqueue(str(challenge.public_id), news.value))


def _take_back_awards(actor: Actor, challenge: Challenge) -> None:
    """What was awarded does not stand while the bids are reviewed again."""
    for award in Award.objects.filter(challenge=challenge, state=AwardState.STANDING):
        award.state = AwardState.REVOKED
        award.version += 1
        award.save(update_fields=["state", "version", "updated_at"])
        record_event(
            actor, "award.revoked", award, {"challenge": str(challenge.public_id), "place": award.place}
        )


def _facts_by_id(subject_id: UUID, _now: datetime) -> Facts:
    challenge = Challenge.objects.select_related("issuer").get(public_id=subject_id)
    return facts_of(challenge, process_of(challenge).definition)


def _after_clock(process: RunningProcess, _done: Advanced, actor: Actor, now: datetime) -> None:
    challenge = Challenge.objects.select_for_update().get(public_id=process.subject_id)
    follow(actor, challenge, process, now)


def _reminded(process: RunningProcess, timer: str, _now: datetime) -> None:
    said = process.definition.timers[timer]
    told = (str(process.subject_id), list(said.reminds), said.name.zh, said.name.en)
    transaction.on_commit(lambda: tell_of_deadline.enqueue(*told))


def is_past(moment: datetime | None) -> bool:
    return moment is not None and moment <= timezone.now()
