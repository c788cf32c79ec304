"""The facts of many records as arrays, so that all factors of all records are scored at once (事实列)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ronglian.engines.matching.parameters import REGION_SETS
from ronglian.engines.matching.records import HARD_FACTORS, NeedProfile, Profile, ResultProfile

HARD_BITS = {name: 1 << place for place, name in enumerate(sorted(HARD_FACTORS))}
NEVER = 10**7  # later than any date's ordinal
_MODE_PLACES = 62
# Municipalities: the province is the city.
_MUNICIPALITIES = frozenset({11, 12, 31, 50})


@dataclass(frozen=True, slots=True)
class Columns:
    """One entry per record; -1, 0 (field, modes, confirmed) or NaN (maturity, money) stands for "not stated"."""

    field: NDArray[np.int64]
    section: NDArray[np.int64]
    division: NDArray[np.int64]
    group: NDArray[np.int64]
    trade: NDArray[np.int64]  # class of GB/T 4754; the word class is taken
    province: NDArray[np.int64]
    city: NDArray[np.int64]
    region_set: NDArray[np.int64]
    modes: NDArray[np.int64]
    confirmed: NDArray[np.int64]  # ordinal of the date
    expires: NDArray[np.int64]
    maturity: NDArray[np.float64]  # asked for by a need, reached by a result
    money: NDArray[np.float64]  # fen: the most a need can pay, the least a result asks
    hard: NDArray[np.int64]  # bits of HARD_BITS
    metrics: NDArray[np.int64]  # 1 where any are stated

    def take(self, rows: NDArray[np.int64] | slice) -> "Columns":
        """The same columns with these rows only."""
        return _columns({each.name: getattr(self, each.name)[rows] for each in fields(self)})


def join(parts: Sequence[Columns]) -> Columns:
    """Columns below one another."""
    return Columns(
        **{
            each.name: np.concatenate([getattr(part, each.name) for part in parts])
            for each in fields(Columns)
        }
    )


def to_columns(profiles: Sequence[Profile], mode_places: Mapping[str, int]) -> Columns:
    """Columns of profiles; ``mode_places`` gives each transfer mode its bit."""
    rows = [_row(profile, mode_places) for profile in profiles]
    arrays: dict[str, NDArray[Any]] = {}
    for each in fields(Columns):
        kind = np.float64 if each.name in ("maturity", "money") else np.int64
        arrays[each.name] = np.array([row[each.name] for row in rows], dtype=kind)
    return _columns(arrays)


def _columns(arrays: dict[str, NDArray[Any]]) -> Columns:
    return Columns(**arrays)


def learn_modes(known: Mapping[str, int], profiles: Sequence[Profile]) -> dict[str, int]:
    """``known`` and the modes of the profiles, each with a bit of its own; raises ValueError beyond 62 modes."""
    places = dict(known)
    for mode in sorted({mode for profile in profiles for mode in profile.modes}):
        places.setdefault(mode, len(places))
    if len(places) > _MODE_PLACES:
        raise ValueError(
            f"at most {_MODE_PLACES} different transfer modes can be told apart, got {len(places)}"
        )
    return places


def _row(profile: Profile, mode_places: Mapping[str, int]) -> dict[str, Any]:
    province, city = _region(profile.region)
    row: dict[str, Any] = dict(
        zip(("section", "division", "group", "trade"), _industry(profile.industry), strict=True)
    )
    row |= {
        "field": 0 if profile.technology_field is None else _number(profile.technology_field),
        "province": province,
        "city": city,
        "region_set": next((at for at, members in enumerate(REGION_SETS) if province in members), -1),
        "modes": _bits(profile.modes, mode_places),
        "confirmed": 0 if profile.confirmed_on is None else profile.confirmed_on.toordinal(),
        "expires": NEVER if profile.expires_on is None else profile.expires_on.toordinal(),
        "metrics": int(bool(profile.metrics)),
        "hard": 0,
    }
    maturity: int | None = None
    money: int | None = None
    if isinstance(profile, NeedProfile):
        maturity = profile.minimum_maturity
        money = _first(profile.budget_high_fen, profile.budget_low_fen)
        row["hard"] = sum(HARD_BITS[name] for name in profile.hard)
    elif isinstance(profile, ResultProfile):
        maturity = profile.maturity
        money = _first(profile.price_low_fen, profile.price_high_fen)
    row["maturity"] = np.nan if maturity is None else float(maturity)
    row["money"] = np.nan if money is None else float(money)
    return row


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)


def _number(code: str) -> int:
    """A code as a positive number that is the same in every process."""
    return int.from_bytes(blake2b(code.encode(), digest_size=8).digest(), "big") >> 2 | 1


def _bits(modes: frozenset[str], places: Mapping[str, int]) -> int:
    # A mode that nobody else uses meets nobody: it needs no bit of its own beyond being stated.
    unknown = 1 << _MODE_PLACES
    return sum({1 << places[mode] if mode in places else unknown for mode in modes})


def _industry(code: str | None) -> tuple[int, int, int, int]:
    if code is None:
        return -1, -1, -1, -1
    digits = code[1:]
    levels = [int(digits[:size]) if len(digits) >= size else -1 for size in (2, 3, 4)]
    return ord(code[0]), levels[0], levels[1], levels[2]


def _region(code: str | None) -> tuple[int, int]:
    if code is None:
        return -1, -1
    province = int(code[:2])
    if province in _MUNICIPALITIES:
        return province, province * 100
    # "420000" is how a province is written with six digits.
    city = int(code[:4]) if len(code) >= 4 and code[2:4] != "00" else -1
    return province, city
