"""Who may decide on a match, and which records of the index a reader may be shown."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.registry.enums import Disclosure
from ronglian.apps.registry.models import Need, RegistryRecord, Result
from ronglian.kernel.actor import Actor
from ronglian.kernel.permission import ALLOWED, Verdict, refused


@dataclass(frozen=True, slots=True)
class Pair:
    """供需对: a need and a result, looked at together."""

    need: Need
    result: Result


@dataclass(frozen=True, slots=True)
class AllExcept:
    """All ids but a few: the index holds published records only, and most of those are public."""

    hidden: frozenset[str]

    def __contains__(self, key: object) -> bool:
        return key not in self.hidden


def matchable_by(
    actor: Actor, model: type[RegistryRecord], *, not_of: int | None = None
) -> Container[str] | None:
    """The ids the engine may answer with; None means all that it holds.

    `not_of` leaves an organisation's records out: nobody needs to be introduced to himself.
    """
    barred = Q(owner_id=not_of) if not_of is not None else Q(pk__in=())
    if not (actor.is_system or actor.is_operator):
        barred |= Q(disclosure=Disclosure.ORGANISATION) & ~Q(owner_id__in=actor.organisation_ids)
    hidden = model.objects.published().filter(barred).values_list("public_id", flat=True)
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
