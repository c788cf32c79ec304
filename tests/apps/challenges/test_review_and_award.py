"""From opened bids to an award that stands: assignment, scores, ranking, notice, objections, appeal, feedback."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from ronglian.apps.accounts.enums import ConflictKind
from ronglian.apps.accounts.operations.conflicts import declare_conflict
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.challenges.enums import AwardState, Phase
from ronglian.apps.challenges.models import (
    Award,
    Bid,
    BidFeedback,
    Challenge,
    ChallengeObjection,
    Review,
    Reviewer,
    ReviewRecord,
)
from ronglian.apps.challenges.operations.awarding import (
    answer_award_objection,
    award_challenge,
    give_feedback,
    object_to_award,
)
from ronglian.apps.challenges.operations.reviewing import (
    assign_reviews,
    name_reviewer,
    rank_challenge,
    recuse_review,
    submit_review,
)
from ronglian.apps.challenges.operations.steps import advance_challenge
from ronglian.apps.challenges.queries.challenges import access_bid
from ronglian.apps.challenges.reviewing import digest_of_record
from ronglian.apps.challenges.standing import facts_of, process_of
from ronglian.engines.review import verify_record
from ronglian.kernel.actor import Actor, Office
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound, RuleViolation
from ronglian.kernel.log.coverage import uncovered_rows
from ronglian.kernel.process.tasks import fire_due
from tests.factories import make_organisation, make_person, make_person_of
from tests.factories.challenges import (
    Setting,
    close,
    make_bid,
    make_open,
    make_reviewed,
    make_reviewers,
    open_all,
    reviews_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TOLD = "成本一项低于其他两份，且没有连续运行的数据。"


def make_bureau() -> Actor:
    person = make_person()
    person.offices = [Office.BUREAU]
    person.save()
    return actor_of_person(person)


def best_first(setting: Setting) -> list[Bid]:
    records = ReviewRecord.objects.filter(challenge=setting.challenge)
    places = records.latest("number").record["ranking"]["places"]
    by_digest = {bid.digest: bid for bid in Bid.objects.filter(challenge=setting.challenge)}
    return [by_digest[row["bid"]] for row in places]


def award_first(setting: Setting) -> list[Bid]:
    bids = best_first(setting)
    award_challenge(actor=setting.buyer, challenge=setting.fresh(), bids=bids[:1])
    setting.fresh()
    return bids


def notice_over(setting: Setting) -> None:
    """The public notice has run its time."""
    process = process_of(setting.challenge)
    timers = process.timers.filter(state="waiting")
    due = max(timer.due_at for timer in timers if timer.due_at)
    fire_due(due)
    setting.fresh()


def test_from_the_opening_to_the_award_that_stands() -> None:
    setting = make_reviewed()
    bids = award_first(setting)
    assert setting.challenge.phase == Phase.NOTICE
    assert [(award.bid, award.place, award.state) for award in Award.objects.all()] == [
        (bids[0], 1, "standing")
    ]
    for bid in bids[1:]:
        give_feedback(actor=setting.buyer, challenge=setting.fresh(), bid=bid, text=TOLD)
    definition = process_of(setting.challenge).definition
    assert facts_of(setting.fresh(), definition)["losers_without_feedback"] == 0
    advance_challenge(
        actor=setting.buyer,
        challenge=setting.fresh(),
        step="give_feedback",
        documents={"feedback_record": "已告知"},
    )
    notice_over(setting)
    assert setting.challenge.phase == Phase.TASK
    for model in (Reviewer, Review, ReviewRecord, Award, BidFeedback, Challenge, Bid):
        assert not list(uncovered_rows(model))


def test_the_record_is_computed_again_and_forgery_shows() -> None:
    make_reviewed()
    kept = ReviewRecord.objects.get()
    assert verify_record(kept.record) is None
    assert digest_of_record(kept.record) == kept.digest
    forged = {
        **kept.record,
        "reviews": [{**row, "scores": [0, 0]} for row in kept.record["reviews"][:1]]
        + kept.record["reviews"][1:],
    }
    assert verify_record(forged) is not None


def test_nobody_reviews_a_bid_of_whom_they_are_tied_to() -> None:
    setting = make_open()
    make_bid(setting)
    open_all(close(setting))
    bidder, _actor = setting.bidders[0]
    tied, free = make_reviewers(setting, 2)
    declare_conflict(actor=tied, organisation=bidder, kind=ConflictKind.SHARES)
    with pytest.raises(RuleViolation, match="Too few reviewers without a conflict"):
        assign_reviews(actor=setting.buyer, challenge=setting.fresh(), each=2)
    assign_reviews(actor=setting.buyer, challenge=setting.fresh(), each=1)
    assert (len(reviews_of(tied)), len(reviews_of(free))) == (0, 1)
    # Declared after the assignment, it stands in the way of the award.
    declare_conflict(actor=free, organisation=bidder, kind=ConflictKind.SHARES)
    definition = process_of(setting.challenge).definition
    assert facts_of(setting.fresh(), definition)["conflicts_open"] == 1
    review = reviews_of(free)[0]
    recuse_review(actor=free, review=review, reason="持有股份")
    assert facts_of(setting.fresh(), definition)["conflicts_open"] == 0
    assert facts_of(setting.fresh(), definition)["reviews_missing"] == 1


def test_a_reviewer_sees_the_bids_assigned_and_no_others() -> None:
    setting = make_open()
    make_bid(setting)
    make_bid(setting)
    open_all(close(setting))
    reviewers = make_reviewers(setting, 2, limit=1)
    assign_reviews(actor=setting.buyer, challenge=setting.fresh(), each=1)
    for reviewer in reviewers:
        own = reviews_of(reviewer)[0].bid
        assert access_bid(reviewer, own.public_id) == own
        for other in Bid.objects.exclude(pk=own.pk):
            with pytest.raises(NotFound):
                access_bid(reviewer, other.public_id)
    recuse_review(actor=reviewers[0], review=reviews_of(reviewers[0])[0], reason="无法判断")
    with pytest.raises(NotFound):
        access_bid(reviewers[0], reviews_of(reviewers[0])[0].bid.public_id)


def test_a_review_is_the_reviewers_own_and_whole() -> None:
    setting = make_open()
    make_bid(setting)
    open_all(close(setting))
    reviewer, other = make_reviewers(setting, 2, limit=1)
    assign_reviews(actor=setting.buyer, challenge=setting.fresh(), each=1)
    mine, theirs = (reviewer, other) if reviews_of(reviewer) else (other, reviewer)
    review = reviews_of(mine)[0]
    said = ["有数据", "偏高"]
    for actor in (theirs, setting.buyer):
        with pytest.raises(NotAllowed):
            submit_review(actor=actor, review=review, scores=[5, 5], comments=said)
    for scores, comments, field in (
        ([6, 0], said, "scores"),
        ([5], said, "scores"),
        ([5, 5], ["有", " "], "comments"),
    ):
        with pytest.raises(InvalidInput) as refused:
            submit_review(actor=mine, review=review, scores=scores, comments=comments)
        assert list(refused.value.fields) == [field]
    with pytest.raises(RuleViolation, match="handed in"):
        rank_challenge(actor=setting.buyer, challenge=setting.fresh())
    submit_review(actor=mine, review=review, scores=[5, 2], comments=said)
    with pytest.raises(InvalidInput):
        submit_review(actor=mine, review=review, scores=[4, 2], comments=said)
    changed = submit_review(actor=mine, review=review, scores=[4, 2], comments=said, reason="讨论后调整")
    assert [row["scores"] for row in changed.revisions] == [[5, 2]]


def test_an_award_against_the_ranking_says_why() -> None:
    setting = make_reviewed()
    second = best_first(setting)[1]
    with pytest.raises(InvalidInput) as refused:
        award_challenge(actor=setting.buyer, challenge=setting.fresh(), bids=[second])
    assert list(refused.value.fields) == ["reason"]
    award_challenge(actor=setting.buyer, challenge=setting.fresh(), bids=[second], reason="第一名放弃")
    assert Award.objects.get().reason == "第一名放弃"


def test_without_a_ranking_there_is_no_award() -> None:
    setting = make_open()
    bid = make_bid(setting)
    open_all(close(setting))
    with pytest.raises(RuleViolation, match="compute it first"):
        award_challenge(actor=setting.buyer, challenge=setting.fresh(), bids=[bid])


def test_a_place_is_given_once() -> None:
    setting = make_reviewed()
    bids = award_first(setting)
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.create(challenge=setting.challenge, bid=bids[1], place=1, decided_by="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Award.objects.create(challenge=setting.challenge, bid=bids[0], place=2, decided_by="x")
    Award.objects.update(state=AwardState.REVOKED)
    assert Award.objects.create(challenge=setting.challenge, bid=bids[1], place=1, decided_by="x")


def test_an_objection_is_answered_and_an_appeal_that_succeeds_sends_back_to_the_review() -> None:
    setting = make_reviewed()
    bids = award_first(setting)
    loser = next(one for one in setting.bidders if one[0].pk == bids[1].bidder_id)
    bureau = make_bureau()
    object_to_award(actor=loser[1], challenge=setting.fresh(), by=loser[0], text="评审时没有看检测报告。")
    notice_over(setting)  # the clock leads to the hearing, for an objection is open
    assert "objecting" in process_of(setting.challenge).states
    objection = ChallengeObjection.objects.get()
    for actor in (setting.buyer, loser[1]):
        with pytest.raises(NotAllowed):
            answer_award_objection(actor=actor, objection=objection, answer="不成立", is_upheld=False)
    answer_award_objection(actor=bureau, objection=objection, answer="报告已在评审材料中。", is_upheld=False)
    with pytest.raises(RuleViolation):
        answer_award_objection(actor=bureau, objection=objection, answer="再答", is_upheld=True)
    advance_challenge(
        actor=bureau, challenge=setting.fresh(), step="answer", documents={"objection_answer": "不成立"}
    )

    stranger = make_organisation()
    with pytest.raises(RuleViolation, match="who have bid"):
        object_to_award(actor=make_person_of(stranger), challenge=setting.fresh(), by=stranger, text="不服")
    object_to_award(actor=loser[1], challenge=setting.fresh(), by=loser[0], text="报告的第三页被漏看。")
    assert "appealing" in process_of(setting.challenge).states
    appeal = ChallengeObjection.objects.get(kind="appeal")
    answer_award_objection(actor=bureau, objection=appeal, answer="确有遗漏，重新评审。", is_upheld=True)
    advance_challenge(
        actor=bureau, challenge=setting.fresh(), step="allow_appeal", documents={"appeal_decision": "成立"}
    )
    assert setting.fresh().phase == Phase.REVIEW
    assert set(Award.objects.values_list("state", flat=True)) == {"revoked"}
    # Reviewed again: a score is changed with a reason, the ranking anew, and another bid wins.
    review = Review.objects.filter(bid=bids[1]).first()
    assert review is not None
    for each in Review.objects.filter(bid=bids[1]).select_related("reviewer__person"):
        submit_review(
            actor=actor_of_person(each.reviewer.person),
            review=each,
            scores=[5, 5],
            comments=["看到报告"] * 2,
            reason="申诉成立",
        )
    rank_challenge(actor=setting.buyer, challenge=setting.fresh())
    award_challenge(actor=setting.buyer, challenge=setting.fresh(), bids=[bids[1]])
    assert Award.objects.get(state=AwardState.STANDING).bid == bids[1]


def test_feedback_goes_to_losers_once_and_says_something() -> None:
    setting = make_reviewed()
    bids = award_first(setting)

    def tell(bid: Bid, text: str) -> Callable[[], Challenge]:
        return lambda: give_feedback(actor=setting.buyer, challenge=setting.fresh(), bid=bid, text=text)

    with pytest.raises(InvalidInput):
        tell(bids[0], TOLD)()
    with pytest.raises(InvalidInput):
        tell(bids[1], "不行")()
    tell(bids[1], TOLD)()
    with pytest.raises(RuleViolation):
        tell(bids[1], TOLD)()


def test_reviewers_are_people_with_an_account_named_in_time() -> None:
    setting = make_open()
    with pytest.raises(InvalidInput):
        name_reviewer(actor=setting.buyer, challenge=setting.challenge, email="nobody@example.org")
    with pytest.raises(NotAllowed):
        name_reviewer(actor=make_bureau(), challenge=setting.challenge, email=make_person().email)
