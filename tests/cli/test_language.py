"""The command line speaks Chinese unless the machine speaks English."""

from __future__ import annotations

import pytest

from ronglian.cli.language import CLICK_TEXTS, language_of
from tests.cli.conftest import Run


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": ""}, "zh"),
    ],
)
def test_the_machine_decides(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


def test_the_option_goes_before_the_machine(run: Run) -> None:
    assert "Usage:" in run("--help").output
    assert "匹配" in run("--language", "zh", "--help").output
    assert "匹配" in run("--language", "zh", "match", "--help").output


def test_help_of_every_command_is_translated(run: Run) -> None:
    from ronglian.cli.main import COMMANDS  # noqa: PLC0415 - the table under test

    for name in COMMANDS:
        english, chinese = (run("--language", code, name, "--help") for code in ("en", "zh"))
        assert english.exit_code == chinese.exit_code == 0
        assert english.output != chinese.output, name


def test_clicks_own_texts_are_still_those_it_asks_for() -> None:
    import inspect  # noqa: PLC0415 - beside its use

    import click  # noqa: PLC0415 - beside its use

    sources = "".join(
        inspect.getsource(getattr(click, name)) for name in ("core", "exceptions", "decorators", "formatting")
    )
    assert [text for text in CLICK_TEXTS if text not in sources] == []
