"""The chunks of a batch, worked off by a Dask cluster (集群上的全量匹配). Needs the extra ``cluster``.

Every worker maps the same index. Where all workers find the file under the same path, with the same content, they map
that (a shared file system, or one machine). Otherwise its bytes are spread over the cluster in pieces, and each
worker puts them together in its own folder. Answers come back to this process, which writes the chunks: a worker
that dies costs its running chunk, which the scheduler gives to another one.
"""

import os
from collections.abc import Generator, Sequence
from concurrent.futures import CancelledError
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any

from distributed import Client, KilledWorker, as_completed, get_worker

from ronglian.engines.matching.batch import Answer, Plan, Ranker, Task, Workforce, file_digest
from ronglian.engines.matching.index import MatchIndex
from ronglian.engines.matching.parameters import ENGINE_VERSION

PIECE = 1 << 26  # bytes sent at once
PATIENCE = 60  # seconds until a scheduler answers and has a worker
AHEAD = 4  # chunks handed out for each thread of the cluster


class ClusterError(Exception):
    """The cluster cannot do the work; the message says what to change (集群不可用)."""


def cluster_workforce(scheduler: str) -> Workforce:
    """The workers of a running Dask scheduler, ``tcp://host:port``. The work raises ClusterError."""

    def work(index_path: Path, plan: Plan, tasks: Sequence[Task]) -> Generator[Answer, None, None]:
        if not tasks:
            return
        with _connect(scheduler) as client:
            path = str(index_path.resolve())
            pieces = _spread(client, path, plan)
            waiting = iter(tasks)

            def submit(task: Task) -> Any:
                key = f"ronglian-{plan.digest()[:16]}-{task.role}-{task.begin}"
                return client.submit(_rank, path, pieces, plan, task, key=key)

            ahead = AHEAD * max(sum(client.nthreads().values()), 1)
            first = [submit(task) for task in islice(waiting, ahead)]
            running = as_completed(first, loop=client.loop)
            for future in running:
                try:
                    answer: Answer = future.result()
                except KilledWorker as error:
                    raise ClusterError(f"one piece of work ended several workers: {error}") from error
                except CancelledError as error:
                    raise ClusterError(
                        "the scheduler, or all workers that held the index, are gone; run again to go on"
                    ) from error
                yield answer
                for task in islice(waiting, 1):
                    running.add(submit(task))

    return work


def _connect(scheduler: str) -> Any:
    try:
        client = Client(scheduler, timeout=PATIENCE, set_as_default=False)
        client.wait_for_workers(1, timeout=PATIENCE)
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterError(f"no Dask scheduler with a worker answers at {scheduler}: {error}") from error
    return client


def _spread(client: Any, path: str, plan: Plan) -> list[Any]:
    """The index in pieces on the workers; none where every worker has the file."""
    try:
        answers: dict[str, tuple[str, bool]] = client.run(_look, path, plan.index)
    except ModuleNotFoundError as error:
        raise ClusterError(f"ronglian is not installed on a worker: {error}") from error
    others = {version for version, _ in answers.values()} - {ENGINE_VERSION}
    if others:
        versions = ", ".join(sorted(others))
        raise ClusterError(f"workers have engine {versions}, this machine {ENGINE_VERSION}; install the same")
    if all(found for _, found in answers.values()):
        return []
    pieces = []
    with Path(path).open("rb") as file:
        while piece := file.read(PIECE):
            pieces.append(client.scatter(piece, broadcast=True))
    return pieces


# --- on a worker

_lock = Lock()
_opened: dict[str, Ranker] = {}  # the index last used, by digest


def _look(path: str, digest: str) -> tuple[str, bool]:
    """The engine's version here, and whether the index is found under this path."""
    try:
        return ENGINE_VERSION, file_digest(Path(path)) == digest
    except OSError:
        return ENGINE_VERSION, False


def _rank(path: str, pieces: list[bytes], plan: Plan, task: Task) -> Answer:
    with _lock:
        ranker = _opened.get(plan.index)
        if ranker is None:
            _opened.clear()
            ranker = _opened[plan.index] = Ranker(MatchIndex.load(_find(path, pieces, plan.index)))
    return task, ranker.rank(task, plan)


def _find(path: str, pieces: list[bytes], digest: str) -> Path:
    if not pieces:
        if _look(path, digest)[1]:
            return Path(path)
        # A worker that joined late, elsewhere than those that were asked at the beginning.
        raise ClusterError(f"{get_worker().address} does not find {path}; share the folder with every worker")
    own = Path(get_worker().local_directory) / f"{digest}.index"
    if not own.exists() or file_digest(own) != digest:
        draft = own.with_name(f".{own.name}-{os.getpid()}")
        with draft.open("wb") as file:
            file.writelines(pieces)
        draft.replace(own)
    return own
