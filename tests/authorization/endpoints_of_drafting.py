"""The drafting assistant, which is not set up here: our people are told so, others nothing."""

from __future__ import annotations

from collections.abc import Iterator

from tests.authorization.endpoint import Endpoint, at, below, fixed, of
from tests.authorization.world import World


def _question(world: World) -> dict[str, object]:
    consultation = str(world.rest["consultation"]["ours"].public_id)
    return {"consultation": consultation, "words": "返工率8%", "is_public": True}


def web() -> Iterator[Endpoint]:
    words = fixed({"words": "返工率8%", "is_public": "on"})
    yield Endpoint("web", "work:drafting-ask", "POST", at("work:drafting-ask"), "consultation", body=words)
    taken = fixed({"take": "1", "text": "返工率≤3%"})
    yield Endpoint(
        "web", "work:suggestion-decide", "POST", at("work:suggestion-decide"), "suggestion", body=taken
    )


def api() -> Iterator[Endpoint]:
    yield Endpoint("api", "ask_for_draft", "POST", below("/drafting"), body=of(_question))
    yield Endpoint("api", "get_draft", "GET", below("/drafting/{}"), "drafting")
    decided = fixed({"take": True})
    path = below("/drafting/suggestions/{}/decide")
    yield Endpoint("api", "decide_suggestion", "POST", path, "suggestion", body=decided)
