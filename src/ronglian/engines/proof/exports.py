"""A whole log as one file, and its verification with nothing but the file and the log's public key.

The file is JSON Lines in canonical form: a head, then the entries in order, and after the entry with which it ends
each checkpoint ever signed. The last line is a checkpoint. Every byte is held by something: the form by being the
only one, the entries by the roots, the roots by the signatures.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ronglian.engines.proof.canonical import canonical_json, salted_digest
from ronglian.engines.proof.hashing import DEFAULT_ALGORITHM, UnknownAlgorithm, hash_named
from ronglian.engines.proof.notes import Checkpoint, NoteError, Verifier
from ronglian.engines.proof.tree import Frontier, leaf_hash, verify_inclusion

LOG_FORMAT = "ronglian-log/1"
RECEIPT_FORMAT = "ronglian-receipt/1"
LONGEST_LINE = 1 << 20

Problem = Literal[
    "unreadable",  # the line is not what stands in such a file
    "foreign_key",  # the file names another key than the one it should be checked with
    "entry_changed",  # the entry does not have the hash that stands beside it
    "out_of_place",  # the entry says it is another
    "not_signed",  # the checkpoint is not signed by the log's key
    "wrong_size",  # the checkpoint counts other entries than stand before it
    "root_differs",  # one of the entries first … last is not the one that was signed for
    "no_checkpoint",  # entries at the end are covered by no checkpoint
    "count_differs",  # the head counts other entries than the file has
    "too_short",  # an older checkpoint counts more entries than the file has
    "opening_differs",  # the entry does not commit to what the receipt tells with it
    "history_differs",  # the log does not begin as an older checkpoint says
]


@dataclass(frozen=True, slots=True)
class Difference:
    """The first thing that is wrong: in which line of the file (from 1), and in which entries (from 0), if known."""

    problem: Problem
    line: int
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found: whole when `difference` is None. `size` entries and `checkpoints` signatures were checked."""

    size: int
    checkpoints: int
    key: str
    difference: Difference | None = None


class _Wrong(Exception):
    def __init__(self, problem: Problem, first: int | None = None, last: int | None = None) -> None:
        super().__init__(problem)
        self.problem: Problem = problem
        self.first = first
        self.last = last


def write_log(
    key: Verifier, size: int, entries: Iterable[Mapping[str, Any]], checkpoints: Iterable[tuple[int, str]]
) -> Iterator[bytes]:
    """The lines of the file. `checkpoints` are (size, note), smallest first, the last one of `size`."""
    head = {"entries": size, "format": LOG_FORMAT, "hash": DEFAULT_ALGORITHM, "key": str(key)}
    yield canonical_json(head) + b"\n"
    waiting = iter(checkpoints)
    upcoming = next(waiting, None)
    for number, entry in enumerate(entries, start=1):
        yield canonical_json({"entry": entry, "leaf": entry_hash(entry).hex()}) + b"\n"
        while upcoming is not None and upcoming[0] == number:
            yield canonical_json({"checkpoint": upcoming[1]}) + b"\n"
            upcoming = next(waiting, None)


def entry_hash(entry: Mapping[str, Any]) -> bytes:
    """The leaf hash of an entry, with the algorithm it names. Raises UnknownAlgorithm."""
    return leaf_hash(canonical_json(entry), hash_named(str(entry.get("hash"))))


def verify_log(lines: Iterable[bytes], key: Verifier | None = None, against: Sequence[str] = ()) -> Verified:
    """Check a file line by line; `against` are notes that somebody kept. Never raises for what the file holds.

    Without `key` the file is checked with the key it names itself: that proves it whole, not whose it is.
    """
    reading = _Reading(key, [*against])
    try:
        for line in lines:
            reading.line += 1
            reading.take(line)
        reading.line += 1
        reading.finish()
    except _Wrong as wrong:
        return reading.result(Difference(wrong.problem, reading.line, wrong.first, wrong.last))
    return reading.result(None)


