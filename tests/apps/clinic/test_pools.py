"""Common needs: who is told what, who may do what, and that nothing happens without everybody who joined."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.enums import PoolState, ShareState
from ronglian.apps.clinic.models import Pool, PoolShare
from ronglian.apps.clinic.operations.pools import (
    approve_pool,
    close_pool,
    decline_pool,
    find_pool,
    invite_owners,
    join_pool,
    leave_pool,
    publish_pool,
    word_pool,
)
from ronglian.apps.clinic.queries.pools import access_pool, list_pools, new_groups, waiting_pools
from ronglian.apps.clinic.tasks import find_pools
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.models import Need
from ronglian.kernel.actor import ANONYMOUS, Actor, Role
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound, RuleViolation, StaleVersion
from ronglian.kernel.log.coverage import logged_models, uncovered_rows
from tests.factories import SYSTEM, make_member, make_need, make_organisation, make_person_of
from tests.factories.pools import make_group, make_pool

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SECRET = "药剂甲九一七"


class Side:
    """A small firm and the person who acts for it."""

    def __init__(self, name: str) -> None:
        self.organisation: Organisation = make_organisation(name)
        self.actor: Actor = make_person_of(self.organisation)

    def join(self, pool: Pool, told: str = "", budget_fen: int | None = None) -> Pool:
        return join_pool(
            actor=self.actor, pool=pool, owner=self.organisation, told=told, budget_fen=budget_fen
        )

    def approve(self, pool: Pool) -> Pool:
        pool.refresh_from_db()
        return approve_pool(actor=self.actor, pool=pool, owner=self.organisation, version=pool.version)


@pytest.fixture
def sides() -> list[Side]:
    return [Side(name) for name in ("甲镀业", "乙镀业", "丙镀业")]


@pytest.fixture
def pool(sides: list[Side]) -> Pool:
    return make_pool([side.organisation for side in sides])


def published(pool: Pool, sides: list[Side]) -> Pool:
    for at, side in enumerate(sides):
        side.join(pool, f"{SECRET}{at}", 10_000_000 * (at + 1))
    word_pool(actor=sides[0].actor, pool=pool, title="电镀废水六价铬达标", summary="寻求经济的处理办法")
    for side in sides:
        side.approve(pool)
    return publish_pool(actor=sides[0].actor, pool=pool)


def test_from_what_was_found_to_the_published_need(pool: Pool, sides: list[Side]) -> None:
    pool = published(pool, sides)
    need = pool.need
    assert need is not None
    assert need.state == State.PUBLISHED
    assert (need.budget_low_fen, need.budget_high_fen) == (60_000_000, 60_000_000)
    assert need.owner == sides[0].organisation == pool.lead
    assert "3 家企业" in need.summary
    assert SECRET not in f"{need.summary}{need.details}"
    assert [found for model in logged_models() for found in uncovered_rows(model)] == []


def test_the_owners_are_told_only_after_somebody_looked(
    sides: list[Side], django_capture_on_commit_callbacks: Any
) -> None:
    person = make_member(sides[0].organisation, email="owner-a@example.org")
    found = make_pool([side.organisation for side in sides], invited=False)
    assert mail.outbox == []
    with pytest.raises(NotFound):
        access_pool(sides[0].actor, found.public_id)
    with django_capture_on_commit_callbacks(execute=True):
        invite_owners(actor=SYSTEM, pool=found)
        assert mail.outbox == []
    assert person.email in {address for each in mail.outbox for address in each.to}
    assert all("注塑件" not in each.body for each in mail.outbox)
    assert access_pool(sides[0].actor, found.public_id) == found
    assert waiting_pools(sides[0].actor) == 1


def test_nobody_else_sees_it(pool: Pool) -> None:
    for actor in (ANONYMOUS, make_person_of(make_organisation())):
        assert not list_pools(actor).exists()


def test_nothing_is_published_without_everybody_who_joined(pool: Pool, sides: list[Side]) -> None:
    first, second, _third = sides
    first.join(pool, budget_fen=1_000)
    word_pool(actor=first.actor, pool=pool, title="共性需求", summary="")
    first.approve(pool)
    with pytest.raises(RuleViolation, match="at least two"):
        publish_pool(actor=first.actor, pool=pool)
    second.join(pool)  # the budget and the group are others now: the first approves again
    second.approve(pool)
    with pytest.raises(RuleViolation, match="Not everybody"):
        publish_pool(actor=first.actor, pool=pool)
    first.approve(pool)
    assert publish_pool(actor=first.actor, pool=pool).state == PoolState.PUBLISHED


def test_what_changed_meanwhile_is_not_approved(pool: Pool, sides: list[Side]) -> None:
    sides[0].join(pool)
    word_pool(actor=sides[0].actor, pool=pool, title="甲", summary="")
    pool.refresh_from_db()
    seen = pool.version
    word_pool(actor=sides[0].actor, pool=pool, title="乙", summary="")
    with pytest.raises(StaleVersion):
        approve_pool(actor=sides[0].actor, pool=pool, owner=sides[0].organisation, version=seen)


def test_only_the_lead_writes_and_only_ones_own_is_decided(pool: Pool, sides: list[Side]) -> None:
    sides[0].join(pool)
    sides[1].join(pool)
    with pytest.raises(NotAllowed, match="leading"):
        word_pool(actor=sides[1].actor, pool=pool, title="乙的", summary="")
    with pytest.raises(NotAllowed):
        leave_pool(actor=sides[1].actor, pool=pool, owner=sides[0].organisation, reason="代")
    with pytest.raises(NotAllowed):
        join_pool(
            actor=make_person_of(make_organisation()),
            pool=pool,
            owner=sides[2].organisation,
            told="",
            budget_fen=None,
        )
    viewer = make_person_of(sides[2].organisation, Role.VIEWER)
    with pytest.raises(NotAllowed):
        decline_pool(actor=viewer, pool=pool, owner=sides[2].organisation, reason="")
    with pytest.raises(NotAllowed):
        close_pool(actor=sides[0].actor, pool=pool, reason="不")


def test_a_token_binds_nobody(pool: Pool, sides: list[Side]) -> None:
    side = sides[0]
    token = Actor(kind="token", label="t", person_id=side.actor.person_id, memberships=side.actor.memberships)  # type: ignore[arg-type]  # a value of the enum
    with pytest.raises(NotAllowed, match="at the site"):
        join_pool(actor=token, pool=pool, owner=side.organisation, told="", budget_fen=None)


def test_leaving_takes_the_budget_along_and_hands_the_lead_on(pool: Pool, sides: list[Side]) -> None:
    pool = published(pool, sides)
    leave_pool(actor=sides[0].actor, pool=pool, owner=sides[0].organisation, reason="已自行解决")
    pool.refresh_from_db()
    assert pool.lead == sides[1].organisation
    assert pool.need is not None
    assert pool.need.budget_high_fen == 50_000_000
    assert pool.need.version == pool.need_version
    leave_pool(actor=sides[1].actor, pool=pool, owner=sides[1].organisation, reason="停产")
    pool.refresh_from_db()
    assert pool.state == PoolState.CLOSED
    assert pool.closed_because
    assert Need.objects.get(pool=pool).state == State.WITHDRAWN
    assert PoolShare.objects.get(owner=sides[1].organisation).reason == "停产"


def test_declining_and_joining_after_all(pool: Pool, sides: list[Side]) -> None:
    decline_pool(actor=sides[0].actor, pool=pool, owner=sides[0].organisation, reason="没有预算")
    with pytest.raises(RuleViolation, match="answered"):
        decline_pool(actor=sides[0].actor, pool=pool, owner=sides[0].organisation, reason="")
    sides[0].join(pool)
    with pytest.raises(RuleViolation, match="joined already"):
        sides[0].join(pool)


@pytest.mark.parametrize("amount", [-1, 10**16, "12", 1.5, True])
def test_wrong_amounts_are_named(pool: Pool, sides: list[Side], amount: object) -> None:
    with pytest.raises(InvalidInput) as refused:
        sides[0].join(pool, budget_fen=amount)  # type: ignore[arg-type]  # what a door must not let through
    assert "budget_fen" in refused.value.fields
    assert PoolShare.objects.filter(state=ShareState.JOINED).count() == 0


def test_reasons_are_asked_for(pool: Pool, sides: list[Side]) -> None:
    sides[0].join(pool)
    with pytest.raises(InvalidInput):
        leave_pool(actor=sides[0].actor, pool=pool, owner=sides[0].organisation, reason=" ")
    with pytest.raises(InvalidInput):
        close_pool(actor=SYSTEM, pool=pool, reason="")


WORDS = "我厂镀铬线漂洗废水六价铬浓度偏高，传统化学还原加药多、污泥多，希望有经济的深度处理办法，六价铬不高于0.1 mg/L。"


def test_the_job_groups_small_firms_public_needs_once() -> None:
    small, other = make_organisation(), make_organisation()
    first = make_need(small, "电镀废水六价铬深度处理", details=WORDS)
    second = make_need(other, "镀铬废水六价铬深度处理", details=WORDS + "处理量每天50吨。")
    make_need(small, "电镀废水六价铬深度处理二期", details=WORDS)  # the same firm again
    make_need(make_organisation(size="large"), "电镀废水六价铬深度处理", details=WORDS)
    make_need(make_organisation(), "电镀废水六价铬处理", details=WORDS, disclosure="organisation")
    make_need(make_organisation(), "水稻育种新品种选育", details="需要抗病水稻种质资源。")
    assert find_pools.func() == 1
    pool = Pool.objects.get()
    owners = set(pool.shares.values_list("owner_id", flat=True))
    assert owners == {small.pk, other.pk}
    assert pool.explanation["score"] > 0.5
    assert "六价" in "".join(pool.explanation["words"])
    assert find_pools.func() == 0
    close_pool(actor=SYSTEM, pool=pool, reason="是两件事")
    remaining = {need.pk for _group, needs in new_groups() for need in needs}
    assert not {first.pk, second.pk} <= remaining


def test_only_the_job_finds() -> None:
    needs = [make_need(), make_need()]
    with pytest.raises(NotAllowed):
        find_pool(actor=make_person_of(make_organisation()), group=make_group(needs), needs=needs)
