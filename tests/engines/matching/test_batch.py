"""All needs with all results, chunk by chunk."""

from pathlib import Path

import pytest

from ronglian.engines.matching import MatchIndex
from ronglian.engines.matching.batch import OtherBatch, local_workforce, rank_everything, read_ranked
from tests.engines.matching.samples import TODAY, small_collection


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A saved index of the small collection."""
    path = tmp_path / "match.index"
    MatchIndex.build(*small_collection()).save(path)
    return path


@pytest.mark.parametrize("workers", [1, 2])
def test_all_records_as_when_asked_one_by_one(saved: Path, tmp_path: Path, workers: int) -> None:
    index = MatchIndex.load(saved)
    seen: list[tuple[int, int]] = []
    rank_everything(
        saved,
        tmp_path / "all",
        today=TODAY,
        top=2,
        workforce=local_workforce(workers),
        chunk=2,
        progress=lambda done, total: seen.append((done, total)),
    )
    expected = [
        ("needs", record, tuple(index.rank_need(record, today=TODAY, top=2))) for record in index.ids("needs")
    ]
    expected += [
        ("results", record, tuple(index.rank_result(record, today=TODAY, top=2)))
        for record in index.ids("results")
    ]
    assert list(read_ranked(tmp_path / "all")) == expected
    assert any(hits for _, _, hits in expected)
    assert seen[0] == (0, 9)
    assert seen[-1] == (9, 9)


def test_an_interrupted_run_goes_on(saved: Path, tmp_path: Path) -> None:
    folder = tmp_path / "all"

    def stop(done: int, _total: int) -> None:
        if done >= 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rank_everything(saved, folder, today=TODAY, workforce=local_workforce(1), chunk=2, progress=stop)
    with pytest.raises(FileNotFoundError):
        list(read_ranked(folder))
    first = (folder / "needs-000000000.jsonl").stat().st_mtime_ns
    seen: list[int] = []
    rank_everything(
        saved,
        folder,
        today=TODAY,
        workforce=local_workforce(1),
        chunk=2,
        progress=lambda done, _: seen.append(done),
    )
    assert seen == [5, 7, 9]
    assert (folder / "needs-000000000.jsonl").stat().st_mtime_ns == first
    rank_everything(saved, tmp_path / "whole", today=TODAY, workforce=local_workforce(1))
    assert list(read_ranked(folder)) == list(read_ranked(tmp_path / "whole"))


def test_a_folder_of_another_run_is_refused(saved: Path, tmp_path: Path) -> None:
    rank_everything(saved, tmp_path / "all", today=TODAY, workforce=local_workforce(1))
    with pytest.raises(OtherBatch):
        rank_everything(saved, tmp_path / "all", today=TODAY, top=5, workforce=local_workforce(1))
