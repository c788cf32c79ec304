"""Every need with its best results and every result with its best needs, on all cores (全量匹配).

Work is cut into chunks of records. Each chunk is one file that appears whole or not at all, so a run that was
interrupted goes on where it stopped. Workers are processes that map the same saved index: its pages are in
memory once. The answers are those of :meth:`MatchIndex.rank_need` and :meth:`MatchIndex.rank_result`.
"""

import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from ronglian.engines.matching.explain import Hit
from ronglian.engines.matching.index import MatchIndex
from ronglian.engines.matching.similarity import Role

PLAN_FILE = "plan.json"
CHUNK = 500  # records: some seconds of work
_ROLES: tuple[Role, Role] = ("needs", "results")


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


class Ranked(NamedTuple):
    """A record with the best of the other side (单条结果)."""

    role: Role  # what the record is
    id: str
    hits: tuple[Hit, ...]


class _Task(NamedTuple):
    role: Role
    begin: int
    end: int
    path: Path


def rank_everything(
    index_path: Path | str,
    folder: Path | str,
    *,
    today: date,
    top: int = 20,
    workers: int | None = None,
    chunk: int = CHUNK,
    progress: Callable[[int, int], None] | None = None,
) -> Plan:
    """Rank all needs and all results of a saved index into ``folder``; read them with :func:`read_ranked`.

    ``progress`` is called with (records done, records in all), at once for what an earlier run left. ``workers``
    defaults to the cores there are; 1 works in this process. Raises OtherBatch where the folder was begun with
    something else, IndexDamaged, FileNotFoundError and OSError.
    """
    index_path, folder = Path(index_path), Path(folder)
    index = MatchIndex.load(index_path)
    plan = Plan(
        _digest(index_path), today.isoformat(), top, chunk, len(index.ids("needs")), len(index.ids("results"))
    )
    _begin(folder, plan)
    tasks = list(_tasks(folder, plan))
    total = plan.needs + plan.results
    open_tasks = [task for task in tasks if not task.path.exists()]
    done = total - sum(task.end - task.begin for task in open_tasks)
    report = progress or (lambda _done, _total: None)
    report(done, total)
    workers = min(workers or os.cpu_count() or 1, max(len(open_tasks), 1))
    for task in _work_off(open_tasks, index, index_path, plan, workers):
        done += task.end - task.begin
        report(done, total)
    return plan


def read_ranked(folder: Path | str) -> Iterator[Ranked]:
    """Needs, then results, each by id; raises FileNotFoundError where a chunk is missing."""
    folder = Path(folder)
    plan = Plan(**json.loads((folder / PLAN_FILE).read_text(encoding="utf-8")))
    for task in _tasks(folder, plan):
        for line in task.path.read_text(encoding="utf-8").splitlines():
            record, hits = json.loads(line)
            yield Ranked(task.role, record, tuple(Hit(other, score) for other, score in hits))


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 22):
            digest.update(piece)
    return digest.hexdigest()


def _begin(folder: Path, plan: Plan) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / PLAN_FILE
    if not path.exists():
        _write(path, json.dumps(asdict(plan)))
    elif json.loads(path.read_text(encoding="utf-8")) != asdict(plan):
        raise OtherBatch(f"{path} was made for another index, day or length of lists")


def _tasks(folder: Path, plan: Plan) -> Iterator[_Task]:
    for role, size in zip(_ROLES, (plan.needs, plan.results), strict=True):
        for begin in range(0, size, plan.chunk):
            end = min(begin + plan.chunk, size)
            yield _Task(role, begin, end, folder / f"{role}-{begin:09d}.jsonl")


def _work_off(
    tasks: list[_Task], index: MatchIndex, index_path: Path, plan: Plan, workers: int
) -> Iterator[_Task]:
    if workers == 1:
        ranker = _Ranker(index)
        for task in tasks:
            _rank_chunk(ranker, task, plan)
            yield task
        return
    # Spawned, not forked: threads of the caller's process would not survive a fork.
    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_open_index, initargs=(index_path,)
    )
    with pool:
        running: set[Future[_Task]] = set()
        for task in tasks:
            running.add(pool.submit(_rank_in_worker, task, plan))
            if len(running) > 2 * workers:
                finished, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (each.result() for each in finished)
        yield from (each.result() for each in wait(running).done)


class _Ranker:
    """An index with its ids, sorted once (批次排序器)."""

    def __init__(self, index: MatchIndex) -> None:
        self.index = index
        self.ids = {role: index.ids(role) for role in _ROLES}


_opened: list[_Ranker] = []  # of a worker process: its index, opened once


def _open_index(path: Path) -> None:
    _opened.append(_Ranker(MatchIndex.load(path)))


def _rank_in_worker(task: _Task, plan: Plan) -> _Task:
    _rank_chunk(_opened[0], task, plan)
    return task


def _rank_chunk(ranker: _Ranker, task: _Task, plan: Plan) -> None:
    today = date.fromisoformat(plan.today)
    rank: Callable[..., list[Hit]] = (
        ranker.index.rank_need if task.role == "needs" else ranker.index.rank_result
    )
    lines = []
    for record in ranker.ids[task.role][task.begin : task.end]:
        hits: list[Any] = [[hit.id, hit.score] for hit in rank(record, today=today, top=plan.top)]
        lines.append(json.dumps([record, hits], ensure_ascii=True) + "\n")
    _write(task.path, "".join(lines))


def _write(path: Path, text: str) -> None:
    """Whole or not at all."""
    draft = path.with_name(f".{path.name}-{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
