"""What a request names in its address or in a hidden field: read, or as if it had not been said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from ronglian.kernel.errors import NotFound

LONGEST_NUMBER = 9


def read_number(text: str, *, digits: int = LONGEST_NUMBER) -> int | None:
    """A whole number of so many digits at most; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def read_id(text: object) -> UUID:
    """A public id. Raises NotFound for what is none, as for one that leads nowhere."""
    try:
        return UUID(str(text))
    except ValueError as error:
        raise NotFound from error


def one_of(asked: Mapping[str, str], name: str, values: Sequence[str]) -> str:
    """The value of a choice in the address; an unknown one counts as none."""
    value = asked.get(name, "")
    return value if value in values else ""
