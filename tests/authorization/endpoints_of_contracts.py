"""Technology contracts: what is asked of their pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from ronglian.apps.agreements.models import Agreement
from ronglian.apps.agreements.queries.agreements import latest_version
from tests.authorization.endpoint import Endpoint, Path, at, fixed
from tests.authorization.world import Subject, World
from tests.authorization.world_of_contracts import agreement_of

ROWS = {
    f"{name}-{key}": "0"
    for name in ("rights", "items", "payments")
    for key in ("TOTAL_FORMS", "INITIAL_FORMS")
}
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
    yield from _registration()
    for name in ("confirm", "dispute"):
        yield Endpoint("web", f"work:contract-{name}", "POST", _of_movement(f"work:contract-{name}"), "movement",
                       body=fixed({"reason": "没有这笔"}))  # fmt: skip


def _registration() -> Iterator[Endpoint]:
    """The form of a contract, the steps of its registration, and the bureau's statistics."""
    screen = at("work:contract-registration")
    yield Endpoint("web", "work:contract-registration", "GET", screen, "contract")
    typed = {"plan": "none", "said_mastered": "1"}
    yield Endpoint("web", "work:contract-registration", "POST", screen, "contract", body=fixed(typed))
    for name, ending in (("work:contract-file", "docx"), ("work:contract-registration-file", "docx")):
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
    yield Endpoint("web", "work:contract-statistics", "GET", at("work:contract-statistics"))
    yield Endpoint("web", "work:contract-statistics-file", "GET",
                   lambda _world, _subject: reverse("work:contract-statistics-file", args=[2026, "zh", "docx"]))  # fmt: skip


def _file(name: str, ending: str) -> Path:
    """One language of a contract's text, or of its form, as a file."""
    number = [1] if name == "work:contract-file" else []
    return lambda _world, agreement: reverse(name, args=[agreement.public_id, *number, "zh", ending])


def _with(name: str, number: int) -> Path:
    return lambda _world, agreement: reverse(name, args=[agreement.public_id, number])


def _of_movement(name: str) -> Path:
    return lambda _world, movement: reverse(name, args=[agreement_of(movement).public_id, movement.public_id])


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
