"""How far a survey has come, as a table in which each number opens its list."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from ronglian.apps.prospecting.models import ChainPartner, ChainSurvey
from ronglian.apps.prospecting.queries.coverage import Coverage, read_coverage

FEW = "< 5"


@dataclass(frozen=True, slots=True)
class CountView:
    """A number with its denominator and the list it opens."""

    name: str
    text: str
    share: str
    url: str


@dataclass(frozen=True, slots=True)
class TierView:
    """One row: a tier, or all."""

    name: str
    counts: tuple[CountView, ...]


@dataclass(frozen=True, slots=True)
class PartnerView:
    """A partner as the lead sees it: who it is and whether it was asked, never what it did."""

    partner: ChainPartner
    mail: str
    may_drop: bool


def coverage_rows(survey: ChainSurvey) -> list[TierView]:
    return [_row(survey, each) for each in read_coverage(survey)]


def _row(survey: ChainSurvey, each: Coverage) -> TierView:
    def count(name: str, label: str, number: int | None, whole: int | None) -> CountView:
        url = reverse("work:survey-list", args=[survey.public_id, name])
        url += f"?tier={each.tier}" if each.tier else ""
        text = FEW if number is None else str(number)
        share = "" if number is None or not whole else _("(%(share)d %% of %(whole)d)") % {
            "share": round(100 * number / whole), "whole": whole,
        }  # fmt: skip
        return CountView(label, text, share, url)

    name = _("Tier %(tier)d") % {"tier": each.tier} if each.tier else _("All")
    return TierView(
        name,
        (
            count("partners", _("On the list"), each.entered, None),
            count("invited", _("Invited"), each.invited, each.entered),
            count("replied", _("Have answered"), each.replied, each.invited),
            count("told", _("Have told a need"), each.told, each.replied),
            count("published", _("Published needs"), each.published, None),
        ),
    )


def partner_view(partner: ChainPartner, *, may_run: bool) -> PartnerView:
    if not partner.mails:
        mail = _("not invited yet")
    elif partner.mailed_at is None:
        mail = _("the mail waits to be sent")
    else:
        mail = _("mail of %(day)s") % {"day": f"{partner.mailed_at:%Y-%m-%d}"}
    return PartnerView(partner, mail, may_run and not partner.mails)
