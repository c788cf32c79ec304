"""The heart: a need beside a result, and why; and all matches of one record."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ronglian.apps.clinic.queries.cases import own_manager
from ronglian.apps.matching.operations.matches import decide_match
from ronglian.apps.matching.queries.matches import MatchView, explain_pair, match_need, match_result
from ronglian.apps.matching.rules import Pair, may_decide
from ronglian.apps.registry.models import Need, RegistryRecord, Result
from ronglian.apps.registry.queries.records import access_record
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput
from ronglian.web.forms import DecisionForm
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters import pages
from ronglian.web.presenters.cards import record_card
from ronglian.web.presenters.matches import exclusion_texts, improvement_texts, match_card, metric_lines
from ronglian.web.presenters.scores import score_view

LISTED = 24


@require_safe
def list_need_matches(request: ActorRequest, public_id: UUID) -> HttpResponse:
    need = access_record(request.actor, Need, public_id)
    views = match_need(request.actor, need, top=LISTED, **_order_of(request))
    return _list_matches(request, need, views, "result")


@require_safe
def list_result_matches(request: ActorRequest, public_id: UUID) -> HttpResponse:
    result = access_record(request.actor, Result, public_id)
    views = match_result(request.actor, result, top=LISTED, **_order_of(request))
    return _list_matches(request, result, views, "need")


def _order_of(request: ActorRequest) -> dict[str, bool]:
    return {"include_excluded": _with_excluded(request), "by_score": _by_score(request)}


def _with_excluded(request: ActorRequest) -> bool:
    return request.GET.get("excluded") == "1"


def _by_score(request: ActorRequest) -> bool:
    return request.GET.get("order") == "score"


def _list_matches(
    request: ActorRequest, record: RegistryRecord, views: list[MatchView], other: str
) -> HttpResponse:
    context = {
        "noun": record.noun,
        "card": record_card(request.actor, record),
        "is_current": record.state == "published" and not record.is_expired(timezone.localdate()),
        "matches": [match_card(request.actor, view, getattr(view, other)) for view in views],
        "with_excluded": _with_excluded(request),
        "by_score": _by_score(request),
        "has_moves": any(view.move for view in views),
    }
    return render(request, "web/matches.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def show_match(request: ActorRequest, need_id: UUID, result_id: UUID) -> HttpResponse:
    """Both sides with the reasons; members of either side say here whether it is worth a talk."""
    need = access_record(request.actor, Need, need_id)
    result = access_record(request.actor, Result, result_id)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _decided(request.actor, Pair(need, result), form):
        messages.success(request, _("Your decision is kept, with the reasons shown today."))
        return redirect("match", need_id, result_id)
    status = 422 if request.method == "POST" else 200
    return render(request, "web/match.html", _match_context(request.actor, need, result, form), status=status)


def _decided(actor: Actor, pair: Pair, form: DecisionForm) -> bool:
    kind, reason, note = form.chosen()
    try:
        decide_match(actor=actor, pair=pair, kind=kind, reason=reason, note=note)
    except InvalidInput as error:
        for name, texts in error.fields.items():
            form.add_error(name if name in form.fields else None, [str(text) for text in texts])
        return False
    return True


def _match_context(actor: Actor, need: Need, result: Result, form: DecisionForm) -> dict[str, Any]:
    view = explain_pair(actor, need, result)
    terms = [term.term for term in view.match.terms]
    return {
        "need": _side(actor, need, terms),
        "result": _side(actor, result, terms),
        "score": score_view(view.match),
        "metrics": metric_lines(view.match.metric_rows),
        "exclusions": exclusion_texts(view.match),
        "improvements": improvement_texts(view.match),
        "decisions": view.decisions,
        "may_decide": may_decide(actor, Pair(need, result)),
        "form": form,
        "may_carry": own_manager(actor) is not None,
        "may_draft": any(actor.may_write_for(one.owner_id) for one in (need, result)),
        "need_id": need.public_id,
        "result_id": result.public_id,
    }


def _side(actor: Actor, record: Need | Result, terms: list[str]) -> dict[str, Any]:
    return {
        "card": record_card(actor, record, terms=terms),
        "sections": pages.text_sections(record, terms),
        "facts": pages.record_facts(record),
        "maturity": getattr(record, "maturity", None),
    }
