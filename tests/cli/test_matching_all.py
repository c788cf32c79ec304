"""`ronglian match --all`: the files it leaves, going on after a stop, the same bytes from any run."""

from __future__ import annotations

import contextlib
import csv
import fcntl
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from ronglian.apps.registry.models import Need, Result
from tests.cli.conftest import Run
from tests.factories import make_need, make_organisation, make_result

WORDS = (
    "电镀",
    "废水",
    "六价铬",
    "轴承",
    "磨削",
    "噪声",
    "水稻",
    "育秧",
    "锂电池",
    "隔膜",
    "涂覆",
    "机器人",
    "焊接",
    "催化剂",
)
TABLES = [f"matches-of-{side}.{kind}" for side in ("needs", "results") for kind in ("csv", "jsonl")]


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write_files(folder: Path, size: int) -> list[str]:
    """Needs and results of random words, as options of the command."""
    chance = random.Random(7)
    words: list[str] = []
    for option, letter in (("--needs", "n"), ("--results", "r")):
        rows = [
            {"id": f"{letter}{number}", "title": "".join(chance.sample(WORDS, 4)), "content": "=1+1"}
            for number in range(size)
        ]
        path = folder / f"{letter}.jsonl"
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        words += [option, str(path)]
    return words


def command(folder: Path, *words: str, seed: int = 0) -> subprocess.Popen[str]:
    """The command in a process, and a group of processes, of its own.

    It hears Ctrl-C also where the suite itself was started in the background by a shell, which lets its children ignore it.
    """
    return subprocess.Popen(
        [sys.executable, "-c", "from ronglian.cli.main import main; main()", "--language", "en", "match", "--all",
         "--folder", str(folder), *words],
        env={**os.environ, "PYTHONHASHSEED": str(seed)},
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads run here
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip


def wait_for_a_chunk(folder: Path, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 120
    while not list(folder.glob("work/chunks/needs-*")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)


def wait_for_the_group_to_end(process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    with contextlib.suppress(ProcessLookupError):
        while time.monotonic() < deadline:
            os.killpg(process.pid, 0)
            time.sleep(0.05)
        pytest.fail("a worker lives on")


def finish(process: subprocess.Popen[str]) -> None:
    said = process.communicate(timeout=120)
    assert process.returncode == 0, said


@pytest.mark.django_db
class TestTheCatalogue:
    @pytest.fixture
    def records(self) -> tuple[Need, Result, Result]:
        house = make_organisation()
        need = make_need(owner=house, title="电镀废水六价铬超标", details="漂洗水六价铬不能稳定达标。")
        own = make_result(owner=house, title="电镀废水六价铬去除", summary="六价铬去除。")
        other = make_result(title="电镀废水六价铬深度去除", summary="还原沉淀去除六价铬。")
        make_result(title="水稻育秧机", summary="育秧盘自动播种。")
        return need, own, other

    def test_both_sides_as_when_asked_one_by_one(
        self, run: Run, records: tuple[Need, Result, Result], tmp_path: Path
    ) -> None:
        note = run("log").stdout
        done = run("match", "--all", "--folder", str(tmp_path / "all"), "--top", "2", "--workers", "1")
        assert done.exit_code == 0, done.output
        assert json.loads((tmp_path / "all" / "run.json").read_text("utf-8"))["checkpoint"] == note
        assert {path.name for path in (tmp_path / "all").iterdir()} == {*TABLES, "run.json"}
        for side in ("needs", "results"):
            found = lines(tmp_path / "all" / f"matches-of-{side}.jsonl")
            assert found
            for row in found:
                asked = json.loads(run("match", row["id"], "--top", "2", "--json").stdout)["matches"]
                alone = [(match["record"]["id"], round(match["score"], 4)) for match in asked]
                assert [(match["id"], match["score"]) for match in row["matches"]] == alone

    def test_nobody_is_brought_together_with_himself(
        self, run: Run, records: tuple[Need, Result, Result], tmp_path: Path
    ) -> None:
        need, own, other = records
        run("match", "--all", "--folder", str(tmp_path / "all"), "--top", "1", "--workers", "1")
        (row,) = lines(tmp_path / "all/matches-of-needs.jsonl")
        assert [match["id"] for match in row["matches"]] == [str(other.public_id)]
        by_id = {row["id"]: row["matches"] for row in lines(tmp_path / "all/matches-of-results.jsonl")}
        assert by_id[str(own.public_id)] == []
        assert by_id[str(other.public_id)][0]["id"] == str(need.public_id)

    def test_only_the_machines_user_may_read_the_folder(
        self, run: Run, records: tuple[Need, Result, Result], tmp_path: Path
    ) -> None:
        run("match", "--all", "--folder", str(tmp_path / "all"), "--workers", "1")
        assert (tmp_path / "all").stat().st_mode & 0o077 == 0


class TestFiles:
    def test_tables_hold_a_pair_a_row_and_no_formulas(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "n.jsonl").write_text('{"id": "n1", "title": "=电镀废水六价铬"}', encoding="utf-8")
        (tmp_path / "r.jsonl").write_text('{"id": "r1", "title": "电镀废水六价铬"}', encoding="utf-8")
        files = ["--needs", str(tmp_path / "n.jsonl"), "--results", str(tmp_path / "r.jsonl")]
        answer = json.loads(run("match", "--all", "--folder", str(tmp_path / "f"), *files, "--json").stdout)
        assert (answer["needs"], answer["results"], answer["top"]) == (1, 1, 20)
        with (tmp_path / "f/matches-of-needs.csv").open(encoding="utf-8-sig", newline="") as file:
            headers, row = csv.reader(file)
        assert headers == ["need", "title of the need", "place", "result", "title of the result", "score"]
        assert row[:5] == ["n1", "'=电镀废水六价铬", "1", "r1", "电镀废水六价铬"]

    def test_a_finished_run_is_replaced_only_when_told_so(self, run: Run, tmp_path: Path) -> None:
        words = ["match", "--all", "--folder", str(tmp_path / "f"), *write_files(tmp_path, 3)]
        assert run(*words).exit_code == 0
        refused = run(*words)
        assert refused.exit_code == 1
        assert "--again" in refused.output
        assert run(*words, "--again", "--top", "1").exit_code == 0
        assert all(len(row["matches"]) <= 1 for row in lines(tmp_path / "f/matches-of-needs.jsonl"))

    def test_a_run_of_other_records_is_not_gone_on_with(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def stop(*_args: object, **_more: object) -> None:
            raise KeyboardInterrupt

        words = ["match", "--all", "--folder", str(tmp_path / "f"), *write_files(tmp_path, 3)]
        with monkeypatch.context() as patched:
            patched.setattr("ronglian.cli.matching_all.rank_everything", stop)
            assert run(*words).exit_code == 130
        assert "--top" in run(*words, "--top", "7").output
        assert not (tmp_path / "f/run.json").exists()
        assert run(*words).exit_code == 0

    def test_what_does_not_go_together_is_refused(self, run: Run, tmp_path: Path) -> None:
        for words, named in (
            (("--all", "some text"), "SUBJECT"),
            (("--all", "--store"), "--store"),
            (("some text", "--folder", "x"), "--folder"),
            (("--all", "--needs", write_files(tmp_path, 1)[1]), "--results"),
        ):
            done = run("match", *words)
            assert done.exit_code == 2
            assert named in done.output

    def test_a_bad_line_is_named(self, run: Run, tmp_path: Path) -> None:
        words = write_files(tmp_path, 2)
        Path(words[1]).write_text('{"id": "n1"}\nnonsense\n', encoding="utf-8")
        done = run("match", "--all", "--folder", str(tmp_path / "f"), *words)
        assert done.exit_code == 1
        assert "n.jsonl:2" in done.output


class TestProposals:
    def test_a_result_that_everybody_wants_is_shared_out(self, run: Run, tmp_path: Path) -> None:
        needs = [{"id": f"n{number}", "title": "电镀废水六价铬" + "超标" * number} for number in range(3)]
        needs.append({"id": "n9", "title": "机器人"})
        results = [
            {"id": "r1", "title": "电镀废水六价铬"},
            {"id": "r2", "title": "废水"},
            {"id": "r3", "title": "轴承磨削"},
        ]
        for name, rows in (("n", needs), ("r", results)):
            (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        files = ["--needs", str(tmp_path / "n.jsonl"), "--results", str(tmp_path / "r.jsonl")]
        words = ["match", "--all", "--folder", str(tmp_path / "f"), *files]
        assert run(*words).exit_code == 0
        done = run(*words, "--assign", "--per-need", "1", "--per-result", "1", "--json")  # of a finished run
        proposed = json.loads(done.stdout)["proposals"]
        assert (proposed["pairs"], proposed["needs_served"], proposed["results_used"]) == (2, 2, 2)
        assert proposed["value"] <= proposed["best_possible_at_most"] <= proposed["value"] * 1.01
        assert proposed["stable_value"] <= proposed["value"] + 0.1
        with (tmp_path / "f/proposals.csv").open(encoding="utf-8-sig", newline="") as file:
            pairs = list(csv.DictReader(file))
        assert len({pair["need"] for pair in pairs}) == len({pair["result"] for pair in pairs}) == 2
        (second,) = [pair for pair in pairs if pair["place in the need's list"] != "1"]
        assert second["why not its first choice"].startswith("r1 scores")
        with (tmp_path / "f/left-out.csv").open(encoding="utf-8-sig", newline="") as file:
            left_out = {row["id"]: row["why"] for row in csv.DictReader(file)}
        assert left_out["n9"] == left_out["r3"] == "nothing fits it"
        assert "all that fits it is in greater demand" in left_out.values()
        assert "would rather have each other" in run(*words, "--assign").stdout

    def test_a_run_that_makes_proposals_at_once_and_again_makes_the_same(
        self, run: Run, tmp_path: Path
    ) -> None:
        words = ["match", "--all", *write_files(tmp_path, 60), "--assign", "--workers", "1", "--folder"]
        for folder in ("one", "two"):
            assert run(*words, str(tmp_path / folder)).exit_code == 0
        for name in ("proposals.csv", "left-out.csv", "proposals.json"):
            assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


class TestProcesses:
    def test_stopped_by_ctrl_c_it_goes_on_and_every_run_writes_the_same_bytes(
        self, run: Run, tmp_path: Path
    ) -> None:
        """Begun by two workers with one order of hashing, gone on with and made anew by this process with another."""
        words = write_files(tmp_path, 700)
        broken, whole = tmp_path / "broken", tmp_path / "whole"
        process = command(broken, *words, "--workers", "2", seed=1)
        wait_for_a_chunk(broken, process)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the command and its workers
        _, said = process.communicate(timeout=60)
        assert process.returncode == 130
        assert "goes on" in said
        assert "Traceback" not in said
        wait_for_the_group_to_end(process)
        assert not (broken / "matches-of-needs.csv").exists()
        assert list(broken.glob("work/chunks/needs-*"))
        for folder in (broken, whole):
            done = run("match", "--all", "--folder", str(folder), *words, "--workers", "1")
            assert done.exit_code == 0, done.output
        for name in (*TABLES, "run.json"):
            assert (broken / name).read_bytes() == (whole / name).read_bytes(), name

    @pytest.mark.slow
    def test_two_workers_write_the_bytes_of_one(self, tmp_path: Path) -> None:
        words = write_files(tmp_path, 700)
        for workers in ("1", "2"):
            finish(command(tmp_path / workers, *words, "--workers", workers, seed=1 + int(workers)))
        for name in (*TABLES, "run.json"):
            assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes(), name

    @pytest.mark.slow
    def test_workers_end_with_a_killed_command(self, tmp_path: Path) -> None:
        process = command(tmp_path / "f", *write_files(tmp_path, 700), "--workers", "2")
        wait_for_a_chunk(tmp_path / "f", process)
        process.kill()
        process.communicate(timeout=60)
        wait_for_the_group_to_end(process)


def test_a_second_run_in_the_folder_is_refused(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "all"
    folder.mkdir()
    words = ["match", "--all", "--folder", str(folder), *write_files(tmp_path, 5), "--workers", "1"]
    handle = os.open(
        folder, os.O_RDONLY
    )  # a lock belongs to what opened the folder, so this process is another, too
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        refused = run(*words)
    finally:
        os.close(handle)
    assert refused.exit_code == 1
    assert "Another run is at work" in refused.output
    assert list(folder.iterdir()) == []
    assert run(*words).exit_code == 0
