"""What always holds of confidential details, agreements and readings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.disclosure.models import Annex, ConfidentialDetails, Viewing
from ronglian.kernel.invariant import invariant, named
from ronglian.kernel.sealing import KeyMissing, unseal

READ_AT_ONCE = 500


@invariant("disclosure.sealed_opens", _("Every sealed detail and annex opens with the keys at hand."))
def _lost_keys() -> Iterator[str]:
    for model in (ConfidentialDetails, Annex):
        rows = model._default_manager.values_list("subject_type", "subject_id", "sealed")
        for kind, public_id, sealed in rows.iterator(chunk_size=READ_AT_ONCE):
            try:
                unseal(sealed)
            except KeyMissing:
                yield f"{kind} {public_id}"


@invariant("disclosure.readings_allowed", _("Every reading lies within the term of the agreement it names."))
def _readings_outside() -> Iterable[object]:
    outside = Q(viewed_on__lt=F("nda__starts_on")) | Q(viewed_on__gt=F("nda__ends_on"))
    return named(Viewing.objects.filter(outside))
