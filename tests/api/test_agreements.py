"""Agreements through the API: an owner who asked not to be named is not named there either."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone

from ronglian.apps.disclosure.models import Nda
from ronglian.kernel.actor import Role
from tests.api.calls import Caller, caller_of, secret_of
from tests.factories import make_member, make_need, make_organisation

pytestmark = pytest.mark.django_db


def test_an_agreement_does_not_name_the_owner_of_an_anonymous_record() -> None:
    ours, theirs = make_organisation("我方单位"), make_organisation("他方单位")
    need = make_need(ours, "电镀废水六价铬深度处理")
    nda = Nda.objects.create(
        owner=ours, organisation=theirs, subject_type="need", subject_id=need.public_id, hides_owner=True,
        asked_about_type="need", asked_about_id=need.public_id, text_version="2026-1", text_digest="0" * 64,
        purpose="评估", signed_by=uuid4(), signed_by_label="某人", signed_at=timezone.now(),
    )  # fmt: skip
    path, them = f"/agreements/{nda.public_id}", caller_of(theirs)
    assert them.get(path).json()["owner"] is None
    for answer in (them.get(path), them.get("/agreements")):
        assert answer.status_code == 200
        assert "我方单位" not in answer.content.decode()
    viewer = Caller(secret_of(make_member(ours, Role.VIEWER)))
    assert viewer.get(path).json()["owner"]["name"] == "我方单位"
