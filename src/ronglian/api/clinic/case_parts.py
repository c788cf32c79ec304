"""What belongs to a case, for programs: contacts, tasks, hand-over, terms for the fee, objections to a stop."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from ninja import Router
from ninja.responses import Status
from pydantic import Field

from ronglian.api.authentication import ApiRequest, signed_in
from ronglian.api.calling import repeatable
from ronglian.api.clinic.case_parts_shown import (
    ContactShown,
    ContactsShown,
    HandOverShown,
    ObjectionShown,
    ObjectionsShown,
    TaskShown,
    TasksShown,
    TermsList,
    TermsShown,
    show_contact,
    show_hand_over,
    show_objection,
    show_task,
    show_terms,
)
from ronglian.api.fields import Day, Id, Lax, Line, Moment, Reason, ShortText, Strict
from ronglian.apps.clinic.case_enums import (
    ContactChannel,
    ContactWith,
    FeeBase,
    FeePayer,
    NoteReader,
)
from ronglian.apps.clinic.models.introduction import LARGEST_RATE
from ronglian.apps.clinic.operations.contacts import add_task, finish_task, log_contact, postpone_task
from ronglian.apps.clinic.operations.fee_terms import propose_fee
from ronglian.apps.clinic.operations.hand_overs import accept_case, decline_case, offer_case, take_back_offer
from ronglian.apps.clinic.operations.stop_objections import answer_stop_objection, object_to_stop
from ronglian.apps.clinic.queries.cases import (
    access_case,
    access_hand_over,
    access_objection,
    access_task,
    list_contacts,
    list_fee_terms,
    list_objections,
    list_tasks,
)
from ronglian.apps.clinic.queries.technology_managers import access_manager

cases = Router(tags=["cases"], auth=signed_in)
tasks = Router(tags=["cases"], auth=signed_in)
hand_overs = Router(tags=["cases"], auth=signed_in)
objections = Router(tags=["cases"], auth=signed_in)


class ContactFields(Strict):
    """联系记录: sealed, and read by those you choose."""

    with_whom: Annotated[ContactWith, Lax]
    channel: Annotated[ContactChannel, Lax]
    note: Annotated[ShortText, Field(min_length=1)]
    names: Annotated[Line, Field(max_length=200)] = ""
    happened_at: Moment | None = Field(None, description="Null: now.")
    reader: Annotated[NoteReader, Lax] = NoteReader.CARRIER


class TaskFields(Strict):
    """个案任务."""

    title: Annotated[Line, Field(min_length=1, max_length=200)]
    due_on: Day


class Postponing(Strict):
    """To which day."""

    due_on: Day


class Offering(Strict):
    """个案移交: to which colleague, and why."""

    taker: Id = Field(description="A registered technology manager.")
    reason: Annotated[ShortText, Field(min_length=1, max_length=1_000)]
    passes_notes: bool = False


class Answering(Strict):
    """In a sentence."""

    answer: Reason


class StopAnswer(Answering):
    """The answer to an objection, and whether the case is taken up again."""

    reopen: bool


class Objecting(Strict):
    """Why the case should go on."""

    note: Reason


class FeeFields(Strict):
    """服务费约定: terms put before both sides, who accept or decline them at the site."""

    base: Annotated[FeeBase, Lax]
    rate: int = Field(ge=1, le=LARGEST_RATE, description="In hundredths of a per cent: 500 is 5 %.")
    payer: Annotated[FeePayer, Lax]
    cap_fen: Annotated[int, Field(ge=1, le=10**15)] | None = None
    protected_until: Day | None = Field(None, description="Null: as long as the introduction.")


@cases.get(
    "/{uuid:public_id}/contacts",
    response=ContactsShown,
    operation_id="list_case_contacts",
    summary="Who was talked to",
)
def get_contacts(request: ApiRequest, public_id: UUID) -> Any:
    """None for a token that may not read confidential details."""
    case = access_case(request.auth, public_id)
    return ContactsShown(items=[show_contact(one) for one in list_contacts(request.auth, case)])


@cases.post(
    "/{uuid:public_id}/contacts",
    response={201: ContactShown},
    operation_id="log_case_contact",
    summary="Note a contact",
)
@repeatable
def log(request: ApiRequest, public_id: UUID, body: ContactFields) -> Any:
    """What is shared with a side is read by that side alone."""
    case = access_case(request.auth, public_id)
    return Status(201, show_contact(log_contact(actor=request.auth, case=case, **body.model_dump())))


@cases.get(
    "/{uuid:public_id}/tasks",
    response=TasksShown,
    operation_id="list_case_tasks",
    summary="What is to be done",
)
def get_tasks(request: ApiRequest, public_id: UUID) -> Any:
    """By day; for whoever carries the case."""
    case = access_case(request.auth, public_id)
    return TasksShown(items=[show_task(one) for one in list_tasks(request.auth, case)])


@cases.post(
    "/{uuid:public_id}/tasks", response={201: TaskShown}, operation_id="add_case_task", summary="Add a task"
)
@repeatable
def add(request: ApiRequest, public_id: UUID, body: TaskFields) -> Any:
    """A mail reminds of it the day before."""
    case = access_case(request.auth, public_id)
    return Status(
        201, show_task(add_task(actor=request.auth, case=case, title=body.title, due_on=body.due_on))
    )


@tasks.post(
    "/{uuid:public_id}/finish", response=TaskShown, operation_id="finish_task", summary="Say that it is done"
)
@repeatable
def finish(request: ApiRequest, public_id: UUID) -> Any:
    """Once."""
    return show_task(finish_task(actor=request.auth, task=access_task(request.auth, public_id)))


@tasks.post(
    "/{uuid:public_id}/postpone",
    response=TaskShown,
    operation_id="postpone_task",
    summary="Give it another day",
)
@repeatable
def postpone(request: ApiRequest, public_id: UUID, body: Postponing) -> Any:
    """Another mail reminds of that."""
    task = access_task(request.auth, public_id)
    return show_task(postpone_task(actor=request.auth, task=task, due_on=body.due_on))


@cases.post(
    "/{uuid:public_id}/offer",
    response={201: HandOverShown},
    operation_id="offer_case",
    summary="Ask a colleague to take it over",
)
@repeatable
def offer(request: ApiRequest, public_id: UUID, body: Offering) -> Any:
    """Nothing changes hands until the colleague accepts."""
    case = access_case(request.auth, public_id)
    made = offer_case(
        actor=request.auth,
        case=case,
        taker=access_manager(request.auth, body.taker),
        reason=body.reason,
        passes_notes=body.passes_notes,
    )
    return Status(201, show_hand_over(made))


@hand_overs.post(
    "/{uuid:public_id}/accept",
    response=HandOverShown,
    operation_id="accept_hand_over",
    summary="Take the case over",
)
@repeatable
def accept(request: ApiRequest, public_id: UUID) -> Any:
    """With its history. The introduction stays that of whoever made it."""
    hand_over = access_hand_over(request.auth, public_id)
    return show_hand_over(accept_case(actor=request.auth, hand_over=hand_over))


@hand_overs.post(
    "/{uuid:public_id}/decline",
    response=HandOverShown,
    operation_id="decline_hand_over",
    summary="Do not take it",
)
@repeatable
def decline(request: ApiRequest, public_id: UUID, body: Answering) -> Any:
    """The colleague keeps the case."""
    hand_over = access_hand_over(request.auth, public_id)
    return show_hand_over(decline_case(actor=request.auth, hand_over=hand_over, answer=body.answer))


@hand_overs.post(
    "/{uuid:public_id}/take-back",
    response=HandOverShown,
    operation_id="take_back_hand_over",
    summary="Keep the case after all",
)
@repeatable
def take_back(request: ApiRequest, public_id: UUID) -> Any:
    """For whoever offered it."""
    hand_over = access_hand_over(request.auth, public_id)
    return show_hand_over(take_back_offer(actor=request.auth, hand_over=hand_over))


@cases.get(
    "/{uuid:public_id}/objections",
    response=ObjectionsShown,
    operation_id="list_case_objections",
    summary="Objections to the stop",
)
def get_objections(request: ApiRequest, public_id: UUID) -> Any:
    """Each side's own; whoever carries the case reads both."""
    case = access_case(request.auth, public_id)
    return ObjectionsShown(items=[show_objection(one) for one in list_objections(request.auth, case)])


