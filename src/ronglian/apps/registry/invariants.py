"""What always holds of the registry's records, imports and duplicates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.disclosure.models import ConfidentialDetails
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.imports.uploads import upload_path
from ronglian.apps.registry.models import (
    RECORD_MODELS,
    DuplicateCandidate,
    DuplicateState,
    Fingerprint,
    ImportBatch,
    ImportState,
    Need,
    RegistryRecord,
    Result,
    Scene,
)
from ronglian.apps.registry.operations.records import LONGEST_VALIDITY
from ronglian.apps.registry.queries.duplicates import MODEL_OF
from ronglian.kernel.events import subject_type
from ronglian.kernel.invariant import invariant, named
from ronglian.kernel.models import Event
from ronglian.kernel.provenance import SourceKind

READ_AT_ONCE = 1000


def _everywhere(condition: Q) -> Iterator[str]:
    for model in RECORD_MODELS:
        yield from named(model.objects.filter(condition))


@invariant("registry.published_named", _("Every published record has a title or a name."))
def _untitled() -> Iterator[str]:
    for model in RECORD_MODELS:
        name = "name" if hasattr(model, "name") else "title"
        yield from named(model.objects.filter(**{"state": State.PUBLISHED, name: "", f"{name}_en": ""}))


@invariant("registry.published_by_event", _("Every published record was published by an event."))
def _published_in_silence() -> Iterator[str]:
    for model in RECORD_MODELS:
        name = f"{subject_type(model)}.published"
        event = Event.objects.filter(subject_id=OuterRef("public_id"), name=name)
        yield from named(model.objects.filter(~Exists(event), state=State.PUBLISHED))


@invariant("registry.versions_positive", _("The version of every record is 1 or above."))
def _unversioned() -> Iterator[str]:
    return _everywhere(Q(version__lt=1))


@invariant("registry.valid_five_years", _("No record is valid for more than five years from now."))
def _valid_for_ever() -> Iterator[str]:
    return _everywhere(Q(expires_on__gt=timezone.localdate() + LONGEST_VALIDITY))


@invariant("registry.confirmed_in_the_past", _("No record was confirmed on a day that is still to come."))
def _confirmed_ahead() -> Iterator[str]:
    return _everywhere(Q(confirmed_on__gt=timezone.localdate() + timedelta(days=1)))


@invariant("registry.published_expire", _("Every published record has a day on which it expires."))
def _endless() -> Iterator[str]:
    return _everywhere(Q(expires_on__isnull=True, state=State.PUBLISHED))


@invariant("registry.sources_named", _("Every imported record names its source."))
def _sourceless() -> Iterator[str]:
    return _everywhere(Q(source_name="", source_kind__in=[SourceKind.IMPORTED, SourceKind.DEMO]))


@invariant("registry.recorders_named", _("Every record says who recorded it."))
def _unrecorded() -> Iterator[str]:
    return _everywhere(Q(recorded_by=""))


@invariant("registry.codes_known", _("Every code in a record is one of its list."))
def _unknown_codes() -> Iterator[str]:
    for model in RECORD_MODELS:
        for field in model._meta.concrete_fields:
            if field.choices:
                known = [code for code, _label in field.flatchoices] + [""]
                for row in model.objects.exclude(**{f"{field.name}__in": known}):
                    yield f"{subject_type(model)} {row.public_id}: {field.name}"


@invariant(
    "registry.values_valid", _("Every region, industry, list, amount and level in a record is a valid one.")
)
def _invalid_values() -> Iterator[str]:
    for model in RECORD_MODELS:
        checked = [
            field for field in model._meta.concrete_fields if field.validators and not field.primary_key
        ]
        names = [field.attname for field in checked]
        rows = model.objects.values_list("public_id", *names).iterator(chunk_size=READ_AT_ONCE)
        for public_id, *values in rows:
            for field, value in zip(checked, values, strict=True):
                if value not in (None, "", []) and not _is_valid(field, value):
                    yield f"{subject_type(model)} {public_id}: {field.name}"


def _is_valid(field: models.Field[Any, Any], value: Any) -> bool:
    try:
        field.run_validators(value)
    except ValidationError:
        return False
    return True


@invariant("registry.amounts_ordered", _("No lower amount is above its upper one."))
def _reversed_amounts() -> Iterator[str]:
    yield from named(Need.objects.filter(budget_low_fen__gt=F("budget_high_fen")))
    yield from named(Result.objects.filter(price_low_fen__gt=F("price_high_fen")))


@invariant("registry.scenes_open_before_closing", _("No scene closes before it opens."))
def _closed_scenes() -> Iterable[object]:
    return named(Scene.objects.filter(closes_on__lt=F("opens_on")))


@invariant("registry.duplicates_about_records", _("Both records of every pair of possible duplicates exist."))
def _lost_duplicates() -> Iterator[str]:
    for kind, model in MODEL_OF.items():
        pairs = DuplicateCandidate.objects.filter(subject_type=kind)
        for end in ("first_id", "second_id"):
            there = model.objects.filter(public_id=OuterRef(end))
            yield from named(pairs.filter(~Exists(there)))


@invariant(
    "registry.duplicates_decided", _("A merged pair says which of its two records stayed, another says none.")
)
def _undecided() -> Iterable[object]:
    merged = Q(state=DuplicateState.MERGED)
    of_the_pair = Q(kept_id=F("first_id")) | Q(kept_id=F("second_id"))
    return named(
        DuplicateCandidate.objects.filter(
            (merged & (Q(kept_id__isnull=True) | ~of_the_pair)) | (~merged & Q(kept_id__isnull=False))
        )
    )


@invariant("registry.fingerprints_about_records", _("Every text fingerprint is of a record that exists."))
def _lost_fingerprints() -> Iterator[str]:
    for kind, model in MODEL_OF.items():
        there = model.objects.filter(public_id=OuterRef("subject_id"))
        yield from named(Fingerprint.objects.filter(~Exists(there), subject_type=kind))


@invariant("registry.imports_add_up", _("The rows of every checked file are counted once each."))
def _miscounted() -> Iterable[object]:
    parts = F("creates") + F("updates") + F("unchanged") + F("duplicates") + F("bad_rows")
    checked = ImportBatch.objects.filter(state__in=[ImportState.CHECKED, ImportState.APPLIED])
    return named(checked.exclude(rows_seen=parts))


@invariant(
    "registry.import_files_kept",
    _("The file of every import that may still be read is there, in its length."),
)
def _lost_files() -> Iterator[str]:
    waiting = [ImportState.STAGED, ImportState.CHECKING]
    for batch in ImportBatch.objects.filter(state__in=waiting):
        path = upload_path(batch.file_digest)
        if not path.is_file() or path.stat().st_size != batch.file_size:
            yield f"importbatch {batch.public_id}: {path.name}"


@invariant("registry.import_counts_bounded", _("No import has taken over more rows than it read."))
def _overcounted() -> Iterable[object]:
    return named(ImportBatch.objects.filter(rows_applied__gt=F("rows_seen")))


@invariant(
    "registry.confidential_apart", _("What stands under an agreement does not stand in the public row.")
)
def _confidential_in_the_open() -> Iterator[str]:
    for model in RECORD_MODELS:
        fields: tuple[str, ...] = model.nda_fields
        if not fields:
            continue
        rows: models.QuerySet[Any] = model.objects.all()
        for row in rows.filter(under_nda=True).iterator(chunk_size=READ_AT_ONCE):
            if any(getattr(row, name) != _default(model, name) for name in fields):
                yield f"{subject_type(model)} {row.public_id}"


def _default(model: type[RegistryRecord], name: str) -> Any:
    field: Any = model._meta.get_field(name)
    return field.get_default()


@invariant(
    "registry.details_kept_apart",
    _("Confidential details are kept for the records under an agreement, and for no others."),
)
def _stray_details() -> Iterator[str]:
    wanted: set[tuple[str, object]] = set()
    for model in (Need, Result, Scene):
        keys = model.objects.filter(under_nda=True).values_list("public_id", flat=True)
        wanted |= {(subject_type(model), key) for key in keys}
    kept = set(ConfidentialDetails.objects.values_list("subject_type", "subject_id"))
    for kind, public_id in sorted(wanted ^ kept, key=str):
        yield f"{kind} {public_id}"
