"""The four kinds of record that have lists and pages, and how each is called."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ronglian.apps.registry.models import Expert, Need, RegistryRecord, Result, Scene


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record. `name` is its list's address and what exports call it."""

    name: str
    model: type[RegistryRecord]
    title: str | Promise
    singular: str | Promise
    icon: str
    register: str | Promise


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "results",
            Result,
            _("Results"),
            _("result"),
            "bulb",
            _("Register a result"),
        ),
        Kind("needs", Need, _("Needs"), _("need"), "target-arrow", _("Register a need")),
        Kind("experts", Expert, _("Experts"), _("expert"), "user", _("Register an expert")),
        Kind("scenes", Scene, _("Scenes"), _("scene"), "flask", _("Register a scene")),
    )
}
KIND_OF_MODEL = {kind.model: kind for kind in KINDS.values()}


def kind_of(record: RegistryRecord) -> Kind:
    return KIND_OF_MODEL[type(record)]


def record_url(record: RegistryRecord) -> str:
    return reverse(record.noun, args=[record.public_id])
