"""Accounts that the machine's keeper makes or raises; everybody else signs up at the site."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Person
from ronglian.apps.accounts.rules import may_keep_accounts
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict, InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record


@operation("person.register", allowed=may_keep_accounts)
def register_person(*, actor: Actor, email: str, password: str, name: str = "") -> Person:
    """Make an account. `password` is the caller's to choose and to show once; only its hash is kept."""
    if Person.objects.filter(email__iexact=email.strip()).exists():
        raise Conflict(_("Somebody with this e-mail has signed up already."))
    person = Person(email=Person.objects.normalize_email(email.strip()), name=name)
    person.set_password(password)
    clean_record(person)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("Somebody with this e-mail has signed up already.")) from error
    record_event(actor, "person.registered", person)  # type: ignore[arg-type] # no Record, but has a public id too
    return person


@operation("person.appoint_operator", allowed=may_keep_accounts)
def appoint_operator(*, actor: Actor, email: str, is_operator: bool = True) -> Person:
    """Make a person an operator of the platform, or end it."""
    person = Person.objects.select_for_update().filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        raise InvalidInput.of(
            {"email": [_("Nobody with this e-mail has signed up. Ask them to sign up first.")]}
        )
    if person.is_operator == is_operator:
        raise RuleViolation(
            _("This person is an operator already.") if is_operator else _("This person is no operator.")
        )
    person.is_operator = is_operator
    person.save(update_fields=["is_operator"])
    past = "appointed_operator" if is_operator else "dismissed_operator"
    record_event(actor, f"person.{past}", person)  # type: ignore[arg-type] # as above
    return person
