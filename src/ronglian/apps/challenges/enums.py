"""Code lists of open challenges, in the field's standard terms (docs/reference/glossary.yaml)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ChallengeKind(models.TextChoices):
    """榜单类别: what is asked for."""

    IDEA = "idea", _("idea")
    PROOF_OF_CONCEPT = "proof_of_concept", _("proof of concept")
    PROTOTYPE = "prototype", _("prototype")
    DIRECTED = "directed", _("directed call")
    RACE = "race", _("race of several teams")
    REVERSE = "reverse", _("reverse call")


class Openness(models.TextChoices):
    """公开范围: who sees a challenge, and who may answer."""

    PUBLIC = "public", _("public: anybody sees it and may bid")
    INVITED = "invited", _("by invitation: anybody sees it, the invited bid")
    PRIVATE = "private", _("private: the invited see it and bid")


class RewardKind(models.TextChoices):
    """回报方式."""

    PRIZE = "prize", _("prize")
    GRANT = "grant", _("grant")
    CONTRACT = "contract", pgettext_lazy("reward", "contract")
    ORDER = "order", pgettext_lazy("reward", "order and entry into the supply chain")


class Phase(models.TextChoices):
    """榜单阶段: where its process is, in the few words of a list. Derived from the states of the process."""

    DRAFT = "draft", pgettext_lazy("challenge", "being drafted")
    CHECK = "check", pgettext_lazy("challenge", "being examined")
    OPEN = "open", pgettext_lazy("challenge", "open for bids")
    SEALED = "sealed", pgettext_lazy("challenge", "closed, sealed")
    REVIEW = "review", pgettext_lazy("challenge", "under review")
    NOTICE = "notice", pgettext_lazy("challenge", "public notice")
    TASK = "task", pgettext_lazy("challenge", "at work")
    ACCEPTANCE = "acceptance", pgettext_lazy("challenge", "acceptance and payment")
    DONE = "done", pgettext_lazy("challenge", "fulfilled")
    FAILED = "failed", pgettext_lazy("challenge", "ended without success")
    WITHDRAWN = "withdrawn", pgettext_lazy("challenge", "withdrawn")


class HolderRole(models.TextChoices):
    """密钥持有人: who holds one of the three keys of the bids."""

    BUYER = "buyer", _("issuer")
    MANAGER = "manager", _("technology manager")
    ESCROW = "escrow", _("escrow")


class BidState(models.TextChoices):
    """揭榜申请状态."""

    SEALED = "sealed", pgettext_lazy("bid", "sealed")
    REPLACED = "replaced", pgettext_lazy("bid", "replaced")
    WITHDRAWN = "withdrawn", pgettext_lazy("bid", "withdrawn")
    OPENED = "opened", pgettext_lazy("bid", "opened")


LIVE_BIDS = (BidState.SEALED, BidState.OPENED)


class ReviewState(models.TextChoices):
    """评审状态."""

    ASSIGNED = "assigned", pgettext_lazy("review", "assigned")
    SUBMITTED = "submitted", pgettext_lazy("review", "handed in")
    RECUSED = "recused", pgettext_lazy("review", "stood aside")


class AwardState(models.TextChoices):
    """定榜状态."""

    STANDING = "standing", pgettext_lazy("award", "standing")
    REVOKED = "revoked", pgettext_lazy("award", "taken back")


class ObjectionKind(models.TextChoices):
    """异议类别."""

    OBJECTION = "objection", _("objection during the public notice")
    APPEAL = "appeal", pgettext_lazy("challenge", "appeal")


class MemberState(models.TextChoices):
    """联合体成员状态."""

    ASKED = "asked", pgettext_lazy("team", "asked")
    CONFIRMED = "confirmed", pgettext_lazy("team", "confirmed")
    DECLINED = "declined", pgettext_lazy("team", "declined")
    LEFT = "left", pgettext_lazy("team", "has left")


STANDING_MEMBERS = (MemberState.ASKED, MemberState.CONFIRMED)


class ScoreMetric(models.TextChoices):
    """评测指标: by what result files are scored; defined in engines/scoring."""

    ACCURACY = "accuracy", pgettext_lazy("metric", "accuracy")
    MACRO_F1 = "macro_f1", _("macro-averaged F1")
    RMSE = "rmse", _("root mean square error (RMSE)")
    MAE = "mae", _("mean absolute error (MAE)")
    AUC = "auc", _("area under the ROC curve (AUC)")
