"""Outgoing calls: what may be called, how long and how much, and that nothing else calls out."""

from __future__ import annotations

import ast
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest

from ronglian.kernel import outgoing
from ronglian.kernel.outgoing import Outgoing, OutgoingFailed, OutgoingRefused, is_public, listed_hosts
from tests.paths import REPOSITORY

PUBLIC = "93.184.215.14"


class Sentinel:
    """A server on this machine that notes every connection."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.release = Event()
        sentinel = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                sentinel.asked.append((self.headers["Host"], self.path))
                getattr(self, self.path.strip("/").partition("?")[0] or "plain")()

            do_POST = do_GET  # noqa: N815 - as the base names it

            def plain(self, status: int = 200, content: bytes = b"hello", **headers: str) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def elsewhere(self) -> None:
                self.plain(302, b"", Location=f"http://127.0.0.1:{sentinel.port}/secret")

            def large(self) -> None:
                self.plain(content=b"x" * 5000)

            def drip(self) -> None:
                self.send_response(200)
                self.end_headers()
                while not sentinel.release.wait(0.05):
                    try:
                        self.wfile.write(b"x")
                        self.wfile.flush()
                    except OSError:
                        return

            def log_message(self, *args: Any) -> None:
                """Nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.here = f"http://127.0.0.1:{self.port}"
        self.thread = Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.release.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def sentinel() -> Iterator[Sentinel]:
    running = Sentinel()
    yield running
    running.stop()


def listed(sentinel: Sentinel, **more: Any) -> Outgoing:
    return Outgoing(frozenset({f"127.0.0.1:{sentinel.port}"}), **more)


def test_a_listed_host_is_called_even_on_a_private_network(sentinel: Sentinel) -> None:
    answer = listed(sentinel).call("GET", sentinel.here + "/plain?q=1")
    assert (answer.status, answer.content) == (200, b"hello")
    assert sentinel.asked == [(f"127.0.0.1:{sentinel.port}", "/plain?q=1")]


