"""Offices of the platform, and suspending accounts: what its operators do about people."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.rules import may_keep_people
from ronglian.kernel.actor import Actor, Office
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_text


@operation("person.give_office", target="person", allowed=may_keep_people)
def give_office(*, actor: Actor, person: Person, office: Office, holds: bool = True) -> Person:
    """Give a person an office of the platform, or end it."""
    if holds == (office in person.offices):
        raise RuleViolation(_("This is so already."))
    set_office(actor, person, office, holds=holds)
    return person


def set_office(actor: Actor, person: Person, office: Office, *, holds: bool) -> None:
    """Write it, inside an operation; whether the actor may is what that operation knows. `person` is locked."""
    offices = set(person.offices)
    person.offices = sorted(offices | {str(office)} if holds else offices - {str(office)})
    person.save(update_fields=["offices"])
    data = {"office": str(office), "holds": holds}
    record_event(actor, "person.office_given" if holds else "person.office_ended", person, data)  # type: ignore[arg-type] # no Record, but has a public id too


@operation("person.suspend", target="person", allowed=may_keep_people)
def suspend_person(*, actor: Actor, person: Person, reason: str) -> Person:
    """Shut a person out: sessions and tokens end with the next request. Nothing of what the person did is undone."""
    reason = clean_text(reason, one_line=True)[:500]
    if not reason:
        raise InvalidInput.of({"reason": [_("Say why the account is suspended.")]})
    if person.public_id == actor.person_id:
        raise RuleViolation(_("You cannot suspend yourself."))
    if not person.is_active:
        raise RuleViolation(_("This account is suspended already."))
    person.is_active, person.suspended_at, person.suspended_for = False, timezone.now(), reason
    person.save(update_fields=["is_active", "suspended_at", "suspended_for"])
    record_event(actor, "person.suspended", person, {"reason": reason})  # type: ignore[arg-type] # as above
    return person


@operation("person.restore", target="person", allowed=may_keep_people)
def restore_person(*, actor: Actor, person: Person) -> Person:
    """End a suspension."""
    if person.suspended_at is None:
        raise RuleViolation(_("This account is not suspended."))
    person.is_active, person.suspended_at, person.suspended_for = True, None, ""
    person.save(update_fields=["is_active", "suspended_at", "suspended_for"])
    record_event(actor, "person.restored", person)  # type: ignore[arg-type] # as above
    return person
