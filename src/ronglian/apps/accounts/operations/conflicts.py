"""Declaring what ties one to an organisation, and saying that it has ended."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.enums import ConflictKind
from ronglian.apps.accounts.models import ConflictDeclaration, Organisation, Person
from ronglian.kernel.actor import Actor, ActorKind
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.permission import ALLOWED, Verdict, refused
from ronglian.kernel.validation import clean_record


def may_declare(actor: Actor, _target: None) -> Verdict:
    if actor.kind == ActorKind.PERSON:
        return ALLOWED
    return refused(_("A person declares this, at the site."), _("Sign in first."))


def may_end_declaration(actor: Actor, declaration: ConflictDeclaration) -> Verdict:
    if actor.kind == ActorKind.PERSON and actor.person_id == declaration.person.public_id:
        return ALLOWED
    return refused(_("Only the person who declared this may end it."))


@operation("conflict.declare", allowed=may_declare)
def declare_conflict(
    *,
    actor: Actor,
    organisation: Organisation,
    kind: ConflictKind,
    note: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> ConflictDeclaration:
    """Say what ties one to an organisation, from `starts_on` (today without one) to `ends_on` (open without one)."""
    starts_on = starts_on or timezone.localdate()
    if ends_on is not None and ends_on < starts_on:
        raise InvalidInput.of({"ends_on": [_("The last day lies before the first.")]})
    declaration = ConflictDeclaration(
        person=Person.objects.get(public_id=actor.person),
        organisation=organisation,
        kind=kind,
        note=note,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    clean_record(declaration)
    declaration.save(force_insert=True)
    record_event(actor, "conflict.declared", declaration, {"kind": str(kind)})
    return declaration


@operation("conflict.end", target="declaration", allowed=may_end_declaration)
def end_conflict(*, actor: Actor, declaration: ConflictDeclaration) -> ConflictDeclaration:
    """Say that it holds no longer than today. The declaration stays: what was decided before is judged by it."""
    today = timezone.localdate()
    if not declaration.holds(today):
        raise RuleViolation(_("This declaration does not hold today; there is nothing to end."))
    declaration.ends_on = today
    declaration.version += 1
    declaration.save(update_fields=["ends_on", "version", "updated_at"])
    record_event(actor, "conflict.ended", declaration)
    return declaration
