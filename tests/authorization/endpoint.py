"""An address or an operation of the API, and the request to it that its rightful user would send."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.authorization.world import CSV, Subject, World

Door = Literal["web", "api"]
Path = Callable[[World, Subject], str]
Body = Callable[[World, Subject], Any]
API = "/api/v1"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One row group of the matrix. `about` names the subjects of the world that the path leads to.

    `query` marks a list: its rows are the records, its cells whether they are in it.
    """

    door: Door
    name: str
    method: str
    path: Path
    about: str = "site"
    body: Body = lambda _world, _subject: None
    headers: dict[str, str] = field(default_factory=dict)
    lists: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.door} {self.name} {self.method} {self.about}"


def at(name: str, *more: Any) -> Path:
    """The page of that name and of the subject's public id."""
    return lambda _world, subject: reverse(name, args=[*more, *([subject.public_id] if subject else [])])


def below(path: str) -> Path:
    """A path of the API; `{}` is the subject's public id."""
    return lambda _world, subject: API + path.format(subject.public_id if subject else "")


def headline(noun: str, text: str) -> dict[str, str]:
    return {"name" if noun == "expert" else "title": text}


def owned(fields: dict[str, Any]) -> Body:
    return lambda world, _subject: {"owner": str(world.ours.public_id), **fields}


def upload(fields: dict[str, Any]) -> Body:
    """A file to import for our organisation."""
    return lambda world, _subject: {
        "kind": "needs", "owner": str(world.ours.public_id), **fields, "file": SimpleUploadedFile("needs.csv", CSV.encode()),
    }  # fmt: skip


def fixed(fields: Any) -> Body:
    return lambda _world, _subject: fields


def of(make: Callable[[World], Any]) -> Body:
    """A body that names something of the world."""
    return lambda world, _subject: make(world)
