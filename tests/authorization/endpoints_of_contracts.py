"""Technology contracts: what is asked of their pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from ronglian.apps.agreements.models import Agreement
from ronglian.apps.agreements.queries.agreements import latest_version
from tests.authorization.endpoint import API, Endpoint, Path, at, below, fixed, of
from tests.authorization.world import Subject, World
from tests.authorization.world_of_contracts import agreement_of

ROWS = {
    f"{name}-{key}": "0"
    for name in ("rights", "items", "payments")
    for key in ("TOTAL_FORMS", "INITIAL_FORMS")
}
REASON = {"reason": "有理由"}
OF_CONTRACT: dict[str, dict[str, Any]] = {
    "send": {},
    "abandon": {"reason": "预算取消"},
    "terms": {"subject": "除铬技术", **ROWS},
    "move": {"kind": "hold", "amount_fen": "100元", "day": "2026-11-25", "reference": "RL-2"},
    "use": {"happened_on": "2026-11-25", "evidence": "首张发票"},
    "report": {"first_day": "2026-01-01", "last_day": "2026-06-30", "base_fen": "100元"},
}


def web() -> Iterator[Endpoint]:
    yield Endpoint("web", "work:contracts", "GET", at("work:contracts"), lists=("contract",))
    yield Endpoint("web", "work:contract-new", "GET", at("work:contract-new"))
    yield Endpoint("web", "work:contract-new", "POST", at("work:contract-new"), body=_new)
    yield Endpoint("web", "work:contract", "GET", at("work:contract"), "contract")
    yield Endpoint("web", "work:contract-text", "GET", _with("work:contract-text", 1), "contract")
    yield Endpoint("web", "work:contract-terms", "GET", at("work:contract-terms"), "contract")
    for name, body in OF_CONTRACT.items():
        yield Endpoint(
            "web", f"work:contract-{name}", "POST", at(f"work:contract-{name}"), "contract", body=fixed(body)
        )
    yield Endpoint("web", "work:contract-sign", "POST", at("work:contract-sign"), "contract", body=_digest)
    yield Endpoint("web", "work:contract-accept", "POST", _with("work:contract-accept", 1), "contract",
                   body=fixed({"evidence": "检测报告"}))  # fmt: skip
    yield Endpoint("web", "work:contract-refuse", "POST", _with("work:contract-refuse", 1), "contract",
                   body=fixed({"reason": "超标"}))  # fmt: skip
    yield Endpoint("web", "work:contract-income", "GET", at("work:contract-income"), "contract")
    shares = {"shares-TOTAL_FORMS": "0", "shares-INITIAL_FORMS": "0", "reward_fen": "100元"}
    yield Endpoint(
        "web", "work:contract-income", "POST", at("work:contract-income"), "contract", body=fixed(shares)
    )
    for name, told in (
        ("notice", {"days": "15"}), ("settle", {}), ("withdraw", {"reason": "人员有误"}), ("object", {"text": "漏了丙"}),
        ("pay", {"paid_on": "2026-11-25", "income_on": "2026-11-25"}),
    ):  # fmt: skip
        path = _with(f"work:income-{name}", 1)
        yield Endpoint("web", f"work:income-{name}", "POST", path, "contract", body=fixed(told))
    later = (timezone.localdate() + timedelta(days=30)).isoformat()
    for name, about, told in (
        ("demand", "late contract", {"cure_by": later, "reason": "一期到期未付"}),
        ("time", "late contract", {"cure_by": later}),
        ("default", "late contract", {"reason": "催告后仍未支付"}),
        ("buy-out", "contract with a buy-out", {"price_fen": "8000000"}),
        ("end", "contract with a buy-out", {"kind": "early", "reason": "停产"}),
    ):
        yield Endpoint(
            "web", f"work:contract-{name}", "POST", at(f"work:contract-{name}"), about, body=fixed(told)
        )
    for name in ("end-agree", "end-decline"):
        yield Endpoint("web", f"work:contract-{name}", "POST", _of_movement(f"work:contract-{name}"), "end proposal",
                       body=fixed({"reason": "免得太多"}))  # fmt: skip
    yield Endpoint("web", "work:income-objection", "POST", _of_objection, "share objection",
                   body=fixed({"answer": "丙未参与", "upholds": "0"}))  # fmt: skip
    yield Endpoint(
        "web", "work:contract-what-if", "GET", at("work:contract-what-if"), "contract with a buy-out"
    )
    yield from _registration()
    screen = at("work:contract-diligence")
    yield Endpoint("web", "work:contract-diligence", "GET", screen, "contract")
    noted = {"step": "decision", "taken_on": "2026-11-25", "text": "校务会纪要"}
    yield Endpoint("web", "work:contract-diligence", "POST", screen, "contract", body=fixed(noted))
    for name in ("confirm", "dispute"):
        yield Endpoint("web", f"work:contract-{name}", "POST", _of_movement(f"work:contract-{name}"), "movement",
                       body=fixed({"reason": "没有这笔"}))  # fmt: skip

    yield Endpoint("web", "work:contract-text-consent", "POST", at("work:contract-text-consent"), "contract",
                   body=fixed({"agrees": "1"}))  # fmt: skip
    yield Endpoint("web", "e-signing-results", "POST", at("e-signing-results"), body=fixed({"request": "x"}))
    said = fixed({"text": "范围太大", "clause": "subject"})
    yield Endpoint(
        "web", "work:contract-comment", "POST", _with("work:contract-comment", 1), "contract", body=said
    )
    for step, state in (("reply", "open"), ("resolve", "open"), ("reopen", "settled")):
        path = _of_comment(f"work:contract-comment-{step}")
        yield Endpoint("web", f"work:contract-comment-{step}", "POST", path, f"comment {state}", body=said)


def api() -> Iterator[Endpoint]:
    yield Endpoint("api", "list_contracts", "GET", below("/contracts"), lists=("contract",))
    yield Endpoint("api", "draft_contract", "POST", below("/contracts"), body=of(_drafted))
    for name, method, path, told in (
        ("get_contract", "GET", "", None),
        ("get_contract_version", "GET", "/versions/1", None),
        ("propose_contract_terms", "POST", "/versions", {"replaces": 1, "terms": {"subject": "除铬技术"}}),
        ("send_contract", "POST", "/send", None),
        ("abandon_contract", "POST", "/abandon", REASON),
        ("accept_contract_work", "POST", "/payments/1/accept", {"evidence": "检测报告"}),
        ("refuse_contract_work", "POST", "/payments/1/refuse", REASON),
        ("tell_contract_movement", "POST", "/movements", {"kind": "hold", "amount_fen": 100, "day": "2026-11-25"}),
        ("tell_contract_use", "POST", "/use", {"happened_on": "2026-11-25", "evidence": "首张发票"}),
        ("report_contract_royalty", "POST", "/royalty-reports",
         {"first_day": "2026-01-01", "last_day": "2026-06-30", "base_fen": 100}),
        ("list_contract_plans", "GET", "/income", None),
        ("propose_contract_plan", "POST", "/income",
         {"reward_fen": 100, "state_set": True, "shares": [{"name": "甲", "role": "contributor"}]}),
        ("notice_contract_plan", "POST", "/income/1/notice", {"days": 15}),
        ("settle_contract_plan", "POST", "/income/1/settle", None),
        ("withdraw_contract_plan", "POST", "/income/1/withdraw", REASON),
        ("object_to_contract_plan", "POST", "/income/1/objections", {"text": "漏了丙"}),
        ("pay_contract_plan", "POST", "/income/1/pay",
         {"paid_on": "2026-11-25", "income_on": "2026-11-25", "withheld_fen": [0], "non_profit": False, "is_certified": False}),
        ("get_contract_registration", "GET", "/registration", None),
        ("list_contract_comments", "GET", "/comments", None),
        ("comment_on_contract", "POST", "/versions/1/comments", {"text": "范围太大", "clause": "subject"}),
        ("fill_in_contract_registration", "POST", "/registration", {"plan": "none"}),
    ):  # fmt: skip
        yield Endpoint("api", name, method, below(f"/contracts/{{}}{path}"), "contract", body=fixed(told))
    yield from _api_of_things()
    yield Endpoint("api", "list_upcoming_contract_dates", "GET", below("/contracts/upcoming"))
    yield Endpoint("api", "get_contract_statistics", "GET", below("/contract-statistics?year=2026"))


def _api_of_things() -> Iterator[Endpoint]:
    """Steps on contracts in a certain state, and on what hangs at a contract."""
    later = (timezone.localdate() + timedelta(days=30)).isoformat()
    for name, path, about, told in (
        ("demand_contract_payment", "/demand", "late contract", {"cure_by": later, **REASON}),
        ("give_contract_time", "/demand/time", "late contract", {"cure_by": later}),
        ("end_contract_for_default", "/demand/end", "late contract", REASON),
        ("buy_contract_out", "/buy-out", "contract with a buy-out", {"price_fen": 8_000_000}),
        ("propose_contract_end", "/end-proposals", "contract with a buy-out", {"kind": "early", **REASON}),
    ):
        yield Endpoint("api", name, "POST", below(f"/contracts/{{}}{path}"), about, body=fixed(told))
    today = {"day": timezone.localdate().isoformat()}
    amounts = {"turnover_fen": 100, "technology_fen": 100}
    for name, path, about, told in (
        ("confirm_contract_movement", "movements/{}/confirm", "movement", None),
        ("dispute_contract_movement", "movements/{}/dispute", "movement", REASON),
        ("answer_contract_end", "end-proposals/{}/answer", "end proposal", {"agrees": False, **REASON}),
        ("answer_contract_plan_objection", "share-objections/{}/answer", "share objection",
         {"upholds": False, "answer": "丙未参与"}),
        ("answer_contract_comment", "comments/{}/replies", "comment open", {"text": "可以"}),
        ("resolve_contract_comment", "comments/{}/resolve", "comment open", None),
        ("reopen_contract_comment", "comments/{}/reopen", "comment settled", None),
        ("hand_in_contract_registration", "registration/{}/hand-in", "registration prepared",
         {"body": "示例登记处", **today}),
        ("record_contract_registration", "registration/{}/record", "registration handed in",
         {"number": "2026420100000018", **today, **amounts}),
        ("refuse_contract_registration", "registration/{}/refuse", "registration handed in", {**REASON, **today}),
        ("change_contract_registration", "registration/{}/change", "registration stated", {**REASON, **today, **amounts}),
        ("cancel_contract_registration", "registration/{}/cancel", "registration stated", {**REASON, **today}),
    ):  # fmt: skip
        yield Endpoint("api", name, "POST", _below_its_contract(path), about, body=fixed(told))


def _below_its_contract(path: str) -> Path:
    def where(_world: World, thing: Subject) -> str:
        agreement = agreement_of(thing)
        return f"{API}/contracts/{agreement.public_id}/{path.format(thing.public_id)}"

    return where


def _drafted(world: World) -> dict[str, Any]:
    return {
        "kind": "licence", "title": "新合同", "client": str(world.ours.public_id), "terms": {},
        "provider": str(world.theirs.public_id), "drafted_by": "client",
    }  # fmt: skip


def _registration() -> Iterator[Endpoint]:
    """The form of a contract, the steps of its registration, and the bureau's statistics."""
    screen = at("work:contract-registration")
    yield Endpoint("web", "work:contract-registration", "GET", screen, "contract")
    typed = {"plan": "none", "said_mastered": "1"}
    yield Endpoint("web", "work:contract-registration", "POST", screen, "contract", body=fixed(typed))
    for name, ending in (("work:contract-file", "docx"), ("work:contract-registration-file", "docx"),
                         ("work:contract-diligence-file", "docx")):  # fmt: skip
        yield Endpoint("web", name, "GET", _file(name, ending), "contract")
    amounts = {"turnover_fen": "100元", "technology_fen": "100元"}
    number = {"number": "2026420100000018"}
    today = {"day": timezone.localdate().isoformat()}
    for name, state, told in (
        ("hand-in", "prepared", {"body": "示例登记处"}),
        ("record", "handed in", {**number, **amounts}),
        ("refuse", "handed in", {"reason": "标的不清"}),
        ("change", "stated", {**amounts, "reason": "增加培训"}),
        ("cancel", "stated", {"reason": "合同解除"}),
    ):
        path = _of_movement(f"work:registration-{name}")
        yield Endpoint(
            "web",
            f"work:registration-{name}",
            "POST",
            path,
            f"registration {state}",
            body=fixed(today | told),
        )
    yield Endpoint("web", "work:contract-bank", "GET", at("work:contract-bank"))
    yield Endpoint("web", "work:contract-bank", "POST", at("work:contract-bank"))
    told = of(_told)
    yield Endpoint("web", "work:contract-bank-confirm", "POST", at("work:contract-bank-confirm"), body=told)
    yield Endpoint("web", "work:contract-statistics", "GET", at("work:contract-statistics"))
    yield Endpoint("web", "work:contract-statistics-file", "GET",
                   lambda _world, _subject: reverse("work:contract-statistics-file", args=[2026, "zh", "docx"]))  # fmt: skip


