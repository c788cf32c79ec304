"""Message catalogues are compiled without gettext."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

from ronglian.kernel.messages import compile_messages

CATALOGUE = (
    'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "need"\nmsgstr "技术需求"\n'
)


def test_a_catalogue_is_compiled_when_it_is_newer(tmp_path: Path) -> None:
    source = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(CATALOGUE, encoding="utf-8")
    compiled = source.with_suffix(".mo")

    assert compile_messages(tmp_path) == [compiled]
    assert gettext.translation("django", tmp_path, ["zh_Hans"]).gettext("need") == "技术需求"
    assert compile_messages(tmp_path) == []

    os.utime(compiled, (1, 1))
    assert compile_messages(tmp_path) == [compiled]
    assert sorted(file.name for file in source.parent.iterdir()) == ["django.mo", "django.po"]
