"""API tokens: made by a person at the site, shown once, revocable at once."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import ApiToken, Person
from ronglian.apps.accounts.queries.actors import digest_of_secret
from ronglian.apps.accounts.rules import may_issue_token, may_revoke_token
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record

LONGEST_DAYS = 366


def new_secret() -> str:
    return f"rl_{secrets.token_urlsafe(32)}"


@operation("token.issue", allowed=may_issue_token)
def issue_token(
    *,
    actor: Actor,
    name: str,
    secret: str,
    may_write: bool,
    days: int,
    may_read_confidential: bool = False,
) -> ApiToken:
    """Make a token for `secret` (from `new_secret`, shown to the person once and kept nowhere)."""
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidInput.of({"days": [_("A token lasts between 1 and 366 days.")]})
    token = ApiToken(
        person=Person.objects.get(public_id=actor.person),
        name=name,
        digest=digest_of_secret(secret),
        may_write=may_write,
        may_read_confidential=may_read_confidential,
        expires_at=timezone.now() + timedelta(days=days),
    )
    clean_record(token)
    token.save(force_insert=True)
    record_event(
        actor,
        "token.issued",
        token,
        {"may_write": may_write, "may_read_confidential": may_read_confidential, "days": days},
    )
    return token


@operation("token.revoke", target="token", allowed=may_revoke_token)
def revoke_token(*, actor: Actor, token: ApiToken) -> ApiToken:
    """End a token; the next request with it is refused."""
    token.revoked_at = token.revoked_at or timezone.now()
    token.save(update_fields=["revoked_at", "updated_at"])
    record_event(actor, "token.revoked", token)
    return token
