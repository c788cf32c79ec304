"""What is read through the policy: filters, lists, and ways that lead to one thing by its public id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from ronglian.apps.accounts.models import ApiToken, Person
from ronglian.apps.accounts.queries.conflicts import access_conflict, has_conflict, list_conflicts, list_ties
from ronglian.apps.accounts.queries.organisations import (
    access_organisation,
    access_own_token,
    list_members,
    own_organisations,
    own_tokens,
)
from ronglian.apps.accounts.queries.people import access_person, list_notable_people
from ronglian.apps.agreements.models import Dispute
from ronglian.apps.agreements.queries.agreements import access_agreement, list_agreements
from ronglian.apps.agreements.queries.assets import access_asset, list_assets
from ronglian.apps.agreements.queries.disputes import access_dispute, list_disputes, list_mediated
from ronglian.apps.agreements.queries.distributions import list_distributions
from ronglian.apps.agreements.queries.pricing import (
    access_price,
    access_valuation,
    list_prices,
    list_valuations,
    objections_to,
)
from ronglian.apps.agreements.queries.rights import access_grant, list_grants
from ronglian.apps.challenges.queries.challenges import (
    access_bid,
    access_challenge,
    list_challenges,
    opened_bids,
    own_bids,
    own_challenges,
)
from ronglian.apps.challenges.queries.evaluation import own_tries
from ronglian.apps.challenges.queries.exchange import access_question, questions_of
from ronglian.apps.challenges.queries.following import is_following
from ronglian.apps.challenges.queries.milestones import access_milestone, list_milestones
from ronglian.apps.challenges.queries.payments import access_payment_order, list_payment_orders
from ronglian.apps.challenges.queries.readings import readings_of
from ronglian.apps.challenges.queries.reviews import (
    access_award,
    access_award_objection,
    access_review,
    latest_record,
    objections_of,
    own_reviews,
    reviewers_of,
    reviews_of_challenge,
)
from ronglian.apps.challenges.queries.showings import (
    access_outcome,
    access_showing,
    list_outcomes,
    list_showing_readings,
    list_showings,
    showings_of_bid,
    waiting_showings,
)
from ronglian.apps.challenges.queries.teams import (
    access_team,
    access_team_member,
    list_teams,
    members_of,
    own_team,
    waits_for,
)
from ronglian.apps.clinic.case_rules import knows_seeker, view_of
from ronglian.apps.clinic.queries import cases, technology_managers
from ronglian.apps.clinic.queries.assignments import (
    access_proposal,
    list_proposals,
    managers_with_load,
    open_proposals,
    own_open_proposals,
    tied_pairs,
)
from ronglian.apps.clinic.queries.cases import (
    access_case,
    access_fee_terms,
    access_hand_over,
    access_introduction,
    access_objection,
    access_task,
    carried_cases,
    list_cases,
    list_contacts,
    list_fee_terms,
    list_objections,
    list_tasks,
    offers_to,
    open_case_of_need,
)
from ronglian.apps.clinic.queries.consultations import (
    access_consultation,
    list_consultations,
    own_consultations,
)
from ronglian.apps.clinic.queries.hours import access_booking, list_bookings
from ronglian.apps.clinic.queries.pools import access_pool, list_pools, waiting_pools
from ronglian.apps.clinic.queries.services import (
    access_request,
    access_service,
    catalogue,
    list_requests,
    list_services,
    own_services,
    services_of,
    waiting_requests,
)
from ronglian.apps.clinic.queries.technology_managers import (
    access_certificate,
    access_manager,
    list_managers,
    list_register,
    waiting_managers,
)
from ronglian.apps.clinic.queries.triage import (
    access_check,
    access_triage,
    waiting_consultations,
    waiting_needs,
)
from ronglian.apps.disclosure.queries.agreements import (
    access_nda,
    in_force,
    list_ndas,
    list_viewings,
    list_viewings_of,
    waiting_ndas,
)
from ronglian.apps.matching.queries.decisions import visible_decisions
from ronglian.apps.prospecting.queries.surveys import access_survey, list_surveys
from ronglian.apps.registry.queries.drafts import access_own_draft, own_drafts
from ronglian.apps.registry.queries.duplicates import access_duplicate, list_duplicates
from ronglian.apps.registry.queries.imports import access_import, list_imports
from ronglian.kernel.actor import Actor

Things = Mapping[str, Any]
# Filters are asked of these: the names of the models are those of the things in `policy_subjects`.
FILTERS: Mapping[str, str] = {
    "registry.visible_q": "record",
    "registry.open_details_q": "record",
    "registry.named_owner_q": "record",
    "disclosure.agreement_q": "record",
    "disclosure.annex_q": "annex",
    "clinic.visible_q": "consultation",
    "clinic.visible_cases_q": "case",
    "clinic.visible_contacts_q": "contact",
    "clinic.visible_bookings_q": "booking",
    "clinic.visible_managers_q": "manager",
    "clinic.visible_pools_q": "pool",
    "clinic.visible_services_q": "service",
    "clinic.visible_requests_q": "request",
    "agreements.visible_agreements_q": "agreement",
    "agreements.visible_disputes_q": "dispute",
    "agreements.mediated_q": "dispute",
    "agreements.visible_prices_q": "finding",
    "agreements.visible_grants_q": "grant",
    "agreements.visible_assets_q": "entry",
    "challenges.visible_challenges_q": "challenge",
    "challenges.visible_bids_q": "bid",
    "challenges.visible_milestones_q": "milestone",
    "challenges.visible_questions_q": "question",
    "challenges.visible_showings_q": "showing",
    "challenges.visible_teams_q": "team",
    "challenges.visible_payment_orders_q": "payment_order",
    "challenges.visible_tries_q": "attempt",
    "prospecting.visible_surveys_q": "survey",
    "prospecting.visible_checkups_q": "checkup",
}
# A filter and the predicate that says the same of one thing.
SAME_RULE: Mapping[str, str] = {
    "registry.visible_q": "registry.is_visible",
    "registry.open_details_q": "registry.may_read_details",
    "registry.named_owner_q": "registry.may_see_owner",
    "disclosure.agreement_q": "disclosure.holds_agreement",
    "disclosure.annex_q": "disclosure.may_read_annex",
    "clinic.visible_q": "clinic.is_visible",
    "clinic.visible_cases_q": "clinic.view_of",
    "clinic.visible_contacts_q": "clinic.is_contact_visible",
    "clinic.visible_managers_q": "clinic.is_manager_visible",
    "clinic.visible_services_q": "clinic.is_service_visible",
    "clinic.visible_requests_q": "clinic.is_request_visible",
    "agreements.visible_agreements_q": "agreements.may_see",
    "agreements.visible_disputes_q": "agreements.may_see_dispute",
    "agreements.mediated_q": "agreements.is_mediator",
    "agreements.visible_prices_q": "agreements.may_see_price",
    "agreements.visible_grants_q": "agreements.may_see_grant",
    "agreements.visible_assets_q": "agreements.may_see_asset",
    "challenges.visible_challenges_q": "challenges.may_see_challenge",
    "challenges.visible_bids_q": "challenges.may_see_bid",
    "challenges.visible_milestones_q": "challenges.may_see_milestone",
    "challenges.visible_questions_q": "challenges.may_see_question",
    "challenges.visible_showings_q": "challenges.may_see_showing",
    "challenges.visible_teams_q": "challenges.may_see_team",
    "challenges.visible_payment_orders_q": "challenges.may_see_payment_order",
    "challenges.visible_tries_q": "challenges.may_see_try",
}
# Rows, or how many there are.
LISTS: dict[str, Callable[[Actor], Any]] = {
    each.__name__: each
    for each in (
        list_conflicts, own_organisations, own_tokens, list_notable_people, list_consultations, own_consultations, list_ndas,
        waiting_ndas, visible_decisions, own_drafts, list_duplicates, list_imports, list_cases, carried_cases, offers_to,
        list_bookings, list_pools, waiting_pools, waiting_consultations, waiting_needs, list_managers, list_register,
        waiting_managers, list_proposals, open_proposals, own_open_proposals, list_agreements, list_mediated, list_surveys,
        list_challenges, own_challenges, own_bids, own_reviews, list_services, catalogue, own_services, list_requests,
        waiting_requests, list_showings, waiting_showings,
        waiting_requests, list_teams,
        waiting_requests, list_prices, list_valuations,
        waiting_requests, list_grants,
    )
}  # fmt: skip
LISTS = {**LISTS, "in_force on a later day": lambda actor: in_force(actor, later())}
# The same about one thing of a kind.
LISTS_ABOUT: Mapping[str, tuple[Callable[[Actor, Any], Any], str]] = {
    "list_members": (list_members, "organisation"),
    "list_viewings": (list_viewings, "nda"),
    "showings_of_bid": (showings_of_bid, "bid"),
    "list_outcomes": (list_outcomes, "showing"),
    "list_showing_readings": (list_showing_readings, "showing"),
    "services_of": (services_of, "manager"),
    "list_distributions": (list_distributions, "agreement"),
    "list_disputes": (list_disputes, "disputed contract"),
    "objections_to": (lambda actor, finding: len(objections_to(actor, finding)), "_priced"),
    "list_assets": (list_assets, "organisation"),
    "opened_bids": (opened_bids, "challenge"),
    "questions_of": (questions_of, "challenge"),
    "own_tries": (own_tries, "challenge"),
    "reviewers_of": (reviewers_of, "challenge"),
    "members_of": (members_of, "team"),
    "readings_of": (readings_of, "bid"),
    "list_payment_orders": (list_payment_orders, "challenge"),
    "list_milestones": (lambda actor, challenge: len(list_milestones(actor, challenge)), "challenge"),
    "reviews_of_challenge": (reviews_of_challenge, "challenge"),
    "objections_of": (objections_of, "challenge"),
    "list_viewings_of": (
        lambda actor, need: list_viewings_of(actor, need.owner_id, need.public_id),
        "read record",
    ),
    "list_contacts": (list_contacts, "told case"),
    "list_tasks": (list_tasks, "told case"),
    "list_fee_terms": (list_fee_terms, "told case"),
    "list_objections": (list_objections, "told case"),
}
# What other rules and operations ask.
BESIDES: Mapping[str, tuple[Callable[[Actor, Any], Any], str]] = {
    "has_conflict": (
        lambda actor, owner: actor.person_id is not None and has_conflict(actor.person, owner.pk),
        "tied",
    ),
    "has_conflict on a later day": (
        lambda actor, owner: actor.person_id is not None and has_conflict(actor.person, owner.pk, later()),
        "tied",
    ),
    "list_ties": (lambda actor, owner: str(len(list_ties(_rows_of(actor), {owner.pk}, timezone.localdate()))), "tied"),
    "tied_pairs": (lambda _actor, need: str(len(tied_pairs([need], managers_with_load()))), "carried need"),
    "waits_for": (waits_for, "team"),
    "is_following": (is_following, "challenge"),
    "knows_seeker": (lambda actor, case: knows_seeker(case, view_of(actor, case)), "case"),
    "acts by a token": (lambda actor, _thing: ApiToken.objects.filter(public_id=actor.token_id).exists(), "_target"),
}  # fmt: skip


def later() -> date:
    return timezone.localdate() + timedelta(days=5)


def _rows_of(actor: Actor) -> set[int]:
    return set(Person.objects.filter(public_id=actor.person_id).values_list("pk", flat=True))


# One thing, or nothing: the actor's own, or what belongs to another thing.
ONE_OF: Mapping[str, tuple[Callable[[Actor, Any], Any], str]] = {
    "cases.own_manager": (lambda actor, _thing: cases.own_manager(actor), "_target"),
    "technology_managers.own_manager": (
        lambda actor, _thing: technology_managers.own_manager(actor),
        "_target",
    ),
    "technology_managers.access_own_manager": (
        lambda actor, _thing: technology_managers.access_own_manager(actor),
        "_target",
    ),
    "latest_record": (latest_record, "challenge"),
    "own_team": (lambda actor, team: own_team(actor, team.challenge), "team"),
    "access_introduction": (access_introduction, "told case"),
    "open_case_of_need": (open_case_of_need, "carried need"),
}


def access_dispute_of(actor: Actor, public_id: UUID) -> Dispute:
    """By its contract and number, as its address has it."""
    row = Dispute.objects.select_related("agreement").filter(public_id=public_id).first()
    return access_dispute(actor, row.agreement.public_id if row else public_id, row.number if row else 1)


# Ways to one thing, by its public id, and what they are tried on.
WAYS: Mapping[str, tuple[Callable[[Actor, UUID], Any], str]] = {
    way.__name__: (way, about)
    for way, about in (
        (access_conflict, "declaration"), (access_organisation, "organisation"), (access_own_token, "token"),
        (access_person, "person"), (access_consultation, "consultation"), (access_nda, "nda"), (access_own_draft, "draft"),
        (access_duplicate, "candidate"), (access_import, "import"), (access_case, "told case"), (access_task, "task"),
        (access_fee_terms, "terms"), (access_objection, "objection"), (access_hand_over, "hand_over"),
        (access_booking, "booking"), (access_pool, "pool"), (access_triage, "triage"), (access_check, "check"),
        (access_grant, "grant"), (access_asset, "entry"),
        (access_agreement, "agreement"), (access_challenge, "challenge"), (access_bid, "bid"), (access_question, "question"), (access_review, "review"), (access_award, "award"), (access_milestone, "milestone"), (access_award_objection, "_objection"), (access_survey, "survey"), (access_proposal, "proposal"), (access_manager, "manager"), (access_certificate, "certificate"),
        (access_service, "service"), (access_request, "request"), (access_showing, "showing"), (access_outcome, "outcome"),
        (access_agreement, "agreement"), (access_challenge, "challenge"), (access_bid, "bid"), (access_question, "question"), (access_review, "review"), (access_award, "award"), (access_milestone, "milestone"), (access_award_objection, "_objection"), (access_team, "team"), (access_team_member, "team_member"), (access_survey, "survey"), (access_proposal, "proposal"), (access_manager, "manager"), (access_certificate, "certificate"),
        (access_agreement, "agreement"), (access_challenge, "challenge"), (access_bid, "bid"), (access_question, "question"), (access_review, "review"), (access_award, "award"), (access_milestone, "milestone"), (access_award_objection, "_objection"), (access_payment_order, "payment_order"), (access_team, "team"), (access_team_member, "team_member"), (access_survey, "survey"), (access_proposal, "proposal"), (access_manager, "manager"), (access_certificate, "certificate"),
        (access_service, "service"), (access_request, "request"),
        (access_service, "service"), (access_request, "request"), (access_dispute_of, "dispute"),
        (access_service, "service"), (access_request, "request"), (access_price, "finding"),
        (access_valuation, "valuation"),
    )
}  # fmt: skip
