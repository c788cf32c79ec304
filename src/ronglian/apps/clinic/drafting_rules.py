"""Who may ask the drafting assistant, and who decides on what it suggests: whoever tells the trouble."""

from __future__ import annotations

from typing import Protocol

from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.rules import Owned, may_tell
from ronglian.kernel.actor import Actor
from ronglian.kernel.permission import ALLOWED, Verdict, refused


class Asked(Protocol):
    """What the rules need to know of a question to the assistant."""

    @property
    def consultation(self) -> Owned: ...


class Suggested(Protocol):
    """What the rules need to know of a suggestion."""

    @property
    def run(self) -> Asked: ...


may_ask_assistant = may_tell


def may_keep_answer(actor: Actor, _run: Asked) -> Verdict:
    if actor.is_system:
        return ALLOWED
    return refused(_("The platform's own job keeps the answers of the assistant."))


def may_decide_suggestion(actor: Actor, suggestion: Suggested) -> Verdict:
    return may_tell(actor, suggestion.run.consultation)
