"""What always holds of grants of rights and of the ledger of results."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Sum
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.deed_text import digest_of_deed
from ronglian.apps.agreements.models import AssetEntry, GrantObjection, RightsDeed, RightsGrant
from ronglian.apps.agreements.models.rights import WHOLE
from ronglian.apps.agreements.queries.rights import latest_deed, members_of, signatures_under
from ronglian.apps.agreements.rights_enums import GrantObjectionState, GrantState
from ronglian.kernel.invariant import invariant, named

SIGNED = (GrantState.IN_FORCE, GrantState.ENDED)


@invariant("rights.parts_add_up", _("The parts of the inventors of a grant add up to a hundred per cent."))
def _wrong_parts() -> Iterable[object]:
    return named(RightsGrant.objects.annotate(total=Sum("members__share")).exclude(total=WHOLE))


@invariant("rights.text_as_signed", _("Every agreement on rights still has the digest that was signed."))
def _changed_texts() -> Iterable[object]:
    rows = RightsDeed.objects.select_related("grant__owner", "grant__result")
    for deed in rows.iterator(chunk_size=100):
        if digest_of_deed(deed, members_of(deed.grant)) != deed.digest:
            yield f"rightsdeed {deed.public_id}"


@invariant(
    "rights.signed_by_all",
    _("A grant in force was signed by the institution and by every inventor, all the same text."),
)
def _signed_by_few() -> Iterable[object]:
    for grant in RightsGrant.objects.filter(state__in=SIGNED).iterator(chunk_size=100):
        deed = latest_deed(grant)
        signed = signatures_under(deed) if deed else {}
        expected = {None, *(one.pk for one in members_of(grant))}
        if (
            deed is None
            or set(signed) != expected
            or any(one.digest != deed.digest for one in signed.values())
        ):
            yield f"rightsgrant {grant.public_id}"


@invariant(
    "rights.objections_were_answered",
    _("Nothing is signed while an objection to the grant waits for its answer."),
)
def _unanswered() -> Iterable[object]:
    drawn_up = RightsGrant.objects.filter(state__in=(GrantState.DRAWN_UP, *SIGNED))
    return named(GrantObjection.objects.filter(grant__in=drawn_up, state=GrantObjectionState.OPEN))


@invariant("rights.granted_results_in_the_ledger", _("The result of a grant in force stands in the ledger."))
def _not_entered() -> Iterable[object]:
    entered = AssetEntry.objects.filter(owner=OuterRef("owner"), result=OuterRef("result"))
    return named(RightsGrant.objects.filter(~Exists(entered), state=GrantState.IN_FORCE))


@invariant("rights.ledger_of_own_results", _("A ledger holds results of its own institution."))
def _results_of_others() -> Iterable[object]:
    return named(AssetEntry.objects.exclude(result__owner=F("owner")))
