"""How far a survey has come: of how many partners, by tier, and without telling what any one of them did.

A count of what partners did is shown where at least FEWEST_ORGANISATIONS of those who were invited did it. Of those who told a
need there have to be as many who did not, besides: else, whoever knows the list knows each one's answer. Where one tier is
hidden the sum of all would tell it, so the sum is hidden unless the hidden tiers together are many enough themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from ronglian.apps.matching.queries.quality import FEWEST_ORGANISATIONS
from ronglian.apps.prospecting.enums import REPLIED, PartnerState
from ronglian.apps.prospecting.models import ChainPartner, ChainSurvey
from ronglian.apps.prospecting.queries.surveys import published_needs


@dataclass(frozen=True, slots=True)
class TierCounts:
    """层级计数: what is so, before anything is hidden."""

    tier: int
    entered: int
    invited: int
    replied: int
    told: int
    published: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """覆盖情况: of one tier, or of all (`tier` None). None is what too few partners stand behind."""

    tier: int | None
    entered: int
    invited: int
    replied: int | None
    told: int | None
    published: int

    @property
    def covered(self) -> float | None:
        return self.invited / self.entered if self.entered else None

    @property
    def reply_rate(self) -> float | None:
        return self.replied / self.invited if self.invited and self.replied is not None else None


def read_coverage(survey: ChainSurvey) -> tuple[Coverage, ...]:
    """Each tier, then all of them; empty where nobody is entered."""
    rows = (
        ChainPartner.objects.filter(survey=survey)
        .values("tier")
        .annotate(
            entered=Count("pk"),
            invited=Count("pk", filter=Q(mails__gt=0)),
            replied=Count("pk", filter=Q(state__in=REPLIED)),
            told_needs=Count("pk", filter=Q(state=PartnerState.TOLD)),
        )
        .order_by("tier")
    )
    published: dict[int, int] = {}
    for tier in published_needs(survey).values_list("tier", flat=True):
        published[tier] = published.get(tier, 0) + 1
    return hide_few(
        [
            TierCounts(
                row["tier"],
                row["entered"],
                row["invited"],
                row["replied"],
                row["told_needs"],
                published.get(row["tier"], 0),
            )
            for row in rows
        ]
    )


def hide_few(tiers: Sequence[TierCounts], least: int = FEWEST_ORGANISATIONS) -> tuple[Coverage, ...]:
    """The counts as they may be shown, the sum of all last."""
    if not tiers:
        return ()

    def many_replied(of: Iterable[TierCounts]) -> bool:
        return sum(each.replied for each in of) >= least

    def many_told(of: Sequence[TierCounts]) -> bool:
        told, invited = sum(each.told for each in of), sum(each.invited for each in of)
        return many_replied(of) and min(told, invited - told) >= least

    shown = [
        Coverage(
            each.tier,
            each.entered,
            each.invited,
            each.replied if many_replied([each]) else None,
            each.told if many_told([each]) else None,
            each.published,
        )
        for each in tiers
    ]
    silent = [each for each, view in zip(tiers, shown, strict=True) if view.replied is None]
    quiet = [each for each, view in zip(tiers, shown, strict=True) if view.told is None]
    all_replied = many_replied(tiers) and (not silent or many_replied(silent))
    all_told = many_told(tiers) and (not quiet or many_told(quiet))
    total = Coverage(
        None,
        sum(each.entered for each in tiers),
        sum(each.invited for each in tiers),
        sum(each.replied for each in tiers) if all_replied else None,
        sum(each.told for each in tiers) if all_told else None,
        sum(each.published for each in tiers),
    )
    return (*shown, total)
