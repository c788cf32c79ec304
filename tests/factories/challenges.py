"""Challenges for tests: drafted, with keys, open, closed, opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.challenges.bid_content import BidContent
from ronglian.apps.challenges.enums import HolderRole, ScoreMetric
from ronglian.apps.challenges.models import Bid, Challenge, Review, Try
from ronglian.apps.challenges.operations.bids import hand_in_bid
from ronglian.apps.challenges.operations.drafting import draft_challenge, make_holder_key, state_facts
from ronglian.apps.challenges.operations.evaluation import set_evaluation, submit_try
from ronglian.apps.challenges.operations.opening import open_bids
from ronglian.apps.challenges.operations.reviewing import (
    assign_reviews,
    name_reviewer,
    rank_challenge,
    submit_review,
)
from ronglian.apps.challenges.operations.steps import advance_challenge
from ronglian.apps.challenges.standing import process_of
from ronglian.kernel.actor import Actor, job_actor
from ronglian.kernel.process.models import ProcessTimer, TimerState
from ronglian.kernel.process.operations import fire_timer
from tests.factories import make_organisation, make_person, make_person_of
from tests.factories.technology_managers import make_manager

PASSPHRASE = "三个词 four words 五个词"
CALL: dict[str, Any] = {
    "title": "电镀废水六价铬稳定达标",
    "kind": "prototype",
    "reward_kind": "prize",
    "reward_fen": 50_000_000,
    "text": "我们的电镀废水里六价铬降不到 0.1 mg/L，还原加沉淀后仍有波动，处理成本不能高于 20 元/吨。"
    "希望得到一套能在现有车间里连续运行三十天的处理方法，并说明污泥的去向。",
    "acceptance": [
        {
            "quantity": "六价铬", "threshold": "≤ 0.1 mg/L", "method": "GB 7467", "measured_by": "第三方检测机构",
            "evidence": "三十天逐日检测报告",
        }
    ],
    "rubric": [
        {"title": "技术可行", "weight": 60, "anchors": ["没有依据", "", "", "有小试数据", "", "有连续运行数据"]},
        {"title": "处理成本", "weight": 40, "anchors": ["高于 20 元/吨", "", "", "20 元/吨", "", "低于 15 元/吨"]},
    ],
    "eligibility": [{"label": "是否有同类工程业绩？", "required": True}],
    "compensation": "撤榜不作补偿。",
}  # fmt: skip
BID = BidContent(
    proposal="以电化学还原加螯合沉淀处理，小试出水 0.05 mg/L。",
    answers=("有两项。",),
    price_fen=45_000_000,
    days=90,
)


@dataclass
class Setting:
    """A challenge with the people around it; `holders` by role."""

    challenge: Challenge
    issuer: Organisation
    buyer: Actor
    holders: dict[HolderRole, Actor]
    bidders: list[tuple[Organisation, Actor]] = field(default_factory=list)

    def fresh(self) -> Challenge:
        self.challenge = Challenge.objects.get(pk=self.challenge.pk)
        return self.challenge


@dataclass
class People:
    """Those around a challenge: a technology manager, an escrow, an invited firm."""

    fields: dict[str, Any]
    holders: dict[HolderRole, Actor]
    guest: Organisation


def people_of(issuer: Organisation, buyer: Actor) -> People:
    escrow, manager = make_organisation(), make_manager()
    holders = {
        HolderRole.BUYER: buyer,
        HolderRole.MANAGER: actor_of_person(manager.person),
        HolderRole.ESCROW: make_person_of(escrow),
    }
    fields = {"closes_at": timezone.now() + timedelta(hours=2), "manager": manager, "escrow": escrow}
    return People(fields, holders, make_organisation())


def make_draft(scheme: str = "prize_challenge", **changes: Any) -> Setting:
    """Drafted by its issuer, with a technology manager and an escrow named."""
    issuer = changes.pop("issuer", None) or make_organisation(size="large")
    buyer = make_person_of(issuer)
    people = people_of(issuer, buyer)
    fields = {**CALL, **people.fields, **changes}
    challenge = draft_challenge(actor=buyer, issuer=issuer, scheme=scheme, fields=fields)
    return Setting(challenge, issuer, buyer, people.holders)


def make_keys(setting: Setting) -> Setting:
    for role, actor in setting.holders.items():
        make_holder_key(actor=actor, challenge=setting.challenge, role=role, passphrase=PASSPHRASE)
    return setting


def publish(setting: Setting) -> Setting:
    """By the scheme with a prize: stated that it is secured, and open for bids."""
    state_facts(actor=setting.buyer, challenge=setting.fresh(), facts={"prize_secured": True})
    documents = {"call_text": "text", "rules_text": "text"}
    advance_challenge(actor=setting.buyer, challenge=setting.fresh(), step="publish", documents=documents)
    setting.fresh()
    return setting


def make_open(**changes: Any) -> Setting:
    """Published, and open for bids."""
    return publish(make_keys(make_draft(**changes)))


def make_bid(setting: Setting, content: BidContent = BID) -> Bid:
    """Another organisation's bid."""
    organisation = make_organisation()
    actor = make_person_of(organisation)
    setting.bidders.append((organisation, actor))
    return hand_in_bid(actor=actor, challenge=setting.challenge, bidder=organisation, content=content)


