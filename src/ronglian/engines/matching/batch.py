"""Every need with its best results and every result with its best needs, on all cores (全量匹配).

Work is cut into chunks of records. Each chunk is one file that appears whole or not at all, so a run that was
interrupted goes on where it stopped. Whoever does the work (processes of this machine here, a cluster in
``ronglian.cli.matching_cluster``) maps the same saved index, and this process writes the files. The answers are those of
:meth:`MatchIndex.rank_need` and :meth:`MatchIndex.rank_result`, whoever computed them.
"""

import json
import os
import signal
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from ronglian.engines.matching.explain import Hit
from ronglian.engines.matching.index import MatchIndex
from ronglian.engines.matching.similarity import Role

PLAN_FILE = "plan.json"
CHUNK = 500  # records: some seconds of work
ROLES: tuple[Role, Role] = ("needs", "results")
Owners = Mapping[Role, Mapping[str, str]]  # by side: who holds the record of an id


class OtherBatch(Exception):
    """The folder holds chunks of another index, day or length of lists; empty it or choose another (批次不符)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a folder of chunks answers (批次计划)."""

    index: str  # SHA-256 of the index file
    today: str
    top: int
    chunk: int
    needs: int
    results: int
    owners: str  # SHA-256 of who holds what; empty where nothing is known of it

    def digest(self) -> str:
        """The same for the same plan, anywhere."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


class Ranked(NamedTuple):
    """A record with the best of the other side (单条结果)."""

    role: Role  # what the record is
    id: str
    hits: tuple[Hit, ...]


class Task(NamedTuple):
    """The records of a side from ``begin`` to ``end``, by place among the sorted ids, and how many hits for each."""

    role: Role
    begin: int
    end: int
    tops: tuple[int, ...]


Answer = tuple[Task, list[list[Hit]]]
# Works tasks off, in any order. Raises where nobody is left to do them; what was answered before is kept.
Workforce = Callable[[Path, Plan, Sequence[Task]], Generator[Answer, None, None]]


def rank_everything(
    index_path: Path | str,
    folder: Path | str,
    *,
    today: date,
    top: int = 20,
    owners: Owners | None = None,
    workforce: Workforce | None = None,
    chunk: int = CHUNK,
    progress: Callable[[int, int], None] | None = None,
) -> Plan:
    """Rank all needs and all results of a saved index into ``folder``; read them with :func:`read_ranked`.

    A need and a result that ``owners`` gives to the same owner are not brought together. ``workforce`` defaults to
    one process for each core. ``progress`` is called with (records done, records in all), at once for what an
    earlier run left. Raises OtherBatch where the folder was begun with something else, IndexDamaged,
    FileNotFoundError and OSError.
    """
    index_path, folder = Path(index_path), Path(folder)
    index = MatchIndex.load(index_path)
    ids = {role: index.ids(role) for role in ROLES}
    plan = Plan(
        file_digest(index_path),
        today.isoformat(),
        top,
        chunk,
        len(ids["needs"]),
        len(ids["results"]),
        _owners_digest(owners),
    )
    _begin(folder, plan)
    paths = {(role, begin): folder / _chunk_name(role, begin) for role, begin, _end in _chunks(plan)}
    tops = {role: _tops(role, ids, owners, top) for role in ROLES}
    tasks = [
        Task(role, begin, end, tops[role][begin:end])
        for role, begin, end in _chunks(plan)
        if not paths[role, begin].exists()
    ]
    total = plan.needs + plan.results
    done = total - sum(task.end - task.begin for task in tasks)
    report = progress or (lambda _done, _total: None)
    report(done, total)
    with closing((workforce or local_workforce())(index_path, plan, tasks)) as answers:
        for task, hits in answers:
            records = ids[task.role][task.begin : task.end]
            text = _chunk_text(task.role, records, hits, owners, top)
            write_whole(paths[task.role, task.begin], text)
            done += task.end - task.begin
            report(done, total)
    return plan


def read_plan(folder: Path | str) -> Plan:
    """What a folder was begun with; raises FileNotFoundError where it was not."""
    return Plan(**json.loads((Path(folder) / PLAN_FILE).read_text(encoding="utf-8")))


def read_ranked(folder: Path | str) -> Iterator[Ranked]:
    """Needs, then results, each by id; raises FileNotFoundError where a chunk is missing."""
    folder = Path(folder)
    for role, begin, _end in _chunks(read_plan(folder)):
        for line in (folder / _chunk_name(role, begin)).read_text(encoding="utf-8").splitlines():
            record, hits = json.loads(line)
            yield Ranked(role, record, tuple(Hit(other, score) for other, score in hits))


def file_digest(path: Path) -> str:
    """SHA-256 of a file; raises OSError."""
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 22):
            digest.update(piece)
    return digest.hexdigest()


def write_whole(path: Path, text: str) -> None:
    """Whole or not at all."""
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _begin(folder: Path, plan: Plan) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / PLAN_FILE
    if not path.exists():
        write_whole(path, json.dumps(asdict(plan)))
    elif json.loads(path.read_text(encoding="utf-8")) != asdict(plan):
        raise OtherBatch(f"{path} was made for another index, day or length of lists")


def _chunks(plan: Plan) -> Iterator[tuple[Role, int, int]]:
    for role, size in zip(ROLES, (plan.needs, plan.results), strict=True):
        for begin in range(0, size, plan.chunk):
            yield role, begin, min(begin + plan.chunk, size)


def _chunk_name(role: Role, begin: int) -> str:
    return f"{role}-{begin:09d}.jsonl"


def _chunk_text(
    role: Role, records: Sequence[str], hits: list[list[Hit]], owners: Owners | None, top: int
) -> str:
    own: Mapping[str, str] = owners[role] if owners else {}
    others: Mapping[str, str] = owners[_other(role)] if owners else {}
    lines = []
    for record, found in zip(records, hits, strict=True):
        owner = own.get(record)
        kept = [hit for hit in found if owner is None or others.get(hit.id) != owner][:top]
        lines.append(json.dumps([record, [[hit.id, hit.score] for hit in kept]]) + "\n")
    return "".join(lines)


# --- who holds what


def _other(role: Role) -> Role:
    return "results" if role == "needs" else "needs"


def _owners_digest(owners: Owners | None) -> str:
    if not owners:
        return ""
    return sha256(json.dumps({role: owners[role] for role in ROLES}, sort_keys=True).encode()).hexdigest()


def _tops(role: Role, ids: Mapping[Role, Sequence[str]], owners: Owners | None, top: int) -> tuple[int, ...]:
    """How many hits to ask for: as many more as the record's owner holds on the other side, to be left out."""
    if not owners:
        return (top,) * len(ids[role])
    own, others = owners[role], owners[_other(role)]
    held = Counter(others[record] for record in ids[_other(role)] if record in others)
    return tuple(top + held.get(own.get(record, ""), 0) for record in ids[role])


