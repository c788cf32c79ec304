"""Steps of a challenge through the site and by a program: the same step on two challenges that are alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from ronglian.apps.challenges.models import Award, Bid, Challenge, Review
from ronglian.apps.challenges.operations.awarding import award_challenge
from ronglian.apps.challenges.operations.drafting import state_facts
from ronglian.apps.challenges.operations.exchange import ask_question
from ronglian.apps.challenges.operations.milestones import Planned, advance_milestone, plan_milestones
from ronglian.apps.challenges.operations.reviewing import assign_reviews, name_reviewer
from ronglian.kernel.models import Event
from tests.apps.challenges.test_task_book import awarded, step
from tests.factories import make_organisation, make_person, make_person_of
from tests.factories.challenges import (
    CALL,
    Setting,
    close,
    make_bid,
    make_draft,
    make_keys,
    make_open,
    make_reviewed,
    open_all,
    publish,
)
from tests.parity.doors import Doors

PLAIN = {name: CALL[name] for name in ("title", "kind", "reward_kind", "reward_fen", "text", "compensation")}
LISTS = {name: CALL[name] for name in ("acceptance", "rubric", "eligibility")}
TOLD = "成本一项低于其他申请，且没有连续运行的数据。"
PAPERS = {"call_text": "见题目", "rules_text": "见规则"}


@dataclass(frozen=True)
class Step:
    """How alike challenges are made, and what the form and the program send."""

    make: Callable[[Doors], Setting]
    site: Callable[[Doors, Setting], None]
    api: Callable[[Doors, Setting], Any]


def twice(made: Step) -> Callable[[Doors], None]:
    def same(doors: Doors) -> None:
        told_of = []
        for is_site in (True, False):
            setting = made.make(doors)
            last = Event.objects.order_by("-id").values_list("id", flat=True)[0]
            if is_site:
                made.site(doors, setting)
            else:
                answer = made.api(doors, setting)
                assert answer.status_code in (200, 201), answer.content.decode()
            rows = Event.objects.filter(id__gt=last).order_by("id")
            told_of.append([(event.name, sorted(event.data)) for event in rows])
        assert told_of[0]
        assert told_of[0] == told_of[1]

    return same


def place(setting: Setting) -> str:
    return f"/challenges/{setting.challenge.public_id}"


def sent(fields: dict[str, Any]) -> dict[str, Any]:
    """Lists as their forms send them."""
    rows: dict[str, Any] = {}
    for name, entries in fields.items():
        rows |= {f"{name}-TOTAL_FORMS": len(entries), f"{name}-INITIAL_FORMS": 0}
        for number, entry in enumerate(entries):
            shown = dict(entry)
            if anchors := shown.pop("anchors", None):
                shown |= {"low": anchors[0], "middle": anchors[3], "high": anchors[5]}
            rows |= {f"{name}-{number}-{key}": value for key, value in shown.items()}
    return rows


def with_three_anchors() -> dict[str, Any]:
    """The form asks for three anchors, and so does the program here."""
    rubric = [
        {**row, "anchors": [row["anchors"][at] if at in (0, 3, 5) else "" for at in range(6)]}
        for row in CALL["rubric"]
    ]
    return {**LISTS, "rubric": rubric}


# ── the states ───────────────────────────────────────────────────────────────────────────────────────────────────


def drafted(doors: Doors) -> Setting:
    doors.organisation.size = "large"
    doors.organisation.save(update_fields=["size"])
    return make_draft(issuer=doors.organisation)


def stated(doors: Doors) -> Setting:
    setting = make_keys(drafted(doors))
    state_facts(actor=setting.buyer, challenge=setting.fresh(), facts={"prize_secured": True})
    return setting


def opened(doors: Doors) -> Setting:
    return publish(make_keys(drafted(doors)))


def asked(doors: Doors) -> Setting:
    setting, asker = opened(doors), make_organisation()
    ask_question(actor=make_person_of(asker), challenge=setting.challenge, asker=asker, text="能否提供水样？")
    return setting


def under_review(doors: Doors) -> Setting:
    setting = opened(doors)
    for _each in range(2):
        make_bid(setting)
    return open_all(close(setting))


def with_reviewer(doors: Doors) -> Setting:
    setting = under_review(doors)
    email = doors.web.get("/work/").wsgi_request.user.email
    name_reviewer(actor=setting.buyer, challenge=setting.fresh(), email=email)
    return setting


def assigned_to_me(doors: Doors) -> Setting:
    """Of another issuer: whoever acts at the doors reviews."""
    setting = make_open()
    make_bid(setting)
    open_all(close(setting))
    email = doors.web.get("/work/").wsgi_request.user.email
    name_reviewer(actor=setting.buyer, challenge=setting.fresh(), email=email)
    assign_reviews(actor=setting.buyer, challenge=setting.fresh(), each=1)
    return setting


def reviewed(doors: Doors) -> Setting:
    doors.organisation.size = "large"
    return make_reviewed(bids=2, scores=((5, 4), (3, 3)), issuer=doors.organisation)


def proposed(doors: Doors) -> Setting:
    setting = reviewed(doors)
    best = Bid.objects.filter(challenge=setting.challenge).order_by("pk")[0]
    award_challenge(actor=setting.buyer, challenge=setting.fresh(), bids=[best])
    return setting


def lost_by_me(doors: Doors) -> Setting:
    """Of another issuer, under public notice."""
    setting = make_reviewed(bids=2, scores=((5, 4), (3, 3)))
    best = Bid.objects.filter(challenge=setting.challenge).order_by("pk")[0]
    award_challenge(actor=setting.buyer, challenge=setting.fresh(), bids=[best])
    return setting


def to_plan(doors: Doors) -> Setting:
    doors.organisation.size = "large"
    setting = make_keys(make_draft("horse_race", kind="race", issuer=doors.organisation))
    state_facts(actor=setting.buyer, challenge=setting.fresh(), facts={"stages_funded": True})
    step(setting, setting.buyer, "publish")
    awarded(setting, 2, 2)
    return setting


def at_work(doors: Doors) -> Setting:
    setting = to_plan(doors)
    due = timezone.now() + timedelta(days=90)
    for award in Award.objects.filter(challenge=setting.challenge):
        rows = [Planned("小试", "检测报告", due, 100)]
        plan_milestones(actor=setting.buyer, challenge=setting.fresh(), award=award, rows=rows)
    step(setting, setting.buyer, "give_feedback")
    step(setting, setting.buyer, "sign")
    first = milestone_of(setting)
    _hand_in(setting, first)
    return setting


def _hand_in(setting: Setting, milestone: Any) -> None:
    bidder = next(actor for org, actor in setting.bidders if org.pk == milestone.award.bid.bidder_id)
    advance_milestone(actor=bidder, milestone=milestone, step="hand_in", documents={"evidence": "报告"})


def milestone_of(setting: Setting) -> Any:
    award = Award.objects.filter(challenge=setting.challenge).order_by("place")[0]
    return award.milestones.order_by("number")[0]


def award_of(setting: Setting) -> Award:
    return Award.objects.filter(challenge=setting.challenge).order_by("place")[0]


def last_bid(setting: Setting) -> Bid:
    return Bid.objects.filter(challenge=setting.challenge).order_by("-pk")[0]


def ranked(setting: Setting) -> list[str]:
    best = Bid.objects.filter(challenge=setting.challenge).order_by("pk")[0]
    return [str(best.public_id)]


def my_review(setting: Setting) -> Review:
    return Review.objects.get(bid__challenge=setting.challenge)


# ── the steps ────────────────────────────────────────────────────────────────────────────────────────────────────

LATER = timezone.now().replace(second=0, microsecond=0) + timedelta(days=20)
DUE = timezone.localtime() + timedelta(days=60)
BOOK = {
    "award-1-TOTAL_FORMS": "1", "award-1-INITIAL_FORMS": "0", "award-1-0-title": "小试", "award-1-0-evidence": "报告",
    "award-1-0-due_at": f"{DUE:%Y-%m-%dT%H:%M}", "award-1-0-amount_fen": "1000元",
}  # fmt: skip
STEPS: dict[str, Step] = {
    "challenge.draft": Step(
        drafted,
        lambda doors, _s: doors.post(
            "/work/challenges/new/",
            {**PLAIN, **sent(with_three_anchors()), "reward_fen": "50万元", "openness": "public", "is_blind": "on",
             "issuer": str(doors.organisation.public_id), "scheme": "prize_challenge"},
        ),
        lambda doors, _s: doors.api.post(
            "/challenges", {**PLAIN, **with_three_anchors(), "issuer": str(doors.organisation.public_id)}
        ),
    ),
    "challenge.change": Step(
        drafted,
        lambda doors, s: doors.post(
            f"/work{place(s)}/edit/",
            {**PLAIN, **sent(with_three_anchors()), "title": "另一题目", "reward_fen": "50万元", "openness": "public"},
        ),
        lambda doors, s: doors.api.post(
            f"{place(s)}/change",
            {**PLAIN, **with_three_anchors(), "title": "另一题目", "is_blind": False,
             "version": Challenge.objects.get(pk=s.challenge.pk).version},
        ),
    ),
    "challenge.state_facts": Step(
        drafted,
        lambda doors, s: doors.post(f"/work{place(s)}/facts/", {"prize_secured": "on"}),
        lambda doors, s: doors.api.post(
            f"{place(s)}/facts", {"facts": {"prize_secured": True, "compensation_settled": False}}
        ),
    ),
    "challenge.advance": Step(
        stated,
        lambda doors, s: doors.post(f"/work{place(s)}/steps/publish/", PAPERS),
        lambda doors, s: doors.api.post(f"{place(s)}/steps", {"step": "publish", "documents": PAPERS}),
    ),
    "challenge.ask": Step(
        lambda _doors: make_open(),
        lambda doors, s: doors.post(
            f"/work{place(s)}/questions/", {"asker": str(doors.organisation.public_id), "text": "能否提供水样？"}
        ),
        lambda doors, s: doors.api.post(
            f"{place(s)}/questions", {"asker": str(doors.organisation.public_id), "text": "能否提供水样？"}
        ),
    ),
    "challenge.answer": Step(
        asked,
        lambda doors, s: doors.post(
            f"/work/questions/{s.challenge.questions.get().public_id}/answer/", {"answer": "可以。"}
        ),
        lambda doors, s: doors.api.post(
            f"/questions/{s.challenge.questions.get().public_id}/answer", {"answer": "可以。"}
        ),
    ),
    "challenge.amend": Step(
        opened,
        lambda doors, s: doors.post(
            f"/work{place(s)}/amend/",
            {"text": CALL["text"], **sent({name: LISTS[name] for name in ("acceptance", "rubric")}), "reward_fen": "50万元",
             "closes_at": f"{timezone.localtime(LATER):%Y-%m-%dT%H:%M}", "reason": "多给些时间"},
        ),
        lambda doors, s: doors.api.post(
            f"{place(s)}/amendments", {"reason": "多给些时间", "closes_at": LATER.isoformat(timespec="seconds")}
        ),
    ),
    "challenge.name_reviewer": Step(
        opened,
        lambda doors, s: doors.post(f"/work{place(s)}/reviewers/", {"email": _free_person(), "limit": "5"}),
        lambda doors, s: doors.api.post(f"{place(s)}/reviewers", {"email": _free_person(), "limit": 5}),
    ),
    "challenge.assign_reviews": Step(
        lambda doors: _with_free_reviewer(under_review(doors)),
        lambda doors, s: doors.post(f"/work{place(s)}/assign/", {"each": "1"}),
        lambda doors, s: doors.api.post(f"{place(s)}/assignments", {"each": 1}),
    ),
    "challenge.rank": Step(
        reviewed,
        lambda doors, s: doors.post(f"/work{place(s)}/rank/", {}),
        lambda doors, s: doors.api.post(f"{place(s)}/ranking"),
    ),
    "challenge.award": Step(
        reviewed,
        lambda doors, s: doors.post(f"/work{place(s)}/award/", {"bids": ranked(s)}),
        lambda doors, s: doors.api.post(f"{place(s)}/awards", {"bids": ranked(s)}),
    ),
    "challenge.object": Step(
        lost_by_me,
        lambda doors, s: doors.post(
            f"/work{place(s)}/object/", {"by": str(doors.organisation.public_id), "text": "没有看检测报告。"}
        ),
        lambda doors, s: doors.api.post(
            f"{place(s)}/objections", {"by": str(doors.organisation.public_id), "text": "没有看检测报告。"}
        ),
    ),
    "bid.give_feedback": Step(
        proposed,
        lambda doors, s: doors.post(f"/work/bids/{last_bid(s).public_id}/feedback/", {"text": TOLD}),
        lambda doors, s: doors.api.post(f"/bids/{last_bid(s).public_id}/feedback", {"text": TOLD}),
    ),
    "challenge.plan_milestones": Step(
        to_plan,
        lambda doors, s: doors.post(f"/work/awards/{award_of(s).public_id}/milestones/", BOOK),
        lambda doors, s: doors.api.post(
            f"/awards/{award_of(s).public_id}/milestones",
            {"milestones": [{"title": "小试", "evidence": "报告", "due_at": DUE.isoformat(timespec="seconds"),
                             "amount_fen": 100_000}]},
        ),
    ),
    "milestone.advance": Step(
        at_work,
        lambda doors, s: doors.post(
            f"/work/milestones/{milestone_of(s).public_id}/steps/pass/", {"judgement": "达标"}
        ),
        lambda doors, s: doors.api.post(
            f"/milestones/{milestone_of(s).public_id}/steps",
            {"step": "pass", "documents": {"judgement": "达标"}},
        ),
    ),
    "review.submit": Step(
        assigned_to_me,
        lambda doors, s: doors.post(
            f"/work/reviews/{my_review(s).public_id}/",
            {"score_0": "4", "comment_0": "有数据", "score_1": "3", "comment_1": "偏高"},
        ),
        lambda doors, s: doors.api.post(
            f"/reviews/{my_review(s).public_id}", {"scores": [4, 3], "comments": ["有数据", "偏高"]}
        ),
    ),
    "review.recuse": Step(
        assigned_to_me,
        lambda doors, s: doors.post(
            f"/work/reviews/{my_review(s).public_id}/stand-aside/", {"reason": "与揭榜方有合作"}
        ),
        lambda doors, s: doors.api.post(
            f"/reviews/{my_review(s).public_id}/stand-aside", {"reason": "与揭榜方有合作"}
        ),
    ),
}  # fmt: skip


def _free_person() -> str:
    return str(make_person().email)


def _with_free_reviewer(setting: Setting) -> Setting:
    name_reviewer(actor=setting.buyer, challenge=setting.fresh(), email=_free_person())
    return setting


COMPARED: dict[str, Callable[[Doors], None]] = {name: twice(made) for name, made in STEPS.items()}