def _told(world: World) -> dict[str, str]:
    """What theirs told: ours confirms it."""
    movement = world.subjects("movement")["told by theirs"]
    return {"movement": f"{agreement_of(movement).public_id}/{movement.public_id}"}


def _file(name: str, ending: str) -> Path:
    """One language of a contract's text, or of its form, as a file."""
    number = [1] if name == "work:contract-file" else []
    return lambda _world, agreement: reverse(name, args=[agreement.public_id, *number, "zh", ending])


def _with(name: str, number: int) -> Path:
    return lambda _world, agreement: reverse(name, args=[agreement.public_id, number])


def _of_movement(name: str) -> Path:
    return lambda _world, movement: reverse(name, args=[agreement_of(movement).public_id, movement.public_id])


def _of_comment(name: str) -> Path:
    return lambda _world, comment: reverse(
        name, args=[comment.agreement_version.agreement.public_id, comment.public_id]
    )


def _of_objection(_world: World, objection: Subject) -> str:
    agreement = objection.distribution.agreement
    return reverse("work:income-objection", args=[agreement.public_id, objection.public_id])


def _new(world: World, _subject: Subject) -> dict[str, Any]:
    other = f"/organisations/{world.theirs.public_id}/"
    own = str(world.ours.public_id)
    return {"kind": "licence", "title": "新合同", "side": "client", "own": own, "other": other, **ROWS}


def _digest(_world: World, agreement: Subject) -> dict[str, str]:
    kept = Agreement.objects.filter(public_id=agreement.public_id).first()
    return {"digest": latest_version(kept).digest if kept else ""}
