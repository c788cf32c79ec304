"""A list of one's own records, each with what fits it best."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from ronglian.apps.matching.queries.matches import match_need, match_result
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.models import Need, RegistryRecord, Result
from ronglian.kernel.actor import Actor
from ronglian.web.presenters.cards import Card, record_card
from ronglian.web.presenters.kinds import record_url
from ronglian.web.presenters.pages import page_title

FITS = 40  # below this score a pair shares little more than a field


@dataclass(frozen=True, slots=True)
class Fit:
    """A record and the best of the other side; without one where nothing fits or the kind is not matched."""

    title: str
    url: str
    matches_url: str = ""
    best: Card | None = None
    score: int = 0
    pair_url: str = ""


def records_with_fit(actor: Actor, records: Iterable[RegistryRecord]) -> list[Fit]:
    return [_fit(actor, record) for record in records]


def _fit(actor: Actor, record: RegistryRecord) -> Fit:
    title, url = page_title(record), record_url(record)
    if not isinstance(record, Need | Result) or record.state != State.PUBLISHED:
        return Fit(title, url)
    matches_url = reverse(f"{record.noun}-matches", args=[record.public_id])
    found = (
        match_need(actor, record, top=1) if isinstance(record, Need) else match_result(actor, record, top=1)
    )
    if not found or found[0].match.score < FITS:
        return Fit(title, url, matches_url)
    view = found[0]
    assert view.need is not None
    assert view.result is not None
    other: RegistryRecord = view.result if isinstance(record, Need) else view.need
    return Fit(
        title,
        url,
        matches_url,
        record_card(actor, other),
        round(view.match.score),
        reverse("match", args=[view.need.public_id, view.result.public_id]),
    )
