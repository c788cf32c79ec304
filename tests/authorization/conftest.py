"""The world is built once for a module, in a transaction around those of its tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from tests.authorization.world import Asker, build


@pytest.fixture(scope="module")
def asker(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asker]:
    from ronglian.apps.matching.keeper import keeper  # noqa: PLC0415 - needs Django to be set up

    folder: Path = tmp_path_factory.mktemp("authorization")
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined]  # as Django's own TestCase marks its transactions
    with (
        django_db_blocker.unblock(),
        override_settings(UPLOADS=folder / "uploads", STATIC_ROOT=folder),
        around,
    ):
        keeper._folder = folder / "index"
        keeper.forget()
        yield Asker(build())
        keeper.forget()
        transaction.set_rollback(True)
