"""Code lists of the clinic."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConsultationState(models.TextChoices):
    """问诊状态."""

    OPEN = "open", _("in diagnosis")
    REGISTERED = "registered", _("registered as a need")
    CLOSED = "closed", _("closed with a reason")


class Topic(models.TextChoices):
    """诊断要素: what a need sheet tells; what is missing is asked."""

    PROBLEM = "problem", _("what is wrong")
    GOAL = "goal", _("what is to be reached")
    ACCEPTANCE = "acceptance", _("how success is tested")
    OBJECT = "object", _("on which product or process")
    BASELINE = "baseline", _("how it is today")
    CONSTRAINT = "constraint", _("what must not change")
    CONDITION = "condition", _("what you can offer")
    TRIED = "tried", _("what was tried")
    BUDGET = "budget", _("budget")
    DEADLINE = "deadline", _("deadline")


class Route(models.TextChoices):
    """分诊去向."""

    MATCH_NOW = "match_now", _("match now")
    DIAGNOSE = "diagnose", _("needs diagnosis")
    POOL = "pool", _("common need to pool")
    LONG_TERM = "long_term", _("long-term key problem")
    OUTSIDE = "outside", _("outside our scope")


class PoolState(models.TextChoices):
    """共性需求状态."""

    FOUND = "found", _("found, nobody invited yet")
    OPEN = "open", _("owners are invited")
    PUBLISHED = "published", _("published as a common need")
    CLOSED = "closed", _("not pursued")


class ShareState(models.TextChoices):
    """参与状态: where one owner stands towards a common need."""

    INVITED = "invited", _("invited")
    JOINED = "joined", _("has joined")
    DECLINED = "declined", _("declined")
    LEFT = "left", _("left")


class AttentionKind(models.TextChoices):
    """关照方式: what was done about a need that nobody had answered."""

    CONTACTED = "contacted", _("talked to the enterprise")
    CLARIFIED = "clarified", _("helped to say it clearer")
    INTRODUCED = "introduced", _("introduced somebody")
    POOLED = "pooled", _("put together with others")
    REFERRED = "referred", _("passed on to somebody else")
    OTHER = "other", _("something else")
