"""Erasing an account: what is personal goes, what was done for organisations stays without the name."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import ApiToken, Membership, Person
from ronglian.apps.accounts.named_rows import erase_name, events_of
from ronglian.apps.accounts.operations.tokens import revoke_token
from ronglian.apps.accounts.personal import PARTS
from ronglian.kernel.actor import Actor, ActorKind, Role
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.permission import ALLOWED, Verdict, refused


def may_erase(actor: Actor, person: Person) -> Verdict:
    if actor.kind == ActorKind.PERSON and actor.person_id == person.public_id:
        return ALLOWED
    return refused(_("A person erases nobody's account but the own one."))


@operation("person.erase", target="person", allowed=may_erase)
def erase_person(*, actor: Actor, person: Person, email: str) -> Person:
    """Erase one's account; `email` is typed once more. The row stays, empty, so that what refers to it holds."""
    if email.strip().lower() != person.email.lower():
        raise InvalidInput.of({"email": [_("Type the e-mail of this account to confirm.")]})
    _require_other_owners(person)
    for token in ApiToken.objects.filter(person=person, revoked_at=None):
        revoke_token(actor=actor, token=token)
    tokens = ApiToken.objects.filter(person=person).values("public_id")
    erase_name(actor, person, events_of(person, tokens))
    record_event(actor, "person.erased", person)  # type: ignore[arg-type] # no Record, but has a public id too
    for part in PARTS.values():
        part.erase(person)
    person.email = f"{person.public_id}@erased.invalid"
    person.name, person.offices, person.is_operator, person.is_active = "", [], False, False
    person.suspended_for = ""
    person.last_login = None
    person.date_joined = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    person.set_unusable_password()
    person.save()
    return person


def _require_other_owners(person: Person) -> None:
    """An organisation that others act for needs an owner."""
    for own in Membership.objects.filter(person=person, role=Role.OWNER).select_related("organisation"):
        others = Membership.objects.filter(organisation=own.organisation).exclude(person=person)
        if others.exists() and not others.filter(role=Role.OWNER).exists():
            raise RuleViolation(
                _("You are the only owner of %(organisation)s. Make somebody else owner first.")
                % {"organisation": own.organisation.name}
            )
