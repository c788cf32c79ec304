"""`ronglian serve`: the site and its background worker, as one command."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from gettext import gettext as _

import click
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from granian import Granian
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from ronglian.cli.failures import no_database
from ronglian.cli.language import gettext_noop
from ronglian.cli.output import console

PATIENCE_SECONDS = 20
RESTART_AFTER_SECONDS = 3
HEADER_MILLISECONDS = 10_000
LARGEST_HEADERS = 64 * 1024
LINE_FOR_EACH_THREAD = 64


@click.command("serve", help=gettext_noop("Serve the site and run its background jobs until stopped."))
@click.option("--address", default="127.0.0.1", show_default=True, help=gettext_noop("Where to listen."))
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help=gettext_noop("Which port.")
)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help=gettext_noop("Processes.")
)
@click.option(
    "--threads",
    type=click.IntRange(1, 64),
    default=4,
    show_default=True,
    help=gettext_noop("Threads of each."),
)
@click.option(
    "--jobs/--no-jobs", default=True, show_default=True, help=gettext_noop("Run background jobs here, too.")
)
def command(address: str, port: int, workers: int, threads: int, jobs: bool) -> None:
    """The command."""
    _require_free(address, port)
    _require_database()
    background = BackgroundWorker() if jobs else None
    console(errors=True).print(
        _("Open http://{address}:{port}  (Ctrl+C stops)").format(address=address, port=port)
    )
    server = Granian(
        "ronglian.project.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        websockets=False,
        # Whoever drips a request, or asks while all threads are busy and the line is long, does not hold the others up.
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADER_MILLISECONDS, max_buffer_size=LARGEST_HEADERS
        ),
        backpressure=threads * LINE_FOR_EACH_THREAD,
        respawn_failed_workers=True,
        # Stopping waits for a worker's requests; without an end to it, one that hangs keeps the site from stopping.
        workers_kill_timeout=PATIENCE_SECONDS,
        log_level=LogLevels.warning,
    )
    try:
        server.serve()
    finally:
        if background is not None:
            background.stop()


def _require_free(address: str, port: int) -> None:
    """Refuse a port that is taken: the server shares ports, so two sites would answer in turns."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise click.ClickException(
                _(
                    "Cannot serve on {address}:{port}: {reason}. Another server may be running; --port chooses another."
                ).format(address=address, port=port, reason=error.strerror)
            ) from error


def _require_database() -> None:
    """Say before serving, not on every page, that the database needs `ronglian setup`."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise no_database(", ".join(f"{step.app_label}.{step.name}" for step, _backwards in missing[:5]))
    connection.close()


class BackgroundWorker:
    """`ronglian worker` as a child of this process; started again when it dies."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._child = self._start()
        self._watch = threading.Thread(target=self._keep_alive, name="worker watch", daemon=True)
        self._watch.start()

    @property
    def pid(self) -> int:
        return self._child.pid

    def stop(self) -> None:
        """Let the worker finish its job; kill it when that takes too long, for the reaper gives the job back."""
        self._stopping.set()
        self._watch.join()
        self._child.terminate()
        try:
            self._child.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        words = ["from ronglian.cli.main import main; main()", "worker", "--parent", str(os.getpid())]
        # In a session of its own: Ctrl+C reaches it once, through `stop`; a second signal would break off its job.
        return subprocess.Popen([sys.executable, "-c", *words], start_new_session=True)  # noqa: S603 - our own words

    def _keep_alive(self) -> None:
        while not self._stopping.wait(RESTART_AFTER_SECONDS):
            if self._child.poll() is not None:
                self._child = self._start()
