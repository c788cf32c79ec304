"""`ronglian setup` and `ronglian demo` leave the vectors of meaning to the worker."""

import ast
import inspect

import pytest
from click.testing import CliRunner

from ronglian.apps.matching import vectors
from ronglian.cli import demonstrating, setting_up


@pytest.mark.django_db
def test_setup_computes_no_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    for step in (
        "compile_messages",
        "_bring_up_to_date",
        "_make_keys",
        "_collect_files",
        "refresh_statistics",
    ):
        monkeypatch.setattr(setting_up, step, lambda: None)
    monkeypatch.setattr(vectors, "load_model", lambda _choice: pytest.fail("the first page would wait"))
    done = CliRunner().invoke(setting_up.command, [], catch_exceptions=False)
    assert done.exit_code == 0


def test_neither_asks_for_vectors() -> None:
    for module in (setting_up, demonstrating):
        imported = {
            node.module
            for node in ast.walk(ast.parse(inspect.getsource(module)))
            if isinstance(node, ast.ImportFrom)
        }
        assert "ronglian.cli.vectors" not in imported
