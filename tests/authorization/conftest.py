"""The world is built once for a module, in a transaction around those of its tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.authorization.world import Asker, standing


@pytest.fixture(scope="module")
def asker(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asker]:
    with django_db_blocker.unblock(), standing(tmp_path_factory.mktemp("authorization")) as asker:
        yield asker
