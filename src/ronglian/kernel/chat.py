"""Any service that speaks OpenAI's /v1/chat/completions (对话补全服务): one question, one answer, off unless configured."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from ronglian.kernel.outgoing import Outgoing, OutgoingFailed, OutgoingRefused, listed_hosts

TIMEOUT = 60.0  # seconds for a whole answer
ATTEMPTS = 3
FIRST_WAIT = 2.0  # seconds, doubled with each attempt
LONGEST_WAIT = 20.0  # seconds, however long the service asks for
LARGEST_ANSWER = 256 << 10  # bytes
MOST_TOKENS = 2_000


class ChatFailed(RuntimeError):
    """There is no answer to use; `code` says why, and no message names a key or a text.

    refused_host · unreachable · rejected (the service answers with an error) · busy (it asks to wait, again and again) ·
    not_protocol · refused (the model declines) · cut (the answer has no end)
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ChatEndpoint:
    """One service and one model. ``address`` is the base, such as ``https://host/v1``; it may be on a private network, for it is
    configured, unless ``allowed`` lists the hosts that may be called. Raises ValueError for an address that cannot be called.
    """

    def __init__(
        self,
        address: str,
        model: str,
        key: str = "",
        *,
        allowed: str = "",
        sleep: Callable[[float], None] = time.sleep,
        seconds: float = TIMEOUT,
    ) -> None:
        parts = urlsplit(address)
        if parts.query or parts.fragment:
            raise ValueError(
                "the address of the drafting service is host and path alone; the key stands apart"
            )
        hosts, only_listed = listed_hosts(allowed, parts.netloc)
        self._outgoing = Outgoing(hosts, only_listed=only_listed, seconds=seconds, largest=LARGEST_ANSWER)
        try:
            self._outgoing.check(address)
        except OutgoingRefused as error:
            raise ValueError(f"the address of the drafting service cannot be called: {error}") from error
        if not model:
            raise ValueError("the drafting service needs the name of a model")
        self._address = address.rstrip("/") + "/chat/completions"
        self._key = key
        self._sleep = sleep
        self.host = parts.netloc
        self.model = model

    def __repr__(self) -> str:
        return f"ChatEndpoint({self.model!r} at {self.host!r})"

    def ask(self, instruction: str, words: str) -> str:
        """The text of the answer. Raises ChatFailed."""
        body = {
            "model": self.model,
            "messages": [{"role": "system", "content": instruction}, {"role": "user", "content": words}],
            "temperature": 0,
            "max_tokens": MOST_TOKENS,
            "response_format": {"type": "json_object"},
        }
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        return _text_of(self._call(json.dumps(body).encode(), headers))

    def _call(self, body: bytes, headers: Mapping[str, str]) -> bytes:
        """The answer's body; waits and asks again after 429, 5xx and broken connections."""
        trouble = "unreachable"
        for attempt in range(1, ATTEMPTS + 1):
            asked: str | None = None
            try:
                answer = self._outgoing.call("POST", self._address, body, headers)
            except OutgoingRefused:
                raise ChatFailed("refused_host") from None
            except OutgoingFailed:
                trouble = "unreachable"
            else:
                if answer.status == 200:
                    return answer.content
                if answer.status != 429 and answer.status < 500:
                    raise ChatFailed("rejected")
                trouble, asked = "busy", answer.headers.get("retry-after")
            if attempt < ATTEMPTS:
                self._sleep(_wait(attempt, asked))
        raise ChatFailed(trouble)


def _text_of(content: bytes) -> str:
    try:
        choice: Any = json.loads(content)["choices"][0]
        message = choice["message"]
        text, refusal = message.get("content"), message.get("refusal")
        ended = choice.get("finish_reason")
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        raise ChatFailed("not_protocol") from None
    if refusal or ended == "content_filter":
        raise ChatFailed("refused")
    if ended == "length":
        raise ChatFailed("cut")
    if not isinstance(text, str):
        raise ChatFailed("not_protocol")
    return text


def _wait(attempt: int, asked: str | None) -> float:
    """Seconds before the next attempt: what the service asks for, else doubled each time, with chance."""
    if asked is not None and asked.isdecimal():
        return min(float(asked), LONGEST_WAIT)
    longest = min(FIRST_WAIT * 2.0 ** (attempt - 1), LONGEST_WAIT)
    return longest * (0.5 + 0.5 * random.random())  # noqa: S311 - spreads the attempts, keeps no secret
