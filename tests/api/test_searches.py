"""Saved searches and digests for programs: the same as at the site, one's own only."""

from __future__ import annotations

import pytest

from ronglian.apps.accounts.models import Membership
from ronglian.apps.registry.models import SavedSearch
from ronglian.apps.registry.models.saved_search import SearchHit
from tests.api.calls import Caller, caller_of, problem_of, secret_of
from tests.factories import make_member, make_need, make_organisation

pytestmark = pytest.mark.django_db
SOUGHT = {"kind": "needs", "q": "六价铬", "field": "environment"}


@pytest.fixture
def caller() -> Caller:
    return caller_of(make_organisation())


def test_saved_once_changed_and_dropped(caller: Caller) -> None:
    make_need(make_organisation(), "六价铬深度处理", technology_field="environment")
    saved = caller.post("/searches", SOUGHT).json()
    assert saved["sought"] == {"q": "六价铬", "field": "environment"}
    assert SavedSearch.objects.get().query == "q=%E5%85%AD%E4%BB%B7%E9%93%AC&field=environment"
    assert SearchHit.objects.count() == 1  # what is there now is not told of
    again = caller.post("/searches", {**SOUGHT, "frequency": "weekly"}).json()
    assert (again["id"], again["frequency"]) == (saved["id"], "weekly")
    one = f"/searches/{saved['id']}"
    assert caller.patch(one, {"frequency": "off"}, **{"If-Match": '"1"'}).json()["frequency"] == "off"
    assert problem_of(caller.patch(one, {"frequency": "off"}), 428)
    assert problem_of(caller.patch(one, {"frequency": "daily"}, **{"If-Match": '"1"'}), 412)
    assert [each["id"] for each in caller.get("/searches").json()["items"]] == [saved["id"]]
    assert caller.post(f"{one}/drop").json()["id"] == saved["id"]
    assert not SavedSearch.objects.exists()


def test_what_cannot_be_saved(caller: Caller) -> None:
    assert "everything" in str(problem_of(caller.post("/searches", {"kind": "needs"}), 422))
    assert problem_of(caller.post("/searches", {"kind": "experts", "q": "铬"}), 422)
    assert problem_of(caller.post("/searches", {**SOUGHT, "region": "99x"}), 422)


def test_searches_are_ones_own(caller: Caller) -> None:
    saved = caller.post("/searches", SOUGHT).json()
    other = caller_of(make_organisation())
    assert other.get("/searches").json()["items"] == []
    assert problem_of(other.patch(f"/searches/{saved['id']}", {"frequency": "off"}, **{"If-Match": "*"}), 404)
    assert problem_of(other.post(f"/searches/{saved['id']}/drop"), 404)


def test_a_reading_token_saves_nothing() -> None:
    reader = Caller(secret_of(make_member(make_organisation()), may_write=False))
    assert problem_of(reader.post("/searches", SOUGHT), 403)


def test_the_digest_is_chosen_by_each_person() -> None:
    organisation = make_organisation()
    caller = caller_of(organisation)
    make_member(organisation)
    path = f"/me/digests/{organisation.public_id}"
    for wanted in (False, True):
        assert caller.post(path, {"wanted": wanted}).json() == {"wanted": wanted}
        (mine,) = caller.get("/me").json()["organisations"]
        assert mine["wants_digest"] is wanted
        assert Membership.objects.filter(organisation=organisation, wants_digest=wanted).count() >= 1
    assert problem_of(caller_of(make_organisation()).post(path, {"wanted": False}), 403)
