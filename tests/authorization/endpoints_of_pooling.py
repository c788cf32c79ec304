"""Common needs: what is asked of their pages."""

from __future__ import annotations

from collections.abc import Iterator

from tests.authorization.endpoint import Endpoint, at, fixed


def web() -> Iterator[Endpoint]:
    yield Endpoint("web", "work:pools", "GET", at("work:pools"), lists=("pool",))
    yield Endpoint("web", "work:pool", "GET", at("work:pool"), "pool")
    for name, body in (
        ("invite", {}),
        ("close", {"reason": "是两件事"}),
        ("join", {"told": "可提供水样", "budget": "10万元"}),
        ("decline", {"reason": "没有预算"}),
        ("word", {"title": "六价铬达标"}),
        ("publish", {}),
        ("leave", {"reason": "停产"}),
    ):
        yield Endpoint("web", f"work:pool-{name}", "POST", at(f"work:pool-{name}"), "pool", body=fixed(body))
    yield Endpoint("web", "work:pool-approve", "POST", at("work:pool-approve"), "pool",
                   body=lambda _world, pool: {"version": str(pool.version)})  # fmt: skip
