"""From registry rows to what the matching engine takes."""

from __future__ import annotations

from ronglian.apps.registry.derived import record_metrics
from ronglian.apps.registry.models import Need, Result
from ronglian.engines.matching import NeedProfile, ResultProfile


def public_need(need: Need) -> NeedProfile:
    """The need as everybody may read it; `need` is a row, with nothing filled in."""
    return profile_need(need, knows_owner=not need.anonymous)


def profile_need(need: Need, *, knows_owner: bool) -> NeedProfile:
    """The need with all it states, as far as it is opened.

    Its owner's region and industry stand in where it states none, for those who may know the owner.
    """
    owner = need.owner if knows_owner else None
    return NeedProfile(
        id=str(need.public_id),
        title=need.title,
        body=need.body,
        title_en=need.title_en,
        body_en=need.body_en,
        keywords=(*need.keywords, *need.keywords_en),
        metrics=record_metrics(need),
        technology_field=need.technology_field or None,
        industry=need.industry or (owner.industry if owner else "") or None,
        region=need.region or (owner.region if owner else "") or None,
        budget_low_fen=need.budget_low_fen,
        budget_high_fen=need.budget_high_fen,
        modes=frozenset(need.modes),
        minimum_maturity=need.minimum_maturity,
        confirmed_on=need.confirmed_on,
        expires_on=need.expires_on,
        hard=frozenset(need.hard),
    )


def profile_result(result: Result) -> ResultProfile:
    """The result with all it claims. A result's industry is where it applies, never its owner's own."""
    return ResultProfile(
        id=str(result.public_id),
        title=result.title,
        body=result.body,
        title_en=result.title_en,
        body_en=result.body_en,
        keywords=(*result.keywords, *result.keywords_en),
        metrics=record_metrics(result),
        technology_field=result.technology_field or None,
        industry=result.industry or None,
        region=result.region or result.owner.region or None,
        price_low_fen=result.price_low_fen,
        price_high_fen=result.price_high_fen,
        modes=frozenset(result.transfer_modes),
        maturity=result.maturity,
        confirmed_on=result.confirmed_on,
        expires_on=result.expires_on,
        owner=str(result.owner.public_id),
    )
