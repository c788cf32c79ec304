"""Challenges: what is asked of their pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.authorization.endpoint import Endpoint, Path, at, below, fixed
from tests.authorization.world import Subject, World
from tests.factories import make_organisation
from tests.factories.challenges import CALL as FACTORY_CALL
from tests.factories.challenges import PASSPHRASE, answers_file

ROWS = {
    f"{name}-{key}": "0"
    for name in ("acceptance", "rubric", "eligibility")
    for key in ("TOTAL_FORMS", "INITIAL_FORMS")
}
CALL = {
    "title": "新榜单",
    "kind": "idea",
    "text": "题目",
    "reward_kind": "prize",
    "openness": "public",
    **ROWS,
}
OF_CHALLENGE: dict[str, dict[str, Any]] = {
    "edit": CALL,
    "facts": {"prize_secured": "on"},
    "key": {"role": "buyer", "passphrase": PASSPHRASE, "again": PASSPHRASE},
    "open": {"passphrase": PASSPHRASE},
}
TOLD = "成本一项低于其他申请，且没有连续运行的数据。"
SCORES = {"score_0": "4", "comment_0": "有数据", "score_1": "3", "comment_1": "偏高", "reason": "讨论后调整"}
OF_REVIEW: dict[str, dict[str, Any]] = {
    "reviewer": {"email": "nobody-at-all@example.org", "limit": "5"},
    "assign": {"each": "1"},
    "rank": {},
    "award": {"bids": []},
}


def web() -> Iterator[Endpoint]:
    yield Endpoint("web", "challenges", "GET", at("challenges"), lists=("challenge",))
    yield Endpoint("web", "challenge", "GET", at("challenge"), "challenge")
    yield Endpoint("web", "work:challenges", "GET", at("work:challenges"), lists=("challenge",))
    yield Endpoint("web", "work:challenge-new", "GET", at("work:challenge-new"))
    yield Endpoint("web", "work:challenge-new", "POST", at("work:challenge-new"), body=fixed(CALL))
    yield Endpoint("web", "work:challenge-edit", "GET", at("work:challenge-edit"), "challenge")
    for name, body in OF_CHALLENGE.items():
        yield Endpoint(
            "web",
            f"work:challenge-{name}",
            "POST",
            at(f"work:challenge-{name}"),
            "challenge",
            body=fixed(body),
        )
    yield Endpoint("web", "work:challenge-step", "POST", _with("work:challenge-step", "publish"), "challenge",
                   body=fixed({"call_text": "见榜单", "rules_text": "见规则"}))  # fmt: skip
    yield Endpoint("web", "challenge-feed", "GET", at("challenge-feed"))
    yield Endpoint("web", "challenge-deadlines", "GET", at("challenge-deadlines"), "challenge")
    yield Endpoint("web", "challenge-document", "GET", _call, "challenge")
    yield Endpoint("web", "work:challenge-amend", "GET", at("work:challenge-amend"), "challenge")
    yield Endpoint(
        "web", "work:challenge-amend", "POST", at("work:challenge-amend"), "challenge", body=_amended
    )
    yield Endpoint("web", "work:challenge-ask", "POST", at("work:challenge-ask"), "challenge", body=_asked)
    yield Endpoint("web", "work:challenge-answer", "POST", at("work:challenge-answer"), "question",
                   body=fixed({"answer": "可以。"}))  # fmt: skip
    yield Endpoint("web", "work:challenge-bid", "GET", at("work:challenge-bid"), "challenge")
    yield Endpoint("web", "work:challenge-bid", "POST", at("work:challenge-bid"), "challenge", body=_bid)
    yield Endpoint("web", "work:bid", "GET", at("work:bid"), "bid")
    yield Endpoint("web", "work:bid-receipt", "GET", at("work:bid-receipt"), "bid")
    yield Endpoint("web", "work:bid-file", "GET", _with("work:bid-file", 1), "bid")
    yield Endpoint("web", "work:bid-withdraw", "POST", at("work:bid-withdraw"), "bid")
    yield from _scoring()
    yield from _reviewing()
    yield from _teams_at_the_site()
    yield Endpoint("web", "work:payment-order", "GET", _payment_order, "payment order")
    yield Endpoint("web", "work:payment-received", "POST", at("work:payment-received"), "payment order")
    follow = fixed({"follow": "yes"})
    yield Endpoint("web", "work:challenges-follow", "POST", at("work:challenges-follow"), body=follow)
    yield Endpoint(
        "web", "work:challenge-follow", "POST", at("work:challenge-follow"), "challenge", body=follow
    )
    rows = {"award-1-TOTAL_FORMS": "1", "award-1-INITIAL_FORMS": "0", "award-1-0-title": "中试",
            "award-1-0-evidence": "报告", "award-1-0-due_at": "2027-06-30T17:00"}  # fmt: skip
    yield Endpoint(
        "web", "work:award-milestones", "POST", at("work:award-milestones"), "award", body=fixed(rows)
    )
    yield Endpoint("web", "work:milestone-step", "POST", _with("work:milestone-step", "hand_in"), "milestone",
                   body=fixed({"evidence": "检测报告"}))  # fmt: skip


def api() -> Iterator[Endpoint]:
    """Reading challenges, and bidding, for programs."""
    yield Endpoint("api", "list_challenges", "GET", below("/challenges"), lists=("challenge",))
    yield Endpoint("api", "get_challenge", "GET", below("/challenges/{}"), "challenge")
    yield Endpoint("api", "get_review_record", "GET", below("/challenges/{}/review-record"), "challenge")
    yield Endpoint(
        "api", "hand_in_bid", "POST", below("/challenges/{}/bids"), "challenge", body=_bid_of_a_program
    )
    yield Endpoint(
        "api", "withdraw_bid", "POST", below("/challenges/{}/bids/withdraw"), "challenge", body=_bidder
    )
    yield from _teams_of_programs()
    yield Endpoint("api", "list_payment_orders", "GET", below("/challenges/{}/payment-orders"), "challenge")
    path = below("/payment-orders/{}/received")
    yield Endpoint("api", "confirm_payment_receipt", "POST", path, "payment order")
    for name in ("follow", "unfollow"):
        yield Endpoint("api", f"{name}_challenges", "POST", below(f"/challenges/{name}"))
        yield Endpoint("api", f"{name}_challenge", "POST", below("/challenges/{}/" + name), "challenge")
    yield Endpoint("api", "get_board", "GET", below("/challenges/{}/board"), "challenge")
    yield Endpoint("api", "list_tries", "GET", below("/challenges/{}/tries"), "challenge")
    yield Endpoint(
        "api", "submit_try", "POST", below("/challenges/{}/tries"), "challenge", body=_try_of_a_program
    )
    yield Endpoint("api", "list_bids", "GET", below("/bids"))
    yield Endpoint("api", "get_bid_receipt", "GET", below("/bids/{}/receipt"), "bid")


PART = {"role": "检测", "share": 30}
TEAM = {"role": "工艺", "share": "70", "lacks": "电化学还原"}


def _teams_at_the_site() -> Iterator[Endpoint]:
    yield Endpoint("web", "work:challenge-team", "GET", at("work:challenge-team"), "challenge")
    yield Endpoint("web", "work:challenge-team", "POST", at("work:challenge-team"), "challenge", body=_team)
    yield Endpoint("web", "work:team", "GET", at("work:team"), "team")
    yield Endpoint("web", "work:team", "POST", at("work:team"), "team", body=fixed(TEAM))
    yield Endpoint("web", "work:team-ask", "POST", at("work:team-ask"), "team", body=_partner)
    answer = fixed({"confirms": "yes"})
    yield Endpoint("web", "work:team-answer", "POST", at("work:team-answer"), "team member", body=answer)
    yield Endpoint("web", "work:team-drop", "POST", at("work:team-drop"), "team member")


def _teams_of_programs() -> Iterator[Endpoint]:
    yield Endpoint("api", "form_team", "POST", below("/challenges/{}/teams"), "challenge", body=_team)
    yield Endpoint("api", "list_teams", "GET", below("/teams"), lists=("team",))
    yield Endpoint("api", "get_team", "GET", below("/teams/{}"), "team")
    yield Endpoint("api", "find_partners", "GET", below("/teams/{}/partners"), "team")
    yield Endpoint("api", "change_team", "POST", below("/teams/{}/change"), "team", body=fixed(PART))
    yield Endpoint("api", "ask_partner", "POST", below("/teams/{}/members"), "team", body=_partner)
    yield Endpoint("api", "answer_partner", "POST", below("/team-members/{}/answer"), "team member",
                   body=fixed({"confirms": True}))  # fmt: skip
    yield Endpoint("api", "drop_partner_of_team", "POST", below("/team-members/{}/drop"), "team member")


def _team(world: World, _subject: Subject) -> dict[str, Any]:
    return {"lead": str(world.theirs.public_id), "lacks": "电化学还原", **PART}


def _partner(_world: World, _subject: Subject) -> dict[str, Any]:
    """Somebody who has to do with neither side."""
    return {"organisation": str(make_organisation().public_id), **PART}


def _scoring() -> Iterator[Endpoint]:
    """Automatic evaluation: the board is public with its challenge, a try is the bidder's."""
    for name in ("challenge-board", "challenge-board-template", "work:challenge-evaluation"):
        yield Endpoint("web", name, "GET", at(name), "challenge")
    yield Endpoint(
        "web",
        "work:challenge-evaluation",
        "POST",
        at("work:challenge-evaluation"),
        "challenge",
        body=_evaluation,
    )
    yield Endpoint(
        "web", "work:challenge-evaluation-drop", "POST", at("work:challenge-evaluation-drop"), "challenge"
    )
    yield Endpoint("web", "work:challenge-try", "POST", at("work:challenge-try"), "challenge", body=_try)


