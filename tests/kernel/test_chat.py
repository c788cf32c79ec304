"""The one call to a chat service: what is sent, and every way in which there is no answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from ronglian.kernel.chat import LARGEST_ANSWER, ChatEndpoint, ChatFailed
from tests.kernel.chat_service import Answer, Service, message, serve

KEY = "sk-invented-key"


@pytest.fixture
def service() -> Iterator[Service]:
    with serve() as running:
        yield running


def ask(service: Service, waits: list[float] | None = None, seconds: float = 5.0) -> str:
    slept = waits if waits is not None else []
    endpoint = ChatEndpoint(service.address, "model-1", KEY, sleep=slept.append, seconds=seconds)
    return endpoint.ask("sort", "words")


def test_it_speaks_the_protocol(service: Service) -> None:
    service.content = "text"
    assert ask(service) == "text"
    (asked,) = service.asked
    assert asked["path"] == "/v1/chat/completions"
    assert (asked["model"], asked["temperature"]) == ("model-1", 0)
    assert [each["content"] for each in asked["messages"]] == ["sort", "words"]
    assert service.keys == [f"Bearer {KEY}"]


def status(code: int, **headers: str) -> Callable[[], Answer]:
    return lambda: (code, headers, b"{}")


def test_it_waits_as_it_is_told_and_not_for_ever(service: Service) -> None:
    service.answers = [status(429, **{"Retry-After": "7"}), status(503)]
    waits: list[float] = []
    service.content = "at last"
    assert ask(service, waits) == "at last"
    assert waits[0] == 7
    service.answers = [status(429, **{"Retry-After": "999999"})] * 3
    waits = []
    with pytest.raises(ChatFailed) as failed:
        ask(service, waits)
    assert failed.value.code == "busy"
    assert max(waits) <= 20


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (status(401), "rejected"),
        (status(302, Location="http://127.0.0.1:1/"), "rejected"),
        (lambda: (200, {}, b"<html>"), "not_protocol"),
        (lambda: (200, {}, b'{"choices": []}'), "not_protocol"),
        (lambda: (200, {}, b'{"choices": [{"message": "x"}]}'), "not_protocol"),
        (lambda: (200, {}, b"[" * 100_000), "not_protocol"),
        (lambda: message(None), "not_protocol"),
        (lambda: message("I cannot", finish="content_filter"), "refused"),
        (lambda: message(None, refusal="I will not"), "refused"),
        (lambda: message('{"fields": [', finish="length"), "cut"),
    ],
)
def test_what_is_no_answer_says_why(service: Service, answer: Callable[[], Answer], code: str) -> None:
    service.answers = [answer]
    with pytest.raises(ChatFailed) as failed:
        ask(service)
    assert failed.value.code == code
    assert KEY not in repr(failed.value)


def test_an_answer_without_end_or_without_measure_is_cut_off(service: Service) -> None:
    service.answers = [lambda: (200, {}, b" " * (LARGEST_ANSWER + 1))] * 3
    with pytest.raises(ChatFailed) as failed:
        ask(service)
    assert failed.value.code == "unreachable"
    service.drips = True
    with pytest.raises(ChatFailed) as failed:
        ask(service, seconds=0.2)
    assert failed.value.code == "unreachable"


def test_an_address_that_cannot_be_called_is_refused_at_once() -> None:
    for address, model in (
        ("ftp://host/v1", "m"),
        ("http://u:p@host/v1", "m"),
        ("http://host/v1?key=x", "m"),
        ("http://host/v1", ""),
    ):
        with pytest.raises(ValueError, match="drafting service"):
            ChatEndpoint(address, model)
    with pytest.raises(ValueError, match="not among"):
        ChatEndpoint("http://host/v1", "m", allowed="other.example")
