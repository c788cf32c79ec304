"""Saving a search as every door does it: what is looked for in one form, and what it finds now remembered."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from ronglian.apps.matching.saved_searches import SEARCHED, canonical, found_by
from ronglian.apps.registry.models import SavedSearch
from ronglian.apps.registry.operations.searches import save_search
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput


def keep_search(*, actor: Actor, kind: str, parameters: Mapping[str, str], frequency: str) -> SavedSearch:
    """Save what is looked for; nobody is told of what it finds now. Raises InvalidInput for a search for everything."""
    if kind not in SEARCHED:
        raise InvalidInput.of({"kind": [_("Searches of results and of needs can be saved.")]})
    query = canonical(parameters)
    if not query:
        raise InvalidInput.of(
            {"query": [_("Type words or choose a filter first; a search for everything is none.")]}
        )
    return save_search(
        actor=actor, kind=kind, query=query, frequency=frequency, known=found_by(actor, kind, query)
    )
