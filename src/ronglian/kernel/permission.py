"""A permission's answer: yes, or no with the reason and who can."""

from __future__ import annotations

from dataclasses import dataclass

from ronglian.kernel.errors import Text


@dataclass(frozen=True, slots=True)
class Verdict:
    """Truthy when allowed; otherwise says why not and, where it helps, who can."""

    allowed: bool
    reason: Text = ""
    who_can: Text = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Verdict(allowed=True)


def refused(reason: Text, who_can: Text = "") -> Verdict:
    return Verdict(allowed=False, reason=reason, who_can=who_can)
