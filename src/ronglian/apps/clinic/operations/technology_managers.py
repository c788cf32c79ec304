"""The register of technology managers: entering it, keeping the entry, being confirmed, leaving."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.operations.offices import set_office
from ronglian.apps.clinic.manager_enums import ManagerState
from ronglian.apps.clinic.manager_rules import (
    may_confirm_manager,
    may_edit_manager,
    may_end_manager,
    may_register_manager,
)
from ronglian.apps.clinic.models import ManagerCertificate, TechnologyManager
from ronglian.kernel.actor import Actor, Office
from ronglian.kernel.errors import InvalidInput, RuleViolation, StaleVersion
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.permission import Verdict
from ronglian.kernel.provenance import SourceKind, Verification
from ronglian.kernel.validation import clean_record, clean_text


@operation("manager.register", target="person", allowed=may_register_manager)
def register_manager(
    *,
    actor: Actor,
    person: Person,
    fields: Mapping[str, Any],
    source_kind: SourceKind = SourceKind.TYPED,
) -> TechnologyManager:
    """Apply for the register. Who has left it applies again by the same entry."""
    manager = TechnologyManager.objects.filter(person=person).first() or TechnologyManager(person=person)
    if manager.pk is not None and manager.state != ManagerState.ENDED:
        raise RuleViolation(_("You stand in the register already; change your entry there."))
    _insist_on_own_organisation(actor, person, fields)
    for name, value in fields.items():
        setattr(manager, name, value)
    manager.state, manager.ended_because, manager.confirmed_by = ManagerState.PENDING, "", ""
    manager.source_kind, manager.recorded_by = source_kind, actor.label
    manager.verification, manager.confirmed_on = Verification.SELF_DECLARED, None
    return _save(actor, manager, "registered")


@operation("manager.edit", target="manager", allowed=may_edit_manager)
def edit_manager(
    *, actor: Actor, manager: TechnologyManager, fields: Mapping[str, Any], version: int | None = None
) -> TechnologyManager:
    """Change one's entry. A new level waits for confirmation anew; the rest holds at once."""
    if version is not None and version != manager.version:
        raise StaleVersion
    _insist_on_standing(manager)
    _insist_on_own_organisation(actor, manager.person, fields)
    changed = sorted(name for name, value in fields.items() if getattr(manager, name) != value)
    for name in changed:
        setattr(manager, name, fields[name])
    if "level" in changed and manager.state == ManagerState.CONFIRMED:
        manager.state, manager.confirmed_by, manager.confirmed_on = ManagerState.PENDING, "", None
        manager.verification = Verification.SELF_DECLARED
        _end_office(actor, manager)
    return _save(actor, manager, "edited", {"changed": changed})


@operation("manager.pause", target="manager", allowed=may_edit_manager)
def pause_manager(*, actor: Actor, manager: TechnologyManager, takes_new: bool) -> TechnologyManager:
    """Take no new cases for a while, or take them again. Open cases go on."""
    _insist_on_standing(manager)
    if manager.takes_new == takes_new:
        raise RuleViolation(_("This is so already."))
    manager.takes_new = takes_new
    return _save(actor, manager, "resumed" if takes_new else "paused")


@operation("manager.confirm", target="manager", allowed=may_confirm_manager)
def confirm_manager(*, actor: Actor, manager: TechnologyManager) -> TechnologyManager:
    """Enter somebody in the register after seeing the documents; gives the office of a technology manager."""
    if manager.state != ManagerState.PENDING:
        raise RuleViolation(_("This entry does not wait for confirmation."))
    manager.state, manager.confirmed_by = ManagerState.CONFIRMED, actor.label
    manager.verification, manager.confirmed_on = Verification.DOCUMENTED, timezone.localdate()
    saved = _save(actor, manager, "confirmed", {"level": manager.level})
    person = Person.objects.select_for_update().get(pk=manager.person_id)
    if Office.TECHNOLOGY_MANAGER not in person.offices:
        set_office(actor, person, Office.TECHNOLOGY_MANAGER, holds=True)
    return saved


