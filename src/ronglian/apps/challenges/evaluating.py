"""From rows to the scoring engine and back: what a file is worth, what is said of a bad one, and what teams are called."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ronglian.apps.challenges.enums import Phase
from ronglian.apps.challenges.models import Challenge, Evaluation
from ronglian.engines.scoring import (
    TableError,
    can_be_split,
    compute_score,
    part_is_scorable,
    read_answers,
    read_submission,
    split,
)
from ronglian.kernel.errors import InvalidInput

DRAWS = 50
TEAM_DIGITS = 6


def new_secret() -> str:
    return secrets.token_hex(32)


def answers_of(evaluation: Evaluation) -> dict[str, Any]:
    """The truth by row key, from the sealed file. Raises TableError."""
    return read_answers(str(evaluation.answers).encode(), **_form(evaluation))


def draw_secret(evaluation: Evaluation, answers: Mapping[str, Any]) -> str:
    """A secret under which the metric is defined on either part. Raises InvalidInput where no draw gives one."""
    for _draw in range(DRAWS if can_be_split(evaluation.metric, answers) else 0):
        found = new_secret()
        parts = split(answers, bytes.fromhex(found), evaluation.public_share)
        if all(part_is_scorable(evaluation.metric, part) for part in (parts.public, parts.hidden)):
            return found
    raise InvalidInput.of(
        {
            "answers": [
                _lazy("Rows of both classes are needed in the public and in the hidden part: take more rows.")
            ]
        }
    )


def scores_of(evaluation: Evaluation, data: bytes) -> tuple[int, int]:
    """The public and the final score of a result file. Raises InvalidInput, which tells nothing of the answers."""
    answers = answers_of(evaluation)
    try:
        handed_in = read_submission(data, keys=answers, **_form(evaluation))
    except TableError as error:
        raise InvalidInput.of({"results": [told(error)]}) from error
    parts = split(answers, bytes.fromhex(evaluation.secret), evaluation.public_share)
    public, final = (
        compute_score(evaluation.metric, part, handed_in) for part in (parts.public, parts.hidden)
    )
    return public, final


def told(error: TableError) -> str:
    """What is wrong with a file, in the reader's language."""
    return _(error.text).format(**error.values)


def team_name(evaluation: Evaluation, organisation: UUID) -> str:
    """What an organisation is called on the board: the same within a challenge, and telling nothing without the secret."""
    digest = hmac.new(bytes.fromhex(evaluation.secret), b"team " + organisation.bytes, hashlib.sha256)
    return _("team %(code)s") % {"code": digest.hexdigest()[:TEAM_DIGITS].upper()}


def is_final(challenge: Challenge) -> bool:
    """Whether bids have closed, with some or without any, so that final scores are told.

    A challenge withdrawn before that keeps them to itself.
    """
    return bool(challenge.list_digest) or challenge.phase == Phase.FAILED


def _form(evaluation: Evaluation) -> dict[str, str]:
    return {
        "metric": evaluation.metric,
        "key_column": evaluation.key_column,
        "value_column": evaluation.value_column,
    }
