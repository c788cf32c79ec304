"""Saving a search, changing how often one is told, dropping it, and telling of what is new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.letters import post_letter
from ronglian.apps.accounts.models import Person
from ronglian.apps.registry.models import SavedSearch, SearchHit
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import RuleViolation, StaleVersion
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.permission import ALLOWED, Verdict, refused
from ronglian.kernel.validation import clean_record

MOST_SEARCHES = 50
ALERT = "alert"


def may_save(actor: Actor, _target: None) -> Verdict:
    if actor.is_signed_in and actor.may_write:
        return ALLOWED
    return refused(_("Sign in to save searches."))


def may_change(actor: Actor, search: SavedSearch) -> Verdict:
    if actor.is_signed_in and actor.may_write and actor.person_id == search.person.public_id:
        return ALLOWED
    return refused(_("This search is somebody else's."))


def may_tell(actor: Actor, _search: SavedSearch) -> Verdict:
    return ALLOWED if actor.is_system else refused(_("The platform's own job does this."))


@operation("search.save", allowed=may_save)
def save_search(*, actor: Actor, kind: str, query: str, frequency: str, known: Sequence[UUID]) -> SavedSearch:
    """Keep a search. `known` is what it finds now: nobody is told of that. Saving it again changes the frequency."""
    person = Person.objects.select_for_update().get(public_id=actor.person)
    search = SavedSearch.objects.filter(person=person, kind=kind, query=query).first()
    if search is None and SavedSearch.objects.filter(person=person).count() >= MOST_SEARCHES:
        raise RuleViolation(_("At most 50 searches can be saved. Drop one that you do not need any more."))
    is_new = search is None
    search = search or SavedSearch(person=person, kind=kind, query=query)
    search.frequency = frequency
    clean_record(search)
    search.save()
    if is_new:
        SearchHit.objects.bulk_create([SearchHit(search=search, subject_id=each) for each in known])
    record_event(actor, "search.saved", search)
    return search


@operation("search.change", target="search", allowed=may_change)
def change_search(
    *, actor: Actor, search: SavedSearch, frequency: str, version: int | None = None
) -> SavedSearch:
    """Be told more or less often, or not at all."""
    if version is not None and version != search.version:
        raise StaleVersion
    search.frequency = frequency
    search.version += 1
    clean_record(search)
    search.save(force_update=True)
    record_event(actor, "search.changed", search)
    return search


@operation("search.drop", target="search", allowed=may_change)
def drop_search(*, actor: Actor, search: SavedSearch) -> SavedSearch:
    """Forget the search."""
    SavedSearch.objects.filter(pk=search.pk).delete()
    record_event(actor, "search.dropped", search)
    return search


@operation("search.tell", target="search", allowed=may_tell)
def tell_new_hits(*, actor: Actor, search: SavedSearch, found: Sequence[UUID], now: datetime) -> SavedSearch:
    """Post a letter about what was not found before, in one transaction with remembering it."""
    told = set(SearchHit.objects.filter(search=search).values_list("subject_id", flat=True))
    new = [each for each in found if each not in told]
    SearchHit.objects.bulk_create([SearchHit(search=search, subject_id=each) for each in new])
    search.looked_at = now
    if new:
        search.alerts += 1
        payload = {"search": str(search.public_id), "found": [str(each) for each in new]}
        post_letter(ALERT, f"{search.public_id}:{search.alerts}", search.person, payload)
    search.save(update_fields=["looked_at", "alerts", "updated_at"])
    record_event(actor, "search.looked", search, {"new": len(new)})
    return search
