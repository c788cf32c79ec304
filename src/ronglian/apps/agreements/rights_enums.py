"""Code lists of granting rights in service results, and of the ledger of such results (docs/reference/glossary.yaml).

What may be granted, and in which form, has the values of the rulebook's rule `rights.may_grant`; a test holds them equal.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class GrantedRight(models.TextChoices):
    """赋权成果类型 (国科发区〔2020〕128号)."""

    PATENT = "patent", pgettext_lazy("granted right", "patent")
    SOFTWARE = "software", pgettext_lazy("granted right", "software copyright")
    LAYOUT = "layout", _("layout design of an integrated circuit")
    PLANT_VARIETY = "plant_variety", pgettext_lazy("granted right", "plant variety")
    BIO_VARIETY = "bio_variety", _("new biological or medical variety")
    KNOW_HOW = "know_how", pgettext_lazy("granted right", "know-how")
    OTHER = "other", pgettext_lazy("granted right", "something else")


class GrantForm(models.TextChoices):
    """赋权方式."""

    OWNERSHIP = "ownership", _("a share of ownership")
    USE = "use", _("long-term use")


class GrantState(models.TextChoices):
    """赋权状态."""

    APPLIED = "applied", _("applied for")
    APPROVED = "approved", pgettext_lazy("grant of rights", "approved")
    NOTICED = "noticed", pgettext_lazy("grant of rights", "on public notice")
    DRAWN_UP = "drawn_up", _("written agreement to be signed")
    IN_FORCE = "in_force", pgettext_lazy("grant of rights", "in force")
    ENDED = "ended", pgettext_lazy("grant of rights", "ended")
    REFUSED = "refused", pgettext_lazy("grant of rights", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("grant of rights", "withdrawn")


class GrantEnd(models.TextChoices):
    """赋权终止原因."""

    EXPIRED = "expired", _("the years of use are over")
    AGREED = "agreed", _("both sides agreed to end it")
    UNUSED = "unused", _("the result was not converted in the agreed time")
    RIGHT_LOST = "right_lost", _("the right itself has ended")


class GrantObjectionState(models.TextChoices):
    """赋权异议状态."""

    OPEN = "open", pgettext_lazy("objection to a grant", "waits for an answer")
    DISMISSED = "dismissed", _("answered, the grant goes on")
    UPHELD = "upheld", _("upheld, the grant is refused")


class AssetStage(models.TextChoices):
    """成果资产阶段 (单列管理台账)."""

    RESEARCH = "research", pgettext_lazy("stage of an asset", "research")
    DEVELOPMENT = "development", pgettext_lazy("stage of an asset", "development")


class AssetState(models.TextChoices):
    """成果资产状态 (单列管理台账)."""

    ENTERED = "entered", _("entered in the ledger")
    GRANTED = "granted", _("rights granted to its team")
    LICENSED = "licensed", pgettext_lazy("asset", "licensed")
    TRANSFERRED = "transferred", pgettext_lazy("asset", "transferred")
    WRITTEN_OFF = "written_off", _("written off")


LIVE_GRANTS = (
    GrantState.APPLIED,
    GrantState.APPROVED,
    GrantState.NOTICED,
    GrantState.DRAWN_UP,
    GrantState.IN_FORCE,
)
