"""`ronglian check`: silent over an honest database, and each invariant names what breaks it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from ronglian.apps.accounts.models import ApiToken, Membership, Organisation, Person
from ronglian.apps.disclosure.models import ConfidentialDetails, Nda, Viewing
from ronglian.apps.matching.models import Decision, ExposureMeasurement, Suggestion, TrainingRun
from ronglian.apps.registry.imports.uploads import upload_path
from ronglian.apps.registry.models import (
    DuplicateCandidate,
    Fingerprint,
    ImportBatch,
    Need,
    Result,
    Scene,
)
from ronglian.demo.region import invented_uscc
from ronglian.engines.matching.fairness import DEFAULT_FAIRNESS
from ronglian.kernel import invariants as of_the_kernel
from ronglian.kernel.invariant import INVARIANTS, all_invariants, check_all, check_invariant
from ronglian.kernel.models import Event, IdempotencyRecord, LogCheckpoint, LogTile, WorkerBeat
from ronglian.kernel.process import invariants as of_processes
from ronglian.kernel.process.rulebook import read_rulebook
from ronglian.kernel.sealing import seal
from tests.cli.conftest import Run
from tests.cli.conftest import run as run
from tests.factories import make_organisation, processes
from tests.reliability import breaks_of_agreements, breaks_of_challenges, breaks_of_rights, breaks_of_showings
from tests.reliability import breaks_of_the_clinic as breaks

pytestmark = pytest.mark.django_db
NOW = timezone.now()
USCC = invented_uscc("demo-org-a01")


def change(model: Any, **values: Any) -> Callable[[], object]:
    return lambda: model.objects.filter(pk=model.objects.order_by("pk")[0].pk).update(**values)


def sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def without_check(table: str, constraint: str, then: Callable[[], object]) -> Callable[[], object]:
    def run() -> None:
        if connection.vendor == "sqlite":
            sql("PRAGMA ignore_check_constraints = 1")
        else:
            sql("SET CONSTRAINTS ALL IMMEDIATE", f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
        then()

    return run


def lose_a_hash() -> None:
    tile = LogTile.objects.get(level=0, index=0)
    LogTile.objects.filter(pk=tile.pk).update(hashes=bytes(tile.hashes)[:-32])


def wrong_upper_tile() -> None:
    LogTile.objects.create(level=1, index=0, hashes=bytes(32))


def job(**values: Any) -> None:
    made = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}}, task_path="x", backend_name="default", traceback="",
        run_after=NOW - timedelta(days=1), **{"worker_ids": ["gone:1:1:a"], "exception_class_path": ""} | values,
    )  # fmt: skip
    DBTaskResult.objects.filter(pk=made.pk).update(enqueued_at=NOW - timedelta(days=1))


def late(**values: Any) -> None:
    WorkerBeat.objects.create(worker_id="w", beat_at=timezone.now())
    Event.objects.filter(pk=Event.objects.latest("id").pk).update(
        occurred_at=NOW - timedelta(hours=1), **values
    )


def unsigned() -> None:
    LogCheckpoint.objects.filter(size=LogCheckpoint.objects.latest("size").size).delete()
    late()


def two_active() -> None:
    sql("DROP INDEX training_one_active")
    for _ in range(2):
        training_run(state="active")


def training_run(**values: Any) -> None:
    TrainingRun.objects.create(
        points_before={}, points_after={}, counts={}, proposed_by="x",
        **{"report": {}, "activated_by": "x", "activated_at": NOW} | values,
    )  # fmt: skip


def same_code_twice() -> None:
    make_organisation(uscc=USCC)
    other = make_organisation()
    Organisation.objects.filter(pk=other.pk).update(uscc=USCC.lower())


def duplicate(**values: Any) -> None:
    first, second = sorted(
        [Need.objects.order_by("pk")[0].public_id, Need.objects.order_by("pk")[1].public_id]
    )
    ends: dict[str, Any] = {"first_id": first, "second_id": second}
    DuplicateCandidate.objects.create(subject_type="need", reason="same_text", similarity=1, **ends | values)


def fingerprint_of_nothing() -> None:
    Fingerprint.objects.create(
        subject_type="need", subject_id=uuid4(), version=1, digest="x", band_1=1, band_2=1, band_3=1, band_4=1, band_5=1
    )  # fmt: skip


def delete_file() -> None:
    upload_path(ImportBatch.objects.get(state="staged").file_digest).unlink()


def unlogged_need() -> None:
    Need.objects.create(owner=Organisation.objects.order_by("pk")[0], title="塞进来的")


def old_session() -> None:
    Session.objects.create(session_key="k", session_data="", expire_date=NOW - timedelta(days=30))


YEAR = timedelta(days=366)


def keep_apart(**values: Any) -> object:
    given = {"subject_type": "need", "subject_id": uuid4(), "sealed": seal({})} | values
    return ConfidentialDetails.objects.create(**given)


def read_too_late() -> object:
    owner, reader = make_organisation(), make_organisation()
    nda = Nda.objects.create(
        owner=owner, organisation=reader, asked_about_type="need", asked_about_id=uuid4(), state="granted",
        text_version="2026-1", text_digest="0" * 64, purpose="试", signed_by=uuid4(), signed_by_label="试",
        signed_at=NOW, starts_on=NOW.date(), ends_on=NOW.date(),
    )  # fmt: skip
    return Viewing.objects.create(
        nda=nda, subject_type="need", subject_id=uuid4(), person_id=uuid4(), person_label="试",
        viewed_on=NOW.date() + timedelta(days=3),
    )  # fmt: skip


def measurement(**values: Any) -> None:
    whole = {"results": {"lift": 0.0}, "needs": {"lift": 0.0}, "cap": 20, "least_scores": {}, "held_back": 0}
    ExposureMeasurement.objects.create(parameters_version=DEFAULT_FAIRNESS.version, **whole | values)


BREAKS: dict[str, Callable[[], object]] = {
    "log.numbers_gapless": lambda: Event.objects.filter(seq=3).delete(),
    "log.tree_complete": lose_a_hash,
    "log.leaves_are_events": lambda: Event.objects.filter(seq=3).update(name="need.other"),
    "log.tiles_fit": wrong_upper_tile,
    "log.checkpoints_signed": lambda: LogCheckpoint.objects.update(note="x\n1\ny\n\n— x y\n"),
    "log.roots_fit": lambda: LogTile.objects.filter(level=0).update(hashes=bytes(32 * 5)),
    "log.actors_fit": change(Event, actor_label="另一个人"),
    "log.data_fits": change(Event, data={"reason": "另一个理由"}),
    "log.rows_fit": change(Need, budget_low_fen=1),
    "log.rows_have_events": unlogged_need,
    "log.deletions_have_events": lambda: Scene.objects.all().delete(),
    "log.is_kept_up": lambda: late(seq=None),
    "log.is_signed_for": unsigned,
    "disclosure.sealed_opens": lambda: keep_apart(sealed="x"),
    "disclosure.readings_allowed": read_too_late,
    "registry.details_kept_apart": keep_apart,
    "idempotency.results_exist": change(IdempotencyRecord, result_id=10**9),
    "jobs.none_of_the_dead": lambda: job(status="RUNNING", started_at=NOW - timedelta(hours=1)),
    "jobs.none_given_up": lambda: job(status="FAILED", exception_class_path="ronglian.kernel.reaper.WorkerDied"),
    "jobs.none_forgotten": lambda: (job(), WorkerBeat.objects.create(worker_id="w", beat_at=timezone.now())),
    "sessions.cleared": old_session,
    "accounts.operators_appointed": lambda: Person.objects.update(is_operator=True),
    "accounts.people_reachable": change(Person, email=""),
    "accounts.roles_known": change(Membership, role="king"),
    "accounts.tokens_expire": change(ApiToken, expires_at=NOW + 3 * YEAR),
    "accounts.organisations_named": change(Organisation, name=""),
    "accounts.credit_codes_valid": change(Organisation, uscc=USCC[:-1] + ("1" if USCC[-1] == "0" else "0")),
    "accounts.credit_codes_once": same_code_twice,
    "accounts.ror_valid": change(Organisation, ror="05dxps056"),
    "registry.published_named": change(Need, title=""),
    "registry.published_by_event": lambda: Event.objects.filter(name="need.published").delete(),
    "registry.versions_positive": without_check("registry_need", "registry_need_version_check", change(Need, version=-1)),
    "registry.valid_five_years": change(Need, expires_on=timezone.localdate() + 6 * YEAR),
    "registry.confirmed_in_the_past": change(Need, confirmed_on=timezone.localdate() + YEAR),
    "registry.published_expire": change(Need, expires_on=None),
    "registry.sources_named": lambda: Need.objects.filter(source_kind="imported").update(source_name=""),
    "registry.recorders_named": change(Result, recorded_by=""),
    "registry.codes_known": change(Result, technology_field="alchemy"),
    "registry.values_valid": change(Need, region="99"),
    "registry.amounts_ordered": change(Need, budget_low_fen=300),
    "registry.scenes_open_before_closing": change(Scene, closes_on=timezone.localdate() - YEAR),
    "registry.duplicates_about_records": lambda: duplicate(second_id="ffffffff-ffff-4fff-bfff-ffffffffffff"),
    "registry.duplicates_decided": lambda: duplicate(state="merged"),
    "registry.fingerprints_about_records": fingerprint_of_nothing,
    "registry.imports_add_up": lambda: ImportBatch.objects.filter(state="applied").update(creates=7),
    "registry.import_files_kept": delete_file,
    "registry.import_counts_bounded": lambda: ImportBatch.objects.update(rows_applied=7),
    "registry.confidential_apart": without_check(
        "registry_need", "need_row_is_public", change(Need, under_nda=True, details="应在协议之下")
    ),
    **breaks_of_challenges.OF_CHALLENGES,
    **breaks.OF_THE_CLINIC,
    **breaks_of_agreements.OF_AGREEMENTS,
    **breaks_of_showings.OF_SHOWINGS,
    **breaks_of_rights.OF_RIGHTS,
    "matching.decisions_of_a_side": lambda: Decision.objects.update(organisation=make_organisation()),
    "matching.reasons_fit": change(Decision, reason="too_far"),
    "matching.decisions_explained": change(Decision, explanation={"score": 9, "parts": []}),
    "matching.suggestions_explained": change(Suggestion, score=1.5),
    "matching.scores_bounded": change(Suggestion, score=101),
    "matching.suggestions_not_ahead": change(Suggestion, need_version=99),
    "matching.one_run_in_use": two_active,
    "matching.runs_activated_by_somebody": lambda: training_run(state="superseded", activated_by=""),
    "matching.no_worse_run_in_use": lambda: training_run(state="active", report={"verdict": "worse"}),
    "matching.lifts_bounded": lambda: measurement(results={"lift": 9.0}),
    "matching.cap_not_too_low": lambda: measurement(cap=1),
    **processes.BREAKS,
}  # fmt: skip
OF_THE_MACHINE = {
    "database.sound", "database.references_whole", "database.references_enforced", "database.journal_kept",
    "database.synchronous", "database.up_to_date", "secrets.private",
    "process.rulebook_whole",
}  # fmt: skip


def broken_ones() -> dict[str, tuple[str, ...]]:
    outcomes = [check_invariant(each) for each in all_invariants()]
    return {outcome.invariant.name: outcome.broken for outcome in outcomes if not outcome.holds}


@contextmanager
def undone() -> Iterator[None]:
    """What is done inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    if connection.vendor == "sqlite":
        sql("PRAGMA ignore_check_constraints = 0")


