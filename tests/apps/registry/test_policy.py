"""The policy's filter and its predicate say the same, for every kind of reader and every kind of record."""

from __future__ import annotations

import random
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.disclosure.enums import NdaState
from ronglian.apps.disclosure.models import Nda
from ronglian.apps.registry.enums import Disclosure, State
from ronglian.apps.registry.models import RECORD_MODELS, Need
from ronglian.apps.registry.rules import (
    is_visible,
    may_read_details,
    may_see_owner,
    named_owner_q,
    open_details_q,
)
from ronglian.kernel.actor import ANONYMOUS, Actor, ActorKind, Role, command_actor, job_actor
from tests.factories import make_organisation, make_record

pytestmark = pytest.mark.django_db


def actors(organisations: list[int], chance: random.Random) -> list[Actor]:
    people = [
        Actor(
            kind=chance.choice([ActorKind.PERSON, ActorKind.TOKEN]),
            label="somebody",
            memberships={pk: chance.choice(list(Role)) for pk in organisations if chance.random() < 0.3},
            is_operator=chance.random() < 0.15,
            may_read_confidential=chance.random() < 0.8,
        )
        for _ in range(60)
    ]
    return [ANONYMOUS, job_actor("job"), command_actor("shell"), *people]


def make_agreements(owners: list[Organisation], chance: random.Random) -> None:
    """In every state and term, about one record or all of an owner's."""
    today = timezone.localdate()
    for _number in range(60):
        owner, reader = chance.sample(owners, 2)
        model = chance.choice([each for each in RECORD_MODELS if each.nda_fields])
        record = chance.choice([None, *model.objects.filter(owner=owner)])
        Nda.objects.create(
            owner=owner, organisation=reader, state=chance.choice(list(NdaState)), asked_about_type="need",
            asked_about_id=uuid4(), subject_type=record.noun if record else "",
            subject_id=record.public_id if record else None, text_version="2026-1", text_digest="0" * 64,
            purpose="试", signed_by=uuid4(), signed_by_label="试", signed_at=timezone.now(),
            starts_on=today + timedelta(days=chance.choice([-9, 0, 1])),
            ends_on=today + timedelta(days=chance.choice([-1, 0, 9])),
        )  # fmt: skip
    assert Nda.objects.filter(state=NdaState.GRANTED, starts_on__lte=today, ends_on__gte=today).exists()


def test_filter_and_predicate_agree_for_ten_thousand_pairs() -> None:
    chance = random.Random(20261122)
    owners = [make_organisation(f"单位{number}") for number in range(6)]
    for number in range(160):
        model = chance.choice(RECORD_MODELS)
        make_record(
            model,
            chance.choice(owners),
            f"记录{number}",
            state=chance.choice(list(State)),
            disclosure=chance.choice(list(Disclosure)),
            **({"under_nda": chance.random() < 0.5} if model.nda_fields else {}),
        )
    make_agreements(owners, chance)
    compared = 0
    for actor in actors([owner.pk for owner in owners], chance):
        for model in RECORD_MODELS:
            seen = set(model.objects.visible_to(actor).values_list("pk", flat=True))
            told = seen
            if model.nda_fields:
                told = set(model.objects.filter(open_details_q(actor)).values_list("pk", flat=True))
            for record in model.objects.all():
                assert (record.pk in seen) == is_visible(actor, record), (actor, record)
                if model.nda_fields:
                    assert (record.pk in told) == may_read_details(actor, record), (actor, record)
                compared += 1
    assert compared >= 10_000


def test_the_owner_of_an_anonymous_need_is_hidden_by_filter_and_predicate_alike() -> None:
    chance = random.Random(7)
    owners = [make_organisation(f"单位{number}") for number in range(4)]
    for number in range(40):
        make_record(Need, chance.choice(owners), f"需求{number}", anonymous=chance.random() < 0.5)
    for actor in actors([owner.pk for owner in owners], chance):
        named = set(Need.objects.filter(named_owner_q(actor)).values_list("pk", flat=True))
        for need in Need.objects.all():
            assert (need.pk in named) == may_see_owner(actor, need)


def test_drafts_and_withdrawn_records_are_seen_by_their_own_organisation_only() -> None:
    owner, other = make_organisation("甲"), make_organisation("乙")
    draft = make_record(Need, owner, "草稿", state=State.DRAFT)
    operator = Actor(kind=ActorKind.PERSON, label="operator", is_operator=True)
    stranger = Actor(kind=ActorKind.PERSON, label="stranger", memberships={other.pk: Role.OWNER})
    viewer = Actor(kind=ActorKind.PERSON, label="viewer", memberships={owner.pk: Role.VIEWER})
    assert [is_visible(actor, draft) for actor in (ANONYMOUS, operator, stranger, viewer)] == [
        False,
        False,
        False,
        True,
    ]
