"""Code lists of cases: how far one has come, why it stopped, who was talked to and how, what was agreed on."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.matching.enums import DecisionReason


class CaseStage(models.TextChoices):
    """个案阶段."""

    DIAGNOSIS = "diagnosis", _("in diagnosis")
    INTRODUCED = "introduced", _("introduced")
    NEGOTIATING = "negotiating", _("negotiating")
    AGREEMENT = "agreement", _("agreement reached")
    DONE = "done", _("done")
    STOPPED = "stopped", _("stopped")


OPEN_STAGES = (CaseStage.DIAGNOSIS, CaseStage.INTRODUCED, CaseStage.NEGOTIATING, CaseStage.AGREEMENT)


class StopReason(models.TextChoices):
    """个案终止理由: those of a match that does not fit keep their codes; the others are about the talks."""

    DIFFERENT_PROBLEM = DecisionReason.DIFFERENT_PROBLEM.value, _("a different problem")
    METRICS_TOO_LOW = DecisionReason.METRICS_TOO_LOW.value, _("metrics not reached")
    NOT_MATURE = DecisionReason.NOT_MATURE.value, _("not mature enough")
    TOO_EXPENSIVE = DecisionReason.TOO_EXPENSIVE.value, _("too expensive")
    WRONG_MODE = DecisionReason.WRONG_MODE.value, _("cooperation mode does not fit")
    TOO_FAR = DecisionReason.TOO_FAR.value, _("too far away")
    ALREADY_KNOWN = DecisionReason.ALREADY_KNOWN.value, _("already known to us")
    OUT_OF_DATE = DecisionReason.OUT_OF_DATE.value, _("out of date")
    NO_ANSWER = "no_answer", _("one side does not answer")
    NO_PARTNER = "no_partner", _("nobody found who can solve it")
    NEED_GONE = "need_gone", _("the need is gone or solved otherwise")
    NO_MONEY = "no_money", _("no money for it")
    RIGHTS_UNCLEAR = "rights_unclear", _("rights unclear or not to be had")
    NOT_APPROVED = "not_approved", _("not approved inside one side")
    NO_TRUST = "no_trust", _("the sides do not trust each other")
    CONFLICT = "conflict", _("conflict of interest")
    OTHER = DecisionReason.OTHER.value, _("other, see the note")


class CaseOrigin(models.TextChoices):
    """个案来源."""

    MATCH = "match", _("a match")
    NEED = "need", _("a need")
    CONSULTATION = "consultation", _("a consultation")
    ASSIGNMENT = "assignment", _("an assignment")


class CaseSide(models.TextChoices):
    """个案一方."""

    SEEKER = "seeker", _("side of the need")
    PARTNER = "partner", _("side of the result")


class ContactWith(models.TextChoices):
    """联系对象."""

    SEEKER = "seeker", _("the side of the need")
    PARTNER = "partner", _("the side of the result")
    BOTH = "both", _("both sides")
    OTHERS = "others", _("somebody else")


class ContactChannel(models.TextChoices):
    """联系方式."""

    PHONE = "phone", _("telephone")
    MEETING = "meeting", _("meeting")
    VISIT = "visit", _("visit on site")
    VIDEO = "video", _("video call")
    EMAIL = "email", _("e-mail")
    MESSAGE = "message", _("message")


class NoteReader(models.TextChoices):
    """记录可见范围."""

    AUTHOR = "author", _("only me")
    CARRIER = "carrier", _("whoever carries the case")
    SIDE = "side", _("also those it was with")


class HandOverState(models.TextChoices):
    """移交状态."""

    OFFERED = "offered", _("offered")
    ACCEPTED = "accepted", _("taken over")
    DECLINED = "declined", _("declined")
    TAKEN_BACK = "taken_back", _("taken back")


class IntroductionAnswerKind(models.TextChoices):
    """引荐答复."""

    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    OBJECTED = "objected", _("objected")


class ObjectionReason(models.TextChoices):
    """引荐异议理由."""

    KNEW_BEFORE = "knew_before", _("we knew each other before")
    INTRODUCED_BY_OTHERS = "introduced_by_others", _("somebody else introduced us")
    NOT_ASKED = "not_asked", _("we had not agreed to be introduced")
    WRONG_FACTS = "wrong_facts", _("what is recorded is wrong")
    OTHER = "other", _("other, see the note")


class FeeBase(models.TextChoices):
    """服务费计算基数."""

    CONTRACT_TOTAL = "contract_total", _("total of the contract")
    TECHNOLOGY_AMOUNT = "technology_amount", _("technology amount of the contract")
    MONEY_PAID = "money_paid", _("money actually paid")


class FeePayer(models.TextChoices):
    """服务费支付方."""

    SEEKER = "seeker", _("the side of the need")
    PARTNER = "partner", _("the side of the result")
    HALF_EACH = "half_each", _("each side half")


class FeeTermsState(models.TextChoices):
    """服务费约定状态."""

    PROPOSED = "proposed", _("waits for both sides")
    AGREED = "agreed", _("agreed by both sides")
    DECLINED = "declined", _("declined")
    REPLACED = "replaced", _("replaced by a later version")
