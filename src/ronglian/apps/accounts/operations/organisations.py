"""Registering organisations and saying who acts for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Membership, Organisation, Person
from ronglian.apps.accounts.rules import (
    may_choose_digest,
    may_edit_organisation,
    may_grant_role,
    may_register_organisation,
)
from ronglian.kernel.actor import Actor, Role
from ronglian.kernel.errors import InvalidInput, RuleViolation, StaleVersion
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.provenance import SourceKind
from ronglian.kernel.validation import clean_record


@operation("organisation.register", allowed=may_register_organisation)
def register_organisation(
    *, actor: Actor, fields: Mapping[str, Any], source_kind: SourceKind = SourceKind.TYPED
) -> Organisation:
    """Register an organisation; the person who does becomes its first owner."""
    organisation = Organisation(
        **fields, source_kind=source_kind, recorded_by=actor.label, confirmed_on=timezone.localdate()
    )
    clean_record(organisation)
    organisation.save(force_insert=True)
    if actor.person_id is not None:
        person = Person.objects.get(public_id=actor.person_id)
        Membership.objects.create(person=person, organisation=organisation, role=Role.OWNER)
    record_event(actor, "organisation.registered", organisation)
    return organisation


@operation("organisation.edit", target="organisation", allowed=may_edit_organisation)
def edit_organisation(
    *, actor: Actor, organisation: Organisation, fields: Mapping[str, Any], version: int | None = None
) -> Organisation:
    """Change what is said of an organisation. `version` is the one the editor had read (None: do not compare)."""
    if version is not None and version != organisation.version:
        raise StaleVersion
    changed = sorted(name for name, value in fields.items() if getattr(organisation, name) != value)
    for name in changed:
        setattr(organisation, name, fields[name])
    organisation.version += 1
    organisation.confirmed_on = timezone.localdate()
    clean_record(organisation)
    organisation.save(force_update=True)
    record_event(actor, "organisation.edited", organisation, {"changed": changed})
    return organisation


@operation("organisation.grant_role", target="organisation", allowed=may_grant_role)
def grant_role(*, actor: Actor, organisation: Organisation, email: str, role: Role | None) -> Organisation:
    """Let the person with this e-mail act for the organisation; `role` None ends it."""
    person = Person.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        raise InvalidInput.of(
            {"email": [_("Nobody with this e-mail has signed up. Ask them to sign up first.")]}
        )
    current = Membership.objects.filter(person=person, organisation=organisation).first()
    if role is None and current is None:
        raise RuleViolation(_("This person holds no role here."))
    if current is not None and current.role == Role.OWNER and role != Role.OWNER:
        _require_another_owner(organisation, person)
    if role is None:
        Membership.objects.filter(person=person, organisation=organisation).delete()
    else:
        Membership.objects.update_or_create(person=person, organisation=organisation, defaults={"role": role})
    record_event(
        actor,
        "organisation.role_granted",
        organisation,
        {"person": str(person.public_id), "role": role or "none"},
    )
    return organisation


@operation("organisation.choose_digest", target="organisation", allowed=may_choose_digest)
def choose_digest(*, actor: Actor, organisation: Organisation, wanted: bool) -> Organisation:
    """Get the organisation's weekly digest, or not any more: each of its people decides for itself."""
    Membership.objects.filter(organisation=organisation, person__public_id=actor.person).update(
        wants_digest=wanted
    )
    record_event(actor, "organisation.digest_chosen", organisation, {"wanted": wanted})
    return organisation


def _require_another_owner(organisation: Organisation, leaving: Person) -> None:
    others = Membership.objects.filter(organisation=organisation, role=Role.OWNER).exclude(person=leaving)
    if not others.exists():
        raise RuleViolation(_("An organisation needs at least one owner. Make somebody else owner first."))
