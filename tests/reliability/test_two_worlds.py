"""Who may not know a secret cannot tell two worlds apart that differ in it alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reliability.two_worlds import build, differences, look, world

pytestmark = pytest.mark.django_db
PAIRS = 25


def compare(seed: int, folder: Path, *, parts: int) -> None:
    """One world with 25 others. With `parts`, each of them is looked at in another share of the places."""
    base = build(seed)
    with world(base, 0, folder):
        first = look(base)
    assert len(first) > 150
    for other in range(1, PAIRS + 1):
        with world(base, other, folder):
            found = differences(first, look(base, other, parts))
            assert found == {}, f"world {other} of registry {seed}"


def test_twenty_five_pairs_of_worlds_look_the_same(tmp_path: Path) -> None:
    compare(1, tmp_path, parts=10)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_five_hundred_pairs_of_worlds_look_the_same_everywhere(seed: int, tmp_path: Path) -> None:
    compare(100 + seed, tmp_path, parts=1)
