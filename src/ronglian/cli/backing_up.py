"""`ronglian backup`: the whole installation as a folder, while others work."""

from __future__ import annotations

from gettext import gettext as _
from pathlib import Path

import click

from ronglian.cli.language import gettext_noop
from ronglian.cli.output import console
from ronglian.kernel.backup import make_backup, write_keys


@click.command(
    "backup",
    help=gettext_noop(
        "Write database and uploaded files to a new FOLDER, while the site runs. The keys are not among them; --keys "
        "copies them to a folder that belongs elsewhere."
    ),
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--keys", type=click.Path(path_type=Path), help=gettext_noop("Copy the files with keys here."))
def command(folder: Path, keys: Path | None) -> None:
    """The command."""
    screen = console(errors=True)
    manifest = make_backup(folder)
    screen.print(
        _("{number} files backed up to {folder}").format(number=len(manifest["files"]), folder=folder)
    )
    if keys is not None:
        screen.print(_("Keys copied: {names}").format(names=", ".join(write_keys(keys))))
