"""`ronglian restore`: brings a backup back into an empty place, and asks every invariant of it."""

from __future__ import annotations

import subprocess
import sys
from gettext import gettext as _
from pathlib import Path

import click

from ronglian.cli.language import gettext_noop
from ronglian.cli.output import console
from ronglian.kernel.backup import restore_backup


@click.command(
    "restore",
    help=gettext_noop(
        "Bring the backup in FOLDER back into this installation, which has to be empty; then check it. Exit code 1 if "
        "the backup is not whole or the check finds something."
    ),
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--keys", type=click.Path(path_type=Path), help=gettext_noop("The folder with the keys."))
def command(folder: Path, keys: Path | None) -> None:
    """The command."""
    manifest = restore_backup(folder, keys)
    console(errors=True).print(_("Restored what was backed up at {when}.").format(when=manifest["made_at"]))
    # In new processes, because this one has started with the keys it found before.
    start = [sys.executable, "-c", "from ronglian.cli.main import main; main()"]
    for words in (["setup"], ["check"]):
        if subprocess.run([*start, *words], check=False).returncode:  # noqa: S603 - our own words
            raise click.exceptions.Exit(1)
