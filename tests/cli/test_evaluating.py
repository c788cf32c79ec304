"""`ronglian evaluate`: figures for anybody's files, without Django."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.kernel.embedding.service import serve

SUBJECTS = ("电镀废水六价铬", "轴承磨削噪声", "水稻育秧机械", "锂电池隔膜涂覆")


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Four needs with twelve judged results each; the right ones say the same."""
    needs = [
        {"id": f"n{n}", "title": subject, "content": f"{subject}怎么办"} for n, subject in enumerate(SUBJECTS)
    ]
    results, levels = [], ["need\tresult\tlevel"]
    for n in range(len(SUBJECTS)):
        for r in range(12):
            key = f"r{n}-{r}"
            other = SUBJECTS[(n + 1) % len(SUBJECTS)]
            title = SUBJECTS[n] if r < 2 else f"{other}方案{r}"
            results.append({"id": key, "title": f"{title}技术", "content": ""})
            levels.append(f"n{n}\t{key}\t{4 if r < 2 else 1}")
    (tmp_path / "n.jsonl").write_text("\n".join(map(json.dumps, needs)), encoding="utf-8")
    (tmp_path / "r.jsonl.gz").write_bytes(gzip.compress("\n".join(map(json.dumps, results)).encode()))
    (tmp_path / "j.tsv").write_text("\n".join(levels), encoding="utf-8")
    names = {"--needs": "n.jsonl", "--results": "r.jsonl.gz", "--judgements": "j.tsv"}
    return [word for option, name in names.items() for word in (option, str(tmp_path / name))]


def measures(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {system["name"]: system["measures"] for system in answer["systems"]}


def test_right_results_on_top_measure_one_beside_plain_rankers(run: Run, files: list[str]) -> None:
    answer = json.loads(run("evaluate", *files, "--json").stdout)
    assert (answer["needs"], answer["results"], answer["pairs"]) == (4, 48, 48)
    assert answer["calibration"] == "shipped"
    *baselines, ours = answer["systems"]
    assert {system["name"] for system in baselines} >= {"random", "BM25 words", "character-bigram idf"}
    for name in ("ndcg@10", "mrr", "recall@10"):
        assert ours["measures"][name]["mean"] == pytest.approx(1)
    assert measures(answer)["random"]["ndcg@10"]["mean"] < 0.9


def test_levels_are_learned_from_the_judgements_given_for_it_only(
    run: Run, files: list[str], tmp_path: Path
) -> None:
    lines = Path(files[-1]).read_text(encoding="utf-8").splitlines()
    (tmp_path / "t.tsv").write_text("\n".join(lines[:25]), encoding="utf-8")
    Path(files[-1]).write_text("\n".join([lines[0], *lines[25:]]), encoding="utf-8")
    answer = json.loads(run("evaluate", *files, "--train", str(tmp_path / "t.tsv"), "--json").stdout)
    assert (answer["calibration"], answer["needs"]) == ("train", 2)


def test_a_table_for_people_and_the_same_twice(run: Run, files: list[str]) -> None:
    first = run("evaluate", *files)
    assert first.exit_code == 0
    assert "ndcg@10" in first.stdout
    assert run("evaluate", *files).stdout == first.stdout


def test_a_bad_line_is_named(run: Run, files: list[str]) -> None:
    Path(files[-1]).write_text("need\tresult\tlevel\nn0\tr0-0\tgood\n", encoding="utf-8")
    done = run("evaluate", *files)
    assert done.exit_code == 1
    assert "j.tsv:2" in done.output


def test_it_needs_no_django(files: list[str]) -> None:
    code = (
        "import sys\nfrom ronglian.cli.main import main\n"
        f"try:\n    main(['evaluate', *{files!r}])\nexcept SystemExit as end:\n    assert not end.code\n"
        "assert 'django' not in sys.modules"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO")}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, capture_output=True)


def test_a_service_gives_the_view_of_meaning_and_the_output_says_so(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs = [{"id": f"n{n}", "title": chr(0x4E00 + n) * 2, "content": ""} for n in range(60)]
    results = [{"id": f"r{n}", "title": chr(0x4E00 + n) * 3} for n in range(60)]
    levels = ["need\tresult\tlevel", *(f"n0\tr{n}\t{4 if n == 0 else 1}" for n in range(12))]
    (tmp_path / "n.jsonl").write_text("\n".join(map(json.dumps, needs)), encoding="utf-8")
    (tmp_path / "r.jsonl").write_text("\n".join(map(json.dumps, results)), encoding="utf-8")
    (tmp_path / "j.tsv").write_text("\n".join(levels), encoding="utf-8")
    files = [
        *("--needs", str(tmp_path / "n.jsonl"), "--results", str(tmp_path / "r.jsonl")),
        *("--judgements", str(tmp_path / "j.tsv"), "--embed-cache", str(tmp_path / "vectors.sqlite3")),
    ]
    with serve() as service:
        monkeypatch.setenv("RONGLIAN_EMBEDDING_URL", service.address)
        monkeypatch.setenv("RONGLIAN_EMBEDDING_MODEL", "tiny")
        answer = json.loads(run("evaluate", *files, "--embed", "endpoint", "--json").stdout)
        asked = len(service.asked)
        assert answer["model"].startswith("tiny at 127.0.0.1")
        assert "tiny at 127.0.0.1" in run("evaluate", *files, "--embed", "endpoint").stdout
        assert len(service.asked) == asked
        assert json.loads(run("evaluate", *files, "--embed", "none", "--json").stdout)["model"] is None


def test_a_model_that_is_not_there_is_said_before_any_work(run: Run, files: list[str]) -> None:
    refused = run("evaluate", *files, "--embed", "folder:/nowhere")
    assert refused.exit_code == 1
    assert "/nowhere" in refused.stderr
