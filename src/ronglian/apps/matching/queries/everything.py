"""The whole catalogue at one moment, for matching everything with everything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ronglian.apps.matching.keeper import keeper
from ronglian.apps.registry.models import Need, Result
from ronglian.engines.matching import MatchIndex
from ronglian.kernel.actor import Actor

READ_AT_ONCE = 2_000


class CatalogueRow(NamedTuple):
    """A record of the catalogue in the few words that a list of matches needs; `owner` is empty where unknown."""

    side: str  # "needs" or "results"
    id: str
    title: str
    title_en: str
    owner: str


def whole_index() -> MatchIndex:
    """The index, up to date. It holds what is published and current, whoever may see it."""
    return keeper.current()


def catalogue_rows(actor: Actor, index: MatchIndex) -> Iterator[CatalogueRow]:
    """The records of the index that the actor may see, needs first, whatever became of them since."""
    for side, model in (("needs", Need), ("results", Result)):
        held = set(index.ids("needs" if model is Need else "results"))
        rows = model.objects.visible_to(actor).order_by("pk")
        values = rows.values_list("public_id", "title", "title_en", "owner__public_id")
        for public_id, title, title_en, owner in values.iterator(chunk_size=READ_AT_ONCE):
            if str(public_id) in held:
                yield CatalogueRow(side, str(public_id), title, title_en, str(owner))
