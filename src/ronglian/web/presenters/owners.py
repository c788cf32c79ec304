"""Whose record it is, as far as the reader may know."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.models import RegistryRecord
from ronglian.apps.registry.rules import may_see_owner
from ronglian.kernel.actor import Actor
from ronglian.web.presenters.texts import choose, industry, place, province, show


@dataclass(frozen=True, slots=True)
class OwnerLine:
    """What stands where an owner's name stands. `url` is empty and `details` say no more than the record itself
    when the owner is hidden."""

    name: SafeString | str
    url: str
    details: tuple[str, ...]
    is_hidden: bool
    is_small: bool


def owner_line(actor: Actor, record: RegistryRecord) -> OwnerLine:
    """The owner of a record; nothing of a hidden owner is read, only what the record says of itself."""
    if not may_see_owner(actor, record):
        details = (province(record.region), industry(getattr(record, "industry", "")))
        return OwnerLine(
            _("Anonymous enterprise"), "", tuple(filter(None, details)), is_hidden=True, is_small=False
        )
    return organisation_line(record.owner)


def organisation_line(organisation: Organisation) -> OwnerLine:
    """An organisation that may be named."""
    details = (organisation.get_kind_display(), place(organisation.region))
    return OwnerLine(
        name=show(choose(organisation.name, organisation.name_en)),
        url=reverse("organisation", args=[organisation.public_id]),
        details=tuple(filter(None, details)),
        is_hidden=False,
        is_small=organisation.is_small,
    )
