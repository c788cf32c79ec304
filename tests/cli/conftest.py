"""Running commands inside the test's database."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result
from django.utils import translation

from ronglian.cli.language import use_language
from ronglian.cli.main import commands

Run = Callable[..., Result]


@pytest.fixture
def run() -> Iterator[Run]:
    """`run("match", "…")` in English, so that the tests read like the code; `--language zh` for Chinese."""
    before = os.environ.get("LANGUAGE")
    use_language("en")

    def invoke(*words: str, **more: object) -> Result:
        return CliRunner().invoke(commands, list(words), **more)  # type: ignore[arg-type] # CliRunner's own options

    with translation.override("en"):
        yield invoke
    if before is None:
        del os.environ["LANGUAGE"]
    else:
        os.environ["LANGUAGE"] = before
