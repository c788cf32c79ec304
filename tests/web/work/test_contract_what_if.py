"""Trying payment after use on its screen."""

from __future__ import annotations

import pytest
from django.test import Client

from ronglian.apps.accounts.models import Organisation
from tests.factories import make_organisation, make_person_of
from tests.factories.agreements import AFTER_USE_TERMS, Parties, make_agreement

pytestmark = pytest.mark.django_db


@pytest.fixture
def parties(organisation: Organisation) -> Parties:
    client = make_organisation("甲方电镀厂")
    return Parties(client, organisation, make_person_of(client), make_person_of(organisation))


def test_before_signing_both_see_what_would_fall_due(client: Client, parties: Parties) -> None:
    agreement = make_agreement(parties, terms=AFTER_USE_TERMS)
    place = f"/work/contracts/{agreement.public_id}/what-if/"
    assert "What would fall due?" in client.get(f"/work/contracts/{agreement.public_id}/").content.decode()
    asked = {"started": "2026-07-01", "base": "100万元", "growth": "50", "years": "3"}
    page = client.get(place, asked).content.decode()
    for text in ("CNY 1,000,000", "CNY 1,500,000", "CNY 2,250,000", "<rect", "2026-07-01 – 2027-06-30"):
        assert text in page
    assert client.get(place, asked | {"years": "99"}).status_code == 422


def test_without_payment_after_use_there_is_nothing_to_try(client: Client, parties: Parties) -> None:
    agreement = make_agreement(parties)
    assert client.get(f"/work/contracts/{agreement.public_id}/what-if/").status_code == 404
