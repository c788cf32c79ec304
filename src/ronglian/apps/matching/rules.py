"""Who may decide on a match, and which records of the index a reader may be shown."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.registry.models import Need, RegistryRecord, Result
from ronglian.apps.registry.rules import may_see_owner, named_owner_q
from ronglian.kernel.actor import ANONYMOUS, Actor
from ronglian.kernel.permission import ALLOWED, Verdict, refused


@dataclass(frozen=True, slots=True)
class Pair:
    """供需对: a need and a result, looked at together."""

    need: Need
    result: Result


@dataclass(frozen=True, slots=True)
class AllExcept:
    """All ids but a few."""

    hidden: frozenset[str]

    def __contains__(self, key: object) -> bool:
        return key not in self.hidden


def matchable_for(actor: Actor, record: RegistryRecord, model: type[RegistryRecord]) -> Container[str] | None:
    """The ids of the other side that the engine may answer with; None means all that it holds.

    Nobody needs to be introduced to himself: the organisation's own records are left out, unless that would tell the
    reader whose an anonymous need is.
    """
    if not may_see_owner(actor, record):
        return None
    own = Q(owner_id=record.owner_id)
    if model is Need:
        own &= named_owner_q(actor)
    hidden = model.objects.visible_to(ANONYMOUS).filter(own).values_list("public_id", flat=True)
    keys = frozenset(str(key) for key in hidden)
    return AllExcept(keys) if keys else None


def may_decide(actor: Actor, pair: Pair) -> Verdict:
    if actor.may_write_for(pair.need.owner_id) or actor.may_write_for(pair.result.owner_id):
        return ALLOWED
    return refused(_("Only the organisations of the need and of the result decide on their match."))


def may_suggest(actor: Actor, record: RegistryRecord) -> Verdict:
    if actor.may_write_for(record.owner_id):
        return ALLOWED
    return refused(_("Only the organisation that holds a record may have its suggestions stored."))


def may_train(actor: Actor, _target: object) -> Verdict:
    """Who operates the platform; a token never does, whoever made it."""
    if actor.is_system or actor.is_operator:
        return ALLOWED
    return refused(
        _("Only operators of the platform decide what is learned."),
        _("They sign in at the site; tokens have no operator's rights."),
    )
