"""The code lists of the registration form and the conditions of recognition, from `texts/registration.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

from ronglian.engines.contracts import Condition, Excluded, Kind, Language


@cache
def _content() -> Mapping[str, Any]:
    path = resources.files("ronglian.apps.agreements").joinpath("texts", "registration.yaml")
    content: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def codes(name: str) -> Mapping[str, Mapping[str, str]]:
    """A code list (`natures`, `plans`, `objectives`): code → names by language, in the order of the form."""
    return {entry["code"]: entry for entry in _content()[name]}


def named(name: str, key: str, language: Language) -> str:
    """The name of a value in a list that goes by our own values (`categories`, `rights`, `payment_modes`)."""
    return str(_content()[name][key][language])


@cache
def conditions() -> tuple[Condition, ...]:
    return tuple(
        Condition(entry["id"], frozenset(Kind(kind) for kind in entry["kinds"]), entry.get("seen", ""))
        for entry in _content()["conditions"]
    )


@cache
def excluded() -> tuple[Excluded, ...]:
    return tuple(
        Excluded(entry["id"], frozenset(Kind(kind) for kind in entry["kinds"]), tuple(entry["words"]))
        for entry in _content()["excluded"]
    )


def wording(code: str) -> Mapping[str, str]:
    """What is said of a condition or of an exclusion: article, zh, en."""
    content = _content()
    found: Mapping[str, str] = next(
        entry for entry in (*content["conditions"], *content["excluded"]) if entry["id"] == code
    )
    return found


def asked_of(kind: Kind) -> tuple[str, ...]:
    """The conditions of a kind that party B answers itself."""
    return tuple(one.id for one in conditions() if kind in one.kinds and not one.seen)


def heads() -> Mapping[str, Mapping[str, Any]]:
    """The columns of a file of contracts: how each is headed (`zh`, `en`), and the `other` heads it goes by."""
    found: Mapping[str, Mapping[str, Any]] = _content()["heads"]
    return found


def kind_of(text: str) -> str:
    """The kind of contract that a category says in words; the text itself where it says none."""
    words: Mapping[str, str] = _content()["kind_words"]
    return next((kind for word, kind in words.items() if word in text), text)
