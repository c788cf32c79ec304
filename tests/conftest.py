"""Fixtures of the whole suite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """Each test starts without a match index, and what it saves stays in its own folder."""
    if not {"db", "transactional_db", "live_server"} & set(request.fixturenames):
        yield
        return
    from ronglian.apps.matching.keeper import keeper  # noqa: PLC0415 - needs Django to be set up

    kept = keeper._folder
    keeper._folder = tmp_path / "index"
    keeper.forget()
    yield
    keeper.forget()
    keeper._folder = kept
