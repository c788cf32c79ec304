"""Technology contracts through the site and by a program: the same step on two contracts that are alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from ronglian.apps.agreements.enums import Side
from ronglian.apps.agreements.models import (
    Agreement,
    AgreementVersion,
    ClauseComment,
    CommentReply,
    Demand,
    Distribution,
    EndProposal,
    MoneyMovement,
    Registration,
    ShareObjection,
)
from ronglian.apps.agreements.operations.signing import sign_agreement
from ronglian.apps.agreements.queries.agreements import latest_version
from ronglian.kernel.models import Event
from tests.factories import make_organisation, make_person_of
from tests.factories.agreement_states import (
    after_use,
    commented,
    demanded,
    draft,
    effective,
    end_proposed,
    filled,
    handed_in,
    late,
    notice_over,
    noticed,
    objected,
    paid,
    past_demand,
    planned,
    settled,
    stated,
    to_accept,
    told_by,
)
from tests.factories.agreements import PARTICULARS, Parties, make_agreement, make_signed
from tests.parity.doors import APART, Doors, latest

NO_ROWS = {
    f"{name}-{key}": "0"
    for name in ("rights", "items", "payments")
    for key in ("TOTAL_FORMS", "INITIAL_FORMS")
}
# Of two contracts that are alike these differ: they say which contract, and what was signed.
OF_ONE = APART | {"digest", "text", "proposed_by_label", "told_by_label", "demanded_by", "reported_by", "answered_by",
                  "objected_by", "number", "client", "provider", "key", "drafted_by_label", "made_by", "title", "written_by",
                  "resolved_by", "resolved_at"}  # fmt: skip
Today = timezone.localdate


@dataclass(frozen=True, slots=True)
class Step:
    """A step on a contract: what the form sends to the page, and what a program sends to the same step."""

    page: str
    form: Mapping[str, Any]
    path: str
    body: Mapping[str, Any] | None
    make: Callable[[Parties], Agreement]
    model: type[models.Model]
    side: Side = Side.PROVIDER


def told(row: Any) -> tuple[dict[str, Any], list[tuple[str, Any]]]:
    """What a row says, without what it points at, and its events."""
    values = {
        field.name: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in OF_ONE and not field.is_relation
    }
    events = Event.objects.filter(subject_id=row.public_id).order_by("id")
    return values, [(event.name, sorted(event.data)) for event in events]


def parties_of(doors: Doors, side: Side) -> Parties:
    """The person at the doors acts for one side."""
    other = make_organisation("他方单位", region="420100")
    ours, theirs = make_person_of(doors.organisation), make_person_of(other)
    if side == Side.CLIENT:
        return Parties(doors.organisation, other, ours, theirs)
    return Parties(other, doors.organisation, theirs, ours)


def compare(step: Step) -> Callable[[Doors], None]:
    def same(doors: Doors) -> None:
        doors.organisation.region = "320500"
        found = []
        for is_site in (True, False):
            agreement = step.make(parties_of(doors, step.side))
            thing = _thing_of(agreement)
            place = {"id": agreement.public_id, "thing": thing}
            if is_site:
                doors.post("/work/contracts/" + step.page.format(**place), dict(step.form))
            else:
                answer = doors.api.post("/contracts/" + step.path.format(**place), step.body)
                assert answer.status_code in (200, 201), answer.content.decode()
            found.append((told(latest(step.model)), told(Agreement.objects.get(pk=agreement.pk))))
        assert found[0] == found[1]
        assert found[0][0][1], "the step wrote an event"

    return same


def _thing_of(agreement: Agreement) -> Any:
    """The id of what the step is about: a movement, a proposal, an objection or a registration of the contract."""
    for model, by in (
        (ShareObjection, "distribution__agreement"),
        (Registration, "agreement"),
        (EndProposal, "agreement"),
        (ClauseComment, "agreement_version__agreement"),
    ):
        row = model._default_manager.filter(**{by: agreement}).first()
        if row is not None:
            return row.public_id
    movement = MoneyMovement.objects.filter(agreement=agreement, state="told").first()
    return movement.public_id if movement else ""


# ── the steps ────────────────────────────────────────────────────────────────────────────────────────────────────

DAY = Today().isoformat()
LATER = (Today() + timedelta(days=30)).isoformat()
PLAN_FORM = {
    "reward_fen": "61000元", "state_set": "on", "own_net_income": "10万元", "shares-TOTAL_FORMS": "1",
    "shares-INITIAL_FORMS": "0", "shares-0-name": "甲教授", "shares-0-role": "contributor", "shares-0-weight": "1",
}  # fmt: skip
PLAN_BODY = {
    "reward_fen": 6_100_000, "state_set": True, "costs": {"own_net_income": 10_000_000},
    "shares": [{"name": "甲教授", "role": "contributor", "weight": 1}],
}  # fmt: skip
PAY_FORM = {"paid_on": DAY, "income_on": DAY, "withheld_0": "100元"}
PAY_BODY = {
    "paid_on": DAY,
    "income_on": DAY,
    "withheld_fen": [10_000],
    "non_profit": False,
    "is_certified": False,
}
AMOUNTS = {"turnover_fen": "1元", "technology_fen": "0.9元"}
FEN = {"turnover_fen": 100, "technology_fen": 90}
TYPED = {**{name: value for name, value in PARTICULARS.items() if name not in ("said", "technology_fen")},
         "technology_fen": "9万元", "said_mastered": "1", "said_complete": "1", "said_not_public": "1"}  # fmt: skip
REASON = {"reason": "有理由"}
STEP = "registration/{thing}/"

STEPS: dict[str, Step] = {
    "agreement.propose": Step(
        "{id}/terms/", {"subject": "别的", "number": "1", "note": "改了", **NO_ROWS},
        "{id}/versions", {"terms": {"subject": "别的", "licence": None}, "replaces": 1, "note": "改了"},
        draft, AgreementVersion,
    ),
    "agreement.send": Step("{id}/send/", {}, "{id}/send", None, draft, Agreement),
    "agreement.abandon": Step("{id}/abandon/", REASON, "{id}/abandon", REASON, draft, Agreement),
    "agreement.accept_work": Step("{id}/payments/1/accept/", {"evidence": "报告"}, "{id}/payments/1/accept",
                                  {"evidence": "报告"}, to_accept, Agreement, Side.CLIENT),
    "agreement.refuse_work": Step("{id}/payments/1/refuse/", REASON, "{id}/payments/1/refuse", REASON, to_accept,
                                  Agreement, Side.CLIENT),
    "agreement.tell_movement": Step(
        "{id}/movements/", {"kind": "pay", "amount_fen": "1元", "day": DAY, "reference": "RL"},
        "{id}/movements", {"kind": "pay", "amount_fen": 100, "day": DAY, "reference": "RL"}, make_signed, MoneyMovement,
    ),
    "agreement.confirm_movement": Step("{id}/movements/{thing}/confirm/", {}, "{id}/movements/{thing}/confirm", None,
                                       told_by, MoneyMovement),
    "agreement.dispute_movement": Step("{id}/movements/{thing}/dispute/", REASON, "{id}/movements/{thing}/dispute",
                                       REASON, told_by, MoneyMovement),
    "agreement.tell_use": Step("{id}/use/", {"happened_on": DAY, "evidence": "首张发票"}, "{id}/use",
                               {"happened_on": DAY, "evidence": "首张发票"}, after_use, Agreement),
    "agreement.report_royalty": Step(
        "{id}/reports/", {"first_day": "2026-01-01", "last_day": "2026-06-30", "base_fen": "100元"},
        "{id}/royalty-reports", {"first_day": "2026-01-01", "last_day": "2026-06-30", "base_fen": 10_000},
        after_use, Agreement, Side.CLIENT,
    ),
    "agreement.demand": Step("{id}/demand/", {"cure_by": LATER, **REASON}, "{id}/demand", {"cure_by": LATER, **REASON},
                             late, Demand),
    "agreement.give_time": Step("{id}/demand/time/", {"cure_by": LATER}, "{id}/demand/time", {"cure_by": LATER},
                                demanded, Demand),
    "agreement.end_for_default": Step("{id}/demand/end/", REASON, "{id}/demand/end", REASON, past_demand, Demand),
    "agreement.buy_out": Step("{id}/buy-out/", {"price_fen": "8000000"}, "{id}/buy-out", {"price_fen": 8_000_000},
                              after_use, Agreement, Side.CLIENT),
    "agreement.propose_end": Step("{id}/end/", {"kind": "early", **REASON}, "{id}/end-proposals",
                                  {"kind": "early", **REASON}, to_accept, EndProposal),
    "agreement.answer_end": Step("{id}/end/{thing}/decline/", REASON, "{id}/end-proposals/{thing}/answer",
                                 {"agrees": False, **REASON}, end_proposed, EndProposal),
    "comment.add": Step("{id}/versions/1/comments/", {"clause": "subject", "text": "太大"}, "{id}/versions/1/comments",
                        {"clause": "subject", "text": "太大"}, make_agreement, ClauseComment),
    "comment.reply": Step("{id}/comments/{thing}/reply/", {"text": "可以"}, "{id}/comments/{thing}/replies",
                          {"text": "可以"}, commented, CommentReply),
    "comment.resolve": Step("{id}/comments/{thing}/resolve/", {}, "{id}/comments/{thing}/resolve", None, commented,
                            ClauseComment),
    "comment.reopen": Step("{id}/comments/{thing}/reopen/", {}, "{id}/comments/{thing}/reopen", None, settled,
                           ClauseComment),
    "distribution.propose": Step("{id}/income/", PLAN_FORM, "{id}/income", PLAN_BODY, paid, Distribution),
    "distribution.notice": Step("{id}/income/1/notice/", {"days": "15"}, "{id}/income/1/notice", {"days": 15}, planned,
                                Distribution),
    "distribution.settle": Step("{id}/income/1/settle/", {}, "{id}/income/1/settle", None, notice_over, Distribution),
    "distribution.withdraw": Step("{id}/income/1/withdraw/", REASON, "{id}/income/1/withdraw", REASON, planned,
                                  Distribution),
    "distribution.object": Step("{id}/income/1/object/", {"text": "漏了"}, "{id}/income/1/objections", {"text": "漏了"},
                                noticed, ShareObjection),
    "distribution.answer_objection": Step(
        "{id}/objections/{thing}/", {"answer": "未参与", "upholds": "0"}, "{id}/share-objections/{thing}/answer",
        {"answer": "未参与", "upholds": False}, objected, ShareObjection,
    ),
    "distribution.pay_out": Step("{id}/income/1/pay/", PAY_FORM, "{id}/income/1/pay", PAY_BODY, effective, Distribution),
    "registration.fill_in": Step("{id}/registration/", TYPED, "{id}/registration", PARTICULARS, to_accept, Registration),
    "registration.hand_in": Step("{id}/" + STEP + "hand-in/", {"body": "示例登记处", "day": DAY},
                                 "{id}/" + STEP + "hand-in", {"body": "示例登记处", "day": DAY}, filled, Registration),
    "registration.refuse": Step("{id}/" + STEP + "refuse/", {"day": DAY, **REASON}, "{id}/" + STEP + "refuse",
                                {"day": DAY, **REASON}, handed_in, Registration),
    "registration.change": Step("{id}/" + STEP + "change/", {"day": DAY, **REASON, **AMOUNTS}, "{id}/" + STEP + "change",
                                {"day": DAY, **REASON, **FEN}, stated, Registration),
    "registration.cancel": Step("{id}/" + STEP + "cancel/", {"day": DAY, **REASON}, "{id}/" + STEP + "cancel",
                                {"day": DAY, **REASON}, stated, Registration),
}  # fmt: skip


def same_drafted(doors: Doors) -> None:
    other = make_organisation("甲方电镀厂")
    form = {
        "kind": "licence", "title": "新合同", "side": "provider", "own": str(doors.organisation.public_id),
        "other": f"/organisations/{other.public_id}/", "subject": "除铬", **NO_ROWS,
    }  # fmt: skip
    doors.post("/work/contracts/new/", form)
    body = {
        "kind": "licence", "title": "新合同", "client": str(other.public_id), "terms": {"subject": "除铬"},
        "provider": str(doors.organisation.public_id), "drafted_by": "provider",
    }  # fmt: skip
    assert doors.api.post("/contracts", body).status_code == 201
    first, second = Agreement.objects.order_by("id")
    assert told(first) == told(second)
    assert first.versions.get().terms == second.versions.get().terms


def same_recorded(doors: Doors) -> None:
    """The certificate; its number stands once, so that the two differ there."""
    found = []
    for number, is_site in (("2026320500000001", True), ("2026320500000002", False)):
        agreement = handed_in(parties_of(doors, Side.PROVIDER))
        place = f"{agreement.public_id}/registration/{_thing_of(agreement)}/record"
        if is_site:
            doors.post(f"/work/contracts/{place}/", {"number": number, "day": DAY, **AMOUNTS})
        else:
            body = {"number": number, "day": DAY, **FEN}
            assert doors.api.post(f"/contracts/{place}", body).status_code == 200
        found.append(told(latest(Registration)))
    assert found[0] == found[1]


def same_signed(doors: Doors) -> None:
    """At the site, and as the demo region signs: the operation with a person. A program is refused."""
    found = []
    for is_site in (True, False):
        parties = parties_of(doors, Side.PROVIDER)
        agreement = make_agreement(parties)
        digest = latest_version(agreement).digest
        if is_site:
            doors.post(f"/work/contracts/{agreement.public_id}/sign/", {"digest": digest})
        else:
            sign_agreement(actor=parties.seller, agreement=agreement, digest=digest)
        found.append(told(Agreement.objects.get(pk=agreement.pk)))
    assert found[0] == found[1]
    assert found[0][1]


COMPARED: dict[str, Callable[[Doors], None]] = {
    **{name: compare(step) for name, step in STEPS.items()},
    "agreement.draft": same_drafted,
    "agreement.sign": same_signed,
    "registration.record": same_recorded,
}
