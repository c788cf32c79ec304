"""Challenges for programs: what is asked of the steps from the draft to the task book."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.authorization.endpoint import Endpoint, below, fixed
from tests.authorization.world import Subject, World
from tests.factories.challenges import CALL

PLAIN = {"title": "新榜单", "kind": "idea", "reward_kind": "prize", "text": "题目"}
TOLD = "成本一项低于其他申请，且没有连续运行的数据。"
PAPERS = {"call_text": "见榜单", "rules_text": "见规则"}
OF_CHALLENGE: dict[str, tuple[str, Any]] = {
    "state_challenge_facts": ("facts", {"facts": {"prize_secured": True}}),
    "advance_challenge": ("steps", {"step": "publish", "documents": PAPERS}),
    "name_reviewer": ("reviewers", {"email": "nobody-at-all@example.org"}),
    "assign_reviews": ("assignments", {"each": 1}),
    "rank_challenge": ("ranking", None),
}


def api() -> Iterator[Endpoint]:
    yield Endpoint("api", "draft_challenge", "POST", below("/challenges"), body=_drafted)
    yield Endpoint(
        "api", "change_challenge", "POST", below("/challenges/{}/change"), "challenge", body=_changed
    )
    for name, (path, body) in OF_CHALLENGE.items():
        yield Endpoint("api", name, "POST", below("/challenges/{}/" + path), "challenge", body=fixed(body))
    yield Endpoint(
        "api", "award_challenge", "POST", below("/challenges/{}/awards"), "challenge", body=_awarded
    )
    yield Endpoint(
        "api", "object_to_award", "POST", below("/challenges/{}/objections"), "challenge", body=_objection
    )
    yield Endpoint("api", "list_challenge_questions", "GET", below("/challenges/{}/questions"), "challenge")
    yield Endpoint(
        "api", "ask_challenge_question", "POST", below("/challenges/{}/questions"), "challenge", body=_asked
    )
    yield Endpoint("api", "answer_challenge_question", "POST", below("/questions/{}/answer"), "question",
                   body=fixed({"answer": "可以。"}))  # fmt: skip
    yield Endpoint(
        "api", "amend_challenge", "POST", below("/challenges/{}/amendments"), "challenge", body=_amended
    )
    yield Endpoint(
        "api", "give_feedback", "POST", below("/bids/{}/feedback"), "bid", body=fixed({"text": TOLD})
    )
    yield Endpoint("api", "list_milestones", "GET", below("/challenges/{}/milestones"), "challenge")
    yield Endpoint("api", "plan_milestones", "POST", below("/awards/{}/milestones"), "award", body=_planned)
    yield Endpoint("api", "advance_milestone", "POST", below("/milestones/{}/steps"), "milestone",
                   body=fixed({"step": "hand_in", "documents": {"evidence": "检测报告"}}))  # fmt: skip
    yield Endpoint("api", "list_reviews", "GET", below("/reviews"))
    yield Endpoint("api", "submit_review", "POST", below("/reviews/{}"), "bid review",
                   body=fixed({"scores": [4, 3], "comments": ["有数据", "偏高"], "reason": "讨论后调整"}))  # fmt: skip
    yield Endpoint("api", "recuse_review", "POST", below("/reviews/{}/stand-aside"), "bid review",
                   body=fixed({"reason": "与揭榜方有合作"}))  # fmt: skip


def _drafted(world: World, _subject: Subject) -> dict[str, Any]:
    return {**PLAIN, "issuer": str(world.ours.public_id)}


def _changed(_world: World, challenge: Subject) -> dict[str, Any]:
    return {**PLAIN, "version": getattr(challenge, "version", 1)}


def _awarded(world: World, _subject: Subject) -> dict[str, Any]:
    return {"bids": [str(world.rest["bid"]["opened"].public_id)]}


def _objection(world: World, _subject: Subject) -> dict[str, Any]:
    return {"by": str(world.theirs.public_id), "text": "评审时没有看检测报告。"}


def _asked(world: World, _subject: Subject) -> dict[str, Any]:
    return {"asker": str(world.theirs.public_id), "text": "能否提供水样？"}


def _amended(_world: World, _subject: Subject) -> dict[str, Any]:
    closes = timezone.now() + timedelta(days=10)
    return {
        "reason": "漏了能耗",
        "text": f"{CALL['text']}另请说明能耗。",
        "closes_at": closes.isoformat(timespec="seconds"),
    }


def _planned(_world: World, _subject: Subject) -> dict[str, Any]:
    due = timezone.now() + timedelta(days=90)
    row = {"title": "中试", "evidence": "报告", "due_at": due.isoformat(timespec="seconds")}
    return {"milestones": [row]}
