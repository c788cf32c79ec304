"""Whoever holds a key of sealed bids stays until they are open; afterwards the account goes as any other."""

from __future__ import annotations

import pytest

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.operations.erasure import erase_person
from ronglian.apps.accounts.personal import personal_data
from ronglian.apps.challenges.enums import HolderRole
from ronglian.apps.challenges.models import Bid, HolderKey
from ronglian.kernel.errors import RuleViolation
from ronglian.kernel.log.coverage import uncovered_rows
from tests.factories.challenges import close, make_bid, make_open, open_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_a_holder_of_a_key_stays_until_the_bids_are_open() -> None:
    setting = make_open()
    make_bid(setting)
    actor = setting.holders[HolderRole.ESCROW]
    keeper = Person.objects.get(public_id=actor.person_id)
    assert [row["role"] for row in personal_data(keeper)["holder_keys"]] == ["escrow"]
    with pytest.raises(RuleViolation, match="hold a key"):
        erase_person(actor=actor, person=keeper, email=keeper.email)
    open_all(close(setting))
    erase_person(actor=actor, person=keeper, email=keeper.email)


def test_who_handed_in_a_bid_is_named_no_more() -> None:
    setting = make_open()
    bid = make_bid(setting)
    actor = setting.bidders[0][1]
    person = Person.objects.get(public_id=actor.person_id)
    assert Bid.objects.get(pk=bid.pk).handed_in_by == actor.label
    erase_person(actor=actor, person=person, email=person.email)
    assert Bid.objects.get(pk=bid.pk).handed_in_by.startswith("#")
    for model in (Bid, HolderKey):
        assert not list(uncovered_rows(model))
