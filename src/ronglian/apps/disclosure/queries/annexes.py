"""Reading sealed annexes."""

from __future__ import annotations

from uuid import UUID

from ronglian.apps.disclosure.models import Annex
from ronglian.apps.disclosure.rules import annex_q
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import NotFound
from ronglian.kernel.sealing import unseal


def find_annex(actor: Actor, public_id: UUID) -> Annex | None:
    """The annex of a record, if there is one that the actor may read."""
    return Annex.objects.filter(annex_q(actor), subject_id=public_id).first()


def access_annex(actor: Actor, public_id: UUID) -> Annex:
    """The same; raises NotFound as for a record without one."""
    annex = find_annex(actor, public_id)
    if annex is None:
        raise NotFound
    return annex


def annex_text(annex: Annex) -> str:
    """What it says; `annex` came from one of the functions above."""
    return str(unseal(annex.sealed))
