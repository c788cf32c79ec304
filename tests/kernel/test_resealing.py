"""Key rotation: everything sealed moves to the new key, in steps that can be stopped; the old one goes when nothing needs it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.db import connection

from ronglian.apps.clinic.operations.consultations import open_consultation
from ronglian.apps.disclosure.models import Annex, ConfidentialDetails
from ronglian.apps.registry.operations.disclosure import keep_annex
from ronglian.apps.registry.operations.drafts import keep_draft
from ronglian.cli.main import commands
from ronglian.kernel import resealing
from ronglian.kernel.actor import Role
from ronglian.kernel.log.coverage import logged_models, uncovered_rows
from ronglian.kernel.models import Event
from ronglian.kernel.resealing import SEALED, count_by_key, reseal_all, sealed_columns
from ronglian.kernel.sealing import (
    KeyMissing,
    add_data_key,
    data_keys,
    key_of,
    personal_digest,
    retire_data_keys,
    seal,
    unseal,
)
from tests.factories import SYSTEM, make_need, make_organisation, make_person_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_keys(settings: Any, tmp_path: Path) -> None:
    settings.DATA_KEYS = []
    settings.DATA_KEY_FILE = tmp_path / "data-key"


def secrets_of_every_kind() -> None:
    ours = make_organisation()
    owner = make_person_of(ours, Role.OWNER)
    for number in range(5):
        need = make_need(ours, f"需求{number}", under_nda=True, details=f"秘方{number}")
        keep_annex(actor=SYSTEM, record=need, text=f"附件{number}")
        keep_draft(actor=owner, form="needs", subject=str(need.public_id), fields={"title": "没写完"})
        open_consultation(actor=owner, owner=ours, title=f"一句话{number}", words="难处")


def test_everything_moves_to_the_new_key_and_says_the_same() -> None:
    secrets_of_every_kind()
    before = {row.subject_id: unseal(row.sealed) for row in ConfidentialDetails.objects.all()}
    digest = personal_digest("zhang@example.org")
    total = sum(count_by_key().values())
    assert total > 20
    add_data_key()
    assert count_by_key()[0] == 0
    steps: list[tuple[int, int]] = []
    found = reseal_all(SYSTEM, lambda done, whole: steps.append((done, whole)))
    assert found.values == total
    assert not found.lost
    assert steps[-1][0] == steps[-1][1]
    assert count_by_key() == {0: total, 1: 0}
    assert {row.subject_id: unseal(row.sealed) for row in ConfidentialDetails.objects.all()} == before
    retire_data_keys()
    assert {row.subject_id: unseal(row.sealed) for row in ConfidentialDetails.objects.all()} == before
    assert personal_digest("zhang@example.org") == digest
    assert [list(uncovered_rows(model)) for model in logged_models()] == [[] for _model in logged_models()]
    assert Event.objects.filter(name="annex.resealed").count() == Annex.objects.count()


def test_stopped_in_the_middle_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets_of_every_kind()
    total = sum(count_by_key().values())
    add_data_key()
    monkeypatch.setattr(resealing, "BATCH", 2)

    def stop(done: int, _total: int) -> None:
        if done >= 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reseal_all(SYSTEM, stop)
    half = count_by_key()[0]
    assert 0 < half < total
    assert reseal_all(SYSTEM).values == total - half
    assert reseal_all(SYSTEM).values == 0


def test_a_server_that_runs_seals_with_the_new_key_at_once() -> None:
    old = seal("x")
    add_data_key()
    assert (key_of(old), key_of(seal("x"))) == (1, 0)
    assert unseal(old) == "x"


def test_an_old_key_that_is_needed_stays() -> None:
    make_need(make_organisation(), "需求", under_nda=True, details="秘方")
    run = CliRunner()
    assert run.invoke(commands, ["keys", "rotate"]).exit_code == 0
    ConfidentialDetails.objects.update(sealed=seal_with_the_old_key())
    refused = run.invoke(commands, ["keys", "retire"])
    assert refused.exit_code != 0
    assert len(data_keys()) == 2
    assert run.invoke(commands, ["keys", "reseal"]).exit_code == 0
    assert run.invoke(commands, ["keys", "retire"]).exit_code == 0
    assert "1" in run.invoke(commands, ["keys", "status"]).output
    assert [key.startswith("digest:") for key in data_keys()] == [False, True]


def seal_with_the_old_key() -> str:
    _newest, *others = data_keys()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ronglian.kernel.sealing.data_keys", lambda: tuple(others))
        return seal({"details": "秘方"})


def test_keys_of_the_environment_are_left_to_whoever_sets_them(settings: Any) -> None:
    settings.DATA_KEYS = ["first"]
    refused = CliRunner().invoke(commands, ["keys", "rotate"])
    assert refused.exit_code != 0
    assert "RONGLIAN_DATA_KEYS" in refused.output


def test_a_lost_value_is_counted_and_left_alone() -> None:
    make_need(make_organisation(), "需求", under_nda=True, details="秘方")
    add_data_key()
    retire_data_keys()  # too early, past the command that would refuse
    with pytest.raises(KeyMissing):
        unseal(ConfidentialDetails.objects.get().sealed)
    found = reseal_all(SYSTEM)
    assert found.lost == {"disclosure.ConfidentialDetails.sealed": 1}
    assert found.values == 0


def test_the_file_is_for_its_owner_only(settings: Any) -> None:
    add_data_key()
    assert settings.DATA_KEY_FILE.stat().st_mode & 0o077 == 0


def test_no_column_with_sealed_values_is_forgotten() -> None:
    secrets_of_every_kind()
    known = {(model._meta.db_table, column.column) for model, column in sealed_columns()}
    found = set()
    with connection.cursor() as cursor:
        for model in apps.get_models():
            for column in model._meta.concrete_fields:
                cursor.execute(f'SELECT CAST("{column.column}" AS text) FROM "{model._meta.db_table}"')  # noqa: S608 - names of our own models
                if any(SEALED.search(str(value)) for (value,) in cursor.fetchall() if value):
                    found.add((model._meta.db_table, column.column))
    assert found
    assert found <= known
    assert re.search(SEALED, seal(""))
