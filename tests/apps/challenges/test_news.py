"""What is told by mail and to whom, which deadlines are watched, and who has read one's bid."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.challenges.enums import Openness
from ronglian.apps.challenges.models import Bid, BidReading, Challenge
from ronglian.apps.challenges.operations.awarding import award_challenge, give_feedback, object_to_award
from ronglian.apps.challenges.operations.following import follow_challenge, unfollow_challenge
from ronglian.apps.challenges.operations.reviewing import assign_reviews
from ronglian.apps.challenges.queries.readings import readings_of
from ronglian.apps.challenges.readings import read_bid
from ronglian.apps.challenges.standing import process_of
from ronglian.kernel.actor import Actor, Office
from ronglian.kernel.errors import Conflict, NotAllowed, RuleViolation
from ronglian.kernel.process.models import TimerState
from ronglian.kernel.process.tasks import fire_due
from tests.factories import make_organisation, make_person
from tests.factories.challenges import (
    Setting,
    close,
    make_bid,
    make_draft,
    make_keys,
    make_open,
    make_reviewed,
    make_reviewers,
    open_all,
    publish,
)

pytestmark = pytest.mark.django_db
Told = Callable[[], list[tuple[str, str]]]


@pytest.fixture
def told() -> Told:
    """What was mailed since it was asked last: to whom, and the subject; what waits for the commit is done now."""

    def since() -> list[tuple[str, str]]:
        mail.outbox.clear()
        while connection.run_on_commit:
            waiting, connection.run_on_commit = connection.run_on_commit, []
            for _savepoints, call, _robust in waiting:
                call()
        return [(one.to[0], one.subject) for one in mail.outbox]

    return since


def email_of(actor: Actor) -> str:
    return str(Person.objects.get(public_id=actor.person).email)


def awarded() -> tuple[Setting, Bid, Bid]:
    """Ranked, and the first bid has won."""
    setting = make_reviewed(bids=2, scores=((5, 4), (3, 3)))
    best, other = Bid.objects.filter(challenge=setting.challenge).order_by("pk")
    award_challenge(actor=setting.buyer, challenge=setting.fresh(), bids=[best])
    return setting, best, other


def bidder_of(setting: Setting, bid: Bid) -> Actor:
    return next(actor for organisation, actor in setting.bidders if organisation.pk == bid.bidder_id)


def test_who_follows_every_new_challenge_is_told_of_those_they_may_see(told: Told) -> None:
    watcher = make_person("watcher@example.org")
    follow_challenge(actor=actor_of_person(watcher), challenge=None)
    publish(make_keys(make_draft()))
    assert [to for to, _subject in told()] == ["watcher@example.org"]
    hidden = make_keys(make_draft())
    Challenge.objects.filter(pk=hidden.challenge.pk).update(openness=Openness.PRIVATE)
    hidden.fresh().invitations.create(organisation=make_organisation())
    publish(hidden)
    assert told() == []


def test_who_follows_one_is_told_of_its_award_and_nothing_after_they_stopped(told: Told) -> None:
    watcher = actor_of_person(make_person("watcher@example.org"))
    setting = make_reviewed(bids=2, scores=((5, 4), (3, 3)))
    follow_challenge(actor=watcher, challenge=setting.challenge)
    with pytest.raises(Conflict):
        follow_challenge(actor=watcher, challenge=setting.challenge)
    told()
    best = Bid.objects.order_by("pk")[0]
    award_challenge(actor=setting.buyer, challenge=setting.fresh(), bids=[best])
    assert {to for to, _subject in told()} == {
        "watcher@example.org", *(email_of(actor) for _organisation, actor in setting.bidders)
    }  # fmt: skip
    unfollow_challenge(actor=watcher, challenge=setting.challenge)
    with pytest.raises(RuleViolation):
        unfollow_challenge(actor=watcher, challenge=setting.challenge)


def test_a_draft_is_followed_by_nobody_who_may_not_see_it() -> None:
    setting = make_draft()
    with pytest.raises(NotAllowed):
        follow_challenge(actor=actor_of_person(make_person()), challenge=setting.challenge)


def test_reviewers_losers_and_the_bureau_are_told_and_no_mail_says_what_a_bid_or_a_review_says(
    told: Told,
) -> None:
    bureau = make_person("bureau@example.org", offices=[Office.BUREAU])
    setting = make_open()
    for _each in range(2):
        make_bid(setting)
    open_all(close(setting))
    reviewers = make_reviewers(setting, 2)
    told()
    assign_reviews(actor=setting.buyer, challenge=setting.fresh(), each=2)
    assert [to for to, _subject in told()] == [email_of(one) for one in reviewers]

    setting, _best, other = awarded()
    told()
    give_feedback(
        actor=setting.buyer,
        challenge=setting.fresh(),
        bid=other,
        text="成本一项低于其他申请，没有连续运行的数据，请补充。",
    )
    loser = bidder_of(setting, other)
    assert [to for to, _subject in told()] == [email_of(loser)]
    assert "成本" not in mail.outbox[0].body
    object_to_award(actor=loser, challenge=setting.fresh(), by=other.bidder, text="没有看检测报告。")
    assert [to for to, _subject in told()] == [bureau.email]


def test_the_system_watches_the_deadline_of_feedback(told: Told, client: Client) -> None:
    bureau = make_person("bureau@example.org", offices=[Office.BUREAU])
    setting, _best, _other = awarded()
    told()
    timer = process_of(setting.challenge).timers.get(name="feedback_due", state=TimerState.WAITING)
    assert timer.due_at is not None
    page = f"/challenges/{setting.challenge.public_id}/"
    assert "已逾期" not in client.get(page).content.decode()
    fire_due(timer.due_at)
    reminded = dict(told())
    assert {email_of(setting.buyer), bureau.email} <= set(reminded)
    assert any("反馈到期" in subject and "feedback due" in subject for subject in reminded.values())
    assert "反馈到期" in client.get(page).content.decode()


def test_the_bidder_sees_who_has_read_the_bid_and_reviewers_by_number_alone(client: Client) -> None:
    setting = make_open()
    bid = make_bid(setting)
    open_all(close(setting))
    reviewer = make_reviewers(setting, 1)[0]
    assign_reviews(actor=setting.buyer, challenge=setting.fresh(), each=1)
    bid = Bid.objects.get(pk=bid.pk)
    bidder = bidder_of(setting, bid)
    for actor in (setting.buyer, setting.buyer, reviewer, bidder):
        assert read_bid(actor, bid)
    rows = readings_of(bidder, bid)
    assert {(bool(one.reviewer), bool(one.person_label)) for one in rows} == {(True, False), (False, True)}
    assert not readings_of(setting.buyer, bid).exists()
    client.force_login(Person.objects.get(public_id=bidder.person))
    page = client.get(f"/work/bids/{bid.public_id}/").content.decode()
    assert setting.buyer.label in page
    assert reviewer.label not in page


def test_reading_a_bid_at_the_page_is_written_down(client: Client) -> None:
    setting = make_open()
    bid = make_bid(setting)
    open_all(close(setting))
    client.force_login(Person.objects.get(public_id=setting.buyer.person))
    assert client.get(f"/work/bids/{bid.public_id}/").status_code == 200
    assert BidReading.objects.get().bid == bid


def test_a_bid_that_lost_is_not_read_silently(told: Told) -> None:
    setting, best, other = awarded()
    told()
    assert read_bid(setting.buyer, Bid.objects.get(pk=best.pk))
    assert told() == []
    assert read_bid(setting.buyer, Bid.objects.get(pk=other.pk))
    assert [to for to, _subject in told()] == [email_of(bidder_of(setting, other))]
    assert BidReading.objects.get(bid=other).is_late
    assert timezone.localdate() == BidReading.objects.get(bid=other).read_on
