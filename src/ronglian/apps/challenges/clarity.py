"""清晰度检查: what a call still lacks before it can be answered, in the order in which a reader would ask."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ronglian.apps.challenges.enums import ChallengeKind, Openness, RewardKind
from ronglian.apps.challenges.models import Challenge
from ronglian.apps.clinic.models.consultation import CRITERION

SHORTEST_TEXT = 60


def unclear(challenge: Challenge) -> list[Promise]:
    """What is missing or cannot be judged; empty where a stranger could answer the call."""
    found: list[Promise] = []
    if len(challenge.text) < SHORTEST_TEXT:
        found.append(_("Say what is wrong, on which process, and what is wanted: 60 characters at least."))
    if not has_acceptance_test(challenge):
        found.append(
            _("Write the acceptance test: what is measured, the threshold, how, by whom, and the evidence.")
        )
    if not challenge.rubric:
        found.append(
            _("Say by which criteria the bids are judged, with weights that add up to 100 per cent.")
        )
    elif any(not any(anchor.strip() for anchor in each["anchors"]) for each in challenge.rubric):
        found.append(_("Say for each criterion what earns a low and a high score."))
    if challenge.reward_kind in (RewardKind.PRIZE, RewardKind.GRANT) and not challenge.reward_fen:
        found.append(_("State the amount of the prize or grant."))
    if not challenge.compensation.strip():
        found.append(_("Say what bidders get if the challenge is withdrawn, if only that they get nothing."))
    invites = challenge.openness != Openness.PUBLIC or challenge.kind == ChallengeKind.DIRECTED
    if invites and not challenge.invitations.exists():
        found.append(_("Invite at least one organisation."))
    return found


def has_acceptance_test(challenge: Challenge) -> bool:
    """Whether each criterion has all its parts."""
    rows = challenge.acceptance
    return bool(rows) and all(str(row[part]).strip() for row in rows for part in CRITERION)
