"""kill -9 while writing: nothing that was acknowledged is lost, nothing that is retried happens twice."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from tests.reliability.databases import START, Place, new_place

IS_FULL = bool(os.environ.get("RONGLIAN_RELIABILITY"))
CLIENTS = 8
MAKE_TOKEN = """
from ronglian.cli.main import set_up_django
set_up_django()
from ronglian.apps.accounts.models import Membership, Person
from ronglian.apps.accounts.operations.organisations import register_organisation
from ronglian.apps.accounts.operations.tokens import issue_token, new_secret
from ronglian.apps.accounts.queries.actors import actor_of_person
person = Person.objects.create_user("writer@example.org", "correct-horse-42")
firm = register_organisation(actor=actor_of_person(person), fields={"name": "甲厂", "kind": "enterprise"})
secret = new_secret()
issue_token(actor=actor_of_person(person), name="t", secret=secret, may_write=True, days=1)
print(secret, firm.public_id)
"""
READ_NEEDS = """
import json
from ronglian.cli.main import set_up_django
set_up_django()
from ronglian.apps.registry.models import Need
print(json.dumps([[str(each), title] for each, title in Need.objects.values_list("public_id", "title")]))
"""


@dataclass
class Site:
    """A served installation that can be killed and started again under the same address."""

    place: Place
    token: str
    firm: str
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve, and wait until this server, and not a stale one on the same port, answers."""
        instance = uuid4().hex
        words = ["serve", "--port", str(self.port), "--workers", "2", "--threads", "4"]
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, *words],
            env={**self.place.environment, "RONGLIAN_INSTANCE": instance},
            start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(600):
            status, body = self.ask("GET", "/health")
            if status == 200 and body["instance"] == instance:
                return
            time.sleep(0.1)
        raise AssertionError("the site does not answer")

    def kill(self) -> None:
        """kill -9 of every process of the server; its worker notices that it is gone."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ask(
        self, method: str, path: str, body: Any = None, key: str = "", timeout: float = 20, **more: str
    ) -> tuple[int, Any]:
        """Status and body; status 0 when the connection broke."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        if path == "/health":
            headers = {}
        headers |= more
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read() or b"null")
        except (OSError, HTTPException, ValueError):
            return 0, None
        finally:
            connection.close()

    def register(self, title: str, key: str) -> tuple[int, Any]:
        return self.ask("POST", "/api/v1/needs", {"owner": self.firm, "title": title}, key)

    def needs(self) -> list[tuple[str, str]]:
        return needs_in(self.place)


def needs_in(place: Place) -> list[tuple[str, str]]:
    """Id and title of every need, read by a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", READ_NEEDS], env=place.environment, check=True, capture_output=True, text=True
    )
    return [(public_id, title) for public_id, title in json.loads(done.stdout)]


@contextmanager
def served(folder: Path, **environment: str) -> Iterator[Site]:
    """A site of its own; `environment` is for its server alone."""
    with new_place(folder) as place:
        done = subprocess.run(
            [sys.executable, "-c", MAKE_TOKEN],
            env=place.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        token, firm = done.stdout.split()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        site = Site(Place({**place.environment, **environment}), token, firm, port)
        site.start()
        try:
            yield site
        finally:
            site.kill()
            time.sleep(1)


@dataclass
class Writing:
    """What the clients were told, and what they do not know."""

    site: Site
    acknowledged: dict[str, str] = field(default_factory=dict)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[int, Any]] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, client: int) -> None:
        number = 0
        while not self.stopping.is_set():
            number += 1
            title, key = f"需求 {client}-{number}-{uuid4().hex[:6]}", uuid4().hex
            status, body = self.site.register(title, key)
            with self.lock:
                self.note(title, key, status, body)

    def note(self, title: str, key: str, status: int, body: Any) -> None:
        if status == 201:
            self.acknowledged[title] = body["id"]
        elif status == 0:
            self.unknown.append((title, key))
            self.stopping.set()  # the server is gone; the main thread brings it back
        else:
            self.refused.append((status, body))

    def retry(self) -> None:
        """Send again, with the same key, what nobody knows the outcome of."""
        for title, key in self.unknown:
            status, body = self.site.register(title, key)
            self.note(title, key, status, body)
        self.unknown.clear()


def crash(site: Site, writing: Writing, after: float) -> int:
    """Let the clients write, kill the server, start it, and retry; answers how many requests were cut off."""
    writing.stopping.clear()
    clients = [threading.Thread(target=writing.write, args=(client,)) for client in range(CLIENTS)]
    for client in clients:
        client.start()
    time.sleep(after)
    site.kill()
    writing.stopping.set()
    for client in clients:
        client.join()
    cut_off = len(writing.unknown)
    site.start()
    writing.retry()
    return cut_off


def wait_for_the_log(site: Site) -> None:
    """A worker that is killed every second for a quarter of an hour numbers few events; now it has the time for it."""
    deadline = time.monotonic() + 300
    while site.place.run("check", "log").returncode and time.monotonic() < deadline:
        time.sleep(2)


@pytest.mark.slow
def test_no_acknowledged_write_is_lost_and_none_is_doubled(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Five kills; `make reliability` kills 200 times."""
    kills = int(os.environ.get("RONGLIAN_KILLS", "200")) if IS_FULL else 5
    chance = Random(5)
    with served(tmp_path / "site") as site:
        writing, retried = Writing(site), 0
        for _ in range(kills):
            retried += crash(site, writing, after=chance.uniform(0.3, 2.0))
        found = site.needs()
        assert writing.refused == []
        assert len(writing.acknowledged) > kills
        lost = set(writing.acknowledged.items()) - {(title, public_id) for public_id, title in found}
        doubled = [title for title, count in Counter(title for _id, title in found).items() if count > 1]
        assert (lost, doubled) == (set(), [])
        wait_for_the_log(site)
        done = site.place.ronglian("check", "database", "log", "idempotency", "registry")
        assert "✗" not in done.stdout
        record_property("measured", f"{len(writing.acknowledged)} acknowledged, {retried} retried")


@pytest.mark.slow
def test_the_harness_finds_what_is_lost_when_answers_come_before_the_commit(tmp_path: Path) -> None:
    """A server that answers first and writes later loses writes; the same kills have to show it."""
    with served(tmp_path / "site", DJANGO_SETTINGS_MODULE="tests.reliability.hasty_settings") as site:
        writing = Writing(site)
        for after in (0.8, 1.1, 1.4):
            crash(site, writing, after=after)
        assert writing.acknowledged
        assert set(writing.acknowledged) - {title for _id, title in site.needs()}


@pytest.mark.slow
def test_fifty_clients_with_one_key_have_one_effect(tmp_path: Path) -> None:
    with served(tmp_path / "site") as site:
        key, answers = uuid4().hex, []
        lock, start = threading.Lock(), threading.Barrier(50)

        def send() -> None:
            start.wait()
            for _ in range(20):
                began = time.monotonic()
                status, body = site.register("同一需求", key)
                with lock:
                    answers.append((status, body, time.monotonic() - began))
                if status != 409:
                    return
                time.sleep(0.2)

        clients = [threading.Thread(target=send) for _ in range(50)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        assert {status for status, _body, _seconds in answers} <= {201, 409}
        assert len({body["id"] for status, body, _seconds in answers if status == 201}) == 1
        assert sum(status == 201 for status, _body, _seconds in answers) == 50
        assert [title for _id, title in site.needs()] == ["同一需求"]
        other, _body = site.register("另一需求", key)
        assert other == 409
