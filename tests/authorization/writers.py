"""Which endpoints are written by whom, where it is not our own owners and editors alone."""

from __future__ import annotations

from tests.authorization.dimensions import ABSENT

# By these the other side of a pair decides, too: on a match, and on two records that may be one.
OF_BOTH_SIDES = frozenset(
    {"match", "decide_match", "work:merge", "work:keep-apart", "work:revoke"}
    # Both parties of a contract negotiate, sign and tell what was paid; a new draft is of whoever begins it.
    | {f"work:contract-{name}" for name in ("terms", "send", "abandon", "sign", "move", "use", "end")}
    | {
        "propose_contract_terms",
        "send_contract",
        "abandon_contract",
        "tell_contract_movement",
        "tell_contract_use",
    }
    | {"propose_contract_end", "work:contract-comment", "comment_on_contract"}
    | {"work:contract-text-consent", "work:contract-comment-reply", "answer_contract_comment"}
    # Both raise disputes and answer them; of a mediator both have to approve.
    | {f"work:dispute-{name}" for name in ("answer", "withdraw", "fail", "mediator", "accept", "decline")}
    | {
        "work:contract-disputes",
        "raise_contract_dispute",
        "answer_contract_dispute",
        "withdraw_contract_dispute",
        "end_contract_dispute",
        "propose_contract_mediator",
        "decline_contract_settlement",
    }
)
# The log of a dispute is of both sides and of who mediates: the reading organisation, or the manager of theirs.
OF_WHO_IS_IN_IT = frozenset(
    {"work:dispute-say", "add_contract_dispute_statement", "work:dispute-leave", "leave_contract_mediation"}
)
OF_THE_MEDIATOR = frozenset(
    {
        "work:dispute-settlement",
        "propose_contract_settlement",
    }
)
MEDIATORS = {"mediated by reading": "agreement_reader", "mediated by a manager": "their_editor", ABSENT: ""}
# What party B received is its own to share; in the world that is theirs.
OF_THE_PROVIDER = frozenset(
    {
        "work:contract-income",
        "work:contract-price",
        "name_contract_price",
        "work:income-notice",
        "work:income-settle",
        "work:income-withdraw",
        "work:contract-demand",
        "work:income-pay",
        "work:income-objection",
        "work:contract-time",
        "work:contract-default",
        "work:contract-registration",
        "work:contract-diligence",
        "work:registration-hand-in",
        "work:registration-record",
        "work:registration-refuse",
        "work:registration-change",
        "work:registration-cancel",
        "work:contract-comment-resolve",
        "work:contract-comment-reopen",
        "resolve_contract_comment",
        "reopen_contract_comment",
        "demand_contract_payment",
        "give_contract_time",
        "end_contract_for_default",
        "propose_contract_plan",
        "notice_contract_plan",
        "settle_contract_plan",
        "withdraw_contract_plan",
        "pay_contract_plan",
        "answer_contract_plan_objection",
        "fill_in_contract_registration",
        "hand_in_contract_registration",
        "record_contract_registration",
        "refuse_contract_registration",
        "change_contract_registration",
        "cancel_contract_registration",
    }
)
# A bid is the other side's, as it is in the world.
OF_THE_BIDDER = frozenset(
    {
        "hand_in_bid",
        "withdraw_bid",
        "work:challenge-bid",
        "work:bid-withdraw",
        "work:challenge-ask",
        "work:challenge-object",
        "ask_challenge_question",
        "object_to_award",
        "work:challenge-team",
        "work:team",
        "work:team-ask",
        "work:team-answer",
        "work:team-drop",
        "work:payment-received",
        "confirm_payment_receipt",
        "form_team",
        "change_team",
        "ask_partner",
        "answer_partner",
        "drop_partner_of_team",
        "work:challenge-try",
        "submit_try",
    }
)
# A review is the named reviewer's own; the bureau answers objections.
OF_THE_REVIEWER = frozenset({"work:review", "work:review-aside", "submit_review", "recuse_review"})
OF_THE_BUREAU = frozenset({"work:award-objection-answer"})
# Reviewers decide who outside reads what is confidential.
OF_REVIEWERS = frozenset({"work:grant", "work:decline", "work:revoke"})
# The other side asks for details, and signs.
OF_THE_OTHER_SIDE = frozenset({"work:sign"})
# Theirs ask for services of ours, and say what came of it; a manager of theirs offers one, too.
OF_WHO_ASKS = frozenset(
    {"work:service-ask", "work:service-request-back", "work:service-request-confirm",
     "ask_for_service", "take_back_service_request", "confirm_service_request"}
)  # fmt: skip
OF_A_MANAGER = "of a manager"
# Whatever is one's own: everybody who is signed in may have it.
OF_ONESELF = frozenset(
    {"work:new-organisation", "create_organisation", "work:keep-draft", "work:tokens", "work:drop-draft", "work:revoke-token",
     "work:conflicts", "work:end-conflict", "work:account", "work:clinic", "work:manager",
     "create_manager", "work:save-search", "work:change-search", "work:drop-search", "save_search", "change_search", "drop_search",
     "work:digest", "choose_digest", "end-letters", "work:surveys", "work:checkups", "work:challenge-new", "work:challenges-follow",
     "work:challenge-follow", "follow_challenges", "follow_challenge", "unfollow_challenges", "unfollow_challenge"}
)  # fmt: skip
OF_OPERATORS = frozenset(
    {"training-propose", "training-activate", "training-revert", "work:office", "work:suspend", "work:restore"}
)  # fmt: skip
# Of those who bring firms together.
OF_KEEPERS = frozenset({"work:pool-invite", "work:pool-close", "work:attend"})
# Whose entry in the register of technology managers it is, and what operators and the bureau besides do with it.
MANAGERS = {
    "registered": "their_editor",
    "proposed": "their_editor",
    "waiting": "our_editor",
    "of who waits": "our_editor",
    "": "their_editor our_editor",
}
OF_MANAGERS = frozenset(
    {
        "work:manager-pause",
        "work:manager-leave",
        "work:certificate",
        "work:certificate-drop",
        "edit_manager",
        "pause_manager",
        "decline_assignment",
    }
)
BY_THE_REGISTER = frozenset(
    {"work:register-confirm", "work:register-end", "work:certificate-verify", "work:assignments-propose",
     "work:assignments-confirm", "work:assignment-decline"}
)  # fmt: skip
# Whoever vouches for what others registered.
OF_CHECKERS = frozenset({"work:verify"})
# By technology managers alone; by whoever checks needs; and open to everybody who acts for an organisation.
BY_TECHNOLOGY_MANAGERS = frozenset({"work:triage"})
BY_WHO_CHECKS_NEEDS = frozenset({"work:check"})
BY_ANY_MEMBER = frozenset({"work:dispute", "object_to_check", "work:right-new", "apply_for_grant"})
# Rights in a result are the inventors' to give up; an inventor signs, and so does who decides for the institution.
INVENTORS = frozenset({"our_viewer", "their_viewer"})
OF_THE_INVENTORS = frozenset({"work:right-withdraw", "withdraw_grant"})
BY_INVENTORS_TOO = frozenset({"work:right-sign"})
# What belongs to a case: what its technology manager does, and what its sides do.
BY_THE_CARRIER = frozenset(
    {"work:case-open", "work:case-plan", "work:case-advance", "work:case-partner", "work:case-introduce", "work:case-contact",
     "work:case-task", "work:case-offer", "work:case-terms", "work:task-finish", "work:task-postpone", "work:offer-take-back",
     "work:objection-answer", "work:case-calendar",
     "open_case", "plan_case", "advance_case", "choose_case_partner", "introduce_case", "log_case_contact", "add_case_task",
     "offer_case", "propose_case_terms", "finish_task", "postpone_task", "take_back_hand_over", "answer_case_objection"}
)  # fmt: skip
# By the technology manager of a clinic hour alone, and by both sides of a booking.
# Bids shown to investors: by the team, which is theirs, and by the investor, which is the reading organisation.
OF_THE_TEAM = frozenset(
    {
        "work:showing-new",
        "work:showing-withdraw",
        "work:showing-answer",
        "withdraw_showing",
        "answer_showing_outcome",
    }
)
OF_THE_INVESTOR = frozenset(
    {"work:showing-sign", "work:showing-decline", "work:showing-outcome", "tell_showing_outcome"}
)
BY_THE_RECEIVER = frozenset({"work:hours", "work:withdraw-slot", "work:booking-minutes"})
BY_BOTH_SIDES_OF_AN_HOUR = frozenset({"work:booking-move", "work:booking-cancel"})
# Whoever acts for an organisation computes what a result of somebody else may be worth.
FOR_ANY_ORGANISATION = frozenset({"work:price-support-new"})
# By whoever holds the link of an invitation; and by any person who comes by it.
BY_THE_LINK = frozenset({"survey"})
BY_ANY_PERSON = frozenset({"survey-take-over", "work:price-object", "work:right-object", "object_to_grant"})
# By the lead enterprise, and by operators who end what molests people.
ENDED_BY_OPERATORS = frozenset({"work:survey-close"})
# Lists of what is one's own.
OWN_LISTS = frozenset({"work"})
