"""Faults that change no answer, each with the reason; they count as survivors all the same."""

from __future__ import annotations

from collections.abc import Mapping

_NOBODY_IS_NONE = (
    "No row belongs to nobody: a filter by the person None finds none, as the lines left out say at once."
)
_NONE_IS_NO_KEY = "None is no key of the memberships; the condition says so before it is looked up."
_VISITORS_WRITE_NOTHING = "Whoever is not signed in may not write, so the other condition refuses."
_NO_ORGANISATION = "Without an organisation the filter asks for owners among none."
_PERSONS_WRITE = (
    "Whoever comes as a person may write; only tokens may be without that right, and they are refused here."
)
_CARRIER_READS = "Who carries the case reads his own open notes by the next line, too."
_WORDS = "The words of a refusal, not whether it is one."

EQUIVALENT: Mapping[str, str] = {
    "kernel.actor.is_member: without `organisation_id is not None`": _NONE_IS_NO_KEY,
    "kernel.actor._acts_for: without `organisation_id is None`": _NONE_IS_NO_KEY,
    "apps.accounts.rules.may_register_organisation: without `actor.is_signed_in`": _VISITORS_WRITE_NOTHING,
    "apps.accounts.queries.conflicts.list_conflicts: never `actor.person_id is None`": _NOBODY_IS_NONE,
    "apps.accounts.queries.organisations.own_tokens: never `actor.person_id is None`": _NOBODY_IS_NONE,
    "apps.disclosure.rules.holds_agreement: without `actor.organisation_ids`": _NO_ORGANISATION,
    "apps.disclosure.rules.agreement_q: without `actor.organisation_ids`": _NO_ORGANISATION,
    "apps.disclosure.rules.agreement_q: without subject_id": "None among the ids of a list equals no id.",
    "apps.disclosure.rules.may_read_annex: without `actor.person_id is not None`": _NOBODY_IS_NONE,
    "apps.disclosure.rules.annex_q: never `actor.person_id is None`": _NOBODY_IS_NONE,
    "apps.registry.rules.visible_q: always `actor.organisation_ids`": _NO_ORGANISATION,
    "apps.registry.queries.drafts.own_drafts: never `actor.person_id is None`": _NOBODY_IS_NONE,
    "apps.clinic.case_rules.is_person: without `actor.person_id is not None`": _NOBODY_IS_NONE,
    "apps.clinic.case_rules.visible_contacts_q: always `actor.person_id is not None`": _NOBODY_IS_NONE,
    "apps.clinic.case_rules.visible_contacts_q: without `carries` (2)": _CARRIER_READS,
    "apps.clinic.case_rules.is_contact_visible: without `view.carries`": _CARRIER_READS,
    "apps.clinic.case_rules.may_keep_calendar: without `actor.may_write`": _PERSONS_WRITE,
    "apps.clinic.case_rules.may_keep_calendar: may_write → is_signed_in": _PERSONS_WRITE,
    "apps.clinic.case_rules._sides_of: without `case.partner_id is not None`": _NONE_IS_NO_KEY,
    "apps.clinic.case_rules.refusals: Or → And": _WORDS,
    "apps.clinic.case_rules.refusals: without `', '.join((str(CaseStage(each).label) for each in TRANSITIONS[stage]))`": _WORDS,
    "apps.clinic.case_rules.refusals: without `_('nowhere')`": _WORDS,
    "apps.clinic.hours_rules.may_book: without `actor.is_signed_in`": _VISITORS_WRITE_NOTHING,
    "apps.clinic.manager_rules.is_oneself: without `actor.person_id is not None`": _NOBODY_IS_NONE,
    "apps.clinic.pool_rules.may_lead: without `pool.lead_id is not None`": _NONE_IS_NO_KEY,
    "apps.clinic.triage_rules.may_object_to_check: without `actor.is_signed_in`": _VISITORS_WRITE_NOTHING,
    "apps.clinic.operations.assignments.may_decline: without `actor.is_system`": "The machine's keeper keeps the register, too.",
    "apps.clinic.queries.assignments.own_open_proposals: never `actor.person_id is None`": _NOBODY_IS_NONE,
    "apps.clinic.queries.cases.carried_cases: never `actor.person_id is None`": _NOBODY_IS_NONE,
    "apps.clinic.queries.cases.own_manager: never `actor.person_id is None`": _NOBODY_IS_NONE,
    "apps.clinic.queries.cases.access_fee_terms: without pk": "Who sees one version of a case's terms sees all of them.",
    "apps.clinic.queries.cases.offers_to: never `actor.person_id is None`": _NOBODY_IS_NONE,
    "apps.clinic.queries.technology_managers.own_manager: never `actor.person_id is None`": _NOBODY_IS_NONE,
}  # fmt: skip
