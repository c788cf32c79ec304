"""Code lists of the drafting assistant."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DraftingState(models.TextChoices):
    """起草请求状态."""

    ASKED = "asked", _("being asked")
    ANSWERED = "answered", _("has answered")
    FAILED = "failed", _("gave no answer")


class SuggestionState(models.TextChoices):
    """建议状态: what a person made of it."""

    PROPOSED = "proposed", _("waits for you")
    ACCEPTED = "accepted", _("accepted as it is")
    EDITED = "edited", _("accepted with changes")
    REFUSED = "refused", _("not taken")
