"""What always holds of people and organisations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.db.models import Count, F
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import ApiToken, Membership, Organisation, Person
from ronglian.apps.accounts.operations.tokens import LONGEST_DAYS
from ronglian.kernel.actor import Role
from ronglian.kernel.identifiers import IdentifierError, check_ror, check_uscc
from ronglian.kernel.invariant import invariant, named
from ronglian.kernel.models import Event


@invariant("accounts.operators_appointed", _("Every operator of the platform was appointed by an event."))
def _self_made_operators() -> Iterator[str]:
    for person in Person.objects.filter(is_operator=True):
        about = Event.objects.filter(
            subject_id=person.public_id, name__in=["person.appointed_operator", "person.dismissed_operator"]
        )
        last = about.order_by("-id").first()
        if last is None or last.name != "person.appointed_operator":
            yield f"person {person.public_id}"


@invariant("accounts.people_reachable", _("Everybody who can sign in has an e-mail address."))
def _without_email() -> Iterable[object]:
    return named(Person.objects.filter(is_active=True, email=""))


@invariant("accounts.roles_known", _("Every role in an organisation is one of those there are."))
def _unknown_roles() -> Iterable[object]:
    return named(Membership.objects.exclude(role__in=Role.values))


@invariant("accounts.tokens_expire", _("Every token ends within a year of its making."))
def _endless_tokens() -> Iterable[object]:
    return named(ApiToken.objects.filter(expires_at__gt=F("created_at") + timedelta(days=LONGEST_DAYS + 1)))


@invariant("accounts.organisations_named", _("Every organisation has a name."))
def _nameless() -> Iterable[object]:
    return named(Organisation.objects.filter(name=""))


@invariant(
    "accounts.credit_codes_valid", _("Every unified social credit code has its right check character.")
)
def _wrong_codes() -> Iterator[str]:
    rows = Organisation.objects.filter(uscc__isnull=False).values_list("public_id", "uscc")
    for public_id, uscc in rows.iterator(chunk_size=1000):
        try:
            right = check_uscc(uscc or "") == uscc
        except IdentifierError:
            right = False
        if not right:
            yield f"organisation {public_id}: {uscc}"


@invariant("accounts.credit_codes_once", _("No two organisations have the same unified social credit code."))
def _shared_codes() -> Iterator[str]:
    codes = Organisation.objects.filter(uscc__isnull=False).annotate(code=Upper("uscc")).order_by()
    shared = codes.values("code").annotate(holders=Count("pk")).filter(holders__gt=1)
    yield from (f"{row['code']}: {row['holders']}" for row in shared)


@invariant("accounts.ror_valid", _("Every ROR id has its right check digits."))
def _wrong_ror() -> Iterator[str]:
    for public_id, ror in Organisation.objects.filter(ror__isnull=False).values_list("public_id", "ror"):
        try:
            check_ror(ror or "")
        except IdentifierError:
            yield f"organisation {public_id}: {ror}"