def test_an_honest_database_breaks_none(world: None) -> None:
    assert broken_ones() == {}


def test_there_are_at_least_forty_and_each_is_tested() -> None:
    names = {each.name for each in all_invariants()}
    assert len(names) >= 40
    assert names == set(BREAKS) | OF_THE_MACHINE


def test_each_names_what_breaks_it(world: None, settings: Any, tmp_path: Path) -> None:
    all_invariants()
    silent = []
    for name, breaking in BREAKS.items():
        with undone():
            breaking()
            if check_invariant(INVARIANTS[name]).holds:
                silent.append(name)
        if name == "registry.import_files_kept":
            batch = ImportBatch.objects.get(state="staged")
            upload_path(batch.file_digest).write_bytes(b" " * batch.file_size)
    assert silent == []


class OtherDatabase:
    """A database whose settings and self-tests say what they should not."""

    def __init__(self, vendor: str, rows: list[tuple[Any, ...]]) -> None:
        self.vendor = vendor
        self.rows = rows
        self.settings_dict = {"NAME": "file"}

    def cursor(self) -> OtherDatabase:
        return self

    def __enter__(self) -> OtherDatabase:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def execute(self, _sql: str) -> None:
        pass

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self.rows


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_each_of_the_machine_names_what_breaks_it(
    vendor: str, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> None:
    all_invariants()
    found = [("table", 1, "parent", 0)] if vendor == "sqlite" else [("table", "constraint")]
    monkeypatch.setattr(of_the_kernel, "connection", OtherDatabase(vendor, found))
    monkeypatch.setattr(of_the_kernel, "setting_of", lambda _name: "off")
    monkeypatch.setattr(of_the_kernel, "MigrationExecutor", _Executor)
    settings.LOG_KEY_FILE = tmp_path / "key"
    settings.LOG_KEY_FILE.write_text("x")
    settings.LOG_KEY_FILE.chmod(0o644)
    (tmp_path / "own.yaml").write_text("process: half", encoding="utf-8")
    monkeypatch.setattr(of_processes, "rulebook", lambda: read_rulebook(tmp_path))
    silent = [name for name in sorted(OF_THE_MACHINE) if check_invariant(INVARIANTS[name]).holds]
    assert silent == ([] if vendor == "sqlite" else ["database.sound"])  # PostgreSQL checks its own pages


class _Executor:
    def __init__(self, _connection: object) -> None:
        self.loader = self
        self.graph = self

    def leaf_nodes(self) -> list[object]:
        return []

    def migration_plan(self, _nodes: object) -> list[tuple[Any, bool]]:
        class Step:
            app_label, name = "kernel", "0099_future"

        return [(Step, False)]


def test_what_cannot_be_asked_does_not_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    all_invariants()
    monkeypatch.setattr(of_the_kernel, "connection", None)
    outcome = check_invariant(INVARIANTS["database.sound"])
    assert outcome.broken[0].startswith("AttributeError")


def test_the_nightly_job_logs_what_does_not_hold(world: None, caplog: pytest.LogCaptureFixture) -> None:
    assert check_all.call() == 0
    Need.objects.update(anonymous=True)
    assert check_all.call() == 1
    assert "log.rows_fit does not hold: need " in caplog.text


def test_the_command(world: None, run: Run) -> None:
    done = run("check")
    assert done.exit_code == 0, done.output
    assert f"{len(INVARIANTS)} of {len(INVARIANTS)} hold" in done.output
    Need.objects.update(anonymous=True)
    refused = run("check", "log", "--json")
    assert refused.exit_code == 1
    names = [each["name"] for each in json.loads(refused.stdout) if not each["holds"]]
    assert names == ["log.rows_fit"]
    assert run("check", "no.such").exit_code == 2
    assert run("--language", "zh", "check", "log.rows_fit").output.count("每条记录") == 1
