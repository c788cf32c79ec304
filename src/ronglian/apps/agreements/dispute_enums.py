"""Code lists of disputes about agreements (docs/reference/glossary.yaml)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DisputeSubject(models.TextChoices):
    """争议事由."""

    PAYMENT = "payment", pgettext_lazy("dispute", "payment")
    DELIVERY = "delivery", pgettext_lazy("dispute", "delivery")
    QUALITY = "quality", _("quality or acceptance")
    RIGHTS = "rights", _("intellectual property")
    CONFIDENTIALITY = "confidentiality", pgettext_lazy("dispute", "confidentiality")
    ROYALTY = "royalty", _("royalty report")
    OTHER = "other", pgettext_lazy("dispute", "something else")


class DisputeState(models.TextChoices):
    """争议状态."""

    RAISED = "raised", _("waits for the other side's answer")
    ANSWERED = "answered", _("both sides talk")
    MEDIATION = "mediation", _("in mediation")
    SETTLED = "settled", pgettext_lazy("dispute", "settled")
    FAILED = "failed", _("not settled here")
    WITHDRAWN = "withdrawn", pgettext_lazy("dispute", "taken back")


OPEN_DISPUTES = (DisputeState.RAISED, DisputeState.ANSWERED, DisputeState.MEDIATION)


class MediatorState(models.TextChoices):
    """调解人状态."""

    PROPOSED = "proposed", pgettext_lazy("mediator", "waits for the other side")
    APPOINTED = "appointed", pgettext_lazy("mediator", "appointed by both")
    DECLINED = "declined", pgettext_lazy("mediator", "declined")
    LEFT = "left", _("mediates no longer")


class SettlementState(models.TextChoices):
    """和解方案状态."""

    PROPOSED = "proposed", pgettext_lazy("settlement", "waits for both sides")
    REPLACED = "replaced", pgettext_lazy("settlement", "replaced")
    DECLINED = "declined", pgettext_lazy("settlement", "declined")
    AGREED = "agreed", pgettext_lazy("settlement", "accepted by both")


class DisputeRole(models.TextChoices):
    """争议参与方."""

    CLIENT = "client", _("party A")
    PROVIDER = "provider", _("party B")
    MEDIATOR = "mediator", _("mediator")
    PLATFORM = "platform", _("the platform")


class DisputeStep(models.TextChoices):
    """争议步骤."""

    RAISED = "raised", _("dispute raised")
    LATE = "late", _("the day to answer has passed")
    ANSWERED = "answered", pgettext_lazy("dispute", "answered")
    SAID = "said", pgettext_lazy("dispute", "statement")
    MEDIATOR_PROPOSED = "mediator_proposed", _("mediator proposed")
    MEDIATOR_APPOINTED = "mediator_appointed", _("mediator appointed")
    MEDIATOR_DECLINED = "mediator_declined", _("mediator declined")
    MEDIATOR_LEFT = "mediator_left", _("mediation ended")
    SETTLEMENT_PROPOSED = "settlement_proposed", _("settlement proposed")
    SETTLEMENT_ACCEPTED = "settlement_accepted", _("settlement accepted by one side")
    SETTLEMENT_DECLINED = "settlement_declined", _("settlement declined")
    SETTLED = "settled", _("settled by both")
    FAILED = "failed", _("ended without a settlement")
    WITHDRAWN = "withdrawn", _("dispute taken back")
