"""Nobody changes what was written without being found; and nobody is found who changed nothing.

The attacker may rewrite the database and recompute every hash in it, but holds neither the signing key nor the
checkpoints that others keep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date, datetime, timedelta
from io import BytesIO
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ronglian.apps.registry.operations.records import confirm_record, edit_record, withdraw_record
from ronglian.engines.proof import canonical_json, grow_tiles, leaf_hash, verify_log
from ronglian.engines.proof.exports import _Reading, _Wrong
from ronglian.kernel.invariant import all_invariants, check_invariant
from ronglian.kernel.log.coverage import logged_models, uncovered_rows
from ronglian.kernel.log.entries import entry_of, logged_fields
from ronglian.kernel.log.keys import log_key
from ronglian.kernel.log.proofs import exported_log
from ronglian.kernel.log.sequencer import keep_log, latest_checkpoint
from ronglian.kernel.models import Event, LogTile
from tests.factories import SYSTEM, make_need
from tests.kernel.many_events import write_events

pytestmark = pytest.mark.django_db
SECOND = timedelta(hours=1)


def written_log(entries: int) -> list[bytes]:
    """The lines of an honest log of so many entries, signed for five times."""
    need, now = make_need(), timezone.now()
    done = Event.objects.count()
    for step in range(5):
        write_events(SYSTEM, "need.counted", [need] * ((entries - done) // 5), {"step": step})
        keep_log(now + step * SECOND)
    write_events(SYSTEM, "need.counted", [need] * (entries - Event.objects.count()))
    keep_log(now + 5 * SECOND)
    return list(exported_log())


def is_noticed(state: _Reading, rest: bytes) -> bool:
    """Whether the check, standing where `state` says, refuses the rest of the file. Stops at the first difference."""
    reading = deepcopy(state)
    try:
        for line in BytesIO(rest):
            reading.line += 1
            reading.take(line)
        reading.line += 1
        reading.finish()
    except _Wrong:
        return True
    return False


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def unnoticed_flips(lines: list[bytes], bits: Callable[[int, int], Iterator[int]]) -> list[tuple[int, int]]:
    """Which of the bits of which lines can be flipped without being noticed. `bits(line, number)` chooses."""
    state, found = _Reading(log_key(), []), []
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else b""
        for bit in bits(number, len(line) * 8):
            # Behind the next line nothing can undo a difference; where there was none so far, all is read.
            changed = flipped(line, bit)
            if not is_noticed(state, changed + following) and not is_noticed(
                state, changed + b"".join(lines[number + 1 :])
            ):
                found.append((number, bit))
        state.line += 1
        state.take(line)
    return found


def test_bits_of_a_log_of_200_entries() -> None:
    """All bits of the head, an entry and a checkpoint; of the others every 401th. The slow test flips them all."""
    lines = written_log(200)
    whole = {0, 1, 100, len(lines) - 1, *(at for at, line in enumerate(lines) if b"checkpoint" in line)}
    assert verify_log(lines, log_key()).size == 200

    def chosen(number: int, bits: int) -> Iterator[int]:
        yield from range(number % 401 if number not in whole else 0, bits, 1 if number in whole else 401)

    assert unnoticed_flips(lines, chosen) == []


@pytest.mark.slow
def test_every_bit_of_a_log_of_200_entries() -> None:
    lines = written_log(200)
    assert unnoticed_flips(lines, lambda _number, bits: iter(range(bits))) == []


@pytest.mark.slow
def test_100_000_random_bits_of_a_larger_log() -> None:
    lines = written_log(10_000)
    chance = Random(1)
    wanted: dict[int, list[int]] = {}
    for _ in range(100_000):
        number = chance.randrange(len(lines))
        wanted.setdefault(number, []).append(chance.randrange(len(lines[number]) * 8))
    assert unnoticed_flips(lines, lambda number, _bits: iter(wanted.get(number, []))) == []


def test_a_flip_is_noticed_because_of_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """The harness can fail: without looking at checkpoints it finds flips that go unnoticed."""
    lines = written_log(20)
    monkeypatch.setattr(
        _Reading, "_take_checkpoint", lambda self, _note: setattr(self, "covered", self.frontier.size)
    )
    assert unnoticed_flips(lines, lambda _number, bits: iter(range(0, bits, 31))) != []


def recompute() -> None:
    """What an attacker can do about numbers and hashes: make all of them fit again, save the signatures."""
    LogTile.objects.all().delete()
    events = list(Event.objects.order_by("id"))
    Event.objects.update(seq=None)
    for seq, event in enumerate(events):
        Event.objects.filter(pk=event.pk).update(seq=seq)
    leaves = [leaf_hash(canonical_json(entry_of(event, seq))) for seq, event in enumerate(events)]
    for (level, index), hashes in grow_tiles(lambda _level, _index: b"", 0, leaves).items():
        LogTile.objects.create(level=level, index=index, hashes=hashes)


def edit(event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(name="need.forged")


def delete(event: Event) -> None:
    event.delete()


def insert(event: Event) -> None:
    later = list(Event.objects.filter(pk__gt=event.pk).order_by("-id"))
    Event.objects.filter(pk__gt=event.pk).delete()
    copy = Event.objects.get(pk=event.pk)
    copy.pk, copy.public_id, copy.seq = event.pk + 1, uuid4(), None
    copy.save(force_insert=True)
    for each in reversed(later):
        each.pk, each.seq = each.pk + 1, None
        each.save(force_insert=True)


def swap(event: Event) -> None:
    other = Event.objects.filter(pk__gt=event.pk).order_by("id")[0]
    pks = event.pk, other.pk
    Event.objects.filter(pk__in=pks).delete()
    for each, pk in zip((other, event), pks, strict=True):
        each.pk, each.seq = pk, None
        each.save(force_insert=True)


def truncate(event: Event) -> None:
    Event.objects.filter(pk__gte=event.pk).delete()


@pytest.mark.parametrize("attack", [edit, delete, insert, swap, truncate])
@pytest.mark.parametrize("recomputed", [False, True])
def test_rewriting_history_is_found(attack: Callable[[Event], None], recomputed: bool) -> None:
    """In the database by `ronglian check`, and in an export by `ronglian verify` and a checkpoint kept outside."""
    written_log(60)
    kept = latest_checkpoint()
    assert kept is not None
    chance = Random(3)
    of_the_log = [each for each in all_invariants() if each.name.startswith("log.")]
    for _ in range(2):
        victim = Event.objects.order_by("id")[chance.randrange(1, 55)]
        with transaction.atomic():
            attack(victim)
            if recomputed:
                recompute()
            assert not all(check_invariant(each).holds for each in of_the_log), victim.seq
            if recomputed or attack is not truncate:
                assert verify_log(exported_log(), log_key(), [kept.note]).difference is not None, victim.seq
            transaction.set_rollback(True)


def other_value(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case datetime() | date():
            return value - timedelta(days=1)
        case UUID():
            return uuid4()
        case list():
            return [*value, "x"]
        case dict():
            return {**value, "x": 1}
        case str() if len(value) > 1:
            return value[:-1]
        case _:
            return None


def updates(model: Any, pk: int, values: dict[str, Any]) -> bool:
    """Whether the database lets the row be changed so at all."""
    try:
        with transaction.atomic():
            return bool(model._base_manager.filter(pk=pk).update(**values))
    except IntegrityError:
        return False


@pytest.mark.usefixtures("world")
def test_every_column_of_every_kind_of_row_is_covered() -> None:
    tried, unnoticed = 0, []
    for model in logged_models():
        row = model._base_manager.order_by("pk").values().first()
        for name in logged_fields(model) if row else ():
            changed = other_value(row[name]) if row else None
            if changed is None or name in (
                "owner_id",
                "person_id",
                "need_id",
                "result_id",
                "organisation_id",
            ):
                continue
            with transaction.atomic():
                tried += 1
                if updates(model, row["id"], {name: changed}) and not list(uncovered_rows(model)):
                    unnoticed.append(f"{model.__name__}.{name}")
                transaction.set_rollback(True)
    assert unnoticed == []
    assert tried > 100


def honest(seed: int) -> None:
    """A few random honest operations over a need, numbered and signed at random moments."""
    chance, now = Random(seed), timezone.now()
    need = make_need(title=f"需求{seed}")
    for step in range(chance.randrange(1, 8)):
        match chance.randrange(4):
            case 0:
                edit_record(actor=SYSTEM, record=need, fields={"budget_low_fen": chance.randrange(10**6)})
            case 1:
                confirm_record(actor=SYSTEM, record=need)
            case 2 if need.state != "withdrawn":
                need = withdraw_record(actor=SYSTEM, record=need, reason="已解决")
            case _:
                keep_log(now + step * SECOND)
        need.refresh_from_db()
    keep_log(now + timedelta(days=1))


def raise_alarm() -> list[str]:
    broken = [each.name for each in all_invariants() if not check_invariant(each).holds]
    return broken + ([] if verify_log(exported_log(), log_key()).difference is None else ["verify"])


def test_honest_logs_raise_no_alarm() -> None:
    """Five histories of ten needs; the slow test takes a thousand."""
    for seed in range(50):
        honest(seed)
        if seed % 10 == 9:
            assert raise_alarm() == []


@pytest.mark.slow
def test_a_thousand_honest_logs_raise_no_alarm() -> None:
    for seed in range(1000):
        with transaction.atomic():
            honest(seed)
            assert raise_alarm() == []
            transaction.set_rollback(True)


def test_an_entry_changed_in_an_export_is_named() -> None:
    lines = written_log(40)
    lines[9] = lines[9].replace(b'"door":"command"', b'"door":"person"')
    found = verify_log(lines, log_key()).difference
    assert found is not None
    assert (found.problem, found.first) == ("entry_changed", 8)
