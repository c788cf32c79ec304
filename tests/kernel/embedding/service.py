"""A service that speaks /v1/embeddings, on this machine, for tests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

DIMENSION = 8
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Service:
    """What was asked, and how the next requests are answered; after the list is used up, properly."""

    address: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    answers: list[Callable[[list[str]], Answer]] = field(default_factory=list)


def vector_of(text: str) -> list[float]:
    """The same numbers for the same text, near each other for texts that share characters."""
    numbers = [0.1] * DIMENSION
    for character in text:
        numbers[blake2b(character.encode(), digest_size=1).digest()[0] % DIMENSION] += 1.0
    return numbers


def proper(texts: list[str]) -> Answer:
    """The vectors, last text first: order is told by index alone."""
    data = [{"index": place, "embedding": vector_of(text)} for place, text in enumerate(texts)]
    return 200, {}, json.dumps({"data": data[::-1]}).encode()


@contextmanager
def serve() -> Iterator[Service]:
    """The service at a free port."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            service.asked.append({"path": self.path, **body})
            service.keys.append(self.headers.get("Authorization"))
            answer = service.answers.pop(0) if service.answers else proper
            code, headers, content = answer(body["input"])
            self.send_response(code)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base names it
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
