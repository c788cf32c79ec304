"""What is held about a person, part by part. Each app tells its own here, so that export and erasure miss nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ronglian.apps.accounts.models import Person


@dataclass(frozen=True, slots=True)
class PersonalPart:
    """One kind of data: how it is shown to the person, and what erasing the account does to it."""

    name: str
    read: Callable[[Person], Any]
    erase: Callable[[Person], None]


PARTS: dict[str, PersonalPart] = {}


def add_part(name: str, read: Callable[[Person], Any], erase: Callable[[Person], None]) -> None:
    """Called by an app's `ready`."""
    PARTS[name] = PersonalPart(name, read, erase)


def keep(person: Person) -> None:
    """For what stays: acts done for an organisation are the organisation's documents."""


def personal_data(person: Person) -> dict[str, Any]:
    """Everything held about the person, as JSON has it."""
    return {part.name: part.read(person) for part in PARTS.values()}
