"""The documentation is true: its commands and examples are run, its links lead somewhere, its pages are current."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from ronglian.cli.main import COMMANDS, commands
from tests.paths import REPOSITORY

ELSEWHERE = {
    "docs/reference/api.md": "tests/api runs its examples against the API",
    "docs/how-to/translate.md": "its commands rewrite the catalogue",
    "docs/how-to/translate.zh.md": "its commands rewrite the catalogue",
    "docs/how-to/add-an-operation.md": "its blocks are parts of files, compiled below",
    "docs/how-to/add-an-operation.zh.md": "its blocks are parts of files, compiled below",
}
FENCE = re.compile(r"(?P<before>[^\n]*)\n+```(?P<language>\w+)\n(?P<code>.*?)^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")
PAGES = sorted(
    [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md"), *REPOSITORY.glob("benchmarks/*.md")]
)
NAMES = [str(page.relative_to(REPOSITORY)) for page in PAGES]


def blocks(page: Path, language: str) -> list[str]:
    """The code blocks of a page that are to be run: all without `<!-- not run: reason -->` above them."""
    found = FENCE.finditer("\n" + page.read_text(encoding="utf-8"))
    return [
        each["code"]
        for each in found
        if each["language"] == language and "<!-- not run:" not in each["before"]
    ]


def shown_commands() -> list[str]:
    """Each line that calls `ronglian`, on any page, without what the shell makes of it."""
    lines = {
        re.split(r" [|>]|<<", line.removeprefix("sudo ").strip())[0]
        for page in PAGES
        for code in blocks(page, "bash")
        for line in code.replace("\\\n", " ").splitlines()
        if line.startswith("ronglian ")
    }
    return sorted(lines)


def environment(folder: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    }
    commands = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    return {**kept, "PATH": commands, "RONGLIAN_VAR": str(folder / "var"), "LANG": "en_GB.UTF-8"}


def is_run(name: str) -> bool:
    """A Chinese page whose commands are the English one's is not run a second time."""
    page = REPOSITORY / name
    twin = REPOSITORY / name.replace(".zh.md", ".md")
    return name not in ELSEWHERE and (page == twin or blocks(page, "bash") != blocks(twin, "bash"))


@pytest.mark.parametrize("line", shown_commands())
def test_shown_commands_exist_with_their_options(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the fast suite does for the slow test below: it reads the commands and runs none."""
    words = shlex.split(line, comments=True)[1:]
    at = next(at for at, word in enumerate(words) if word in COMMANDS)
    command = commands.get_command(click.Context(commands), words[at])
    assert command is not None
    monkeypatch.chdir(tmp_path)
    for file in (word for word in words if word.endswith((".csv", ".jsonl", ".tsv"))):
        Path(file).touch()  # it is to be there to be read
    command.make_context(words[at], words[at + 1 :])


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if is_run(name)])
def test_shell_commands_run_from_top_to_bottom(name: str, tmp_path: Path) -> None:
    script = "\n".join(blocks(REPOSITORY / name, "bash"))
    if not script:
        return
    if "ronglian setup" not in script:
        script = "ronglian setup\nronglian demo >/dev/null\n" + script
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        env=environment(tmp_path),
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ELSEWHERE])
def test_python_examples_run(name: str, tmp_path: Path) -> None:
    code = "\n".join(blocks(REPOSITORY / name, "python"))
    if code:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", code],
            cwd=tmp_path,
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["docs/how-to/add-an-operation.md", "docs/how-to/add-an-operation.zh.md"])
def test_parts_of_files_are_python(name: str) -> None:
    found = blocks(REPOSITORY / name, "python")
    assert len(found) >= 3
    for code in found:
        compile(code, name, "exec")


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    page = REPOSITORY / name
    broken = [
        link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()
    ]
    assert broken == []


@pytest.mark.parametrize("name", NAMES)
def test_make_targets_exist(name: str) -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = set(
        re.findall(r"`make ([a-z-]+)`|^make ([a-z-]+)", (REPOSITORY / name).read_text(encoding="utf-8"), re.M)
    )
    assert {word for pair in named for word in pair if word} <= targets


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".zh.md")])
def test_a_chinese_page_runs_what_the_english_one_runs(name: str) -> None:
    chinese, english = REPOSITORY / name, REPOSITORY / name.replace(".zh.md", ".md")
    assert len(blocks(chinese, "bash")) == len(blocks(english, "bash"))


def test_tutorials_and_guides_are_in_both_languages() -> None:
    pages = {name for name in NAMES if name.startswith(("docs/tutorials/", "docs/how-to/"))}
    missing = {
        name for name in pages if not name.endswith(".zh.md") and name.replace(".md", ".zh.md") not in pages
    }
    assert missing == set()


def test_the_command_line_reference_is_current() -> None:
    page = (REPOSITORY / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    done = subprocess.run(  # click keeps help options once shown, so another test must not have shown them
        [sys.executable, "tools/cli_reference.py"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert page == done.stdout, "run: make reference"


def test_every_environment_variable_is_documented() -> None:
    page = (REPOSITORY / "docs" / "reference" / "configuration.md").read_text(encoding="utf-8")
    read = re.compile(r"environ(?:\.get\(|\.setdefault\(|\[)\s*\"(\w+)\"|environment\.get\(\"(\w+)\"")
    named = {
        word
        for path in (REPOSITORY / "src").rglob("*.py")
        for pair in read.findall(path.read_text(encoding="utf-8"))
        for word in pair
        if word
    }
    assert {name for name in named if f"`{name}`" not in page} - {"LANGUAGE"} == set()
