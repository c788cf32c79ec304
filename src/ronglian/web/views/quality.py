"""How good the matches are: figures from decisions, figures from judgements, and the lists behind them."""

from __future__ import annotations

import re
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from ronglian.apps.matching.enums import DecisionKind
from ronglian.apps.matching.models import Decision
from ronglian.apps.matching.queries.measured import read_measured
from ronglian.apps.matching.queries.quality import BANDS, read_quality, sees_all_decisions
from ronglian.apps.matching.queries.quality_lists import (
    RECORD_LISTS,
    list_quality_decisions,
    list_quality_records,
    seen_pairs,
)
from ronglian.apps.matching.queries.training import points_in_use
from ronglian.apps.matching.wording import factor_name
from ronglian.engines.matching import ENGINE_VERSION, FACTORS
from ronglian.kernel.errors import NotFound
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.cards import record_card
from ronglian.web.presenters.quality import (
    band_rows,
    figures,
    measured_tables,
    month_rows,
    waiting_lines,
)

PER_PAGE = 20
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
TITLES: dict[str, str | Promise] = {
    "decisions": _lazy("Decisions"),
    "covered-needs": _lazy("Current needs with a suggestion of 50 points or more"),
    "uncovered-needs": _lazy("Current needs without a suggestion of 50 points or more"),
    "suggested-results": _lazy("Current results suggested to at least one need"),
    "unsuggested-results": _lazy("Current results suggested to no need"),
    "unanswered-needs": _lazy("Published needs that nobody has decided anything about"),
    "answered-needs": _lazy("Published needs that somebody has decided something about"),
}
# Lists that tell what organisations decided; a reader sees the rows of the own organisations.
PRIVATE = ("decisions", "unanswered-needs", "answered-needs")


@require_safe
def show_quality(request: ActorRequest) -> HttpResponse:
    report, measured = read_quality(request.actor), read_measured()
    context = {
        "report": report,
        "figures": figures(report),
        "bands": band_rows(report),
        "months": month_rows(report),
        "has_decisions": any(group.confirmed.whole for group in report.bands),
        "waiting": waiting_lines(report.answers),
        "measured": measured,
        "tables": measured_tables(measured),
        "in_use": points_in_use(),
    }
    return render(request, "web/quality.html", context)


@require_safe
def show_list(request: ActorRequest, name: str) -> HttpResponse:
    """The records or decisions behind a figure, as far as the reader may see them."""
    context: dict[str, Any] = {
        "title": TITLES.get(name),
        "is_private": name in PRIVATE and not sees_all_decisions(request.actor),
    }
    if name in RECORD_LISTS:
        page = Paginator(list_quality_records(request.actor, name), PER_PAGE).get_page(
            request.GET.get("page")
        )
        context |= {"page_obj": page, "cards": [record_card(request.actor, record) for record in page]}
    elif name == "decisions":
        page = Paginator(_decisions(request), PER_PAGE).get_page(request.GET.get("page"))
        seen = seen_pairs(request.actor, page.object_list)
        context |= {"page_obj": page, "decisions": [(one, one.pk in seen) for one in page.object_list]}
    else:
        raise NotFound
    return render(request, "web/quality_list.html", context)


def _decisions(request: ActorRequest) -> QuerySet[Decision]:
    band, month, kind = (request.GET.get(name, "") for name in ("band", "month", "kind"))
    is_known = (
        band in ("", *map(str, BANDS))
        and (not month or MONTH.fullmatch(month))
        and kind in ("", *DecisionKind.values)
    )
    if not is_known:
        raise NotFound
    rows = list_quality_decisions(request.actor, band=int(band) if band else None, month=month)
    return rows.filter(kind=kind) if kind else rows


@require_safe
def show_model_card(request: ActorRequest) -> HttpResponse:
    measured, in_use = read_measured(), points_in_use()
    context = {
        "engine_version": ENGINE_VERSION,
        "in_use": in_use,
        "points": [(factor_name(factor), f"{in_use.points[factor]:g}") for factor in FACTORS],
        "measured": measured,
        "tables": measured_tables(measured),
    }
    return render(request, "web/model_card.html", context)
