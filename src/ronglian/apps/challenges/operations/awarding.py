"""定榜: the award by the ranking or against it with a reason, what is said against it, and feedback to those who lost."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.enums import ObjectionKind, Phase
from ronglian.apps.challenges.models import (
    Award,
    Bid,
    BidFeedback,
    Challenge,
    ChallengeObjection,
    ReviewRecord,
)
from ronglian.apps.challenges.operations.steps import leads_to
from ronglian.apps.challenges.reviewing import losers
from ronglian.apps.challenges.rules import may_answer_objections, may_change, may_object
from ronglian.apps.challenges.standing import facts_of, follow, process_of, roles_of
from ronglian.apps.challenges.tasks import tell_of_feedback, tell_of_objection
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, NotAllowed, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.process.running import advance
from ronglian.kernel.validation import clean_record, clean_text


@operation("challenge.award", target="challenge", allowed=may_change)
def award_challenge(
    *, actor: Actor, challenge: Challenge, bids: Sequence[Bid], reason: str = "", note: str = ""
) -> Challenge:
    """Propose the award: `bids` in the order of their places. Where the ranking has others there, a public reason is asked for.

    The scheme's step from the review is taken with it, so that public notice and feedback begin in the same moment.
    """
    record = ReviewRecord.objects.filter(challenge=challenge).order_by("-number").first()
    if challenge.phase != Phase.REVIEW or record is None:
        raise RuleViolation(_("An award follows the ranking: compute it first."))
    if (
        not bids
        or len({bid.pk for bid in bids}) < len(bids)
        or any(bid.challenge_id != challenge.pk for bid in bids)
    ):
        raise InvalidInput.of({"bids": [_("Choose bids of this challenge, each once.")]})
    ranked = {row["bid"]: row["place"] for row in record.record["ranking"]["places"]}
    as_ranked = [ranked.get(bid.digest) for bid in bids] == list(range(1, len(bids) + 1))
    if not as_ranked and not reason.strip():
        raise InvalidInput.of(
            {"reason": [_("This is not the order of the ranking. Say why: everybody reads it.")]}
        )
    for place, bid in enumerate(bids, 1):
        award = Award(
            challenge=challenge, bid=bid, place=place, reason=clean_text(reason), decided_by=actor.label
        )
        clean_record(award)
        award.save(force_insert=True)
        said = {
            "challenge": str(challenge.public_id),
            "bid": bid.digest,
            "place": place,
            "as_ranked": as_ranked,
        }
        record_event(actor, "award.proposed", award, said)
    _leave_review(actor, challenge, record, note)
    return challenge


def _leave_review(actor: Actor, challenge: Challenge, record: ReviewRecord, note: str) -> None:
    """The step of the scheme from the review towards the award, with the record as its paper."""
    process, now = process_of(challenge), timezone.now()
    definition = process.definition
    step = next(
        each
        for each in definition.transitions.values()
        if set(each.sources) & set(process.states)
        and any(leads_to(definition, each, stage) for stage in ("publicity", "appeal_window"))
    )
    advance(
        process,
        step.id,
        actor=actor,
        roles=roles_of(actor, challenge),
        facts=facts_of(challenge, definition),
        now=now,
        documents=dict.fromkeys(step.produces, str(record.public_id)),
        note=note,
    )
    follow(actor, challenge, process, now)


@operation("challenge.object", target="challenge", allowed=may_object)
def object_to_award(*, actor: Actor, challenge: Challenge, by: Organisation, text: str) -> Challenge:
    """Object during the public notice; once that was answered, appeal. The scheme says who answers and by when."""
    if not actor.may_write_for(by.pk):
        raise NotAllowed(_("Owners and editors object for their organisation."))
    process, now = process_of(challenge), timezone.now()
    stages = {process.definition.states[state].stage for state in process.states}
    if not stages & {"publicity", "objection", "appeal_window"}:
        raise RuleViolation(
            _("Objections are raised during the public notice, appeals after they were answered.")
        )
    is_appeal = "appeal_window" in stages
    if is_appeal and not challenge.bids.filter(bidder=by).exists():
        raise RuleViolation(_("Only those who have bid may appeal."))
    objection = ChallengeObjection(
        challenge=challenge,
        kind=ObjectionKind.APPEAL if is_appeal else ObjectionKind.OBJECTION,
        by=by,
        text=clean_text(text),
    )
    clean_record(objection)
    objection.save(force_insert=True)
    said = {"challenge": str(challenge.public_id), "kind": objection.kind}
    record_event(actor, "challengeobjection.raised", objection, said)
    transaction.on_commit(lambda: tell_of_objection.enqueue(str(objection.public_id), False))
    appeal = process.definition.transitions.get("appeal")
    if is_appeal and appeal is not None:
        facts = facts_of(challenge, process.definition)
        advance(process, appeal.id, actor=actor, roles={"bidder"}, facts=facts, now=now)
        follow(actor, challenge, process, now)
    return challenge


@operation("challenge.answer_objection", target="objection", allowed=may_answer_objections)
def answer_award_objection(
    *, actor: Actor, objection: ChallengeObjection, answer: str, is_upheld: bool
) -> ChallengeObjection:
    """Answer an objection or decide an appeal, with reasons that everybody reads; the scheme's step follows it."""
    if objection.is_upheld is not None:
        raise RuleViolation(_("This objection was answered already."))
    if not answer.strip():
        raise InvalidInput.of({"answer": [_("Give the reasons: everybody reads them.")]})
    objection.answer, objection.is_upheld, objection.answered_by = clean_text(answer), is_upheld, actor.label
    objection.version += 1
    clean_record(objection)
    objection.save(force_update=True)
    record_event(actor, "challengeobjection.answered", objection, {"upheld": is_upheld})
    transaction.on_commit(lambda: tell_of_objection.enqueue(str(objection.public_id), True))
    return objection


@operation("bid.give_feedback", target="challenge", allowed=may_change)
def give_feedback(*, actor: Actor, challenge: Challenge, bid: Bid, text: str) -> Challenge:
    """Tell a bidder who did not win why, once."""
    if challenge.phase in (Phase.DRAFT, Phase.CHECK, Phase.OPEN, Phase.SEALED):
        raise RuleViolation(_("Feedback follows the review."))
    if bid.pk not in {one.pk for one in losers(challenge)}:
        raise InvalidInput.of({"bid": [_("This bid has won, or is none of this challenge.")]})
    if BidFeedback.objects.filter(bid=bid).exists():
        raise RuleViolation(_("This bidder has feedback already."))
    if len(text.strip()) < 20:
        raise InvalidInput.of(
            {"text": [_("Say by which criteria the bid fell behind, in 20 characters or more.")]}
        )
    feedback = BidFeedback(bid=bid, text=clean_text(text), given_by=actor.label)
    feedback.save(force_insert=True)
    record_event(actor, "bidfeedback.given", feedback, {"bid": bid.digest})
    transaction.on_commit(lambda: tell_of_feedback.enqueue(str(bid.public_id)))
    return challenge
