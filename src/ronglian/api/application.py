"""The API as a whole: its routers, its errors, its description."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from ronglian.api.accounts import routes as accounts
from ronglian.api.agreements import assets as contract_assets
from ronglian.api.agreements import comments as contract_comments
from ronglian.api.agreements import contracts, pricing, valuing
from ronglian.api.agreements import disputes as contract_disputes
from ronglian.api.agreements import income as contract_income
from ronglian.api.agreements import money as contract_money
from ronglian.api.agreements import registration as contract_registration
from ronglian.api.agreements import rights as contract_rights
from ronglian.api.agreements import upcoming as contract_upcoming
from ronglian.api.authentication import anybody
from ronglian.api.challenges import board, following, judging, payments, putting_out, showings, teams
from ronglian.api.challenges import routes as challenges
from ronglian.api.clinic import drafting, technology_managers
from ronglian.api.clinic.routers import clinic_routers
from ronglian.api.disclosure import routes as disclosure
from ronglian.api.failures import add_handlers
from ronglian.api.log import routes as log
from ronglian.api.matching import quality, searches
from ronglian.api.matching import routes as matching
from ronglian.api.openapi import complete
from ronglian.api.parsing import ReadableRenderer, StrictParser
from ronglian.api.prospecting import checkups, surveys
from ronglian.api.registry import catalogue, codes, imports, records
from ronglian.api.rules import routes as rules

DESCRIPTION = """
Technology needs and research results, matched both ways with reasons.

Public records can be read without a token. Everything else takes a token made at the site:
`Authorization: Bearer rl_…`. Messages come in the language of `Accept-Language` (`zh-Hans` or `en`).
Errors are problem details (RFC 9457). Edits name the version they were made on with `If-Match`; every POST and PATCH
takes an `Idempotency-Key`. Amounts are integers of fen (1/100 yuan).
""".strip()


class Api(NinjaAPI):
    """Ninja's API, its description completed with what Ninja cannot know."""

    _described: OpenAPISchema | None = None

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """One description, whoever asks and in whatever language; made once, because that takes half a second."""
        if self._described is None:
            with translation.override("en"):
                described = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
                self._described = complete(described)
        return self._described


def build() -> Api:
    """The API with all its routes."""
    api = Api(
        title="Ronglian 融链",
        version="1",
        description=DESCRIPTION,
        urls_namespace="api",
        docs_url=None,
        openapi_url="/openapi.json",
        auth=anybody,
        parser=StrictParser(),
        renderer=ReadableRenderer(),
    )
    add_handlers(api)
    for plural, router in records.routers.items():
        api.add_router(f"/{plural}", router)
    api.add_router("/organisations", accounts.organisations)
    api.add_router("/me", accounts.me)
    api.add_router("/searches", searches.router)
    api.add_router("/needs", matching.needs)
    api.add_router("/results", matching.results)
    api.add_router("/match", matching.questions)
    api.add_router("/decisions", matching.decisions)
    api.add_router("/quality", quality.quality)
    api.add_router("/training-runs", quality.runs)
    api.add_router("/imports", imports.router)
    api.add_router("/log", log.router)
    api.add_router("/agreements", disclosure.router)
    api.add_router("/managers", technology_managers.router)
    api.add_router("/drafting", drafting.router)
    api.add_router("/checkups", checkups.router)
    api.add_router("/surveys", surveys.router)
    for path, router in clinic_routers():
        api.add_router(path, router)
    for router in (
        contracts.router,
        contract_money.router,
        contract_income.router,
        contract_registration.router,
        contract_comments.router,
        contract_disputes.router,
        contract_upcoming.router,
        pricing.of_contracts,
    ):
        api.add_router("/contracts", router)
    api.add_router("/prices", pricing.router)
    api.add_router("/price-notices", pricing.notices)
    api.add_router("/price-supports", valuing.router)
    api.add_router("/rights", contract_rights.router)
    api.add_router("/ledger-entries", contract_assets.router)
    api.add_router("/organisations", contract_assets.ledgers)
    api.add_router("/contract-statistics", contract_registration.statistics)
    api.add_router("/challenges", challenges.challenges)
    for router in (following.router, putting_out.router, judging.router):
        api.add_router("/challenges", router)
    api.add_router("/questions", putting_out.questions)
    api.add_router("/reviews", judging.reviews)
    api.add_router("/awards", judging.awards)
    api.add_router("/milestones", judging.milestones)
    api.add_router("/bids", judging.of_bids)
    api.add_router("/challenges", payments.of_challenge)
    api.add_router("/payment-orders", payments.router)
    api.add_router("/challenges", board.board)
    api.add_router("/bids", challenges.bids)
    api.add_router("/showings", showings.router)
    api.add_router("/showing-outcomes", showings.outcomes)
    api.add_router("/investment-figures", showings.figures)
    api.add_router("/teams", teams.teams)
    api.add_router("/team-members", teams.team_members)
    api.add_router("/rules", rules.router)
    api.add_router("/codes", codes.router)
    api.add_router("/catalogue", catalogue.router)
    return api
