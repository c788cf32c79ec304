"""Saving, loading and damage."""

import fcntl
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ronglian.engines.matching import IndexDamaged, MatchIndex, NeedProfile, ResultProfile, side
from tests.engines.matching import samples
from tests.engines.matching.samples import TODAY

quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("index") / "match.index"
    MatchIndex.build(*samples.small_collection()).save(path)
    return path


@quick
@given(samples.need_lists, samples.result_lists)
def test_loaded_answers_the_same(
    tmp_path: Path, needs: list[NeedProfile], results: list[ResultProfile]
) -> None:
    index = MatchIndex.build(needs, results)
    index.update(
        results=[ResultProfile("r99", "锂电池\ud800回收")], removed=[each.id for each in results[:2]]
    )

    index.save(tmp_path / "index")
    loaded = MatchIndex.load(tmp_path / "index")

    assert loaded.parameters == index.parameters
    for need in index.ids("needs"):
        assert loaded.match_need(need, today=TODAY) == index.match_need(need, today=TODAY)
    assert loaded.search("锂电池回收", "results") == index.search("锂电池回收", "results")
    assert list(tmp_path.iterdir()) == [tmp_path / "index"]


def test_loaded_index_can_be_changed(saved: Path) -> None:
    index = MatchIndex.load(saved)
    index.update(results=[ResultProfile("r7", "废旧锂电池回收技术")], removed=["r1"])

    assert index.match_need("n1", today=TODAY)[0].result_id == "r7"


@quick
@given(st.data())
def test_truncated_file_is_damaged(saved: Path, tmp_path: Path, data: st.DataObject) -> None:
    content = saved.read_bytes()
    cut = tmp_path / "cut"
    cut.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])

    with pytest.raises(IndexDamaged):
        MatchIndex.load(cut)


@quick
@given(st.data())
def test_flipped_bit_is_damaged(saved: Path, tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(saved.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    flipped = tmp_path / "flipped"
    flipped.write_bytes(content)

    with pytest.raises(IndexDamaged):
        MatchIndex.load(flipped)


def test_other_file_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "index").write_text(
        "not an index, but long enough to hold a digest of thirty-two bytes and more"
    )
    with pytest.raises(IndexDamaged, match="not an index"):
        MatchIndex.load(tmp_path / "index")


def test_missing_file_is_not_damage(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        MatchIndex.load(tmp_path / "index")


def test_failed_write_leaves_the_old_index(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = saved.read_bytes()

    def fail(_handle: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("ronglian.engines.matching.storage.os.fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        MatchIndex.build([], []).save(saved)

    assert saved.read_bytes() == before
    assert [each.name for each in saved.parent.iterdir()] == [saved.name]


@pytest.mark.parametrize("posted", [False, True])
def test_many_flipped_bits_are_damage(posted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in the arrays that only large collections have: postings, norms and classes."""
    if posted:
        monkeypatch.setattr(side, "KERNEL_ROWS", 0)
        monkeypatch.setattr(side, "POSTED_ROWS", 1)
    path = tmp_path / "index"
    MatchIndex.build(*samples.small_collection()).save(path)
    content = path.read_bytes()
    assert (b"postings.entries" in content) == posted
    chance = random.Random(11)
    for _ in range(200):
        flipped = bytearray(content)
        for _ in range(chance.choice((1, 1, 2, 40))):
            flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
        path.write_bytes(flipped)
        with pytest.raises(IndexDamaged):
            MatchIndex.load(path)
    path.write_bytes(content)
    assert MatchIndex.load(path).match_need("n1", today=TODAY)[0].result_id == "r1"


WRITER = """
import sys
from ronglian.engines.matching import MatchIndex, ResultProfile
index = MatchIndex.load(sys.argv[1])
number = 0
while True:
    number += 1
    index.update(results=[ResultProfile("extra", "废旧锂电池" * (number % 50))])
    index.save(sys.argv[1])
    print(number, flush=True)
"""


def test_a_killed_writer_leaves_a_whole_index(tmp_path: Path) -> None:
    path = tmp_path / "index"
    MatchIndex.build(*samples.small_collection()).save(path)
    opened = MatchIndex.load(path)
    before = opened.match_need("n1", today=TODAY)
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        for _ in range(20):
            writer.stdout.readline()
            # A reader beside the writer sees whole indexes only.
            assert MatchIndex.load(path).ids("needs") == ["n1", "n2", "n3"]
        os.kill(writer.pid, signal.SIGKILL)
    assert writer.returncode == -signal.SIGKILL

    assert "extra" in MatchIndex.load(path).ids("results")
    # What was mapped before is answered from as it was, though the file has been replaced many times.
    assert opened.match_need("n1", today=TODAY) == before


def test_the_draft_of_a_killed_writer_goes_with_the_next_write(saved: Path, tmp_path: Path) -> None:
    index = MatchIndex.load(saved)
    abandoned, at_work = tmp_path / ".match.index.abcd1234", tmp_path / ".match.index.abcd5678"
    other = tmp_path / ".match.index.notes"
    for path in (abandoned, at_work, other):
        path.write_bytes(b"half")

    with at_work.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        index.save(tmp_path / "match.index")

    assert sorted(tmp_path.iterdir()) == sorted([at_work, other, tmp_path / "match.index"])