# --- the work


class Ranker:
    """An index with its ids, sorted once (批次排序器)."""

    def __init__(self, index: MatchIndex) -> None:
        self._index = index
        self._ids = {role: index.ids(role) for role in ROLES}

    def rank(self, task: Task, plan: Plan) -> list[list[Hit]]:
        """The best of the other side for each record of the task."""
        today = date.fromisoformat(plan.today)
        rank: Callable[..., list[Hit]] = (
            self._index.rank_need if task.role == "needs" else self._index.rank_result
        )
        records = self._ids[task.role][task.begin : task.end]
        return [rank(record, today=today, top=top) for record, top in zip(records, task.tops, strict=True)]


def local_workforce(workers: int | None = None) -> Workforce:
    """Processes of this machine, as many as it has cores; 1 works in this process."""

    def work(index_path: Path, plan: Plan, tasks: Sequence[Task]) -> Generator[Answer, None, None]:
        count = min(workers or os.cpu_count() or 1, len(tasks))
        if count > 1:
            yield from _work_in_processes(index_path, plan, tasks, count)
        elif tasks:
            ranker = Ranker(MatchIndex.load(index_path))
            for task in tasks:
                yield task, ranker.rank(task, plan)

    return work


def _work_in_processes(index_path: Path, plan: Plan, tasks: Sequence[Task], workers: int) -> Iterator[Answer]:
    # Spawned, not forked: threads of the caller's process would not survive a fork.
    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_open_index, initargs=(index_path,)
    )
    try:
        running: set[Future[Answer]] = set()
        for task in tasks:
            running.add(pool.submit(_rank_in_worker, task, plan))
            if len(running) > 2 * workers:
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (each.result() for each in finished)
        while running:
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (each.result() for each in finished)
    finally:
        pool.shutdown(cancel_futures=True)  # of an interrupted run, what was not begun


_opened: list[Ranker] = []  # of a worker process: its index, opened once


def _open_index(path: Path) -> None:
    # Ctrl-C reaches every process of the terminal; the one that gave the work ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    _opened.append(Ranker(MatchIndex.load(path)))


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _rank_in_worker(task: Task, plan: Plan) -> Answer:
    return task, _opened[0].rank(task, plan)
