"""Calls to other servers: the one module through which they go.

An address may come from a setting today and from a user tomorrow, so none is trusted. Its scheme is http or https, its host is
on the list of the setting or, without a list, has public addresses only; the name is resolved once, each address is
looked at, and the connection goes to the very address that was looked at, so that a second answer of the name server changes
nothing. No redirect is followed, no proxy of the environment is asked, and time and size have limits.
Tests hold that nothing else in the package opens such connections.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Timer
from urllib.parse import SplitResult, urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
DEFAULT_PORTS = {"http": 80, "https": 443}
# Not public, though older versions of Python's own list say otherwise.
REFUSED = (ipaddress.ip_network("64:ff9b:1::/48"), ipaddress.ip_network("192.0.0.0/24"))
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class OutgoingRefused(ValueError):
    """The address is not one that may be called; the message says why, and never a path, key or answer."""


class OutgoingFailed(OSError):
    """The server could not be reached, was too slow, or answered more than was asked for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status; a redirect is an answer like any other."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def listed_hosts(setting: str, configured: str) -> tuple[frozenset[str], bool]:
    """The hosts that may be called and whether no others may: those of the setting, else the one configured for the purpose."""
    hosts = frozenset(host.strip().lower() for host in setting.split(",") if host.strip())
    return (hosts, True) if hosts else (frozenset({configured.lower()}), False)


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, as the name server gives them."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OutgoingFailed(f"{host} has no address") from error
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@dataclass(frozen=True, slots=True)
class Outgoing:
    """How calls are made. `hosts` are those of the setting, as host or host:port; these may be private.

    `seconds` limits the whole call once the name is resolved, `largest` the bytes of the answer. `resolve` is for tests.
    """

    hosts: frozenset[str] = frozenset()
    only_listed: bool = False
    seconds: float = 30.0
    largest: int = 1 << 20
    resolve: Resolve = field(default=resolve)

    def check(self, url: str) -> None:
        """Raise OutgoingRefused for an address whose form already forbids calling it; asks no name server."""
        self._parts(url)

    def call(
        self, method: str, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One request and its answer. Raises OutgoingRefused and OutgoingFailed."""
        parts = self._parts(url)
        host, port = _host(parts), parts.port or DEFAULT_PORTS[parts.scheme]
        addresses = self._allowed(host, port)
        connection = _Pinned(host, port, addresses, self.seconds, is_tls=parts.scheme == "https")
        # A server that drips its answer would renew a limit of each read: this one ends the whole call.
        timer = Timer(self.seconds, connection.cut)
        timer.start()
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target, body, dict(headers or {}))
            answer = connection.getresponse()
            content = answer.read(self.largest + 1)
            told = {name.lower(): value for name, value in answer.getheaders()}
        except (OSError, http.client.HTTPException) as error:
            reason = (
                "took too long" if connection.was_cut else f"could not be reached ({type(error).__name__})"
            )
            raise OutgoingFailed(f"{host} {reason}") from error
        finally:
            timer.cancel()
            connection.close()
        if connection.was_cut:  # what was read may be half of it
            raise OutgoingFailed(f"{host} took too long")
        if len(content) > self.largest:
            raise OutgoingFailed(f"{host} answered with more than {self.largest} bytes")
        return Answer(answer.status, told, content)

    def _parts(self, url: str) -> SplitResult:
        if any(ord(character) <= 0x20 or ord(character) == 0x7F for character in url) or "\\" in url:
            raise OutgoingRefused("the address holds a blank, a control character or a backslash")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise OutgoingRefused("this is not an address") from error
        if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
            raise OutgoingRefused("the address must begin with http:// or https:// and name a host")
        if parts.username is not None or parts.password is not None or parts.fragment:
            raise OutgoingRefused("the address holds a name, a password or a fragment")
        if port == 0:
            raise OutgoingRefused("the address has port 0")
        if self.only_listed and not self._is_listed(_host(parts), port or DEFAULT_PORTS[parts.scheme]):
            raise OutgoingRefused(f"{_host(parts)} is not among the hosts that may be called")
        return parts

    def _allowed(self, host: str, port: int) -> list[str]:
        """The addresses to connect to: all of them allowed, or none is asked."""
        addresses = list(self.resolve(host, port))
        if not addresses:
            raise OutgoingFailed(f"{host} has no address")
        if not self._is_listed(host, port) and not all(is_public(address) for address in addresses):
            raise OutgoingRefused(f"{host} leads into a private network")
        return addresses

    def _is_listed(self, host: str, port: int) -> bool:
        return host in self.hosts or f"{host}:{port}" in self.hosts


def is_public(address: str) -> bool:
    """Whether the address belongs to the internet at large: not this machine, no private, link-local or reserved network.

    An IPv6 address that carries an IPv4 one (mapped, 6to4, Teredo, NAT64) is judged by both.
    """
    try:
        found: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if (
        any(found in network for network in REFUSED)
        or not found.is_global
        or found.is_multicast
        or found.is_reserved
        or found.is_unspecified
    ):
        return False
    return all(is_public(str(inner)) for inner in _carried(found))


def _carried(address: Address) -> list[Address]:
    if not isinstance(address, ipaddress.IPv6Address):
        return []
    found: list[Address] = [each for each in (address.ipv4_mapped, address.sixtofour) if each is not None]
    found += list(address.teredo or ())
    if address in NAT64:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return found


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").rstrip(".").lower()


class _Pinned(http.client.HTTPConnection):
    """A connection to one of the addresses that were looked at; the name is for the certificate and the Host header."""

    def __init__(
        self, host: str, port: int, addresses: Sequence[str], seconds: float, *, is_tls: bool
    ) -> None:
        super().__init__(host, port, timeout=seconds)
        self.default_port = DEFAULT_PORTS["https" if is_tls else "http"]
        self.was_cut = False
        self._opened: socket.socket | None = None
        self._addresses = addresses
        self._context = ssl.create_default_context() if is_tls else None

    def connect(self) -> None:
        failure: OSError = OutgoingFailed(f"{self.host} has no address")
        for address in self._addresses:
            try:
                self.sock = self._opened = socket.create_connection((address, self.port), self.timeout)
                if self._context is not None:
                    self.sock = self._opened = self._context.wrap_socket(self.sock, server_hostname=self.host)
            except OSError as error:
                failure = error
                if self.was_cut:
                    break
            else:
                return
        raise failure

    def cut(self) -> None:
        """End whatever waits for the other side; from another thread."""
        self.was_cut = True
        with suppress(OSError):
            # `sock` is gone as soon as the headers are read; the answer still reads from it.
            if self._opened is not None:
                self._opened.shutdown(socket.SHUT_RDWR)
