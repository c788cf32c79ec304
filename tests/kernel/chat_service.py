"""A service that speaks /v1/chat/completions, on this machine, for tests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Service:
    """What was asked, and how the next requests are answered; after the list is used up, with `content`."""

    address: str = ""
    content: str = '{"fields": []}'
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    answers: list[Callable[[], Answer]] = field(default_factory=list)
    stop: Event = field(default_factory=Event)
    drips: bool = False


def message(content: Any, *, finish: str = "stop", **more: Any) -> Answer:
    choice = {
        "index": 0,
        "finish_reason": finish,
        "message": {"role": "assistant", "content": content, **more},
    }
    return 200, {}, json.dumps({"object": "chat.completion", "choices": [choice]}).encode()


@contextmanager
def serve() -> Iterator[Service]:
    """The service at a free port."""
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            service.asked.append(
                {"path": self.path, **json.loads(self.rfile.read(int(self.headers["Content-Length"])))}
            )
            service.keys.append(self.headers.get("Authorization"))
            status, headers, body = service.answers.pop(0)() if service.answers else message(service.content)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(OSError):  # whoever asked may have gone
                self.wfile.write(body)
                while service.drips and not service.stop.wait(0.02):
                    self.wfile.write(b" ")

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base names it
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.stop.set()
        server.shutdown()
        server.server_close()
        thread.join()
