"""Pairs of records that may be one, side by side; never merged without somebody saying so."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ronglian.apps.registry.models import DuplicateCandidate, RegistryRecord
from ronglian.apps.registry.operations.duplicates import keep_apart, merge_records
from ronglian.apps.registry.queries.duplicates import (
    DuplicatePair,
    access_duplicate,
    list_duplicates,
    with_records,
)
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.cards import Card, record_card
from ronglian.web.work.access import signed_in

PAIRS_A_PAGE = 10


@dataclass(frozen=True, slots=True)
class Side:
    """One record of a pair. Keeping it withdraws the other, which only the other's organisation may do."""

    card: Card
    record: RegistryRecord
    may_keep: bool


@dataclass(frozen=True, slots=True)
class ShownPair:
    candidate: DuplicateCandidate
    percent: int
    sides: tuple[Side, Side]


def _shown(actor: Actor, pair: DuplicatePair) -> ShownPair:
    first, second = pair.first, pair.second
    sides = (
        Side(record_card(actor, first), first, actor.may_write_for(second.owner_id)),
        Side(record_card(actor, second), second, actor.may_write_for(first.owner_id)),
    )
    return ShownPair(pair.candidate, round(100 * pair.candidate.similarity), sides)


@require_safe
@signed_in
def list_pairs(request: ActorRequest) -> HttpResponse:
    page = Paginator(list_duplicates(request.actor), PAIRS_A_PAGE).get_page(request.GET.get("page"))
    pairs = [_shown(request.actor, pair) for pair in with_records(request.actor, list(page.object_list))]
    return render(request, "work/duplicates.html", {"page_obj": page, "pairs": pairs})


@require_POST
@signed_in
def merge(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Keep the record named by `keep`; the other is withdrawn and points to it."""
    pair = access_duplicate(request.actor, public_id)
    wanted = request.POST.get("keep", "")
    keep = next((one for one in (pair.first, pair.second) if str(one.public_id) == wanted), None)
    if keep is None:
        raise InvalidInput.of({"keep": [_("Choose one of the two records.")]})
    merge_records(actor=request.actor, candidate=pair.candidate, keep=keep)
    messages.success(request, _("Merged: the other record is withdrawn and points to the one kept."))
    return redirect("work:duplicates")


@require_POST
@signed_in
def keep_two(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """Say that the two are different records."""
    keep_apart(actor=request.actor, candidate=access_duplicate(request.actor, public_id).candidate)
    messages.success(request, _("Both stay. This pair is not proposed again."))
    return redirect("work:duplicates")
