"""Code lists of surveys along a chain."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChainRelation(models.TextChoices):
    """上下游关系: what a partner is to the lead enterprise."""

    SUPPLIER = "supplier", _("supplier (upstream)")
    EQUIPMENT = "equipment", _("supplier of equipment (upstream)")
    PROCESSOR = "processor", _("does part of the work (upstream)")
    CUSTOMER = "customer", _("customer (downstream)")


class SurveyState(models.TextChoices):
    """调研状态."""

    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


class PartnerState(models.TextChoices):
    """受邀单位状态: how far one partner has come; only the partner itself and the machine's keeper read it."""

    ENTERED = "entered", _("entered, not invited yet")
    INVITED = "invited", _("invited")
    TOLD = "told", _("has told a need")
    NO_NEED = "no_need", _("has no need")
    DECLINED = "declined", _("has declined")


REPLIED = (PartnerState.TOLD, PartnerState.NO_NEED, PartnerState.DECLINED)
