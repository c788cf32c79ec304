"""Code lists about services."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ServiceKind(models.TextChoices):
    """技术转移服务类型, as GB/T 34670-2017 has them."""

    DEVELOPMENT = "development", _("technology development")
    TRANSFER = "transfer", _("technology transfer and licensing")
    SERVICE = "service", _("technical service")
    CONSULTING = "consulting", _("technical consulting")
    EVALUATION = "evaluation", _("technology evaluation")
    FINANCE = "finance", _("technology investment and financing")
    PLATFORM = "platform", _("network platform service")


class PriceBasis(models.TextChoices):
    """计价方式."""

    FREE = "free", _("free of charge")
    FIXED = "fixed", _("fixed price")
    EFFORT = "effort", _("by time and effort")
    SUCCESS = "success", _("paid on success")
    AGREED = "agreed", _("agreed case by case")


class ServiceState(models.TextChoices):
    """服务状态."""

    OFFERED = "offered", pgettext_lazy("service", "offered")
    WITHDRAWN = "withdrawn", _("no longer offered")


class RequestState(models.TextChoices):
    """服务申请状态."""

    ASKED = "asked", _("waiting for an answer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    TAKEN_BACK = "taken_back", _("taken back")
    CONFIRMED = "confirmed", _("delivery confirmed")


class Met(models.TextChoices):
    """满足程度, as the enterprise says."""

    YES = "yes", _("it gave what was asked for")
    PARTLY = "partly", _("it gave a part of it")
    NO = "no", _("it did not help")
