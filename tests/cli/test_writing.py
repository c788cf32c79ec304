"""Commands that write: import, operator, setup; and how they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ronglian.apps.accounts.models import Person
from ronglian.apps.registry.models import ImportBatch, Need
from ronglian.kernel.models import Event
from tests.cli.conftest import Run
from tests.factories import make_organisation, make_person

pytestmark = pytest.mark.django_db
GOOD = "需求名称,需求详情,预算金额,编号\n电镀废水除铬,漂洗水六价铬超标,30-60万元,1\n轴承降噪,磨削后噪声大,面议,2\n"
BAD = GOOD.replace("面议", "很多钱")


@pytest.fixture
def good(tmp_path: Path) -> str:
    file = tmp_path / "needs.csv"
    file.write_text(GOOD, encoding="utf-8")
    return str(file)


@pytest.fixture
def bad(tmp_path: Path) -> str:
    file = tmp_path / "bad.csv"
    file.write_text(BAD, encoding="utf-8")
    return str(file)


class TestImport:
    def test_a_good_file_is_taken_over_and_again_changes_nothing(self, run: Run, good: str) -> None:
        make_organisation("某厂")
        first = json.loads(run("import", "needs", good, "--owner", "某厂", "--json").stdout)
        assert (first["creates"], first["bad_rows"], first["state"]) == (2, 0, "applied")
        assert set(Need.objects.values_list("state", flat=True)) == {"published"}
        again = json.loads(run("import", "needs", good, "--owner", "某厂", "--json").stdout)
        assert (again["creates"], again["updates"], again["unchanged"]) == (0, 0, 2)
        assert (
            Event.objects.get(name="need.registered", subject_id=Need.objects.first().public_id).actor_kind
            == "command"
        )

    def test_a_bad_cell_is_named_and_nothing_is_written(self, run: Run, bad: str) -> None:
        make_organisation("某厂")
        done = run("import", "needs", bad, "--owner", "某厂")
        assert done.exit_code == 1
        for expected in ("Row 3", "预算金额", "很多钱", "not an amount"):
            assert expected in done.output
        assert not Need.objects.exists()

    def test_only_good_rows(self, run: Run, bad: str) -> None:
        make_organisation("某厂")
        assert run("import", "needs", bad, "--owner", "某厂", "--only-good-rows").exit_code == 0
        assert list(Need.objects.values_list("title", flat=True)) == ["电镀废水除铬"]

    def test_a_dry_run_writes_no_record(self, run: Run, good: str, bad: str) -> None:
        make_organisation("某厂")
        assert run("import", "needs", good, "--owner", "某厂", "--dry-run").exit_code == 0
        assert run("import", "needs", bad, "--owner", "某厂", "--dry-run").exit_code == 0
        assert not Need.objects.exists()
        assert ImportBatch.objects.count() == 2

    def test_drafts_and_headers_assigned_by_hand(self, run: Run, tmp_path: Path) -> None:
        make_organisation("某厂")
        file = tmp_path / "own.csv"
        file.write_text("我们的难题,细节\n除铬,超标\n", encoding="utf-8")
        words = ("import", "needs", str(file), "--owner", "某厂", "--draft")
        assert run(*words).exit_code == 1
        done = run(*words, "--map", "我们的难题=title", "--map", "细节=details")
        assert done.exit_code == 0, done.output
        need = Need.objects.get()
        assert (need.title, need.details, need.state) == ("除铬", "超标", "draft")

    def test_wrong_calls(self, run: Run, good: str) -> None:
        assert run("import", "needs", good, "--owner", "没有的厂").exit_code == 3
        assert run("import", "needs", good, "--map", "x").exit_code == 2
        assert run("import", "castles", good).exit_code == 2
        assert run("import", "needs", "/no/such/file").exit_code == 2


class TestOperator:
    def test_a_person_becomes_operator_and_ceases_to_be(self, run: Run) -> None:
        person = make_person("a@example.org")
        assert run("operator", "A@example.org").exit_code == 0
        person.refresh_from_db()
        assert person.is_operator
        assert run("operator", "a@example.org").exit_code == 1
        assert run("operator", "a@example.org", "--end").exit_code == 0
        assert Person.objects.filter(is_operator=True).count() == 0
        names = list(Event.objects.filter(subject_id=person.public_id).values_list("name", flat=True))
        assert names == ["person.appointed_operator", "person.dismissed_operator"]

    def test_nobody_of_that_name_is_refused_with_the_field(self, run: Run) -> None:
        done = run("operator", "nobody@example.org")
        assert done.exit_code == 1
        assert "email: Nobody with this e-mail has signed up" in done.output


def test_the_demo_account_gets_a_password_once_and_two_organisations(run: Run) -> None:
    done = run("demo", "--account", "me@example.org")
    assert done.exit_code == 0, done.output
    person = Person.objects.get(email="me@example.org")
    password = done.output.split("password ")[1].split(" ")[0]
    assert len(password) >= 16
    assert person.check_password(password)
    assert person.memberships.count() == 2
    assert not person.is_operator

    again = run("demo", "--account", "me@example.org")
    assert "password" not in again.output
    person.refresh_from_db()
    assert person.check_password(password)


def test_without_an_account_the_demo_makes_none(run: Run) -> None:
    assert run("demo").exit_code == 0
    # But for invented technology managers and people around challenges, whose passwords nobody has.
    assert not Person.objects.exclude(email__regex="^demo-(manager|challenge|contract|rights)-").exists()
