"""`ronglian rules`: lists, explains, runs cases, checks; without Django."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Run

BEIJING = ("--place", "cn-11", "--date", "2026-11-25", "--input", "way=licence", "--input", "state_set=yes")
MONEY = tuple(
    word
    for pair in ("turnover=1000元", "deal_taxes=30元", "upkeep=20元", "deal_costs=10元")
    for word in ("--input", pair)
)


def test_an_answer_comes_with_every_step_and_article(run: Run) -> None:
    said = run("rules", "explain", "reward.floor", *BEIJING, *MONEY).stdout
    assert "Answer: 470.00 yuan" in said
    assert "940.00 yuan × 50 %" in said
    assert "art. 45" in said
    assert "70 % (may)" in said
    chinese = run("--language", "zh", "rules", "explain", "reward.floor", *BEIJING, *MONEY).stdout
    assert "第45条" in chinese
    assert "结果：470.00元" in chinese


def test_what_is_missing_is_named(run: Run) -> None:
    said = run("rules", "explain", "reward.floor", *BEIJING)
    assert said.exit_code == 0
    assert "Answer: not determined" in said.stdout
    assert "not told: actual turnover of the contract" in said.stdout


def test_the_json_answer_names_its_versions(run: Run) -> None:
    answer = json.loads(run("rules", "explain", "reward.floor", *BEIJING, *MONEY, "--json").stdout)
    assert (answer["value"], answer["unit"], answer["place"]) == (47000, "money", "cn-11")
    assert "cn/reward.share_transfer@2015-10-01" in answer["versions"]


def test_mistakes_are_explained(run: Run) -> None:
    assert "binary" not in run("rules", "explain", "reward.floor", "--input", "turnover=1000").stderr
    assert "write 500万元" in run("rules", "explain", "reward.floor", "--input", "turnover=1000").stderr
    assert (
        "none of transfer, licence" in run("rules", "explain", "reward.floor", "--input", "way=gift").stderr
    )
    assert "asked for are way" in run("rules", "explain", "reward.floor", "--input", "price=1元").stderr
    assert "NAME=VALUE" in run("rules", "explain", "reward.floor", "--input", "way").stderr
    assert "No rule is called" in run("rules", "explain", "reward.flor").stderr
    assert "No rule is called" in run("rules", "explain", "reward.flor", "--input", "way=licence").stderr
    assert "no place of the rulebook" in run("rules", "list", "--place", "81").stderr


def test_cases_and_check(run: Run, tmp_path: Path) -> None:
    assert "cases pass" in run("rules", "test", "cn-33").stdout
    assert run("rules", "test", "cn-99").exit_code == 1
    assert run("rules", "check").exit_code == 0
    folder = tmp_path / "cases" / "cn-32" / "reward"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text(
        "- {id: wrong, rule: reward.floor, place: cn-32, date: 2026-01-01, expect: 500 元,\n"
        "   inputs: {way: licence, state_set: true, own_net_income: 940 元}}\n",
        encoding="utf-8",
    )
    failed = run("rules", "test", "cn-32", "--with", str(tmp_path))
    assert failed.exit_code == 1
    assert "expected 500 元, found 47000" in failed.stdout


def test_the_list_is_of_a_place_and_date(run: Run) -> None:
    there = json.loads(run("rules", "list", "--place", "cn-33", "--date", "2026-11-25", "--json").stdout)
    shares = {each["id"]: each["value"] for each in there["parameters"]}
    assert shares["reward.share_transfer"] == "7/10"
    assert "70 %" in run("rules", "list", "--place", "330106", "--date", "2026-11-25").stdout


def test_the_rules_need_no_django() -> None:
    code = (
        "import sys; import ronglian.cli.ruling, ronglian.rulebook; ronglian.rulebook.load_rulebook();"
        "assert 'django' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
