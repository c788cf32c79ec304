"""Code lists of showing bids to investors (赛投联动)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ShowingState(models.TextChoices):
    """推介状态: where the showing of a bid to an investor stands."""

    ASKED = "asked", pgettext_lazy("showing", "waits for the investor's signature")
    ACCEPTED = "accepted", pgettext_lazy("showing", "accepted under an agreement")
    DECLINED = "declined", pgettext_lazy("showing", "declined by the investor")
    WITHDRAWN = "withdrawn", pgettext_lazy("showing", "withdrawn by the team")


OPEN_SHOWINGS = (ShowingState.ASKED, ShowingState.ACCEPTED)


class ShownPart(models.TextChoices):
    """推介内容: the parts of a bid, each shown only where its team has said so."""

    PROPOSAL = "proposal", _("proposal and answers")
    FILES = "files", _("files of the bid")
    SCORES = "scores", _("scores with the reviewers' comments, reviewers by number")
    MILESTONES = "milestones", _("milestones with the evidence handed in")
    PRICE = "price", _("price, and the amounts of milestones")


class OutcomeKind(models.TextChoices):
    """投资进展: what became of a showing."""

    MET = "met", pgettext_lazy("outcome", "met")
    DUE_DILIGENCE = "due_diligence", _("due diligence begun")
    TERM_SHEET = "term_sheet", _("term sheet signed")
    INVESTED = "invested", _("invested")
    PASSED = "passed", _("passed")


class PassReason(models.TextChoices):
    """未投原因: why an investor passed."""

    FIELD = "field", _("outside our field or stage")
    TOO_EARLY = "too_early", _("too early: evidence is missing")
    MARKET = "market", _("market too small or too uncertain")
    TEAM = "team", _("team not complete")
    RIGHTS = "rights", _("rights to the technology unclear")
    TERMS = "terms", _("no agreement on the terms")
    OTHER = "other", pgettext_lazy("reason to pass", "another reason")


class OutcomeAnswer(models.TextChoices):
    """团队核实: what the team says to what the investor told."""

    CONFIRMED = "confirmed", pgettext_lazy("outcome", "confirmed by the team")
    CONTRADICTED = "contradicted", pgettext_lazy("outcome", "contradicted by the team")