# Each leads to this machine, into a private network, to what clouds keep for their machines, or is no web address at all.
FORMS = [
    "http://127.0.0.1:{port}/", "http://127.1:{port}/", "http://127.0.1:{port}/", "http://2130706433:{port}/",
    "http://0x7f000001:{port}/", "http://0x7f.0.0.1:{port}/", "http://0177.0.0.1:{port}/", "http://017700000001:{port}/",
    "http://0.0.0.0:{port}/", "http://0:{port}/", "http://localhost:{port}/", "http://LOCALHOST.:{port}/",
    "http://[::1]:{port}/", "http://[::]:{port}/", "http://[::ffff:127.0.0.1]:{port}/", "http://[::ffff:7f00:1]:{port}/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]:{port}/", "http://[64:ff9b::7f00:1]:{port}/", "http://[2002:7f00:1::]:{port}/",
    "http://[fe80::1]:{port}/", "http://[fc00::1]:{port}/", "http://[fd12::1]:{port}/", "http://[ff02::1]:{port}/",
    "http://[64:ff9b:1::1]:{port}/", "http://[2001:db8::1]:{port}/", "http://[::127.0.0.1]:{port}/",
    "http://10.0.0.1/", "http://10.255.255.255/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.0.1/",
    "http://192.168.255.255/", "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/", "http://100.100.100.200/",
    "http://192.0.0.192/", "http://192.0.2.1/", "http://198.18.0.1/", "http://203.0.113.1/", "http://224.0.0.1/",
    "http://240.0.0.1/", "http://255.255.255.255/", "http://2852039166/", "http://0xa9fea9fe/", "http://0251.0376.0251.0376/",
    "https://127.0.0.1:{port}/", "http://user@127.0.0.1:{port}/", "http://user:word@93.184.215.14/",
    "http://93.184.215.14@127.0.0.1:{port}/", "http://127.0.0.1:{port}#@93.184.215.14/", "http://127.0.0.1:0/",
    "http://93.184.215.14\\@127.0.0.1:{port}/", "http://127.0.0.1:{port}/\r\nHost: evil", "http://127.0.0.1 :{port}/",
    "http://127.0.0.1:{port}/\tx", "http://127.0.0.1:99999/", "http:///etc/passwd", "http://", "//127.0.0.1:{port}/", "",
    "file:///etc/passwd", "gopher://127.0.0.1:{port}/_x", "ftp://127.0.0.1:{port}/", "dict://127.0.0.1:{port}/stat",
    "ldap://127.0.0.1:{port}/", "jar:http://127.0.0.1:{port}/!/", "data:text/plain,x", "javascript:alert(1)",
    "unix:/var/run/docker.sock", "tftp://127.0.0.1:{port}/x", "http+unix://%2Fvar%2Frun/x", "ws://127.0.0.1:{port}/",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_no_form_of_address_leads_inside(
    form: str, sentinel: Sentinel, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Any] = []
    monkeypatch.setattr(socket, "create_connection", lambda where, *_more: opened.append(where))
    with pytest.raises((OutgoingRefused, OutgoingFailed)):
        Outgoing(seconds=2.0).call("GET", form.replace("{port}", str(sentinel.port)))
    assert opened == []
    assert sentinel.asked == []


def test_there_are_enough_forms() -> None:
    assert len(FORMS) >= 60


def test_the_forms_would_lead_inside_without_the_look(
    sentinel: Sentinel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several of them do reach the sentinel where every address counts as public: the test above can fail."""
    monkeypatch.setattr(outgoing, "is_public", lambda _address: True)
    reached = 0
    for form in FORMS[:18]:
        try:
            Outgoing(seconds=2.0).call("GET", form.replace("{port}", str(sentinel.port)))
        except (OutgoingRefused, OutgoingFailed):
            continue
        reached += 1
    assert reached >= 10


def test_a_name_server_that_changes_its_mind_changes_nothing(
    sentinel: Sentinel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rebinding: public when looked at, this machine when connected to. The connection goes to what was looked at."""
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    opened: list[str] = []

    def connect(where: tuple[str, int], *_more: Any) -> socket.socket:
        host, _port = where
        opened.append(host)
        if host == PUBLIC:
            raise ConnectionRefusedError
        return socket.socket()  # pragma: no cover - whoever asks the name again lands here

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(OutgoingFailed):
        Outgoing(resolve=lambda _host, _port: next(answers)).call(
            "GET", f"http://rebind.example:{sentinel.port}/"
        )
    assert opened == [PUBLIC]
    assert sentinel.asked == []


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    both = Outgoing(resolve=lambda _host, _port: [PUBLIC, "10.0.0.7"])
    with pytest.raises(OutgoingRefused, match="private"):
        both.call("GET", "http://mixed.example/")


def test_no_redirect_is_followed(sentinel: Sentinel) -> None:
    answer = listed(sentinel).call("GET", sentinel.here + "/elsewhere")
    assert answer.status == 302
    assert [path for _host, path in sentinel.asked] == ["/elsewhere"]


def test_a_list_excludes_all_others(sentinel: Sentinel) -> None:
    asked: list[str] = []

    def note(host: str, _port: int) -> list[str]:
        asked.append(host)
        return [PUBLIC]

    only = Outgoing(frozenset({"allowed.example"}), only_listed=True, resolve=note)
    for url in ("http://other.example/", "http://allowed.example.evil.example/", "http://93.184.215.14/"):
        with pytest.raises(OutgoingRefused, match="not among"):
            only.call("GET", url)
    assert asked == []
    only.check("https://Allowed.Example./x")


def test_time_ends_the_whole_call_however_it_drips(sentinel: Sentinel) -> None:
    with pytest.raises(OutgoingFailed, match="too long"):
        listed(sentinel, seconds=0.4).call("GET", sentinel.here + "/drip")


def test_a_large_answer_is_cut_off(sentinel: Sentinel) -> None:
    assert len(listed(sentinel, largest=5000).call("GET", sentinel.here + "/large").content) == 5000
    with pytest.raises(OutgoingFailed, match="more than 4999"):
        listed(sentinel, largest=4999).call("GET", sentinel.here + "/large")


def test_no_proxy_of_the_environment_is_asked(sentinel: Sentinel, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert listed(sentinel).call("GET", sentinel.here + "/plain").status == 200


def test_errors_name_the_host_and_nothing_else() -> None:
    gone = Outgoing(frozenset({"127.0.0.1:9"}), seconds=2.0)
    with pytest.raises(OutgoingFailed) as failed:
        gone.call(
            "GET", "http://127.0.0.1:9/secret-path?key=sk-secret", headers={"Authorization": "sk-secret"}
        )
    assert "127.0.0.1" in str(failed.value)
    assert "secret" not in str(failed.value)


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "8.8.8.8"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


def test_the_setting_lists_hosts() -> None:
    assert listed_hosts("", "127.0.0.1:5000") == ({"127.0.0.1:5000"}, False)
    assert listed_hosts("a.example, b.example:444", "c.example") == ({"a.example", "b.example:444"}, True)


# The one module, and the library of allauth that is given it.
MAY_CALL_OUT = {"kernel/outgoing.py", "web/accounts/provider_calls.py"}
CALLS_OUT = {
    "urllib.request",
    "http.client",
    "requests",
    "httpx",
    "aiohttp",
    "urllib3",
    "ftplib",
    "websockets",
    "telnetlib",
}


def test_nothing_else_calls_out() -> None:
    package = REPOSITORY / "src" / "ronglian"
    found = {}
    for path in package.rglob("*.py"):
        names = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            elif isinstance(node, ast.Attribute) and node.attr == "create_connection":
                names.add("urllib3")
        if names & CALLS_OUT:
            found[str(path.relative_to(package))] = names & CALLS_OUT
    assert set(found) == MAY_CALL_OUT
