"""Backups of a live installation, and bringing one back into an empty place.

A backup is a folder: the database (a consistent copy that SQLite or pg_dump makes while others write), the uploaded
files, and a manifest with the digest of each. Keys are never among them: they are written beside it only when asked
for, because who has both can read everything.
"""

from __future__ import annotations

import fcntl
import glob
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.utils import timezone
from django.utils.translation import gettext as _

from ronglian.kernel.errors import OperationError
from ronglian.kernel.log.sequencer import latest_checkpoint

FORMAT = "ronglian-backup/1"
DATABASE, UPLOADS, MANIFEST = "database", "uploads", "manifest.json"
UNFINISHED = "-unfinished"


class BackupRefused(OperationError):
    """Nothing was backed up or restored; the message says why."""


def make_backup(folder: Path) -> dict[str, Any]:
    """Write the whole installation to `folder`, which appears only once it is complete; answers the manifest."""
    _require_new(folder)
    with _draft_of(folder) as draft:
        _dump(draft / DATABASE)
        # After the database: a row's file is on disk before the row is committed, and never changes.
        if Path(settings.UPLOADS).is_dir():
            shutil.copytree(settings.UPLOADS, draft / UPLOADS, ignore=shutil.ignore_patterns(".upload-*"))
        latest = latest_checkpoint()
        manifest = {
            "format": FORMAT,
            "version": version("ronglian"),
            "vendor": connection.vendor,
            "made_at": timezone.now().isoformat(),
            "checkpoint": latest.note if latest else "",
            "keys": [path.name for path in settings.KEY_FILES if path.exists()],
            "files": {str(path.relative_to(draft)): digest_of(path) for path in files_in(draft)},
        }
        (draft / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
        for path in [*files_in(draft), draft, draft.parent]:
            _sync(path)
        _require_new(folder)  # another one may have made it meanwhile
        draft.rename(folder)
        _sync(folder.parent)
    return manifest


def _require_new(folder: Path) -> None:
    if folder.exists():
        raise BackupRefused(_("%(folder)s exists already; name a new folder.") % {"folder": folder})


@contextmanager
def _draft_of(folder: Path) -> Iterator[Path]:
    """A folder of this backup alone, beside the one to come; those of backups under this name that were killed go.

    Its own name, for two may be made at once, and a pg_dump outlives the command that was killed.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left in folder.parent.glob(f".{glob.escape(folder.name)}-*{UNFINISHED}"):
        with _held(left) as is_ours:
            if is_ours:
                shutil.rmtree(left, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", suffix=UNFINISHED, dir=folder.parent))
    with _held(draft):
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)  # where it was not renamed


@contextmanager
def _held(draft: Path) -> Iterator[bool]:
    """Whether nobody else is at work in the folder; held until the end, however the process ends."""
    try:
        handle = os.open(draft, os.O_RDONLY)
    except FileNotFoundError:
        yield False
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_free = True
    except BlockingIOError:
        is_free = False
    try:
        yield is_free
    finally:
        os.close(handle)


def write_keys(folder: Path) -> list[str]:
    """Copy the files with keys to a folder of their own, for its owner only; answers their names."""
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    names = []
    for path in settings.KEY_FILES:
        if path.exists():
            _copy_private(path, folder / path.name)
            names.append(path.name)
    return names


def restore_backup(folder: Path, keys: Path | None) -> dict[str, Any]:
    """Bring a backup back into this installation, which has to be empty; answers the manifest.

    Raises BackupRefused when the place is not empty, the backup is not whole, or a key that it was made with is
    neither here nor in `keys`: then nothing was written.
    """
    manifest = read_manifest(folder)
    _require_empty()
    _require_keys(manifest.get("keys", []), keys)
    if keys is not None:
        for path in settings.KEY_FILES:
            if (keys / path.name).exists():
                _copy_private(keys / path.name, path)
    connections.close_all()
    _load(folder / DATABASE)
    if (folder / UPLOADS).is_dir():
        shutil.copytree(folder / UPLOADS, settings.UPLOADS, dirs_exist_ok=True)
    return manifest


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a backup that is whole and fits this database. Raises BackupRefused."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = manifest["files"]
        if manifest["format"] != FORMAT:
            raise KeyError(FORMAT)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupRefused(_("%(folder)s is no backup.") % {"folder": folder}) from error
    if manifest["vendor"] != connection.vendor:
        raise BackupRefused(
            _("The backup is of %(theirs)s, this installation uses %(ours)s.")
            % {"theirs": manifest["vendor"], "ours": connection.vendor}
        )
    for name, digest in files.items():
        if not (folder / name).is_file() or digest_of(folder / name) != digest:
            raise BackupRefused(_("The backup is damaged: %(file)s.") % {"file": name})
    return manifest


def _require_empty() -> None:
    # Opening the database has made the file; what counts is whether anything is in it.
    if connection.introspection.table_names():
        raise BackupRefused(
            _("This installation has a database already. Restore into an empty place, then change over.")
        )


def _require_keys(names: list[str], keys: Path | None) -> None:
    """Without its keys a database can be neither read nor checked; new ones would only hide that."""
    here = {path.name for path in settings.KEY_FILES if path.exists()}
    missing = [name for name in names if name not in here and not (keys and (keys / name).exists())]
    if missing:
        raise BackupRefused(
            _("These keys are missing: %(names)s. Name the folder that holds them with --keys.")
            % {"names": ", ".join(missing)}
        )


def _dump(target: Path) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(target)])
        target.chmod(0o600)
    else:
        _run_postgresql("pg_dump", "--format=custom", "--no-owner", f"--file={target}")


def _load(source: Path) -> None:
    if connection.vendor == "sqlite":
        place = Path(settings.DATABASES["default"]["NAME"])
        for leftover in (f"{place}-wal", f"{place}-shm"):
            Path(leftover).unlink(missing_ok=True)
        draft = place.with_name(f".{place.name}-restoring")
        shutil.copyfile(source, draft)
        draft.chmod(0o600)
        _sync(draft)
        draft.replace(place)
        _sync(place.parent)
    else:
        name = str(connection.settings_dict["NAME"])
        _run_postgresql(
            "pg_restore",
            "--no-owner",
            "--exit-on-error",
            "--single-transaction",
            f"--dbname={name}",
            str(source),
        )


def _run_postgresql(*words: str) -> None:
    """One of PostgreSQL's own programs, with the connection of the settings in its environment."""
    at = connection.settings_dict
    variables = {
        "PGHOST": at["HOST"],
        "PGPORT": at["PORT"],
        "PGUSER": at["USER"],
        "PGPASSWORD": at["PASSWORD"],
    }
    environment = {**os.environ, "PGDATABASE": at["NAME"]} | {k: v for k, v in variables.items() if v}
    if shutil.which(words[0]) is None:
        raise BackupRefused(_("%(program)s is not installed.") % {"program": words[0]})
    done = subprocess.run(words, env=environment, check=False, capture_output=True, text=True)  # noqa: S603 - our own words
    if done.returncode:
        raise BackupRefused(f"{words[0]}: {done.stderr.strip()[-1000:]}")


def files_in(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy_private(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(source.read_bytes())
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
