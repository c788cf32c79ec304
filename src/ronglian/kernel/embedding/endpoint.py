"""Any service that speaks OpenAI's /v1/embeddings (远程嵌入服务)."""

import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from ronglian.kernel.embedding.protocol import Role
from ronglian.kernel.outgoing import Outgoing, OutgoingFailed, OutgoingRefused, listed_hosts

TIMEOUT = 60.0  # seconds for a whole answer
ATTEMPTS = 5
FIRST_WAIT = 1.0  # seconds, doubled with each attempt
LONGEST_WAIT = 30.0  # seconds, however long the service asks for
LARGEST_ANSWER = 64 << 20  # bytes


class EndpointFailed(RuntimeError):
    """The service did not give vectors; the message names the service's host and never a key or a text."""


class EndpointEmbedder:
    """A remote model.

    ``address`` is the base, such as ``https://host/v1``; its host may be on a private network, for it is configured, unless
    ``allowed`` lists the hosts that may be called. Raises ValueError for an address that is none of http(s),
    holds a name and password, or for an empty model.
    """

    remote = True

    def __init__(
        self,
        address: str,
        model: str,
        key: str = "",
        *,
        allowed: str = "",
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(address)
        if parts.query or parts.fragment:
            raise ValueError(
                "the address of the embedding service is host and path alone; the key stands apart"
            )
        hosts, only_listed = listed_hosts(allowed, parts.netloc)
        self._outgoing = Outgoing(hosts, only_listed=only_listed, seconds=TIMEOUT, largest=LARGEST_ANSWER)
        try:
            self._outgoing.check(address)
        except OutgoingRefused as error:
            raise ValueError(f"the address of the embedding service cannot be called: {error}") from error
        if not model:
            raise ValueError("the embedding service needs the name of a model")
        self._address = address.rstrip("/") + "/embeddings"
        self._host = parts.hostname or ""
        self._model = model
        self._key = key
        self._sleep = sleep
        self._dimension: int | None = None
        self.name = f"{model} at {parts.netloc}"

    def __repr__(self) -> str:
        return f"EndpointEmbedder({self.name!r})"

    def embed(self, texts: Sequence[str], role: Role) -> NDArray[np.float32]:
        """Vectors of the service; raises EndpointFailed when five attempts failed or the answer is not one."""
        body = json.dumps({"model": self._model, "input": list(texts), "encoding_format": "float"}).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        return self._read(self._ask(body, headers), len(texts))

    def _ask(self, body: bytes, headers: Mapping[str, str]) -> bytes:
        """The answer's body; waits and asks again after 429, 5xx and broken connections."""
        for attempt in range(1, ATTEMPTS + 1):
            asked: str | None = None
            try:
                answer = self._outgoing.call("POST", self._address, body, headers)
            except OutgoingRefused as error:
                raise self._failed(f"may not be called: {error}") from None
            except OutgoingFailed as error:
                trouble = f"failed: {error}"
            else:
                if answer.status == 200:
                    return answer.content
                trouble = f"answered {answer.status}"
                if answer.status != 429 and answer.status < 500:
                    raise self._failed(trouble)
                asked = answer.headers.get("retry-after")
            if attempt < ATTEMPTS:
                self._sleep(_wait(attempt, asked))
        raise self._failed(f"{trouble}, {ATTEMPTS} times")

    def _read(self, content: bytes, count: int) -> NDArray[np.float32]:
        try:
            rows = json.loads(content)["data"]
            by_index: dict[int, Any] = {int(row["index"]): row["embedding"] for row in rows}
            vectors = np.array([by_index[place] for place in range(count)], dtype=np.float32)
        except (ValueError, TypeError, KeyError, OverflowError):
            raise self._failed("gave an answer that holds no vector for each text") from None
        if len(rows) != count or vectors.ndim != 2 or not vectors.shape[1]:
            raise self._failed(f"gave {len(rows)} vectors for {count} texts")
        if not np.isfinite(vectors).all():
            raise self._failed("gave vectors with values that are no numbers")
        if self._dimension not in (None, vectors.shape[1]):
            raise self._failed(f"changed from {self._dimension} to {vectors.shape[1]} dimensions")
        self._dimension = vectors.shape[1]
        return vectors

    def _failed(self, what: str) -> EndpointFailed:
        return EndpointFailed(f"the embedding service at {self._host} {what}")


def _wait(attempt: int, asked: str | None) -> float:
    """Seconds before the next attempt: what the service asks for, else doubled each time, with chance."""
    if asked is not None and asked.isdecimal():
        return min(float(asked), LONGEST_WAIT)
    longest = min(FIRST_WAIT * 2.0 ** (attempt - 1), LONGEST_WAIT)
    return longest * (0.5 + 0.5 * random.random())  # noqa: S311 - spreads the attempts, keeps no secret
