"""Keeping and dropping what somebody has typed but not sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Person
from ronglian.apps.registry.models import Draft
from ronglian.kernel.actor import Actor, ActorKind
from ronglian.kernel.errors import InvalidInput
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.permission import ALLOWED, Verdict, refused
from ronglian.kernel.sealing import seal
from ronglian.kernel.validation import clean_json

LARGEST_DRAFT = 200_000


def may_keep_draft(actor: Actor, _target: None) -> Verdict:
    if actor.kind == ActorKind.PERSON:
        return ALLOWED
    return refused(_("Sign in to keep drafts."))


def may_drop_draft(actor: Actor, draft: Draft) -> Verdict:
    if actor.kind == ActorKind.PERSON and actor.person_id == draft.person.public_id:
        return ALLOWED
    return refused(_("This draft is somebody else's."))


@operation("draft.keep", allowed=may_keep_draft)
def keep_draft(*, actor: Actor, form: str, subject: str, fields: Mapping[str, Any]) -> Draft:
    """Keep the form as typed, valid or not; a later call for the same form replaces it."""
    kept = clean_json(dict(fields))
    if sum(len(str(value)) for value in kept.values()) > LARGEST_DRAFT:
        raise InvalidInput.of({"": [_("This is too long to keep as a draft.")]})
    draft, created = Draft.objects.update_or_create(
        person=Person.objects.get(public_id=actor.person),
        form=form[:40],
        subject=subject[:36],
        defaults={"sealed": seal(kept)},
    )
    record_event(actor, "draft.started" if created else "draft.kept", draft)
    return draft


@operation("draft.drop", target="draft", allowed=may_drop_draft)
def drop_draft(*, actor: Actor, draft: Draft) -> Draft:
    """Forget a draft: it was sent, or is no longer wanted."""
    Draft.objects.filter(pk=draft.pk).delete()
    record_event(actor, "draft.dropped", draft)
    return draft
