"""Saving, loading and damage."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ronglian.engines.matching import IndexDamaged, MatchIndex, NeedProfile, ResultProfile
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
