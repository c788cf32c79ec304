"""The log: events get numbers, commit to rows, and can be proved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from ronglian.apps.registry.models import Need
from ronglian.apps.registry.operations.records import edit_record, withdraw_record
from ronglian.engines.proof import Checkpoint, verify_consistency, verify_log, verify_receipt
from ronglian.kernel.errors import InvalidInput, NotFound
from ronglian.kernel.log import keys
from ronglian.kernel.log.entries import row_fits, rows_as_stored
from ronglian.kernel.log.keys import log_key
from ronglian.kernel.log.proofs import consistency, exported_log, receipt, signed_checkpoint
from ronglian.kernel.log.sequencer import LogDamaged, keep_log, log_size, sequence_events, sign_checkpoint
from ronglian.kernel.models import Event, LogCheckpoint, LogTile
from tests.factories import SYSTEM, make_need, make_organisation
from tests.kernel.many_events import write_events

pytestmark = pytest.mark.django_db


def test_events_get_gapless_numbers_in_the_order_of_writing() -> None:
    make_need()
    assert sequence_events() == Event.objects.count() == log_size()
    make_need()
    sequence_events()
    assert list(Event.objects.order_by("id").values_list("seq", flat=True)) == list(range(log_size()))
    assert sequence_events() == 0


def test_an_event_that_was_committed_late_is_not_passed_over() -> None:
    make_need()
    early = Event.objects.order_by("id").first()
    assert early is not None
    late = Event.objects.order_by("id").last()
    assert late is not None
    Event.objects.exclude(pk=late.pk).delete()
    sequence_events()
    early.save(force_insert=True)  # a lower row number, seen only now
    sequence_events()
    assert list(Event.objects.order_by("id").values_list("seq", flat=True)) == [1, 0]


def test_each_event_commits_to_the_row_as_it_was_left() -> None:
    need = make_need()
    edit_record(actor=SYSTEM, record=need, fields={"budget_low_fen": 100})
    withdraw_record(actor=SYSTEM, record=need, reason="已解决")
    last = Event.objects.filter(subject_id=need.public_id).latest("id")
    assert row_fits(last, rows_as_stored([need])[need.pk])
    Need.objects.filter(pk=need.pk).update(budget_low_fen=101)
    assert not row_fits(last, rows_as_stored([need])[need.pk])


def test_events_about_many_commit_to_each_ones_row() -> None:
    many = [make_organisation() for _ in range(3)]
    write_events(SYSTEM, "organisation.counted", many)
    for organisation in many:
        event = Event.objects.filter(subject_id=organisation.public_id).latest("id")
        assert row_fits(event, rows_as_stored([organisation])[organisation.pk])


def test_no_name_and_no_content_stands_in_an_entry() -> None:
    need = make_need(title="绝密的需求名称")
    withdraw_record(actor=SYSTEM, record=need, reason="不便说的理由")
    sequence_events()
    sign_checkpoint(timezone.now())
    text = b"".join(exported_log()).decode()
    assert str(need.public_id) in text
    for secret in ("绝密", "理由", SYSTEM.label):
        assert secret not in text


def test_a_checkpoint_is_signed_when_it_is_due() -> None:
    now = timezone.now()
    need = make_need()
    keep_log(now)
    assert LogCheckpoint.objects.count() == 1
    edit_record(actor=SYSTEM, record=need, fields={"keywords": ["新"]})
    keep_log(now + timedelta(seconds=59))
    assert LogCheckpoint.objects.count() == 1
    keep_log(now + timedelta(seconds=60))
    assert LogCheckpoint.objects.count() == 2
    write_events(SYSTEM, "need.counted", [need] * 100)
    keep_log(now + timedelta(seconds=61))
    assert LogCheckpoint.objects.count() == 3
    keep_log(now + timedelta(days=1))
    assert LogCheckpoint.objects.count() == 3


def test_the_log_as_a_file_is_whole_and_goes_on_from_older_checkpoints() -> None:
    need = make_need()
    keep_log(timezone.now())
    older = signed_checkpoint()
    write_events(SYSTEM, "need.counted", [need] * 600)
    keep_log(timezone.now())
    newer = signed_checkpoint()
    assert older is not None
    assert newer is not None
    found = verify_log(exported_log(), log_key(), [older.row.note])
    assert (found.difference, found.size, found.checkpoints) == (None, log_size(), 2)
    path = [bytes.fromhex(step) for step in consistency(older.checkpoint.size, newer.checkpoint.size)]
    old, new = older.checkpoint, newer.checkpoint
    assert verify_consistency(old.size, new.size, old.root, new.root, path)


@pytest.mark.parametrize(("old", "new"), [(0, 1), (2, 1), (1, 10**6), (-1, 1)])
def test_there_is_no_proof_for_sizes_the_log_never_had(old: int, new: int) -> None:
    make_need()
    keep_log(timezone.now())
    with pytest.raises(InvalidInput):
        consistency(old, new)


def test_a_receipt_can_be_had_once_a_checkpoint_covers_the_event() -> None:
    need = make_need()
    event = Event.objects.filter(subject_id=need.public_id).latest("id")
    with pytest.raises(NotFound):
        receipt(event.public_id)
    keep_log(timezone.now())
    found = receipt(event.public_id)
    assert verify_receipt(found, log_key()).difference is None
    assert found["entry"]["subject"] == f"need/{need.public_id}"
    with pytest.raises(NotFound):
        receipt(need.public_id)


def test_nothing_is_added_to_a_log_that_lost_a_hash() -> None:
    need = make_need()
    keep_log(timezone.now())
    tile = LogTile.objects.get(level=0)
    tile.hashes = bytes(tile.hashes)[:-5]
    tile.save()
    edit_record(actor=SYSTEM, record=need, fields={"keywords": ["新"]})
    with pytest.raises(LogDamaged):
        sequence_events()
    assert Event.objects.filter(seq__isnull=True).exists()


def test_nothing_is_added_behind_a_deleted_event() -> None:
    need = make_need()
    keep_log(timezone.now())
    Event.objects.latest("id").delete()
    edit_record(actor=SYSTEM, record=need, fields={"keywords": ["新"]})
    with pytest.raises(LogDamaged, match="the last event has number"):
        sequence_events()


def test_events_from_before_the_log_are_taken_in() -> None:
    need = make_need()
    Event.objects.update(actor_digest="", data_digest="", row_digest="")
    keep_log(timezone.now())
    event = Event.objects.filter(subject_id=need.public_id).latest("id")
    assert (len(event.actor_digest), len(event.data_digest), event.row_digest) == (64, 64, "")
    assert verify_log(exported_log()).difference is None


def test_a_lost_key_is_never_replaced_in_silence(settings: Any, tmp_path: Any) -> None:
    make_need()
    keep_log(timezone.now())
    settings.LOG_KEY_FILE = tmp_path / "gone"
    settings.LOG_SECRET_FILE = tmp_path / "gone-too"
    for lost in (keys.log_signer, keys.log_secret):
        with pytest.raises(ImproperlyConfigured, match="Put it back"):
            lost()
    assert list(tmp_path.iterdir()) == []


def test_key_and_secret_are_made_once_and_kept_to_their_owner(settings: Any, tmp_path: Any) -> None:
    settings.LOG_KEY_FILE, settings.LOG_SECRET_FILE = tmp_path / "key", tmp_path / "secret"
    assert str(keys.log_signer().verifier) == str(keys.log_key())
    assert keys.log_secret() == keys.log_secret()
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    assert Checkpoint(keys.log_key().name, 0, bytes(32)).origin.startswith("ronglian.log/")