@operation("manager.end", target="manager", allowed=may_end_manager)
def end_manager(*, actor: Actor, manager: TechnologyManager, reason: str) -> TechnologyManager:
    """Leave the register, or be taken from it or refused, with the reason; ends the office."""
    _insist_on_standing(manager)
    manager.ended_because = clean_text(reason)
    if not manager.ended_because:
        raise InvalidInput.of({"reason": [_("Say why the registration ends.")]})
    manager.state = ManagerState.ENDED
    _end_office(actor, manager)
    return _save(actor, manager, "ended")


@operation("certificate.add", target="manager", allowed=may_edit_manager)
def add_certificate(
    *, actor: Actor, manager: TechnologyManager, title: str, number: str, issuer: str, issued_on: date
) -> ManagerCertificate:
    """Name a certificate; whoever keeps the register checks it."""
    _insist_on_standing(manager)
    if issued_on > timezone.localdate():
        raise InvalidInput.of({"issued_on": [_("This day lies in the future.")]})
    certificate = ManagerCertificate(
        manager=manager, title=title, number=clean_text(number, one_line=True), issuer=issuer, issued_on=issued_on
    )  # fmt: skip
    clean_record(certificate)
    certificate.save(force_insert=True)
    record_event(actor, "certificate.added", certificate, {"manager": str(manager.public_id)})
    return certificate


def may_verify_certificate(actor: Actor, certificate: ManagerCertificate) -> Verdict:
    return may_confirm_manager(actor, certificate.manager)


def may_drop_certificate(actor: Actor, certificate: ManagerCertificate) -> Verdict:
    return may_edit_manager(actor, certificate.manager)


@operation("certificate.verify", target="certificate", allowed=may_verify_certificate)
def verify_certificate(*, actor: Actor, certificate: ManagerCertificate) -> ManagerCertificate:
    """Say that one has seen the certificate."""
    if certificate.verified_on is not None:
        raise RuleViolation(_("This certificate was verified before."))
    certificate.verified_by, certificate.verified_on = actor.label, timezone.localdate()
    certificate.version += 1
    certificate.save(update_fields=["verified_by", "verified_on", "version", "updated_at"])
    record_event(actor, "certificate.verified", certificate)
    return certificate


@operation("certificate.drop", target="certificate", allowed=may_drop_certificate)
def drop_certificate(*, actor: Actor, certificate: ManagerCertificate) -> ManagerCertificate:
    """Take a certificate from one's entry."""
    ManagerCertificate.objects.filter(pk=certificate.pk).delete()
    record_event(actor, "certificate.dropped", certificate, {"manager": str(certificate.manager.public_id)})
    return certificate


def _save(
    actor: Actor, manager: TechnologyManager, past: str, data: Mapping[str, Any] | None = None
) -> TechnologyManager:
    if manager.pk is not None:
        manager.version += 1
    clean_record(manager)
    manager.save()
    record_event(actor, f"manager.{past}", manager, data)
    return manager


def _end_office(actor: Actor, manager: TechnologyManager) -> None:
    person = Person.objects.select_for_update().get(pk=manager.person_id)
    if Office.TECHNOLOGY_MANAGER in person.offices:
        set_office(actor, person, Office.TECHNOLOGY_MANAGER, holds=False)


def _insist_on_standing(manager: TechnologyManager) -> None:
    if manager.state == ManagerState.ENDED:
        raise RuleViolation(_("This registration has ended; apply again first."))


def _insist_on_own_organisation(actor: Actor, person: Person, fields: Mapping[str, Any]) -> None:
    """Who says to work for an organisation must act for it here: its name stands beside the manager's."""
    organisation = fields.get("organisation")
    if organisation is None or actor.is_system:
        return
    if not organisation.memberships.filter(person=person).exists():
        raise InvalidInput.of(
            {
                "organisation": [
                    _("You do not act for this organisation here. Ask its owner to add you first.")
                ]
            }
        )
