"""Keeping sealed annexes and naming who may read them."""

from __future__ import annotations

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.disclosure.models import Annex, AnnexReader
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event, subject_type
from ronglian.kernel.models import Record
from ronglian.kernel.operation import operation
from ronglian.kernel.permission import ALLOWED, Verdict, refused
from ronglian.kernel.sealing import seal
from ronglian.kernel.validation import clean_text

LONGEST_TEXT = 20_000


def may_keep_annex(actor: Actor, annex: Annex) -> Verdict:
    if actor.may_write_for(annex.owner_id):
        return ALLOWED
    return refused(_("Only owners and editors of the organisation that holds a record change its annex."))


def write_annex(record: Record, owner: Organisation, text: str) -> Annex:
    """Keep or replace the annex of a record; for the operations of the apps whose records these are, which write the event."""
    text = clean_text(text)
    if not text or len(text) > LONGEST_TEXT:
        raise InvalidInput.of({"text": [_("An annex has between 1 and 20,000 characters.")]})
    annex = Annex.objects.filter(subject_id=record.public_id).first() or Annex(
        subject_type=subject_type(record), subject_id=record.public_id
    )
    annex.owner, annex.sealed = owner, seal(text)
    annex.version += 0 if annex.pk is None else 1
    annex.save()
    return annex


@operation("annex.name_reader", target="annex", allowed=may_keep_annex)
def name_annex_reader(*, actor: Actor, annex: Annex, email: str) -> Annex:
    """Let one person outside the organisation read the annex."""
    person = Person.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        raise InvalidInput.of(
            {"email": [_("Nobody with this e-mail has signed up. Ask them to sign up first.")]}
        )
    AnnexReader.objects.get_or_create(annex=annex, person=person)
    return _changed(actor, annex, "annex.reader_named", person)


@operation("annex.end_reader", target="annex", allowed=may_keep_annex)
def end_annex_reader(*, actor: Actor, annex: Annex, person: str) -> Annex:
    """End it; the next request is refused. `person` is the public id."""
    row = AnnexReader.objects.filter(annex=annex, person__public_id=person).select_related("person").first()
    if row is None:
        raise RuleViolation(_("This person does not read the annex."))
    reader = row.person
    AnnexReader.objects.filter(pk=row.pk).delete()
    return _changed(actor, annex, "annex.reader_ended", reader)


def _changed(actor: Actor, annex: Annex, event: str, person: Person) -> Annex:
    Annex.objects.filter(pk=annex.pk).update(version=F("version") + 1)
    annex.refresh_from_db()
    record_event(actor, event, annex, {"person": str(person.public_id)})
    return annex
