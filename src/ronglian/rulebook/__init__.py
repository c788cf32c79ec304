"""规则库: the law that Ronglian knows, as dated data. Read by `ronglian.engines.rules`.

    jurisdictions.yaml, topics.yaml
    <place>/sources.yaml                     documents
    <place>/<topic>/parameters.yaml          dated values, each with document, article and confidence
    <place>/<topic>/rules.yaml               formulas
    <place>/<topic>/checklists.yaml          what is gone through by a person
    cases/<place>/<topic>/*.yaml             what has to come out

How to write it: docs/how-to/add-a-province.md.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from ronglian.engines.rules import Rulebook, read_book

TOP = ("jurisdictions.yaml", "topics.yaml")
KINDS = ("jurisdictions.yaml", "sources.yaml", "parameters.yaml", "rules.yaml", "checklists.yaml")


@cache
def load_rulebook(addition: Path | None = None) -> Rulebook:
    """The packaged rulebook, with the files of a folder of one's own laid over it.

    A file of the folder at a packaged path stands in its place; any other adds. Read once a process. Raises BookProblem,
    and OSError where the folder cannot be read.
    """
    found = _packaged()
    if addition is not None:
        found |= _collected(addition)
    return read_book(found)


def _packaged() -> dict[str, str]:
    return _collected(files("ronglian.rulebook"))


def _collected(folder: Traversable, path: str = "") -> dict[str, str]:
    """The texts below a folder that belong to the rules, by path."""
    found: dict[str, str] = {}
    for one in folder.iterdir():
        name = f"{path}{one.name}"
        if one.is_dir():
            found |= _collected(one, f"{name}/")
        elif _belongs(name):
            found[name] = one.read_text(encoding="utf-8")
    return found


def _belongs(name: str) -> bool:
    parts = name.split("/")
    if parts[0] == "cases":
        return name.endswith(".yaml") and len(parts) == 4
    if len(parts) == 1:
        return name in TOP
    return parts[0].startswith("cn") and parts[-1] in KINDS
