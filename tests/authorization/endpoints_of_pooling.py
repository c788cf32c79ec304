"""Common needs: what is asked of their pages."""

from __future__ import annotations

from collections.abc import Iterator

from tests.authorization.endpoint import Endpoint, at, below, fixed


def web() -> Iterator[Endpoint]:
    yield Endpoint("web", "neglected", "GET", at("neglected"))
    yield Endpoint("web", "neglected-list", "GET", at("neglected-list", "neglected"))
    yield Endpoint("web", "work:attend", "GET", at("work:attend"), "need")
    note = fixed({"kind": "contacted", "note": "已电话沟通"})
    yield Endpoint("web", "work:attend", "POST", at("work:attend"), "need", body=note)
    yield Endpoint("web", "work:searches", "GET", at("work:searches"), lists=("search",))
    saved = fixed({"kind": "needs", "query": "q=六价铬"})
    yield Endpoint("web", "work:save-search", "POST", at("work:save-search"), body=saved)
    often = fixed({"frequency": "weekly"})
    yield Endpoint("web", "work:change-search", "POST", at("work:change-search"), "search", body=often)
    yield Endpoint("web", "work:drop-search", "POST", at("work:drop-search"), "search")
    yield Endpoint(
        "web", "work:digest", "POST", at("work:digest"), "organisation", body=fixed({"wanted": "0"})
    )
    yield Endpoint("web", "end-letters", "GET", lambda *_: "/letters/end/forged/")
    yield Endpoint("web", "end-letters", "POST", lambda *_: "/letters/end/forged/")
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


def api() -> Iterator[Endpoint]:
    """Common needs and neglected needs, for programs to read."""
    yield Endpoint("api", "list_common_needs", "GET", below("/common-needs"), lists=("pool",))
    yield Endpoint("api", "get_common_need", "GET", below("/common-needs/{}"), "pool")
    yield Endpoint("api", "get_neglect", "GET", below("/neglected"))
    yield Endpoint("api", "list_neglected_needs", "GET", below("/neglected/needs"))
    yield Endpoint("api", "list_need_attention", "GET", below("/needs/{}/attention"), "need")
    yield Endpoint("api", "list_searches", "GET", below("/searches"), lists=("search",))
    yield Endpoint("api", "save_search", "POST", below("/searches"), body=fixed({"kind": "needs", "q": "铬"}))
    yield Endpoint("api", "change_search", "PATCH", below("/searches/{}"), "search",
                   body=fixed({"frequency": "weekly"}), headers={"If-Match": "*"})  # fmt: skip
    yield Endpoint("api", "drop_search", "POST", below("/searches/{}/drop"), "search")
    digest = below("/me/digests/{}")
    yield Endpoint("api", "choose_digest", "POST", digest, "organisation", body=fixed({"wanted": False}))
