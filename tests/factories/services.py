"""Services and requests for tests."""

from __future__ import annotations

from typing import Any

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.clinic.models import Service, ServiceRequest, TechnologyManager
from ronglian.apps.clinic.operations.services import answer_request, ask_for_service, offer_service
from ronglian.apps.registry.models import Need
from tests.factories import SYSTEM

ENTRY: dict[str, Any] = {
    "kind": "evaluation",
    "title": "电镀废水处理技术评价",
    "summary": "取样、检测、出具评价报告。",
    "technology_fields": ["environment"],
    "regions": ["3205"],
    "price_basis": "fixed",
    "price_note": "每份报告8000元起",
    "answer_days": 3,
}


def make_service(provider: Organisation | TechnologyManager, **fields: Any) -> Service:
    return offer_service(actor=SYSTEM, provider=provider, fields={**ENTRY, **fields})


def make_request(
    service: Service, organisation: Organisation, *, need: Need | None = None, wish: str = "请来取样"
) -> ServiceRequest:
    return ask_for_service(actor=SYSTEM, organisation=organisation, service=service, wish=wish, need=need)


def make_accepted(service: Service, organisation: Organisation) -> ServiceRequest:
    asked = make_request(service, organisation)
    return answer_request(actor=SYSTEM, request=asked, accepts=True, answer="下周一取样")
