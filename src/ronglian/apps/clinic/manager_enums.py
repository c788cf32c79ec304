"""Code lists about technology managers."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ManagerLevel(models.TextChoices):
    """技术经理人等级, as T/CASTEM 1007-2022 and the professional titles of the provinces have it."""

    INITIAL = "initial", pgettext_lazy("level", "initial")
    MIDDLE = "middle", pgettext_lazy("level", "middle")
    SENIOR = "senior", pgettext_lazy("level", "senior")


class ManagerState(models.TextChoices):
    """登记状态."""

    PENDING = "pending", _("waiting for confirmation")
    CONFIRMED = "confirmed", _("registered")
    ENDED = "ended", _("no longer registered")


class WorkingLanguage(models.TextChoices):
    """工作语言: in which a manager can negotiate."""

    CHINESE = "zh", pgettext_lazy("language", "Chinese")
    ENGLISH = "en", pgettext_lazy("language", "English")
    JAPANESE = "ja", pgettext_lazy("language", "Japanese")
    KOREAN = "ko", pgettext_lazy("language", "Korean")
    GERMAN = "de", pgettext_lazy("language", "German")
    FRENCH = "fr", pgettext_lazy("language", "French")
    RUSSIAN = "ru", pgettext_lazy("language", "Russian")
