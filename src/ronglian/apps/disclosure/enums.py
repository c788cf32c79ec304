"""Code lists of disclosure."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NdaState(models.TextChoices):
    """保密协议状态."""

    REQUESTED = "requested", _("signed, waiting for the owner")
    GRANTED = "granted", _("in force")
    DECLINED = "declined", _("declined by the owner")
    REVOKED = "revoked", _("ended by one side")


OPEN_STATES = (NdaState.REQUESTED, NdaState.GRANTED)