@cases.post(
    "/{uuid:public_id}/object",
    response={201: ObjectionShown},
    operation_id="object_to_case_stop",
    summary="Object to the stop",
)
@repeatable
def object_to(request: ApiRequest, public_id: UUID, body: Objecting) -> Any:
    """For one of the sides; the technology manager has to answer."""
    case = access_case(request.auth, public_id)
    return Status(201, show_objection(object_to_stop(actor=request.auth, case=case, note=body.note)))


@objections.post(
    "/{uuid:public_id}/answer",
    response=ObjectionShown,
    operation_id="answer_case_objection",
    summary="Answer an objection to the stop",
)
@repeatable
def answer(request: ApiRequest, public_id: UUID, body: StopAnswer) -> Any:
    """Take the case up again, or say why it stays stopped."""
    objection = access_objection(request.auth, public_id)
    said = answer_stop_objection(
        actor=request.auth, objection=objection, answer=body.answer, reopen=body.reopen
    )
    return show_objection(said)


@cases.get(
    "/{uuid:public_id}/terms", response=TermsList, operation_id="list_case_terms", summary="Terms for the fee"
)
def get_terms(request: ApiRequest, public_id: UUID) -> Any:
    """All versions, for both sides and the technology manager."""
    case = access_case(request.auth, public_id)
    return TermsList(items=[show_terms(one) for one in list_fee_terms(request.auth, case)])


@cases.post(
    "/{uuid:public_id}/terms",
    response={201: TermsShown},
    operation_id="propose_case_terms",
    summary="Propose terms for the fee",
)
@repeatable
def propose(request: ApiRequest, public_id: UUID, body: FeeFields) -> Any:
    """A version still waiting is replaced."""
    case = access_case(request.auth, public_id)
    return Status(201, show_terms(propose_fee(actor=request.auth, case=case, **body.model_dump())))
