"""Prices for programs: what a notice tells everybody, and what stays with the seller."""

from __future__ import annotations

import pytest

from ronglian.apps.agreements.enums import RelatedTo
from ronglian.apps.agreements.operations.price_objections import object_to_price
from tests.api.calls import Caller, caller_of
from tests.factories import make_organisation, make_person_of, make_result
from tests.factories.pricing import INCOME, make_noticed, make_price, make_support

pytestmark = pytest.mark.django_db


def test_a_notice_tells_everybody_name_price_and_relation_and_nothing_else() -> None:
    seller, other = make_organisation("出让大学"), make_organisation()
    actor, result = make_person_of(seller), make_result(seller)
    finding = make_noticed(
        seller, actor, result, title="膜分离", related_to=RelatedTo.INVENTORS, related_how="完成人控股",
        valuation=make_support(seller, actor, result),
    )  # fmt: skip
    make_price(seller, actor, result)
    object_to_price(actor=make_person_of(other), finding=finding, text="偏低")
    listed = Caller().get("/price-notices").json()
    assert listed["total"] == 1
    told = listed["items"][0]
    assert (told["title"], told["price_fen"], told["related_how"]) == ("膜分离", 10_000_000, "完成人控股")
    path = f"/prices/{finding.public_id}"
    theirs, ours = caller_of(other).get(path).json(), caller_of(seller).get(path).json()
    assert [theirs[name] for name in ("result", "state_set", "basis", "evidence", "support")] == [None] * 5
    assert theirs["objections"] == []
    assert (ours["basis"], ours["state_set"]) == ("按测算结果和三家询价", True)
    assert ours["support"] is not None
    assert [one["text"] for one in ours["objections"]] == ["偏低"]
    assert Caller().get(path).status_code == 401


def test_a_range_is_computed_and_what_is_wrong_is_named() -> None:
    holder = make_organisation()
    caller, result = caller_of(holder), make_result()
    body = {
        "holder": str(holder.public_id), "result": str(result.public_id), "way": "licence", "grounds": "计划",
        "assumptions": {"income": INCOME},
    }  # fmt: skip
    made = caller.post("/price-supports", body).json()
    assert [(one["low"], one["likely"], one["high"]) for one in made["approaches"]] == [
        (1_998_848, 15_874_747, 112_867_559)
    ]
    assert made["comparables"]["prices"] is None
    assert caller.get(f"/price-supports/{made['id']}").json() == made
    assert caller_of(make_organisation()).get(f"/price-supports/{made['id']}").status_code == 404
    wrong = caller.post(
        "/price-supports", body | {"assumptions": {"income": {**INCOME, "share": [0, 1, 10_001]}}}
    )
    assert wrong.status_code == 422
    assert "income.share.2" in wrong.content.decode()
