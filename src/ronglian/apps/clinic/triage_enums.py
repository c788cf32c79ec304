"""Code lists of triage and of the authenticity check."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CheckMeans(models.TextChoices):
    """核验方式: by what somebody found out whether a need is real."""

    SITE_VISIT = "site_visit", _("visit on site")
    CALL = "call", _("call")
    DOCUMENTS = "documents", _("documents seen")
    SAMPLE = "sample", _("sample seen")


class CheckFinding(models.TextChoices):
    """核验结论."""

    GENUINE = "genuine", _("the need is real")
    PARTLY = "partly", _("real in part")
    NOT_FOUND = "not_found", _("could not be confirmed")
