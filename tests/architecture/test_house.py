"""The house rules that can be counted."""

from __future__ import annotations

import ast
import pkgutil
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from django.core.management import call_command

import ronglian.apps
from ronglian.kernel.operation import OPERATIONS
from tests.paths import REPOSITORY

PACKAGE = REPOSITORY / "src" / "ronglian"
ENGINES = sorted(
    folder.name for folder in (PACKAGE / "engines").iterdir() if (folder / "__init__.py").exists()
)
LONGEST_FILE = 400
LONG_FILES = {
    "tests/kernel/test_codes.py": "one file of published facts against which the code tables are checked",
}
# Package registries by name: their addresses belong to a machine's own settings, never to the project.
REGISTRIES = re.compile(
    r"(?:pypi\.org|pythonhosted|npmjs\.(?:org|com)|registry\.[\w.]+\.(?:com|org)|mirrors?\.[\w-]+\.|--index-url|--extra-index-url)"
)
SPEAKS_OF_THEM = {"Makefile", "tests/architecture/test_house.py"}


for _module in pkgutil.walk_packages(ronglian.apps.__path__, "ronglian.apps."):
    if ".operations." in _module.name:
        import_module(_module.name)


def committed(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", *patterns], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    return [REPOSITORY / name for name in listed.stdout.split("\0") if name and (REPOSITORY / name).is_file()]


def test_arrows_point_down() -> None:
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        check=False,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_loads_without_django(engine: str) -> None:
    code = (
        "import importlib, pkgutil, sys\n"
        f"package = importlib.import_module('ronglian.engines.{engine}')\n"
        "for module in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "    importlib.import_module(module.name)\n"
        "found = sorted(name for name in sys.modules if name.split('.')[0] in ('django', 'ninja', 'click', 'rich'))\n"
        "assert not found, found"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)


def test_the_library_is_importable_alone() -> None:
    code = "import ronglian, sys; assert 'django' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_no_registry_is_named_in_a_committed_file() -> None:
    found = {}
    for path in committed():
        name = str(path.relative_to(REPOSITORY))
        if name in SPEAKS_OF_THEM:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if match := REGISTRIES.search(text):
            found[name] = match.group()
    assert found == {}


def test_the_lock_files_carry_no_addresses() -> None:
    assert "http" not in re.sub(
        r'"funding": \{.*?\}', "", (REPOSITORY / "package-lock.json").read_text(), flags=re.S
    )
    for name in ("run.txt", "dev.txt", "node.txt"):
        assert "://" not in (REPOSITORY / "requirements" / name).read_text()


def test_files_stay_short_or_say_why() -> None:
    long = {}
    for path in committed("src/*.py", "tests/*.py", "tools/*.py", "benchmarks/*.py"):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        name = str(path.relative_to(REPOSITORY))
        if lines > LONGEST_FILE and name not in LONG_FILES and "/migrations/" not in name:
            long[name] = lines
    assert long == {}


def test_every_exception_to_a_rule_says_why() -> None:
    """On its line, or in the line above when a block of lines has the same reason."""
    bare = []
    pattern = re.compile(r"#\s*(?:noqa(?::\s*[\w, ]+)?|type:\s*ignore(?:\[[\w\-, ]+\])?)\s*(.*)$")
    for path in committed("src/*.py", "tools/*.py", "benchmarks/*.py"):
        explained = False
        for number, line in enumerate(filter(str.strip, path.read_text(encoding="utf-8").splitlines()), 1):
            match = pattern.search(line)
            explained = bool(match) and (explained or bool(match.group(1).strip(" -#")))
            if match and not explained:
                bare.append(f"{path.relative_to(REPOSITORY)}: {line.strip()} ({number})")
    assert bare == []


def test_rooms_have_speaking_names() -> None:
    unspeaking = {"utils", "helpers", "manager", "managers", "common", "misc"}
    named = [
        str(path.relative_to(REPOSITORY))
        for path in committed("src/*.py")
        if unspeaking & {path.stem, path.parent.name}
    ]
    assert named == []


def test_every_operation_is_named_noun_verb_and_explained() -> None:
    assert len(OPERATIONS) > 10
    for name, spec in OPERATIONS.items():
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", name), name
        assert (spec.function.__doc__ or "").strip() or spec.function.__name__.startswith("_"), name


def test_every_operation_records_an_event_itself() -> None:
    """Found in the source: the function under @operation calls record_event, or a helper beside it that does."""
    for spec in OPERATIONS.values():
        module = sys.modules[spec.function.__module__]
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert writes_event(functions, spec.function.__name__, set()), f"{spec.name} writes no event"


def writes_event(functions: dict[str, ast.FunctionDef], name: str, seen: set[str]) -> bool:
    if name == "record_event":
        return True
    if name not in functions or name in seen:
        return False
    called = {
        node.func.id
        for node in ast.walk(functions[name])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return any(writes_event(functions, each, seen | {name}) for each in called)


@pytest.mark.django_db
def test_migrations_are_what_the_models_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
