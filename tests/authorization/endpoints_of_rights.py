"""Rights in service results and the ledger: what is asked of their pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone

from ronglian.apps.agreements.models import RightsGrant
from ronglian.apps.agreements.queries.rights import latest_deed
from tests.authorization.endpoint import API, Endpoint, Path, at, below, fixed, of
from tests.authorization.world import Subject, World
from tests.factories.rights import DEED_TERMS, FACTS

TODAY = timezone.localdate().isoformat()
REASON = {"reason": "有理由"}
VALUE = {"stage": "research", "value_fen": "100元", "value_basis": "协议价"}
DEED_FORM = {**DEED_TERMS, "income_share": "80", "convert_within_months": "12"}


def web() -> Iterator[Endpoint]:
    yield Endpoint("web", "rights-notices", "GET", at("rights-notices"))
    yield Endpoint("web", "rights-notice", "GET", at("rights-notice"), "grant")
    yield Endpoint("web", "work:rights", "GET", at("work:rights"), lists=("grant",))
    yield Endpoint("web", "work:right-new", "GET", at("work:right-new"), "result")
    yield Endpoint("web", "work:right-new", "POST", at("work:right-new"), "result", body=_form)
    yield Endpoint("web", "work:right", "GET", at("work:right"), "grant")
    yield Endpoint("web", "work:right-file", "GET", _file, "grant drawn up")
    for name, about, told in (
        ("withdraw", "grant applied", REASON),
        ("decide", "grant applied", {"approves": "1", "grounds": "校办会"}),
        ("notice", "grant approved", {"days": "15"}),
        ("object", "grant noticed", {"text": "漏了丙"}),
        ("draw-up", "grant notice over", DEED_FORM),
        ("title", "grant in force", {"day": TODAY, "evidence": "通知书"}),
        ("end", "grant in force", {"kind": "agreed", **REASON}),
    ):
        yield Endpoint("web", f"work:right-{name}", "POST", at(f"work:right-{name}"), about, body=fixed(told))
    yield Endpoint("web", "work:right-sign", "POST", at("work:right-sign"), "grant drawn up", body=_digest)
    yield Endpoint("web", "work:right-objection", "POST", _of_objection, "grant objection",
                   body=fixed({"answer": "未参与", "upholds": "0"}))  # fmt: skip
    yield from _ledger()


def _ledger() -> Iterator[Endpoint]:
    yield Endpoint("web", "work:assets", "GET", at("work:assets"), "organisation")
    yield Endpoint("web", "work:assets", "POST", at("work:assets"), "organisation",
                   body=of(lambda world: {"result": f"/results/{_result(world)}/", "right": "patent", **VALUE}))  # fmt: skip
    yield Endpoint("web", "work:assets-file", "GET", at("work:assets-file"), "organisation")
    yield Endpoint("web", "work:asset", "GET", at("work:asset"), "asset")
    yield Endpoint("web", "work:asset-value", "POST", at("work:asset-value"), "asset", body=fixed(VALUE))
    yield Endpoint(
        "web", "work:asset-write-off", "POST", at("work:asset-write-off"), "asset", body=fixed(REASON)
    )


def api() -> Iterator[Endpoint]:
    yield Endpoint("api", "list_grants", "GET", below("/rights"), lists=("grant",))
    yield Endpoint("api", "get_grant", "GET", below("/rights/{}"), "grant")
    yield Endpoint("api", "apply_for_grant", "POST", below("/rights"), body=of(_application))
    for name, path, about, told in (
        ("withdraw_grant", "withdraw", "grant applied", REASON),
        ("decide_grant", "decide", "grant applied", {"approves": True, "grounds": "校办会"}),
        ("notice_grant", "notice", "grant approved", {"days": 15}),
        ("object_to_grant", "objections", "grant noticed", {"text": "漏了丙"}),
        ("draw_up_grant", "agreement", "grant notice over", DEED_TERMS),
        ("note_grant_title", "title", "grant in force", {"day": TODAY, "evidence": "通知书"}),
        ("end_grant", "end", "grant in force", {"kind": "agreed", **REASON}),
    ):
        yield Endpoint("api", name, "POST", below(f"/rights/{{}}/{path}"), about, body=fixed(told))
    yield Endpoint("api", "answer_grant_objection", "POST", _api_of_objection, "grant objection",
                   body=fixed({"answer": "未参与", "upholds": False}))  # fmt: skip
    ledger, value = (
        "/organisations/{}/ledger",
        {"stage": "research", "value_fen": 100, "value_basis": "协议价"},
    )
    yield Endpoint("api", "list_assets", "GET", below(ledger), "organisation")
    yield Endpoint("api", "count_assets", "GET", below(f"{ledger}/states"), "organisation")
    yield Endpoint("api", "enter_asset", "POST", below(ledger), "organisation",
                   body=of(lambda world: {"result": _result(world), "right": "patent", **value}))  # fmt: skip
    yield Endpoint(
        "api", "value_asset", "POST", below("/ledger-entries/{}/value"), "asset", body=fixed(value)
    )
    yield Endpoint(
        "api", "write_off_asset", "POST", below("/ledger-entries/{}/write-off"), "asset", body=fixed(REASON)
    )


def _result(world: World) -> str:
    return str(world.records["result"]["public"].public_id)


def _form(world: World, _subject: Subject) -> dict[str, Any]:
    return {
        "title": "六价铬还原技术", "right": "patent", "form": "ownership", "share": "70", "plan": "许可三家企业",
        **{name: "on" for name, holds in FACTS.items() if holds},
        "members-TOTAL_FORMS": "1", "members-INITIAL_FORMS": "0", "members-0-name": "甲",
        "members-0-email": world.people["our_viewer"].email, "members-0-share": "100",
    }  # fmt: skip


def _application(world: World) -> dict[str, Any]:
    return {
        "result": _result(world), "title": "六价铬还原技术", "right": "patent", "form": "ownership", "share": 7_000,
        "members": [{"name": "甲", "email": world.people["our_viewer"].email, "share": 10_000}], "facts": FACTS,
        "plan": "许可三家企业",
    }  # fmt: skip


def _digest(_world: World, grant: Subject) -> dict[str, str]:
    kept = RightsGrant.objects.filter(public_id=grant.public_id).first()
    deed = latest_deed(kept) if kept else None
    return {"digest": deed.digest if deed else ""}


def _file(_world: World, grant: Subject) -> str:
    return reverse("work:right-file", args=[grant.public_id, 1, "zh", "docx"])


def _of_objection(_world: World, objection: Subject) -> str:
    return reverse("work:right-objection", args=[objection.grant.public_id, objection.public_id])


_api_of_objection: Path = lambda _world, objection: (  # noqa: E731 - a path like the others
    f"{API}/rights/{objection.grant.public_id}/objections/{objection.public_id}/answer"
)
