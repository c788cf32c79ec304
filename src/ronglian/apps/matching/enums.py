"""Code lists of matching."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DecisionKind(models.TextChoices):
    """决定."""

    CONFIRMED = "confirmed", _("worth a talk")
    DECLINED = "declined", _("does not fit")


class DecisionReason(models.TextChoices):
    """决定理由: coded, so that they can be counted and learned from."""

    FITS_PROBLEM = "fits_problem", _("solves the problem")
    FITS_PARTLY = "fits_partly", _("solves a part of the problem")
    WORTH_ADAPTING = "worth_adapting", _("worth adapting together")
    DIFFERENT_PROBLEM = "different_problem", _("a different problem")
    METRICS_TOO_LOW = "metrics_too_low", _("metrics not reached")
    NOT_MATURE = "not_mature", _("not mature enough")
    TOO_EXPENSIVE = "too_expensive", _("too expensive")
    WRONG_MODE = "wrong_mode", _("cooperation mode does not fit")
    TOO_FAR = "too_far", _("too far away")
    ALREADY_KNOWN = "already_known", _("already known to us")
    OUT_OF_DATE = "out_of_date", _("out of date")
    OTHER = "other", _("other, see the note")


CONFIRMING = frozenset(
    {
        DecisionReason.FITS_PROBLEM,
        DecisionReason.FITS_PARTLY,
        DecisionReason.WORTH_ADAPTING,
        DecisionReason.OTHER,
    }
)
DECLINING = frozenset(DecisionReason) - frozenset(
    {DecisionReason.FITS_PROBLEM, DecisionReason.FITS_PARTLY, DecisionReason.WORTH_ADAPTING}
)
# What says nothing of how well the two fit; it is counted, and left out of learning.
NOT_ABOUT_FIT = frozenset({DecisionReason.ALREADY_KNOWN, DecisionReason.OTHER})


class TrainingState(models.TextChoices):
    """训练状态."""

    PROPOSED = "proposed", _("proposed")
    ACTIVE = "active", _("in use")
    SUPERSEDED = "superseded", _("replaced by a later one")
    REVERTED = "reverted", _("taken back")


class SuggestionBasis(models.TextChoices):
    """推荐依据: whose confidential details went into the scoring; it is shown to that side alone."""

    PUBLIC = "public", _("what is public")
    NEED = "need", _("the need's details")
    RESULT = "result", _("the result's details")
