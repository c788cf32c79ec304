"""Who may not know a secret cannot tell two worlds apart that differ in it alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ronglian.apps.matching import vectors
from ronglian.apps.matching.keeper import keeper
from ronglian.engines.matching import meaning
from tests.embedding import TinyModel
from tests.reliability.two_worlds import build, differences, look, world
from tests.rendering import plain_pages

pytestmark = pytest.mark.django_db
PAIRS = 10


def compare(
    seed: int,
    folder: Path,
    *,
    parts: int,
    pairs: int = PAIRS,
    prepare: Callable[[], object] = lambda: None,
) -> None:
    """One world with others. With `parts`, each of them is looked at in another share of the places."""
    base = build(seed)
    with plain_pages():
        with world(base, 0, folder):
            prepare()
            first = look(base)
        assert len(first) > 150
        for other in range(1, pairs + 1):
            with world(base, other, folder):
                prepare()
                found = differences(first, look(base, other, parts))
                assert found == {}, f"world {other} of registry {seed}"


def test_ten_pairs_of_worlds_look_the_same(tmp_path: Path) -> None:
    compare(1, tmp_path, parts=10)


def test_worlds_look_the_same_where_meaning_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "load_model", lambda _choice: TinyModel())
    monkeypatch.setattr(meaning, "FEWEST_VECTORS", 2)
    done = []

    def prepare() -> None:
        done.append(vectors.refresh(keeper.folder))
        assert keeper.current().model == "tiny 1"

    compare(3, tmp_path, parts=5, pairs=5, prepare=prepare)
    assert len(set(done)) == 1
    assert done[0].done > 6


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_five_hundred_pairs_of_worlds_look_the_same_everywhere(seed: int, tmp_path: Path) -> None:
    compare(100 + seed, tmp_path, parts=1, pairs=25)
