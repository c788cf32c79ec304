"""API tokens act for their person, within their scope, until they end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from ronglian.apps.accounts.models import ApiToken
from ronglian.apps.accounts.operations.tokens import issue_token, new_secret, revoke_token
from ronglian.apps.accounts.queries.actors import actor_of_person, actor_of_secret
from ronglian.kernel.actor import ANONYMOUS, Role
from ronglian.kernel.errors import InvalidInput, NotAllowed
from tests.factories import make_member, make_organisation

pytestmark = pytest.mark.django_db


def issue(may_write: bool = True, days: int = 30) -> tuple[ApiToken, str]:
    person = make_member(make_organisation(), Role.EDITOR)
    secret = new_secret()
    token = issue_token(
        actor=actor_of_person(person), name="脚本", secret=secret, may_write=may_write, days=days
    )
    return token, secret


def test_the_secret_stands_for_the_person_with_the_tokens_scope() -> None:
    token, secret = issue(may_write=False)
    actor = actor_of_secret(secret, timezone.now())
    assert actor is not None
    assert (actor.person_id, actor.token_id) == (token.person.public_id, token.public_id)
    assert not any(actor.may_write_for(organisation) for organisation in actor.memberships)


def test_only_the_digest_is_kept() -> None:
    token, secret = issue()
    values = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret not in str(values)


def test_expired_revoked_and_suspended_stand_for_nobody() -> None:
    token, secret = issue(days=1)
    now = timezone.now()
    assert actor_of_secret(secret, now + timedelta(days=2)) is None
    assert actor_of_secret("rl_unknown", now) is None
    token.person.is_active = False
    token.person.save()
    assert actor_of_secret(secret, now) is None
    assert actor_of_person(token.person) is ANONYMOUS
    token.person.is_active = True
    token.person.save()
    revoke_token(actor=actor_of_person(token.person), token=token)
    assert actor_of_secret(secret, now) is None


def test_a_token_makes_no_tokens_and_nobody_revokes_another_persons() -> None:
    token, secret = issue()
    actor = actor_of_secret(secret, timezone.now())
    assert actor is not None
    with pytest.raises(NotAllowed):
        issue_token(actor=actor, name="x", secret=new_secret(), may_write=True, days=1)
    other, _ = issue()
    with pytest.raises(NotAllowed):
        revoke_token(actor=actor_of_person(other.person), token=token)


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_token_lasts_between_a_day_and_a_year(days: int) -> None:
    with pytest.raises(InvalidInput):
        issue(days=days)
