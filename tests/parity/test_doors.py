"""Which doors lead to which operation: the table is complete and true.

A new operation, or a new door to an old one, fails here until it stands in the table. What more than one door does
is compared in `test_same_effect`.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

import ronglian
from ronglian.kernel.operation import OPERATIONS

PACKAGE = Path(ronglian.__file__).parent
DOORS = ("api", "web", "cli")


@dataclass(frozen=True)
class Way:
    """How an operation is reached: the functions that call it, and the doors that call these."""

    functions: tuple[str, ...]
    doors: frozenset[str]


def way(functions: str, doors: str = "") -> Way:
    return Way(tuple(functions.split()), frozenset(doors.split()))


TABLE: dict[str, Way] = {
    "record.register": way("register_record", "api web"),
    "record.edit": way("edit_record", "api web"),
    "record.publish": way("publish_record", "api web"),
    "record.withdraw": way("withdraw_record", "api web"),
    "record.confirm": way("confirm_record", "api web"),
    "organisation.register": way("register_organisation", "api web"),
    "organisation.edit": way("edit_organisation", "api web"),
    "organisation.grant_role": way("grant_role", "web cli"),
    "match.decide": way("decide_match", "api web"),
    "match.suggest": way("suggest_matches", "cli"),
    "exposure.measure": way("measure_suggestions", "cli"),
    "training.propose": way("propose_training", "web cli"),
    "training.activate": way("activate_training", "web cli"),
    "training.revert": way("revert_training", "web cli"),
    "import.stage": way("stage_import", "api web cli"),
    "import.check": way("check_import request_check", "api web cli"),
    "import.apply": way("apply_import", "cli"),
    "import.request_apply": way("request_apply", "api web"),
    "import.cancel": way("cancel_import", "api web cli"),
    "duplicate.merge": way("merge_records", "web"),
    "duplicate.keep_apart": way("keep_apart", "web"),
    "conflict.declare": way("declare_conflict", "web"),
    "conflict.end": way("end_conflict", "web"),
    "person.erase": way("erase_person", "web"),
    "record.verify": way("verify_record", "web"),
    "person.give_office": way("give_office", "web"),
    "person.suspend": way("suspend_person", "web"),
    "person.restore": way("restore_person", "web"),
    "nda.sign": way("sign_nda", "web"),
    "nda.grant": way("grant_nda", "web"),
    "nda.decline": way("decline_nda", "web"),
    "nda.revoke": way("revoke_nda", "web"),
    "annex.keep": way("keep_annex", "web"),
    "annex.name_reader": way("name_annex_reader", "web"),
    "annex.end_reader": way("end_annex_reader", "web"),
    "draft.keep": way("keep_draft", "web"),
    "draft.drop": way("drop_draft", "web"),
    "consultation.open": way("open_consultation", "api web cli"),
    "consultation.tell": way("tell_consultation", "api web"),
    "consultation.answer": way("answer_question", "api web"),
    "consultation.set_acceptance": way("set_acceptance", "api web"),
    "consultation.register": way("register_consultation", "api web"),
    "consultation.close": way("close_consultation", "api web"),
    "consultation.show": way("show_to_managers", "api web cli"),
    "slot.offer": way("offer_slot", "web cli"),
    "slot.withdraw": way("withdraw_slot", "web cli"),
    "booking.book": way("book_slot", "api web cli"),
    "booking.move": way("move_booking", "api web"),
    "booking.cancel": way("cancel_booking", "api web cli"),
    "booking.keep_minutes": way("keep_minutes", "web"),
    "triage.decide": way("decide_triage", "web cli"),
    "triage.object": way("object_to_triage", "api web"),
    "check.record": way("record_check", "web cli"),
    "check.object": way("object_to_check", "api web"),
    "check.answer": way("answer_objection", "web"),
    "manager.register": way("register_manager", "api web cli"),
    "manager.edit": way("edit_manager", "api web"),
    "manager.pause": way("pause_manager", "api web"),
    "manager.confirm": way("confirm_manager", "web cli"),
    "manager.end": way("end_manager", "web"),
    "service.offer": way("offer_service", "api web cli"),
    "service.edit": way("edit_service", "api web"),
    "service.withdraw": way("withdraw_service", "api web cli"),
    "service.resume": way("resume_service", "api web cli"),
    "service.ask": way("ask_for_service", "api web cli"),
    "servicerequest.answer": way("answer_request", "api web cli"),
    "servicerequest.take_back": way("take_back_request", "api web"),
    "servicerequest.confirm": way("confirm_delivery", "api web"),
    "assignment.propose": way("propose_assignments", "web cli"),
    "assignment.confirm": way("confirm_assignment", "web"),
    "assignment.decline": way("decline_assignment", "api web"),
    "certificate.add": way("add_certificate", "web"),
    "certificate.verify": way("verify_certificate", "web"),
    "certificate.drop": way("drop_certificate", "web"),
    "search.save": way("keep_search save_search", "api web cli"),
    "search.change": way("change_search", "api web"),
    "search.drop": way("drop_search", "api web"),
    "search.tell": way("tell_new_hits", "web"),
    "organisation.choose_digest": way("choose_digest", "api web"),
    "attention.note": way("note_attention", "web cli"),
    "pool.find": way("find_pool"),
    "pool.invite": way("invite_owners", "web cli"),
    "pool.close": way("close_pool", "web cli"),
    "pool.join": way("join_pool", "web"),
    "pool.decline": way("decline_pool", "web"),
    "pool.word": way("word_pool", "web"),
    "pool.approve": way("approve_pool", "web"),
    "pool.publish": way("publish_pool", "web"),
    "pool.leave": way("leave_pool", "web"),
    "challenge.draft": way("draft_challenge", "api web cli"),
    "challenge.change": way("change_challenge", "api web"),
    "challenge.state_facts": way("state_facts", "api web cli"),
    "challenge.make_key": way("make_holder_key", "web cli"),
    "challenge.advance": way("advance_challenge", "api web cli"),
    "challenge.open_bids": way("open_bids", "web"),
    "challenge.ask": way("ask_question", "api web cli"),
    "challenge.answer": way("publish_answer", "api web cli"),
    "challenge.amend": way("amend_challenge", "api web cli"),
    "challenge.name_reviewer": way("name_reviewer", "api web"),
    "challenge.assign_reviews": way("assign_reviews", "api web"),
    "challenge.rank": way("rank_challenge", "api web"),
    "challenge.award": way("award_challenge", "api web"),
    "challenge.object": way("object_to_award", "api web"),
    "challenge.answer_objection": way("answer_award_objection", "web"),
    "challenge.plan_milestones": way("plan_milestones", "api web"),
    "milestone.advance": way("advance_milestone", "api web"),
    "review.submit": way("submit_review", "api web"),
    "review.recuse": way("recuse_review", "api web"),
    "bid.give_feedback": way("give_feedback", "api web"),
    "showing.offer": way("offer_showing", "web"),
    "showing.sign": way("sign_showing", "web"),
    "showing.decline": way("decline_showing", "web"),
    "showing.withdraw": way("withdraw_showing", "api web"),
    "showing.tell_outcome": way("tell_outcome", "api web"),
    "showing.answer_outcome": way("answer_outcome", "api web"),
    "challenge.follow": way("follow_challenge", "api web"),
    "challenge.unfollow": way("unfollow_challenge", "api web"),
    "paymentorder.confirm": way("confirm_receipt", "api web"),
    "team.form": way("form_team", "api web"),
    "team.change": way("change_team", "api web"),
    "team.ask": way("ask_partner", "api web"),
    "team.take_out": way("take_out", "api web"),
    "teammember.answer": way("answer_partner", "api web"),
    "bid.hand_in": way("hand_in_bid", "api web cli"),
    "bid.withdraw": way("withdraw_bid", "api web"),
    "challenge.set_evaluation": way("set_evaluation", "web"),
    "challenge.drop_evaluation": way("drop_evaluation", "web"),
    "challenge.try": way("submit_try", "api web"),
    "agreement.draft": way("draft_agreement", "api web cli"),
    "agreement.propose": way("propose_terms", "api web cli"),
    "agreement.send": way("send_agreement", "api web cli"),
    "agreement.abandon": way("abandon_agreement", "api web"),
    "agreement.sign": way("sign_agreement", "web cli"),
    "agreement.accept_work": way("accept_work", "api web"),
    "agreement.refuse_work": way("refuse_work", "api web"),
    "agreement.tell_movement": way("tell_movement", "api web cli"),
    "agreement.confirm_movement": way("confirm_movement", "api web cli"),
    "agreement.dispute_movement": way("dispute_movement", "api web"),
    "agreement.tell_use": way("tell_use", "api web"),
    "agreement.report_royalty": way("report_royalty", "api web"),
    "agreement.claim_due": way("claim_due"),
    "agreement.demand": way("demand_payment", "api web"),
    "agreement.give_time": way("give_more_time", "api web"),
    "agreement.end_for_default": way("end_for_default", "api web"),
    "agreement.buy_out": way("buy_out", "api web"),
    "agreement.propose_end": way("propose_end", "api web"),
    "agreement.answer_end": way("answer_end", "api web"),
    "comment.add": way("add_comment", "api web"),
    "comment.reply": way("reply_to_comment", "api web"),
    "comment.resolve": way("resolve_comment", "api web"),
    "comment.reopen": way("reopen_comment", "api web"),
    "dispute.raise": way("raise_dispute", "api web"),
    "dispute.answer": way("answer_dispute", "api web"),
    "dispute.note_late": way("note_lateness"),
    "dispute.say": way("say_in_dispute", "api web"),
    "dispute.withdraw": way("withdraw_dispute", "api web"),
    "dispute.fail": way("end_unsettled", "api web"),
    "mediator.propose": way("propose_mediator", "api web"),
    "mediator.answer": way("answer_mediator", "api web"),
    "mediator.leave": way("end_mediation", "api web"),
    "settlement.propose": way("propose_settlement", "api web"),
    "settlement.accept": way("accept_settlement", "web"),
    "settlement.decline": way("decline_settlement", "api web"),
    "agreement.consent_to_text": way("consent_to_text", "web"),
    "certificate.note_sent": way("note_sent"),
    "certificate.receive": way("receive_certificate", "web"),
    "diligence.note": way("note_diligence", "web"),
    "registration.fill_in": way("fill_in_registration", "api web cli"),
    "registration.hand_in": way("hand_in_registration", "api web cli"),
    "registration.record": way("record_registration", "api web cli"),
    "registration.refuse": way("refuse_registration", "api web"),
    "registration.change": way("change_registration", "api web"),
    "registration.cancel": way("cancel_registration", "api web"),
    "agreement.name_price": way("name_price", "api web"),
    "price.propose": way("propose_price", "api web cli"),
    "price.notice": way("notice_price", "api web cli"),
    "price.offer": way("offer_price", "api web"),
    "price.settle": way("settle_price", "api web"),
    "price.withdraw": way("withdraw_price", "api web"),
    "price.object": way("object_to_price", "web"),
    "price.answer_objection": way("answer_price_objection", "api web"),
    "valuation.make": way("make_valuation", "api web cli"),
    "distribution.propose": way("propose_distribution", "api web cli"),
    "distribution.notice": way("begin_notice", "api web cli"),
    "distribution.settle": way("settle_distribution", "api web"),
    "distribution.withdraw": way("withdraw_distribution", "api web"),
    "distribution.object": way("object_to_shares", "api web"),
    "distribution.answer_objection": way("answer_share_objection", "api web"),
    "distribution.pay_out": way("pay_out", "api web"),
    "grant.apply": way("apply_for_rights", "api web cli"),
    "grant.withdraw": way("withdraw_grant", "api web"),
    "grant.decide": way("decide_grant", "api web cli"),
    "grant.notice": way("begin_grant_notice", "api web cli"),
    "grant.object": way("object_to_grant", "api web"),
    "grant.answer_objection": way("answer_grant_objection", "api web"),
    "grant.draw_up": way("draw_up_deed", "api web"),
    "grant.sign": way("sign_deed", "web"),
    "grant.note_title": way("note_change_of_title", "api web"),
    "grant.end": way("end_grant", "api web"),
    "asset.enter": way("enter_asset", "api web cli"),
    "asset.value": way("value_asset", "api web"),
    "asset.write_off": way("write_off_asset", "api web"),
    "drafting.ask": way("ask_for_draft", "api web cli"),
    "drafting.keep": way("keep_suggestions"),
    "suggestion.decide": way("decide_suggestion", "api web"),
    "checkup.open": way("open_checkup", "api web cli"),
    "checkup.answer": way("answer_checkup", "api web cli"),
    "checkup.bring": way("bring_to_clinic", "api web cli"),
    "survey.open": way("open_survey", "api web cli"),
    "survey.enter_partners": way("enter_partners", "api web cli"),
    "survey.drop_partner": way("drop_partner", "api web"),
    "survey.invite": way("invite_partners", "api web cli"),
    "survey.remind": way("remind_partners", "api web cli"),
    "survey.close": way("close_survey", "api web cli"),
    "partner.tell_need": way("tell_need", "web cli"),
    "partner.say_no_need": way("say_no_need", "web cli"),
    "partner.decline": way("decline_survey", "web cli"),
    "partner.take_over": way("take_over", "web"),
    "case.open": way("open_case carry_need", "api web cli"),
    "case.choose_result": way("choose_result", "api web"),
    "case.plan": way("plan_case", "api web cli"),
    "case.name_owner": way("name_owner", "api web"),
    "case.confirm": way("confirm_agreement", "api web"),
    "case.advance": way("advance_case", "api web cli"),
    "case.introduce": way("introduce_sides", "api web cli"),
    "introduction.answer": way("answer_introduction", "web"),
    "contact.log": way("log_contact", "api web cli"),
    "task.add": way("add_task", "api web cli"),
    "task.finish": way("finish_task", "api web"),
    "task.postpone": way("postpone_task", "api web"),
    "case.offer": way("offer_case", "api web cli"),
    "handover.accept": way("accept_case", "api web"),
    "handover.decline": way("decline_case", "api web"),
    "handover.take_back": way("take_back_offer", "api web"),
    "fee.propose": way("propose_fee", "api web"),
    "fee.accept": way("accept_fee", "web"),
    "fee.decline": way("decline_fee", "web"),
    "case.object": way("object_to_stop", "api web"),
    "case.answer_objection": way("answer_stop_objection", "api web"),
    "calendar.open": way("open_calendar", "web"),
    "calendar.close": way("close_calendar", "web"),
    "process.keep_time": way("fire_timer"),
    "process.migrate": way("migrate_process", "cli"),
    "token.issue": way("issue_token", "web"),
    "token.revoke": way("revoke_token", "web"),
    "person.register": way("register_person", "cli"),
    "person.appoint_operator": way("appoint_operator", "cli"),
}


def own_operations() -> set[str]:
    """The operations of the product; tests of the kernel declare some of their own."""
    apps = importlib.import_module("ronglian.apps")
    for module in pkgutil.walk_packages(apps.__path__, "ronglian.apps."):
        if ".operations." in module.name:
            importlib.import_module(module.name)
    importlib.import_module("ronglian.kernel.process.operations")
    return {name for name, spec in OPERATIONS.items() if spec.function.__module__.startswith("ronglian.")}


def sources(door: str) -> str:
    """The code of a door. The demo region is loaded by the command line."""
    folders = [PACKAGE / door] + ([PACKAGE / "demo"] if door == "cli" else [])
    return "\n".join(path.read_text(encoding="utf-8") for folder in folders for path in folder.rglob("*.py"))


def imported(name: str, text: str) -> bool:
    """Whether the code imports the function from the operations of an app, or of the kernel."""
    pattern = rf"from ronglian\.(?:apps\.\w+|kernel\.process)\.operations[\w.]* import (\([^)]*\b{name}\b[^)]*\)|[^\n(]*\b{name}\b)"
    return re.search(pattern, text) is not None


def test_every_operation_stands_in_the_table() -> None:
    assert own_operations() == set(TABLE)


@pytest.mark.parametrize("door", DOORS)
def test_the_table_tells_the_doors_as_they_are(door: str) -> None:
    text = sources(door)
    found = {
        name for name, each in TABLE.items() if any(imported(function, text) for function in each.functions)
    }
    assert found == {name for name, each in TABLE.items() if door in each.doors}


def test_whatever_has_more_than_one_door_is_compared() -> None:
    from tests.parity.test_same_effect import COMPARED  # noqa: PLC0415 - that module reads this table

    assert set(COMPARED) == {name for name, each in TABLE.items() if len(each.doors) > 1}
