"""The remote model: what is sent, what is taken, what is tried again, and what is never told."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import numpy as np
import pytest

from ronglian.kernel.embedding.endpoint import ATTEMPTS, LONGEST_WAIT, EndpointEmbedder, EndpointFailed
from tests.kernel.embedding.service import Answer, Service, serve, vector_of

KEY = "sk-a-secret-nobody-may-read"
TEXT = "电镀废水六价铬"


@pytest.fixture
def service() -> Iterator[Service]:
    with serve() as running:
        yield running


def embedder(service: Service, waits: list[float] | None = None) -> EndpointEmbedder:
    waits = [] if waits is None else waits
    return EndpointEmbedder(service.address, "tiny", KEY, sleep=waits.append)


def test_texts_come_back_as_vectors_in_their_order(service: Service) -> None:
    texts = [TEXT, "轴承", "水稻"]
    vectors = embedder(service).embed(texts, "passage")
    assert vectors == pytest.approx(np.array([vector_of(text) for text in texts]))
    assert service.asked[0]["path"] == "/v1/embeddings"
    assert (service.asked[0]["model"], service.asked[0]["input"]) == ("tiny", texts)
    assert service.keys == [f"Bearer {KEY}"]


@pytest.mark.parametrize("code", [429, 500, 503])
def test_a_busy_service_is_asked_again_after_longer_and_longer_waits(service: Service, code: int) -> None:
    service.answers = [lambda _: (code, {}, b"busy")] * 3
    waits: list[float] = []
    assert len(embedder(service, waits).embed([TEXT], "query")) == 1
    assert len(service.asked) == 4
    for attempt, wait in enumerate(waits):
        assert 0.5 * 2**attempt <= wait <= 2**attempt


def test_a_wait_that_the_service_asks_for_is_kept_to_within_reason(service: Service) -> None:
    service.answers = [
        lambda _: (429, {"Retry-After": "7"}, b""),
        lambda _: (429, {"Retry-After": "86400"}, b""),
    ]
    waits: list[float] = []
    embedder(service, waits).embed([TEXT], "query")
    assert waits == [7.0, LONGEST_WAIT]


def test_it_gives_up_in_the_end(service: Service) -> None:
    service.answers = [lambda _: (503, {}, b"")] * ATTEMPTS
    with pytest.raises(EndpointFailed, match=f"503, {ATTEMPTS} times"):
        embedder(service).embed([TEXT], "query")
    assert len(service.asked) == ATTEMPTS


def test_a_refusal_is_not_tried_again(service: Service) -> None:
    service.answers = [lambda _: (401, {}, KEY.encode())]
    with pytest.raises(EndpointFailed, match="answered 401"):
        embedder(service).embed([TEXT], "query")
    assert len(service.asked) == 1


def test_no_redirect_is_followed(service: Service) -> None:
    with serve() as elsewhere:
        service.answers = [lambda _: (307, {"Location": elsewhere.address + "/embeddings"}, b"")]
        with pytest.raises(EndpointFailed, match="answered 307"):
            embedder(service).embed([TEXT], "query")
        service.answers = [lambda _: (302, {"Location": elsewhere.address + "/embeddings"}, b"")]
        with pytest.raises(EndpointFailed, match="answered 302"):
            embedder(service).embed([TEXT], "query")
        assert elsewhere.asked == []


def _data(*rows: object) -> Answer:
    return 200, {}, json.dumps({"data": rows}).encode()


@pytest.mark.parametrize(
    "answer",
    [
        (200, {}, b"no JSON"),
        (200, {}, b"[]"),
        _data(),
        _data({"index": 1, "embedding": [1.0, 2.0]}),
        _data({"index": 0, "embedding": [1.0, 2.0]}, {"index": 1, "embedding": [1.0, 2.0]}),
        _data({"index": 0, "embedding": []}),
        _data({"index": 0, "embedding": "AAAA"}),
        _data({"index": 0, "embedding": [1.0, float("nan")]}),
        _data({"index": 0, "embedding": [1.0, 1e400]}),
        _data({"index": 0, "embedding": [[1.0]]}),
    ],
)
def test_an_answer_that_holds_no_vectors_is_refused(service: Service, answer: Answer) -> None:
    service.answers = [lambda _: answer]
    with pytest.raises(EndpointFailed):
        embedder(service).embed([TEXT], "query")


def test_a_dimension_that_changes_is_refused(service: Service) -> None:
    model = embedder(service)
    model.embed([TEXT], "query")
    service.answers = [lambda _: _data({"index": 0, "embedding": [1.0, 2.0]})]
    with pytest.raises(EndpointFailed, match="dimensions"):
        model.embed([TEXT], "query")


def test_neither_key_nor_text_is_told(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    service.answers = [lambda _: (400, {}, (KEY + TEXT).encode())]
    model = embedder(service)
    with pytest.raises(EndpointFailed) as failure:
        model.embed([TEXT], "query")
    told = f"{failure.value!r} {failure.value.__cause__!r} {model!r} {model.name} {caplog.text}"
    assert KEY not in told
    assert TEXT not in told


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ftp://host/v1",
        "file:///etc/passwd",
        "host/v1",
        "http://",
        "https://me:word@host/v1",
        "https://host/v1?key=x",
    ],
)
def test_only_a_plain_web_address_is_taken(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        EndpointEmbedder(address, "tiny", KEY)


def test_a_service_that_is_not_there_is_named() -> None:
    with serve() as gone:
        address = gone.address
    waits: list[float] = []
    with pytest.raises(EndpointFailed, match=r"127\.0\.0\.1 could not be reached"):
        EndpointEmbedder(address, "tiny", sleep=waits.append).embed([TEXT], "query")
    assert len(waits) == ATTEMPTS - 1