@dataclass(slots=True)
class _Reading:
    """Where the check of a file stands."""

    key: Verifier | None
    against: list[str]
    line: int = 0
    promised: int = 0
    covered: int = 0
    checkpoints: int = 0
    frontier: Frontier = field(default_factory=Frontier)
    kept: dict[int, list[Checkpoint]] = field(default_factory=dict)

    def take(self, line: bytes) -> None:
        value = _read_line(line)
        if self.line == 1:
            self._take_head(value)
        elif set(value) == {"checkpoint"}:
            self._take_checkpoint(value["checkpoint"])
        elif set(value) == {"entry", "leaf"}:
            self._take_entry(value["entry"], value["leaf"])
        else:
            raise _Wrong("unreadable")

    def _take_head(self, head: Mapping[str, Any]) -> None:
        if set(head) != {"entries", "format", "hash", "key"} or head["format"] != LOG_FORMAT:
            raise _Wrong("unreadable")
        try:
            named = Verifier.parse(str(head["key"]))
            self.frontier.digest = hash_named(str(head["hash"]))
        except (NoteError, UnknownAlgorithm) as error:
            raise _Wrong("unreadable") from error
        if self.key is None:
            self.key = named
        elif str(named) != str(self.key):
            raise _Wrong("foreign_key")
        if str(named) != head["key"] or not isinstance(head["entries"], int):
            raise _Wrong("unreadable")
        self.promised = head["entries"]
        for note in self.against:
            kept = self._open(note)
            self.kept.setdefault(kept.size, []).append(kept)
        self._compare_kept()

    def _take_entry(self, entry: Any, leaf: Any) -> None:
        place = self.frontier.size
        if not isinstance(entry, dict):
            raise _Wrong("unreadable")
        try:
            found = entry_hash(entry)
        except UnknownAlgorithm as error:
            raise _Wrong("entry_changed", place, place) from error
        if found.hex() != leaf:
            raise _Wrong("entry_changed", place, place)
        if entry.get("seq") != place or isinstance(entry["seq"], bool):
            raise _Wrong("out_of_place", place, place)
        self.frontier.append(found)
        self._compare_kept()

    def _take_checkpoint(self, note: Any) -> None:
        checkpoint = self._open(note)
        if checkpoint.size != self.frontier.size:
            raise _Wrong("wrong_size", self.covered, self.frontier.size - 1)
        if checkpoint.root != self.frontier.root():
            raise _Wrong("root_differs", self.covered, self.frontier.size - 1)
        self.covered = checkpoint.size
        self.checkpoints += 1

    def _compare_kept(self) -> None:
        for kept in self.kept.pop(self.frontier.size, []):
            if kept.root != self.frontier.root():
                raise _Wrong("history_differs", 0, kept.size - 1)

    def _open(self, note: Any) -> Checkpoint:
        assert self.key is not None
        try:
            checkpoint = Checkpoint.open(str(note), self.key)
        except NoteError as error:
            raise _Wrong("not_signed", self.covered, self.frontier.size - 1) from error
        if checkpoint.origin != self.key.name:
            raise _Wrong("not_signed", self.covered, self.frontier.size - 1)
        return checkpoint

    def finish(self) -> None:
        if self.line == 1:
            raise _Wrong("unreadable")
        if self.covered != self.frontier.size:
            raise _Wrong("no_checkpoint", self.covered, self.frontier.size - 1)
        if self.promised != self.frontier.size:
            raise _Wrong("count_differs", self.frontier.size, self.promised - 1)
        if self.kept:
            raise _Wrong("too_short", self.frontier.size, max(self.kept) - 1)

    def result(self, difference: Difference | None) -> Verified:
        return Verified(self.frontier.size, self.checkpoints, str(self.key or ""), difference)


def verify_receipt(receipt: Mapping[str, Any], key: Verifier | None = None) -> Verified:
    """Check that the entry of a receipt is in the log its checkpoint speaks of, and commits to what is told with it.

    Never raises for what it holds.
    """
    try:
        named = Verifier.parse(str(receipt["key"]))
        if key is not None and str(named) != str(key):
            return Verified(0, 0, str(key), Difference("foreign_key", 1))
        index, entry = receipt["index"], receipt["entry"]
        path = [bytes.fromhex(step) for step in receipt["path"]]
        leaf = entry_hash(entry)
    except (KeyError, TypeError, ValueError, AttributeError):
        return Verified(0, 0, str(key or ""), Difference("unreadable", 1))
    try:
        checkpoint = Checkpoint.open(str(receipt["checkpoint"]), named)
    except (KeyError, NoteError):
        return Verified(0, 0, str(named), Difference("not_signed", 1, index, index))
    if receipt.get("leaf") != leaf.hex():
        return Verified(0, 1, str(named), Difference("entry_changed", 1, index, index))
    if entry.get("seq") != index or checkpoint.origin != named.name:
        return Verified(0, 1, str(named), Difference("out_of_place", 1, index, index))
    if not isinstance(index, int) or not verify_inclusion(
        leaf, index, checkpoint.size, path, checkpoint.root
    ):
        return Verified(0, 1, str(named), Difference("root_differs", 1, index, index))
    if not _opens(receipt, entry):
        return Verified(0, 1, str(named), Difference("opening_differs", 1, index, index))
    return Verified(1, 1, str(named))


def _opens(receipt: Mapping[str, Any], entry: Mapping[str, Any]) -> bool:
    """Whether what is told beside the entry, if anything is, is what the entry commits to under `data`."""
    if "opening" not in receipt:
        return True
    try:
        data, salt = receipt["opening"]["data"], bytes.fromhex(receipt["opening"]["salt"])
        return salted_digest(salt, canonical_json(data)) == entry.get("data")
    except (KeyError, TypeError, ValueError):
        return False


def _read_line(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise _Wrong("unreadable")
    try:
        value = json.loads(line)
        if not isinstance(value, dict) or canonical_json(value) + b"\n" != line:
            raise _Wrong("unreadable")
    except (ValueError, RecursionError) as error:
        raise _Wrong("unreadable") from error
    return value