def close(setting: Setting) -> Setting:
    """Its closing has come: the deadline lies in the past, and the clock fires."""
    now = timezone.now()
    Challenge.objects.filter(pk=setting.challenge.pk).update(closes_at=now - timedelta(seconds=1))
    process = process_of(setting.challenge)
    timer = ProcessTimer.objects.get(process=process, name="bids_close", state=TimerState.WAITING)
    fire_timer(actor=job_actor("clock"), process=process, timer=timer, now=now)
    setting.fresh()
    return setting


def open_all(setting: Setting, *roles: HolderRole) -> Setting:
    for role in roles or (HolderRole.MANAGER, HolderRole.ESCROW):
        open_bids(actor=setting.holders[role], challenge=setting.fresh(), passphrase=PASSPHRASE)
    setting.fresh()
    return setting


def make_reviewers(setting: Setting, count: int = 3, *, limit: int = 10) -> list[Actor]:
    """Named by the issuer, with nothing to do with anybody."""
    people = [make_person() for _each in range(count)]
    for person in people:
        name_reviewer(
            actor=setting.buyer,
            challenge=setting.fresh(),
            email=person.email,
            expertise="电化学 还原 废水",
            limit=limit,
        )
    return [actor_of_person(person) for person in people]


def reviews_of(actor: Actor) -> list[Review]:
    return list(
        Review.objects.filter(reviewer__person__public_id=actor.person_id).order_by("bid__received_at")
    )


def make_reviewed(
    bids: int = 3, scores: Sequence[tuple[int, int]] = ((5, 4), (3, 3), (1, 2)), **changes: Any
) -> Setting:
    """Opened, reviewed by two people each, and ranked: the first bid is the best."""
    setting = make_open(**changes)
    for _each in range(bids):
        make_bid(setting)
    open_all(close(setting))
    reviewers = make_reviewers(setting, 2)
    assign_reviews(actor=setting.buyer, challenge=setting.fresh(), each=2)
    for reviewer in reviewers:
        for review, given in zip(reviews_of(reviewer), scores, strict=True):
            submit_review(actor=reviewer, review=review, scores=given, comments=["依据充分"] * 2)
    rank_challenge(actor=setting.buyer, challenge=setting.fresh())
    setting.fresh()
    return setting


def answers_file(rows: int = 40, **changed: str) -> bytes:
    """Rows r00, r01 …, of class 1 where the number is odd; `changed` says other values."""
    values = {f"r{number:02d}": str(number % 2) for number in range(rows)} | changed
    return ("id,value\n" + "".join(f"{key},{value}\n" for key, value in values.items())).encode()


def evaluate(setting: Setting, **changed: Any) -> Setting:
    """Result files are scored by accuracy against `answers_file`, as far as nothing else is said; before publication."""
    rules = {
        "metric": ScoreMetric.ACCURACY, "key_column": "id", "value_column": "value", "answers": answers_file(),
        "tries_a_day": 3, "tries_in_all": 5,
    }  # fmt: skip
    set_evaluation(actor=setting.buyer, challenge=setting.fresh(), **(rules | changed))
    return setting


def make_scored(**changed: Any) -> Setting:
    """Open for bids, with an automatic evaluation."""
    return publish(evaluate(make_keys(make_draft()), **changed))


def make_try(setting: Setting, file: bytes, bidder: tuple[Organisation, Actor] | None = None) -> Try:
    """A result file of another organisation, or of the one named."""
    if bidder is None:
        organisation = make_organisation()
        bidder = organisation, make_person_of(organisation)
        setting.bidders.append(bidder)
    return submit_try(actor=bidder[1], challenge=setting.fresh(), bidder=bidder[0], results=file)
