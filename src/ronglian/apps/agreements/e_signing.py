"""The seam to a licensed e-signature provider (电子签名服务商): what is asked of one, and how its answers are told apart from others'.

Without a provider in the settings nothing here is called, and both sides sign by the digest alone. With one, each signature
is certified: the provider gets the digest that was signed and the credit code of the organisation that signed, so that it
can certify in its name; never the title or the other side, and the text only where both sides have agreed to that. Its
answer comes to our address, signed with a shared secret. Another provider's protocol is another class beside
`EndpointProvider`; the protocol of this one is told in docs/how-to/certify-signatures.md.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from ronglian.kernel.outgoing import Outgoing, OutgoingFailed, OutgoingRefused, listed_hosts

logger = logging.getLogger(__name__)
SECONDS = 30.0
LARGEST_ANSWER = 64 << 10
LONGEST_REFERENCE = 200
# An answer is signed with its time; older ones may have been seen by others, and sent again.
FRESH = timedelta(minutes=5)
CALLBACK = "/e-signing/results/"


class SigningFailed(RuntimeError):
    """The provider did not take the request; `code` says why, and no message names a key or a text.

    refused_host · unreachable · rejected · not_protocol
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class AskedSignature:
    """What a provider is asked to certify. `text`: both language texts, only where both sides agreed to send them."""

    request: UUID
    digest: str
    signer_uscc: str
    text: dict[str, Any] | None = None


class SigningProvider(Protocol):
    """Whoever certifies signatures."""

    host: str

    def ask(self, asked: AskedSignature) -> str:
        """Hand the request in; answers the provider's own number of it. The same request again is the same one.

        Raises SigningFailed.
        """


class EndpointProvider:
    """A provider, or an adapter in front of one, that takes `POST {address}/signatures`.

    The host may be on a private network, for it is configured, unless `allowed` lists the hosts that may be called. Raises
    ValueError for an address that cannot be called, and without a secret by which its answers are known.
    """

    def __init__(self, address: str, key: str, secret: str, *, callback: str, allowed: str = "") -> None:
        parts = urlsplit(address)
        hosts, only_listed = listed_hosts(allowed, parts.netloc)
        self._outgoing = Outgoing(hosts, only_listed=only_listed, seconds=SECONDS, largest=LARGEST_ANSWER)
        try:
            self._outgoing.check(address)
        except OutgoingRefused as error:
            raise ValueError(f"the address of the e-signature provider cannot be called: {error}") from error
        if parts.query or not secret:
            raise ValueError("the e-signature provider needs an address without parameters, and a secret")
        self._address = address.rstrip("/") + "/signatures"
        self._key = key
        self._callback = callback
        self.host = parts.netloc

    def __repr__(self) -> str:
        return f"EndpointProvider({self.host!r})"

    def ask(self, asked: AskedSignature) -> str:
        body: dict[str, Any] = {
            "request": str(asked.request),
            "digest": asked.digest,
            "algorithm": "SHA-256",
            "signer_uscc": asked.signer_uscc,
            "callback": self._callback,
        }
        if asked.text is not None:
            body["text"] = asked.text
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Idempotency-Key": str(asked.request),
        }
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        try:
            answer = self._outgoing.call("POST", self._address, json.dumps(body).encode(), headers)
        except OutgoingRefused:
            raise SigningFailed("refused_host") from None
        except OutgoingFailed:
            raise SigningFailed("unreachable") from None
        if answer.status not in (200, 201, 202):
            raise SigningFailed("rejected")
        return _reference_of(answer.content)


def signing_provider() -> SigningProvider | None:
    """The provider of the settings; None where none is named, or one that cannot be used: signing goes on without it."""
    if not settings.E_SIGNING_URL:
        return None
    try:
        return EndpointProvider(
            settings.E_SIGNING_URL,
            settings.E_SIGNING_KEY,
            settings.E_SIGNING_SECRET,
            callback=settings.SITE_URL + CALLBACK,
            allowed=settings.OUTGOING_HOSTS,
        )
    except ValueError as error:
        logger.warning("%s; see RONGLIAN_E_SIGNING_URL and RONGLIAN_E_SIGNING_SECRET", error)
        return None


def sign_answer(secret: str, timestamp: str, body: bytes) -> str:
    """What stands in `X-Signature` of an answer: HMAC-SHA256 over its time and its body."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def is_from_provider(timestamp: str, signature: str, body: bytes, now: datetime) -> bool:
    """Whether an answer is the provider's and of these minutes. Nobody's where no provider is set up."""
    secret = settings.E_SIGNING_SECRET
    if not settings.E_SIGNING_URL or not secret:
        return False
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        return False
    if abs(now.timestamp() - int(timestamp)) > FRESH.total_seconds():
        return False
    expected = sign_answer(secret, timestamp, body)
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))


def _reference_of(content: bytes) -> str:
    try:
        reference = json.loads(content)["reference"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise SigningFailed("not_protocol") from None
    if not isinstance(reference, str) or not reference or len(reference) > LONGEST_REFERENCE:
        raise SigningFailed("not_protocol")
    return reference