def _reviewing() -> Iterator[Endpoint]:
    for name, body in OF_REVIEW.items():
        yield Endpoint(
            "web",
            f"work:challenge-{name}",
            "POST",
            at(f"work:challenge-{name}"),
            "challenge",
            body=fixed(body),
        )
    yield Endpoint(
        "web", "work:challenge-object", "POST", at("work:challenge-object"), "challenge", body=_objection
    )
    yield Endpoint("web", "challenges-ocds", "GET", at("challenges-ocds"), lists=("challenge",))
    yield Endpoint("web", "challenge-ocds", "GET", at("challenge-ocds"), "challenge")
    yield Endpoint("web", "challenge-record", "GET", at("challenge-record"), "challenge")
    yield Endpoint("web", "work:award-objection-answer", "POST", at("work:award-objection-answer"), "award objection",
                   body=fixed({"answer": "理由不成立", "is_upheld": "no"}))  # fmt: skip
    yield Endpoint(
        "web", "work:bid-feedback", "POST", at("work:bid-feedback"), "bid", body=fixed({"text": TOLD})
    )
    yield Endpoint("web", "work:reviews", "GET", at("work:reviews"))
    yield Endpoint("web", "work:review", "GET", at("work:review"), "bid review")
    yield Endpoint("web", "work:review", "POST", at("work:review"), "bid review", body=fixed(SCORES))
    yield Endpoint("web", "work:review-aside", "POST", at("work:review-aside"), "bid review",
                   body=fixed({"reason": "与揭榜方有合作"}))  # fmt: skip


