"""The screens of common needs: what an invited owner sees of the others before it has joined."""

from __future__ import annotations

import pytest
from django.test import Client

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.enums import PoolState
from ronglian.apps.clinic.models import Pool
from tests.factories import make_member, make_organisation, make_person
from tests.factories.pools import make_pool
from tests.web.work.conftest import at_screen

pytestmark = pytest.mark.django_db
TOLD = "只给伙伴看的水样数据"


@pytest.fixture
def others() -> list[Organisation]:
    return [make_organisation("乙镀业"), make_organisation("丙镀业")]


@pytest.fixture
def pool(organisation: Organisation, others: list[Organisation]) -> Pool:
    return make_pool([organisation, *others])


def address(pool: Pool, screen: str = "") -> str:
    return f"/work/common-needs/{pool.public_id}/{screen}"


def text_of(client: Client, pool: Pool) -> str:
    return client.get(address(pool)).content.decode()


def test_an_invited_owner_sees_of_the_others_what_is_public(
    client: Client, pool: Pool, others: list[Organisation]
) -> None:
    partner = at_screen(make_member(others[0]))
    joined = partner.post(address(pool, "join/"), {"told": TOLD, "budget": "12.34万元"})
    assert joined.status_code == 302
    text = text_of(client, pool)
    assert "注塑件翘曲变形1" in text
    for secret in (TOLD, "12.34", "123,400", "123400"):
        assert secret not in text
    assert "12.34" not in client.get("/work/common-needs/").content.decode()
    client.post(address(pool, "join/"), {"told": "", "budget": ""})
    text = text_of(client, pool)
    assert TOLD in text
    assert "123,400" in text or "12.34" in text


def test_an_anonymous_need_stays_so(client: Client, pool: Pool, others: list[Organisation]) -> None:
    others[1].needs.update(anonymous=True)
    text = text_of(client, pool)
    assert "丙镀业" not in text
    assert "乙镀业" in text


def test_a_need_that_is_hidden_since_is_not_named(
    client: Client, pool: Pool, others: list[Organisation]
) -> None:
    others[1].needs.update(disclosure="organisation")
    text = text_of(client, pool)
    assert "注塑件翘曲变形2" not in text
    assert "丙镀业" not in text


def test_through_the_screens_to_the_published_need(
    client: Client, pool: Pool, others: list[Organisation]
) -> None:
    partner = at_screen(make_member(others[0]))
    for browser in (client, partner):
        assert browser.post(address(pool, "join/"), {"told": "", "budget": "10万元"}).status_code == 302
    version = Pool.objects.get().version
    worded = client.post(
        address(pool, "word/"), {"title": "翘曲变形的控制", "summary": "同一问题", "version": version}
    )
    assert worded.status_code == 302
    version = Pool.objects.get().version
    refused = client.post(address(pool, "publish/"))
    assert refused.status_code == 409
    assert "Not everybody has approved" in refused.content.decode()
    for browser in (client, partner):
        browser.post(address(pool, "approve/"), {"version": version})
    assert client.post(address(pool, "publish/")).status_code == 302
    need = Pool.objects.get().need
    assert need is not None
    public = Client().get(f"/needs/{need.public_id}/").content.decode()
    assert "翘曲变形的控制" in public
    assert "20" in public


def test_what_is_wrong_is_said_where_it_was_typed(client: Client, pool: Pool) -> None:
    response = client.post(address(pool, "join/"), {"told": "我们的水样", "budget": "10-20万元"})
    assert response.status_code == 422
    text = response.content.decode()
    assert "not a range" in text
    assert "我们的水样" in text
    assert client.post(address(pool, "close/"), {"reason": "x"}).status_code == 403


def test_an_operator_invites(others: list[Organisation]) -> None:
    found = make_pool(others, invited=False)
    operator = at_screen(make_person(is_operator=True))
    assert "Invite the owners" in text_of(operator, found)
    assert operator.post(address(found, "invite/")).status_code == 302
    assert Pool.objects.get().state == PoolState.OPEN
    assert operator.post(address(found, "close/"), {"reason": ""}).status_code == 422


def test_the_list_says_what_to_do(client: Client, pool: Pool) -> None:
    assert "waits for you" in client.get("/work/common-needs/").content.decode()
    assert "1 common need waits for your answer" in client.get("/work/").content.decode()
    stranger = at_screen(make_member(make_organisation()))
    assert "No common needs yet" in stranger.get("/work/common-needs/").content.decode()
