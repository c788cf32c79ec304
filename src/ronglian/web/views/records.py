"""The pages of one record and of one organisation."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.queries.organisations import access_organisation
from ronglian.apps.accounts.rules import may_edit_organisation
from ronglian.apps.agreements.rights_rules import may_apply_for_rights
from ronglian.apps.clinic.queries.cases import own_manager, own_open_case
from ronglian.apps.clinic.queries.consultations import acceptance_of
from ronglian.apps.clinic.rules import works_as_manager
from ronglian.apps.matching.listing import current
from ronglian.apps.matching.queries.matches import match_need, match_result
from ronglian.apps.prospecting.queries.surveys import place_of
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.models import Need, RegistryRecord, Result
from ronglian.apps.registry.queries.records import access_record
from ronglian.apps.registry.rules import named_owner_q
from ronglian.kernel.actor import Actor
from ronglian.web.middleware import ActorRequest
from ronglian.web.presenters import history, linked_data, pages
from ronglian.web.presenters.badges import organisation_badges, record_badges
from ronglian.web.presenters.cards import record_card
from ronglian.web.presenters.disclosure import details_panel, shown_annex
from ronglian.web.presenters.kinds import KINDS
from ronglian.web.presenters.matches import MatchCard, match_card
from ronglian.web.presenters.owners import organisation_line, owner_line
from ronglian.web.presenters.steps import clock, next_steps
from ronglian.web.presenters.texts import said, said_words, show_paragraphs
from ronglian.web.presenters.triage import checks_panel, sees_triage

MATCHES_SHOWN = 10
RECORDS_SHOWN = 6


@require_safe
def show_record(request: ActorRequest, kind: str, public_id: UUID) -> HttpResponse:
    """Title, status and clock → what it is → what can happen next → owner → matches → timeline → provenance."""
    record = access_record(request.actor, KINDS[kind].model, public_id)
    today = timezone.localdate()
    owner = owner_line(request.actor, record)
    context: dict[str, Any] = {
        "kind": KINDS[kind],
        "record_id": record.public_id,
        "noun": record.noun,
        "details": details_panel(request.actor, record),
        "annex": shown_annex(request.actor, record),
        "maturity": getattr(record, "maturity", None),
        "title": pages.page_title(record),
        "badges": record_badges(record, today, is_small=owner.is_small),
        "clock": clock(record, today),
        "sections": pages.text_sections(record),
        "facts": pages.record_facts(record),
        "keywords": said_words(record),
        "metrics": pages.metric_views(record),
        "unread": pages.unread_views(record),
        "acceptance": acceptance_of(record) if isinstance(record, Need) and not record.is_closed else [],
        "checks": checks_panel(request.actor, record) if isinstance(record, Need) else None,
        "sees_triage": isinstance(record, Need) and sees_triage(request.actor, record),
        "carrying": _carrying(request.actor, record, today),
        "chain": place_of(request.actor, record)
        if isinstance(record, Need) and request.actor.is_signed_in
        else None,
        "steps": next_steps(request.actor, record, today),
        "asks_rights": isinstance(record, Result) and bool(may_apply_for_rights(request.actor, record)),
        "owner": owner,
        "has_matches": isinstance(record, Need | Result),
        "matches": _matches(request.actor, record, today),
        "timeline": history.timeline(request.actor, record),
        "provenance": history.provenance(request.actor, record),
        "linked_data": _linked_data(request, record),
    }
    return render(request, "web/record.html", context)


def _carrying(actor: Actor, record: RegistryRecord, today: date) -> dict[str, Any]:
    """加入个案: for a technology manager the own open case about the need, or whether one may be opened."""
    if not (isinstance(record, Need) and works_as_manager(actor)):
        return {}
    case = own_open_case(actor, record)
    is_current = record.state == State.PUBLISHED and not record.is_expired(today)
    may_open = is_current and not actor.is_member(record.owner_id) and own_manager(actor) is not None
    return {"case": case, "may_open": may_open}


def _matches(actor: Actor, record: RegistryRecord, today: date) -> list[MatchCard]:
    """The best matches; a record that is not current has none."""
    if record.state != State.PUBLISHED or record.is_expired(today):
        return []
    if isinstance(record, Need):
        views = match_need(actor, record, top=MATCHES_SHOWN)
        return [match_card(actor, view, view.result) for view in views if view.result]
    if isinstance(record, Result):
        views = match_result(actor, record, top=MATCHES_SHOWN)
        return [match_card(actor, view, view.need) for view in views if view.need]
    return []


def _linked_data(request: HttpRequest, record: RegistryRecord) -> str:
    description = linked_data.describe_record(record, request.build_absolute_uri)
    return linked_data.script_text(description) if description else ""


@require_safe
def show_organisation(request: ActorRequest, public_id: UUID) -> HttpResponse:
    """An organisation and what it has openly registered; anonymous needs are not among it."""
    organisation = access_organisation(request.actor, public_id)
    line = organisation_line(organisation)
    description = linked_data.describe_organisation(organisation, request.build_absolute_uri)
    context = {
        "line": line,
        "public_id": organisation.public_id,
        "uscc": organisation.uscc,
        "badges": organisation_badges(organisation, is_small=line.is_small),
        "summary": show_paragraphs(said(organisation, "summary")),
        "groups": list(_records_of(request.actor, organisation)),
        "may_edit": bool(may_edit_organisation(request.actor, organisation)),
        "linked_data": linked_data.script_text(description),
    }
    return render(request, "web/organisation.html", context)


def _records_of(actor: Actor, organisation: Organisation) -> list[dict[str, Any]]:
    groups = []
    for kind in KINDS.values():
        records = current(actor, kind.model, timezone.localdate()).filter(owner=organisation)
        if kind.model is Need:
            records = records.filter(named_owner_q(actor))
        found = list(records[: RECORDS_SHOWN + 1])
        if found:
            cards = [record_card(actor, record) for record in found[:RECORDS_SHOWN]]
            groups.append({"title": kind.title, "cards": cards, "total": records.count()})
    return groups
