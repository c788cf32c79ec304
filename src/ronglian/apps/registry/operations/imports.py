"""Importing files: send, check, take over, cancel.

    batch = stage_import(actor=…, owner=…, kind="needs", file=…, filename="needs.xlsx")
    batch = check_import(actor=…, batch=batch)            # dry run: outcomes and bad cells, nothing changes
    batch = apply_import(actor=…, batch=batch)            # all or nothing; or only_good_rows=True

`request_check` and `request_apply` do the same in a job, for doors that cannot wait. Who may register records for
an organisation may import for it. A file whose rows name their own organisations, and a file of organisations, is
for the command line; organisations also for platform operators.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.columns import KINDS, Kind, columns_by_name, recognise_header
from ronglian.apps.registry.imports.applying import Takeover, execute, prepare, settle
from ronglian.apps.registry.imports.bulk import checkpoint_afterwards
from ronglian.apps.registry.imports.formats import detect_format, require_fitting_name
from ronglian.apps.registry.imports.messages import describe_file_problem
from ronglian.apps.registry.imports.problems import FileProblem
from ronglian.apps.registry.imports.reading import measure, recognise
from ronglian.apps.registry.imports.running import Report, run_check
from ronglian.apps.registry.imports.uploads import received
from ronglian.apps.registry.models import ImportBatch, ImportState
from ronglian.apps.registry.rules import may_register_record
from ronglian.apps.registry.tasks import run_import
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, NotAllowed, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.permission import ALLOWED, Verdict, refused
from ronglian.kernel.provenance import SourceKind
from ronglian.kernel.validation import clean_text

LONGEST_NAME = 200


def may_stage_import(actor: Actor, owner: Organisation | None) -> Verdict:
    if owner is not None:
        return may_register_record(actor, owner)
    if actor.is_system or actor.is_operator:
        return ALLOWED
    return refused(_("Choose the organisation the records belong to."))


def may_run_import(actor: Actor, batch: ImportBatch) -> Verdict:
    if batch.owner is not None:
        return may_register_record(actor, batch.owner)
    if actor.is_system or (actor.is_operator and batch.kind == "organisations"):
        return ALLOWED
    return refused(_("Only the platform's operators import for several organisations at once."))


def stage_import(
    *,
    actor: Actor,
    owner: Organisation | None,
    kind: Kind,
    file: IO[bytes],
    filename: str,
    mapping: Mapping[str, str] | None = None,
    publish: bool = True,
    source_name: str = "",
    source_kind: SourceKind = SourceKind.IMPORTED,
) -> ImportBatch:
    """Keep the file and propose which header is which column. Raises InvalidInput for an unreadable file.

    `source_name` is what ids in the file count within, the file's name unless given: keep it the same for a file
    that is sent again under another name.
    """
    if kind not in KINDS:
        raise InvalidInput.of({"kind": [_("There is no such kind of record.")]})
    name = clean_text(filename.replace("\\", "/").rsplit("/", 1)[-1], one_line=True)[-LONGEST_NAME:]
    try:
        with received(file) as upload:
            file_format = detect_format(upload.path)
            require_fitting_name(name, file_format)
            headers, rows = measure(upload.path, file_format, kind)
            batch = ImportBatch(
                kind=kind,
                owner=owner,
                file_name=name or kind,
                file_digest=upload.digest,
                file_size=upload.size,
                file_format=file_format,
                source_kind=source_kind,
                source_name=clean_text(source_name, one_line=True)[:LONGEST_NAME] or name or kind,
                publish=publish,
                headers=headers,
                mapping=recognise(kind, headers) | _checked_mapping(kind, mapping or {}),
                rows_total=rows,
                started_by=actor.person_id,
                started_by_label=actor.label,
            )
            staged = _stage(actor=actor, owner=owner, batch=batch)
            upload.keep()
            return staged
    except FileProblem as problem:
        raise InvalidInput.of({"file": [describe_file_problem(problem, kind)]}) from problem


@operation("import.stage", target="owner", allowed=may_stage_import)
def _stage(*, actor: Actor, owner: Organisation | None, batch: ImportBatch) -> ImportBatch:
    verdict = may_run_import(actor, batch)
    if not verdict:
        raise NotAllowed(verdict.reason)
    batch.save(force_insert=True)
    record_event(actor, "import.staged", batch, {"file": batch.file_name, "kind": batch.kind})
    return batch


def check_import(
    *,
    actor: Actor,
    batch: ImportBatch,
    mapping: Mapping[str, str] | None = None,
    report: Report | None = None,
) -> ImportBatch:
    """Read and check every row now, reporting progress; the dry run. Nothing of the registry changes."""
    return run_check(actor, _begin_check(actor=actor, batch=batch, mapping=mapping), report)


def request_check(
    *, actor: Actor, batch: ImportBatch, mapping: Mapping[str, str] | None = None
) -> ImportBatch:
    """The same as a job."""
    with transaction.atomic():
        begun = _begin_check(actor=actor, batch=batch, mapping=mapping)
        run_import.enqueue(str(begun.public_id))
    begun.refresh_from_db()
    return begun


@operation("import.check", target="batch", allowed=may_run_import)
def _begin_check(*, actor: Actor, batch: ImportBatch, mapping: Mapping[str, str] | None) -> ImportBatch:
    _require_state(batch, ImportState.STAGED, ImportState.CHECKED, ImportState.FAILED)
    kind: Kind = batch.kind  # type: ignore[assignment]  # the model's choices are the kinds
    if mapping is not None:
        batch.mapping = batch.mapping | _checked_mapping(kind, mapping)
    batch.rows.all().delete()
    batch.state = ImportState.CHECKING
    batch.rows_seen = batch.creates = batch.updates = batch.unchanged = batch.duplicates = 0
    batch.bad_rows = batch.bad_cells = batch.rows_applied = 0
    batch.failure = {}
    batch.version += 1
    batch.save(force_update=True)
    record_event(actor, "import.check_started", batch)
    return batch


def apply_import(
    *, actor: Actor, batch: ImportBatch, only_good_rows: bool = False, report: Report | None = None
) -> ImportBatch:
    """Take the checked rows over in one short transaction, all or, if asked, only the good ones.

    Raises RuleViolation when rows are bad and not all was not asked for, Conflict when the registry changed since
    the check.
    """
    require_appliable(batch, only_good_rows=only_good_rows)
    takeover = prepare(actor, batch, report)
    with checkpoint_afterwards():
        applied = _apply(actor=actor, batch=batch, takeover=takeover, only_good_rows=only_good_rows)
    settle(applied)
    return applied


@operation("import.apply", target="batch", allowed=may_run_import)
def _apply(*, actor: Actor, batch: ImportBatch, takeover: Takeover, only_good_rows: bool) -> ImportBatch:
    require_appliable(batch, only_good_rows=only_good_rows)
    execute(batch, takeover)
    counts = {"created": len(takeover.inserts), "changed": len(takeover.updates), "bad_rows": batch.bad_rows}
    record_event(actor, "import.applied", batch, {"file": batch.file_name, **counts})
    return batch


@operation("import.request_apply", target="batch", allowed=may_run_import)
def _begin_apply(*, actor: Actor, batch: ImportBatch, only_good_rows: bool) -> ImportBatch:
    require_appliable(batch, only_good_rows=only_good_rows)
    _require_state(batch, ImportState.CHECKED)
    batch.state = ImportState.APPLYING
    batch.failure = {}
    batch.version += 1
    batch.save(force_update=True)
    record_event(actor, "import.apply_started", batch, {"only_good_rows": only_good_rows})
    return batch


def request_apply(*, actor: Actor, batch: ImportBatch, only_good_rows: bool = False) -> ImportBatch:
    """The same as `apply_import`, as a job."""
    with transaction.atomic():
        begun = _begin_apply(actor=actor, batch=batch, only_good_rows=only_good_rows)
        run_import.enqueue(str(begun.public_id), only_good_rows=only_good_rows)
    begun.refresh_from_db()
    return begun


@operation("import.cancel", target="batch", allowed=may_run_import)
def cancel_import(*, actor: Actor, batch: ImportBatch) -> ImportBatch:
    """Stop and forget what was read. A job at work notices at its next step; the registry is unchanged."""
    if batch.is_finished:
        raise RuleViolation(_("This import is already finished."))
    batch.rows.all().delete()
    batch.state = ImportState.CANCELLED
    batch.version += 1
    batch.save(force_update=True)
    record_event(actor, "import.cancelled", batch)
    return batch


def require_appliable(batch: ImportBatch, *, only_good_rows: bool) -> None:
    _require_state(batch, ImportState.CHECKED, ImportState.APPLYING)
    if batch.bad_rows and not only_good_rows:
        raise RuleViolation(
            _(
                "Some rows need correction. Correct them and send the file again, or take over the good rows only."
            )
        )


def _require_state(batch: ImportBatch, *states: ImportState) -> None:
    if batch.state in states:
        return
    raise RuleViolation(
        now("The import is %(state)s; this cannot be done now.") % {"state": batch.get_state_display()}
    )


def _checked_mapping(kind: Kind, mapping: Mapping[str, str]) -> dict[str, str]:
    """What was assigned by hand: every column there is, and each once."""
    known = columns_by_name(kind)
    assigned = [column for header, column in mapping.items() if not _is_fallback(kind, header, column)]
    problems = {}
    for header, column in mapping.items():
        if column and column not in known:
            problems[header] = [_("There is no such column.")]
        elif column and assigned.count(column) > 1 and not _is_fallback(kind, header, column):
            problems[header] = [_("Two headers are assigned to the same column.")]
    if problems:
        raise InvalidInput.of(problems)
    return dict(mapping)


def _is_fallback(kind: Kind, header: str, column: str) -> bool:
    """Whether the header is read only where the column's own is empty, and so may stand beside it."""
    heading = recognise_header(kind, header)
    return heading is not None and heading.rank == 2 and heading.column == column
