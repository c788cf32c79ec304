"""Which database the environment asks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from ronglian.project.database import database_from_environment, sqlite_settings


def test_without_an_address_it_is_sqlite_inside_the_folder(tmp_path: Path) -> None:
    settings = database_from_environment({}, tmp_path / "var")
    assert settings["ENGINE"] == "ronglian.kernel.sqlite_gate"
    assert settings["NAME"] == str(tmp_path / "var" / "ronglian.sqlite3")
    assert (tmp_path / "var").is_dir()


def test_sqlite_writes_immediately_and_syncs_fully(tmp_path: Path) -> None:
    options = sqlite_settings(tmp_path / "a.sqlite3")["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]
    assert "mmap" not in options["init_command"]


@pytest.mark.parametrize(
    ("address", "host", "user", "name"),
    [
        ("postgresql://root@/ronglian", "", "root", "ronglian"),
        ("postgres://a%40b:p%2Fw@db.example:5433/%E8%9E%8D", "db.example", "a@b", "融"),
    ],
)
def test_an_address_names_a_postgresql(address: str, host: str, user: str, name: str, tmp_path: Path) -> None:
    settings = database_from_environment({"DATABASE_URL": address}, tmp_path)
    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert (settings["HOST"], settings["USER"], settings["NAME"]) == (host, user, name)


@pytest.mark.parametrize(
    "address", ["mysql://root@/x", "postgresql://root@host", "ronglian", "postgresql:///"]
)
def test_another_address_says_what_would_be_right(address: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="postgresql://user:password@host:5432/name"):
        database_from_environment({"DATABASE_URL": address}, tmp_path)
