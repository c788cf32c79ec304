"""Several definitions together: references to sub-processes, versions and their maps (流程库)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from ronglian.engines.process.definition import Definition
from ronglian.engines.process.net import explore
from ronglian.engines.text.wording import Words

Found = tuple[str, str, Words]


class Library:
    """Definitions by id and version."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self.by_id: dict[str, dict[int, Definition]] = {}
        for each in definitions:
            versions = self.by_id.setdefault(each.id, {})
            if each.version in versions:
                raise ValueError(f"there are two definitions {each.label}")
            versions[each.version] = each

    def __iter__(self) -> Iterator[Definition]:
        """The newest version of each, by id."""
        return (self.newest(name) for name in sorted(self.by_id))

    def newest(self, name: str) -> Definition:
        """Raises KeyError."""
        versions = self.by_id[name]
        return versions[max(versions)]

    def find(self, name: str, version: int | None = None) -> Definition:
        """Raises KeyError."""
        return self.newest(name) if version is None else self.by_id[name][version]

    def in_force(self, day: date, kind: str = "") -> list[Definition]:
        """The newest versions that hold on that day."""
        return [
            each
            for each in self
            if (each.valid_from is None or each.valid_from <= day)
            and (each.valid_to is None or day <= each.valid_to)
            and (not kind or each.kind == kind)
        ]

    def check(self, definition: Definition, calendars: Mapping[str, object]) -> list[Found]:
        """What is wrong between this definition and the others."""
        return [
            *self._parts(definition),
            *self._calendar(definition, calendars),
            *self._migration(definition),
        ]

    def _parts(self, definition: Definition) -> Iterator[Found]:
        for state in definition.states.values():
            path = f"states.{state.id}.parts"
            if state.parts and state.parts not in self.by_id:
                yield (
                    path,
                    "unknown_process",
                    Words(f"没有流程“{state.parts}”。", f"There is no process “{state.parts}”."),
                )
            elif state.parts and definition.id in self._below(state.parts, set()):
                yield (
                    path,
                    "parts_of_itself",
                    Words(
                        f"“{state.parts}”又以本流程为子流程。",
                        f"“{state.parts}” has this process as a part in turn.",
                    ),
                )

    def _below(self, name: str, seen: set[str]) -> set[str]:
        if name not in self.by_id or name in seen:
            return seen
        seen.add(name)
        for state in self.newest(name).states.values():
            if state.parts:
                self._below(state.parts, seen)
        return seen

    def _calendar(self, definition: Definition, calendars: Mapping[str, object]) -> Iterator[Found]:
        if definition.calendar not in calendars:
            known = ", ".join(sorted(calendars)) or "—"
            yield (
                "calendar",
                "unknown_calendar",
                Words(
                    f"没有工作日历“{definition.calendar}”。现有：{known}。",
                    f"There is no calendar “{definition.calendar}”. Known: {known}.",
                ),
            )

    def _migration(self, definition: Definition) -> Iterator[Found]:
        if definition.migration is None:
            return
        path, version = "migrates", definition.migration.from_version
        old = self.by_id.get(definition.id, {}).get(version)
        if old is None or version >= definition.version:
            yield (
                f"{path}.from_version",
                "unknown_version",
                Words(f"没有更早的版本{version}。", f"There is no earlier version {version}."),
            )
            return
        yield from check_map(old, definition, definition.migration.states)


def check_map(old: Definition, new: Definition, states: Mapping[str, str]) -> Iterator[Found]:
    """What is wrong with a map of states from one version to the other."""
    path = "migrates.states"
    whole = True
    for state in old.states.values():
        if state.end is None and state.id not in states:
            whole = False
            yield (
                path,
                "unmapped",
                Words(
                    f"没有写旧状态“{state.id}”变成什么。", f"It does not say what becomes of “{state.id}”."
                ),
            )
    for before, after in states.items():
        if before not in old.states or after not in new.states:
            whole = False
            yield (
                f"{path}.{before}",
                "unknown_states",
                Words(
                    f"旧版没有“{before}”或新版没有“{after}”。",
                    f"The old version has no “{before}” or the new one no “{after}”.",
                ),
            )
        elif old.states[before].end is None and new.states[after].end:
            whole = False
            yield (
                f"{path}.{before}",
                "ends_by_map",
                Words(
                    f"换版本不能让进行中的“{before}”直接结束。",
                    f"A new version cannot end what is running in “{before}”.",
                ),
            )
    if not whole:
        return
    reachable = set(explore(new).markings)
    for marking in explore(old).markings:
        if any(old.states[state].end for state in marking):
            continue
        mapped = [states[state] for state in marking]
        if len(set(mapped)) < len(mapped) or frozenset(mapped) not in reachable:
            held = ", ".join(sorted(marking))
            yield (
                path,
                "unreachable_marking",
                Words(
                    f"“{held}”映射后是新版到不了的组合。",
                    f"“{held}” becomes a combination that the new version never reaches.",
                ),
            )
