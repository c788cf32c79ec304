"""What is shown of the parts of a case: contacts, tasks, hand-overs, objections, terms for the fee."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from ronglian.api.clinic.presenting import ManagerLink, link_manager
from ronglian.apps.clinic.case_enums import (
    CaseSide,
    ContactChannel,
    ContactWith,
    FeeBase,
    FeePayer,
    FeeTermsState,
    HandOverState,
    NoteReader,
)
from ronglian.apps.clinic.models import CaseTask, Contact, FeeTerms, HandOver, StopObjection


class ContactShown(BaseModel):
    """联系记录."""

    id: UUID
    happened_at: datetime
    with_whom: ContactWith
    channel: ContactChannel
    names: str
    note: str
    reader: NoteReader
    author: ManagerLink


class TaskShown(BaseModel):
    """个案任务."""

    id: UUID
    version: int
    title: str
    due_on: date
    done_at: datetime | None


class HandOverShown(BaseModel):
    """个案移交."""

    id: UUID
    version: int
    state: HandOverState
    giver: ManagerLink
    taker: ManagerLink
    reason: str
    passes_notes: bool
    answer: str


class ObjectionShown(BaseModel):
    """终止异议."""

    id: UUID
    version: int
    side: CaseSide
    note: str
    raised_by: str
    answer: str
    answered_by: str
    answered_at: datetime | None


class TermsShown(BaseModel):
    """服务费约定."""

    id: UUID
    version: int
    number: int
    state: FeeTermsState
    base: FeeBase
    rate: int
    cap_fen: int | None
    payer: FeePayer
    protected_until: date
    digest: str
    declined_because: str
    seeker_accepted_at: datetime | None
    partner_accepted_at: datetime | None


class ContactsShown(BaseModel):
    """Contacts that you may read, the latest first."""

    items: list[ContactShown]


class TasksShown(BaseModel):
    """Tasks, for whoever carries the case."""

    items: list[TaskShown]


class ObjectionsShown(BaseModel):
    """Objections to a stop that you may read."""

    items: list[ObjectionShown]


class TermsList(BaseModel):
    """All versions of the terms, the latest first."""

    items: list[TermsShown]


def show_contact(one: Contact) -> ContactShown:
    names = ("happened_at", "with_whom", "channel", "names", "note", "reader")
    return ContactShown(
        id=one.public_id, author=link_manager(one.author), **{name: getattr(one, name) for name in names}
    )


def show_task(one: CaseTask) -> TaskShown:
    return TaskShown(
        id=one.public_id, version=one.version, title=one.title, due_on=one.due_on, done_at=one.done_at
    )


def show_hand_over(one: HandOver) -> HandOverShown:
    names = ("version", "state", "reason", "passes_notes", "answer")
    return HandOverShown(
        id=one.public_id,
        giver=link_manager(one.giver),
        taker=link_manager(one.taker),
        **{name: getattr(one, name) for name in names},
    )


def show_objection(one: StopObjection) -> ObjectionShown:
    values = {name: getattr(one, name) for name in ObjectionShown.model_fields if name != "id"}
    return ObjectionShown(id=one.public_id, **values)


def show_terms(one: FeeTerms) -> TermsShown:
    values = {name: getattr(one, name) for name in TermsShown.model_fields if name != "id"}
    return TermsShown(id=one.public_id, **values)
