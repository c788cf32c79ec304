"""Code lists about who carries which case."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProposalState(models.TextChoices):
    """分派状态."""

    PROPOSED = "proposed", pgettext_lazy("assignment", "proposed")
    CONFIRMED = "confirmed", _("confirmed")
    DECLINED = "declined", _("declined by the manager")


class DeclineReason(models.TextChoices):
    """不接理由."""

    OVERLOADED = "overloaded", _("no time now")
    NOT_MY_FIELD = "not_my_field", _("not my field")
    CONFLICT = "conflict", _("conflict of interest")
    TOO_FAR = "too_far", _("too far away")
    UNCLEAR = "unclear", _("the need is too unclear")
    OTHER = "other", _("other, see the note")


class Against(models.TextChoices):
    """未选原因: why the next best manager was not taken."""

    CONFLICT = "conflict", _("conflict of interest")
    DECLINED = "declined", _("declined it before")
    LANGUAGE = "language", _("no common language")
    NO_PLACE = "no_place", _("no free place")
    FITS_LESS = "fits_less", _("fits less")
    NEEDED_ELSEWHERE = "needed_elsewhere", _("needed more for another case")
    CARRIES_MORE = "carries_more", _("carries more already")
