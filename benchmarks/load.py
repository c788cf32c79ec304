"""The site under load: p95 of lists, pages, searches and writes with 50 clients over 100,000 needs.

    python -m benchmarks.load [--rows 100000] [--clients 50] [--seconds 60] [--rate 300]

Works in a folder of its own with an empty database: SQLite, or the PostgreSQL of DATABASE_URL (whose registry then
has to be empty). `ronglian serve` runs as it does for users, but for the limit on searches from one address: all
clients share one. Each client asks over one open connection, at an even pace that makes `--rate` together; who is late
asks at once. The clients run on the same two cores and take their share of them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.imports import percentile, write_file

# Shares of the requests, and the bar for p95 in milliseconds.
KINDS = {"list": (0.35, 150), "detail": (0.35, 150), "search": (0.20, 150), "write": (0.10, 200)}
QUERIES = ["电镀废水", "六价铬", "电池隔膜 良品率", "铝合金 耐腐蚀", "轴承 寿命", "涂料 固化"]
FILTERS = [
    "",
    "?page=2",
    "?technology_field=environment",
    "?region=32",
    "?technology_field=new_materials&page=3",
]


@dataclass(slots=True)
class Seen:
    """What the clients saw: seconds by kind, and answers that were no success by status."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Site:
    """Where the site answers, and what may be asked of it; one token and one need of its own for each client."""

    port: int
    needs: list[str]
    tokens: list[str]
    own: list[str]
    versions: list[int]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def request_of(site: Site, client: int, version: int, chance: random.Random) -> tuple[str, bytes]:
    """What a client asks next: the kind, and the request as it goes over the wire."""
    kind = chance.choices(list(KINDS), [share for share, _bar in KINDS.values()])[0]
    if kind == "write":
        body = json.dumps({"summary": f"第{version}次修改"}).encode()
        head = f"PATCH /api/v1/needs/{site.own[client]} HTTP/1.1\r\nAuthorization: Bearer {site.tokens[client]}\r\n"
        head += f'If-Match: "{version}"\r\n'
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        return kind, f"{head}Host: 127.0.0.1\r\n\r\n".encode() + body
    paths = {
        "list": f"/needs/{chance.choice(FILTERS)}",
        "detail": f"/needs/{chance.choice(site.needs)}/",
        "search": f"/needs/?q={quote(chance.choice(QUERIES))}",
    }
    return kind, f"GET {paths[kind]} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: zh\r\n\r\n".encode()


async def answer(reader: asyncio.StreamReader) -> int:
    """The status of one answer, read to its end."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    if "content-length: " in head:
        await reader.readexactly(int(head.split("content-length: ")[1].split("\r\n")[0]))
    elif "chunked" in head:
        while size := int((await reader.readline()).strip() or b"0", 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return int(head.split()[1])


async def one_client(site: Site, number: int, pace: float, until: float, seen: Seen) -> None:
    chance = random.Random(number)
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port, limit=2**22)
    due, version = time.perf_counter() + pace * chance.random(), site.versions[number]
    while due < until:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        kind, request = request_of(site, number, version, chance)
        begun = time.perf_counter()
        writer.write(request)
        await writer.drain()
        status = await answer(reader)
        seen.seconds[kind].append(time.perf_counter() - begun)
        if status >= 300:
            seen.failures[f"{kind} {status}"] += 1
        elif kind == "write":
            version += 1
        due = max(due + pace, time.perf_counter())
    site.versions[number] = version
    writer.close()


async def all_clients(site: Site, clients: int, rate: float, seconds: float) -> tuple[Seen, float]:
    seen, begun = Seen(), time.perf_counter()
    pace = clients / rate
    await asyncio.gather(
        *(one_client(site, number, pace, begun + seconds, seen) for number in range(clients))
    )
    return seen, time.perf_counter() - begun


def wait_for(port: int) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/needs/?q={quote('电镀')}", timeout=120):
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the site did not answer")


def show(seen: Seen, seconds: float) -> None:
    print(f"{'kind':<8} {'asked':>7} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'bar p95':>8}")
    for kind, (_share, bar) in KINDS.items():
        own = [1000 * each for each in seen.seconds[kind]]
        row = " ".join(f"{percentile(own, share):>8.1f}" for share in (0.5, 0.95, 0.99))
        print(f"{kind:<8} {len(own):>7} {row} {bar:>8}")
    asked = sum(map(len, seen.seconds.values()))
    print(
        f"together {asked:>7} in {seconds:.0f} s: {asked / seconds:.0f} a second (bar 300); failures: {dict(seen.failures) or 'none'}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=300, help="requests a second, all clients together")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ronglian-load-") as name:
        folder = Path(name)
        path = write_file(folder, options.rows, "csv")
        environment: dict[str, Any] = {
            **os.environ,
            "RONGLIAN_VAR": str(folder / "var"),
            "DJANGO_SETTINGS_MODULE": "ronglian.project.settings.dev",
            "RONGLIAN_SEARCHES_PER_SECOND": "0",
        }
        command = [sys.executable, "-c", "from ronglian.cli.main import main; main()"]
        subprocess.run([*command, "setup"], env=environment, check=True, stdout=subprocess.DEVNULL)
        prepared = subprocess.run(
            [sys.executable, "-m", "benchmarks.load_prepare", str(path), str(options.clients)],
            env=environment, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        port = free_port()
        server = subprocess.Popen([*command, "serve", "--port", str(port)], env=environment)
        try:
            wait_for(port)
            site = Site(port, **json.loads(prepared.stdout.splitlines()[-1]))
            asyncio.run(all_clients(site, options.clients, options.rate, 5))
            show(*asyncio.run(all_clients(site, options.clients, options.rate, options.seconds)))
        finally:
            server.terminate()
            server.wait(60)
    database = "PostgreSQL" if os.environ.get("DATABASE_URL") else "SQLite"
    print(
        f"{options.rows} needs, {options.clients} clients, {database}, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )


if __name__ == "__main__":
    main()
