"""The home page: say what you need, or what you have, and see what fits, with reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ronglian.apps.accounts.queries.organisations import list_organisations
from ronglian.apps.matching.listing import current
from ronglian.apps.matching.queries.matches import Side, match_need, match_text
from ronglian.apps.registry.models import Need
from ronglian.kernel.actor import Actor
from ronglian.kernel.validation import clean_text
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.cards import Card, record_card
from ronglian.web.presenters.kinds import KINDS
from ronglian.web.presenters.matches import MatchCard, match_card

SHOWN = 6
SHOWN_LIVE = 3
SENTENCE_LIMIT = 2000


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands under the form: matches of the visitor's sentence, or of a need of the registry."""

    matches: list[MatchCard]
    need: Card | None = None


@require_safe
def show_home(request: ActorRequest) -> HttpResponse:
    """Without a sentence, one need of the registry is matched live; HTMX asks for the answer alone."""
    sentence = clean_text(request.GET.get("q", "")[:SENTENCE_LIMIT])
    side: Side = "needs" if request.GET.get("side") == "needs" else "results"
    today = timezone.localdate()
    answer = _answer(request.actor, sentence, side) if sentence else _live_example(request.actor, today)
    context = {"sentence": sentence, "side": side, "answer": answer}
    if request.htmx and not request.htmx.history_restore_request:
        response = render(request, "web/home_answer.html", context)
    else:
        response = render(request, "web/home.html", {**context, "counts": _counts(request.actor, today)})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _answer(actor: Actor, sentence: str, side: Side) -> Answer:
    cards = []
    for view in match_text(actor, sentence, side=side, top=SHOWN):
        other = view.result if side == "results" else view.need
        assert other is not None
        cards.append(match_card(actor, view, other))
    return Answer(cards)


def _live_example(actor: Actor, today: date) -> Answer | None:
    """The need of the day: the current public needs that state metrics take turns."""
    needs = current(actor, Need, today).exclude(metrics=[])
    number = needs.count()
    if not number:
        return None
    need = needs[today.toordinal() % number]
    views = match_need(actor, need, top=SHOWN_LIVE)
    return Answer(
        [match_card(actor, view, view.result) for view in views if view.result], record_card(actor, need)
    )


def _counts(actor: Actor, today: date) -> list[tuple[int, str, str]]:
    """How many current records of each kind there are; each number opens the list it counts."""
    found = [
        (
            current(actor, kind.model, today).count(),
            str(kind.title),
            kind.name,
        )
        for kind in KINDS.values()
    ]
    return [*found, (list_organisations(actor).count(), _("Organisations"), "organisations")]
