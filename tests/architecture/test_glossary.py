"""docs/reference/glossary.yaml is the one source of terms: the code says no others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.apps import apps
from django.db.models import TextChoices
from django.utils import translation

from tests.paths import REPOSITORY

GLOSSARY: dict[str, list[dict[str, str]]] = yaml.safe_load(
    (REPOSITORY / "docs" / "reference" / "glossary.yaml").read_text(encoding="utf-8")
)
MODELS = {model.__name__: model for model in apps.get_models() if model.__module__.startswith("ronglian.")}


def enums_below(base: type) -> Iterator[Any]:
    for enum in base.__subclasses__():
        if enum.__module__.startswith("ronglian."):
            yield enum
        yield from enums_below(enum)


ENUMS = {enum.__name__: enum for enum in enums_below(TextChoices)}
VALUES = {f"{enum.__name__}.{value.value}": value for enum in ENUMS.values() for value in enum}


def entries(part: str) -> dict[str, dict[str, str]]:
    return {entry["id"]: entry for entry in GLOSSARY[part]}


def test_every_entry_is_whole_and_stands_once() -> None:
    for part in GLOSSARY.values():
        assert [key for key, count in Counter(entry["id"] for entry in part).items() if count > 1] == []
        assert [
            entry for entry in part if set(entry) != {"id", "en", "zh", "source"} or not all(entry.values())
        ] == []


def test_models_are_all_there_and_nothing_else() -> None:
    assert set(entries("models")) == set(MODELS)


def test_enums_and_their_values_are_all_there_and_nothing_else() -> None:
    assert set(entries("enums")) == set(ENUMS) | set(VALUES)


@pytest.mark.parametrize("name", sorted({**MODELS, **ENUMS}))
def test_the_docstring_begins_with_the_chinese_term(name: str) -> None:
    code = {**MODELS, **ENUMS}[name]
    term = {**entries("models"), **entries("enums")}[name]["zh"]
    assert (code.__doc__ or "").startswith(term), f"{name} should be introduced as {term}"


def test_labels_are_those_of_the_glossary_in_both_languages() -> None:
    wrong = {}
    for key, value in VALUES.items():
        for language, code in (("en", "en"), ("zh", "zh-hans")):
            with translation.override(code):
                if str(value.label) != entries("enums")[key][language]:
                    wrong[f"{key} {language}"] = str(value.label)
    assert wrong == {}
