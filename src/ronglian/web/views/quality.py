"""How good the matches are: figures from decisions, figures from judgements, and the lists behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ronglian.apps.accounts.enums import OrganisationSize
from ronglian.apps.matching.enums import DecisionKind
from ronglian.apps.matching.queries.matches import model_in_use
from ronglian.apps.matching.queries.measured import read_measured
from ronglian.apps.matching.queries.quality import BANDS, read_quality, sees_all_decisions
from ronglian.apps.matching.queries.quality_lists import (
    RECORD_LISTS,
    list_quality_decisions,
    list_quality_records,
    seen_pairs,
)
from ronglian.apps.matching.queries.seen import read_seen
from ronglian.apps.matching.queries.training import points_in_use
from ronglian.apps.matching.wording import factor_name
from ronglian.engines.matching import ENGINE_VERSION, FACTORS
from ronglian.kernel.errors import NotFound
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters.cards import record_card
from ronglian.web.presenters.quality import (
    UNSTATED,
    band_rows,
    calibration_curve,
    decision_rows,
    drift_curve,
    figures,
    list_title,
    measured_tables,
    month_rows,
    size_rows,
    waiting_lines,
)
from ronglian.web.presenters.seen import seen_lines, seen_rows

PER_PAGE = 20
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
# Lists that tell what organisations decided; a reader sees the rows of the own organisations.
PRIVATE = ("decisions", "unanswered-needs", "answered-needs")


@require_safe
def show_quality(request: ActorRequest) -> HttpResponse:
    report, measured, seen = read_quality(request.actor), read_measured(), read_seen()
    context = {
        "report": report,
        "figures": figures(report),
        "bands": band_rows(report),
        "months": month_rows(report),
        "has_decisions": any(group.confirmed.whole for group in report.bands),
        "waiting": waiting_lines(report.answers),
        "sizes": size_rows(report),
        "calibration": calibration_curve(report),
        "drift": drift_curve(report),
        "seen": seen_rows(seen),
        "seen_lines": seen_lines(seen),
        "measured": measured,
        "tables": measured_tables(measured),
        "in_use": points_in_use(),
    }
    return render(request, "web/quality.html", context)


@dataclass(frozen=True, slots=True)
class ListFilters:
    """What narrows a list of the report; each is empty where all are meant."""

    band: str = ""
    month: str = ""
    kind: str = ""
    size: str = ""

    @classmethod
    def of(cls, request: ActorRequest) -> ListFilters:
        """As the address has them; raises NotFound for what no figure links to."""
        found = cls(**{each.name: request.GET.get(each.name, "") for each in fields(cls)})
        is_known = (
            found.band in ("", *map(str, BANDS))
            and (not found.month or MONTH.fullmatch(found.month))
            and found.kind in ("", *DecisionKind.values)
            and found.size in ("", UNSTATED, *OrganisationSize.values)
        )
        if not is_known:
            raise NotFound
        return found


@require_safe
def show_list(request: ActorRequest, name: str) -> HttpResponse:
    """The records or decisions behind a figure, as far as the reader may see them."""
    chosen = ListFilters.of(request)
    context: dict[str, Any] = {
        "title": list_title(name, band=chosen.band, month=chosen.month, kind=chosen.kind, size=chosen.size),
        "is_private": name in PRIVATE and not sees_all_decisions(request.actor),
    }
    if name in RECORD_LISTS:
        size = None if not chosen.size else "" if chosen.size == UNSTATED else chosen.size
        rows = list_quality_records(request.actor, name, size=size)
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        context |= {"page_obj": page, "cards": [record_card(request.actor, record) for record in page]}
    elif name == "decisions":
        band = int(chosen.band) if chosen.band else None
        decisions = list_quality_decisions(request.actor, band=band, month=chosen.month, kind=chosen.kind)
        page = Paginator(decisions, PER_PAGE).get_page(request.GET.get("page"))
        seen = seen_pairs(request.actor, page.object_list)
        context |= {"page_obj": page, "decisions": decision_rows(page, seen)}
    else:
        raise NotFound
    return render(request, "web/quality_list.html", context)


@require_safe
def show_model_card(request: ActorRequest) -> HttpResponse:
    measured, in_use = read_measured(), points_in_use()
    context = {
        "engine_version": ENGINE_VERSION,
        "in_use": in_use,
        "model": model_in_use(),
        "points": [(factor_name(factor), f"{in_use.points[factor]:g}") for factor in FACTORS],
        "measured": measured,
        "tables": measured_tables(measured),
    }
    return render(request, "web/model_card.html", context)