def _with(name: str, part: object) -> Path:
    return lambda _world, row: reverse(name, args=[row.public_id, part])


def _bid(world: World, _subject: Subject) -> dict[str, Any]:
    rows = {"partners-TOTAL_FORMS": "0", "partners-INITIAL_FORMS": "0"}
    return {"bidder": str(world.theirs.public_id), "proposal": "方案", "answer_0": "有", **rows}


def _asked(world: World, _subject: Subject) -> dict[str, Any]:
    return {"asker": str(world.theirs.public_id), "text": "能否提供水样？"}


def _amended(_world: World, _challenge: Subject) -> dict[str, Any]:
    """The question in other words, with time to answer them."""
    closes = timezone.localtime() + timedelta(days=10)
    criterion = {
        "title": "技术可行",
        "weight": "100",
        "low": "没有依据",
        "high": "有连续运行数据",
    }
    rows = {
        **{f"{name}-TOTAL_FORMS": "1" for name in ("acceptance", "rubric")},
        **{f"{name}-INITIAL_FORMS": "0" for name in ("acceptance", "rubric")},
        **{f"acceptance-0-{name}": value for name, value in FACTORY_CALL["acceptance"][0].items()},
        **{f"rubric-0-{name}": value for name, value in criterion.items()},
    }
    text = f"{FACTORY_CALL['text']}另请说明能耗。"
    asked = {"text": text, "reward_fen": "50万元", "closes_at": f"{closes:%Y-%m-%dT%H:%M}"}
    return {**asked, **rows, "reason": "漏了能耗"}


def _objection(world: World, _subject: Subject) -> dict[str, Any]:
    return {"by": str(world.theirs.public_id), "text": "评审时没有看检测报告。"}


def _evaluation(_world: World, _subject: Subject) -> dict[str, Any]:
    rules = {"metric": "accuracy", "key_column": "id", "value_column": "value", "public_share": "30"}
    return {
        **rules,
        "tries_a_day": "3",
        "tries_in_all": "5",
        "answers": SimpleUploadedFile("a.csv", answers_file()),
    }


def _try(world: World, _subject: Subject) -> dict[str, Any]:
    return {
        "bidder": str(world.theirs.public_id),
        "results": SimpleUploadedFile("r.csv", answers_file(r01="2")),
    }


def _try_of_a_program(world: World, _subject: Subject) -> dict[str, Any]:
    return {"organisation": str(world.theirs.public_id), "results": answers_file(r01="2").decode()}


def _bidder(world: World, _subject: Subject) -> dict[str, Any]:
    return {"bidder": str(world.theirs.public_id)}


def _bid_of_a_program(world: World, subject: Subject) -> dict[str, Any]:
    return {**_bidder(world, subject), "proposal": "方案", "answers": ["有"]}


def _payment_order(_world: World, order: Subject) -> str:
    """The order as a Word file."""
    return reverse("work:payment-order", args=[order.public_id, "zh", "docx"])


def _call(_world: World, challenge: Subject) -> str:
    """The call as a Word file."""
    return reverse("challenge-document", args=[challenge.public_id, "zh", "docx"])
