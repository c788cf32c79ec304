"""Who is seen, in words and figures."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ronglian.apps.matching.queries.seen import SeenReport, SideSeen
from ronglian.web.presenters.quality import NOTHING

NAMES: dict[str, Promise] = {
    "results": _lazy("Results of small suppliers"),
    "needs": _lazy("Needs of small firms"),
}


@dataclass(frozen=True, slots=True)
class SeenRow:
    """One kind of lists; a dash where nothing can be told."""

    name: str
    part: str
    part_url: str
    whole: str
    whole_url: str
    scores: str
    due: str
    seen: str
    fair: str
    lift: str


def seen_rows(report: SeenReport) -> list[SeenRow]:
    return [_row(each) for each in report.sides]


def seen_lines(report: SeenReport) -> list[str]:
    """What else there is to say of the measurement."""
    if report.measured_at is None:
        return [_("Nothing has been measured yet; it is done every hour.")]
    lines = [
        _("Measured on %(day)s.") % {"day": f"{timezone.localtime(report.measured_at):%Y-%m-%d %H:%M}"},
        _(
            "A result stands in the first ten of at most %(cap)d needs: popular ones %(crowded)d, suggestions held back at that time %(held)d."
        )
        % {"cap": report.cap, "crowded": report.crowded, "held": report.held_back},
    ]
    if any(each.exposure is None for each in report.sides):
        lines.append(
            _(
                "A dash stands where there are fewer than twenty lists or five owners on either side; nothing is moved then."
            )
        )
    if not report.is_on:
        lines.append(_("The fair order is switched off: lists follow the scores alone."))
    return lines


def _row(each: SideSeen) -> SeenRow:
    found = each.exposure
    means = (found.mean_small, found.mean_others) if found else (None, None)
    return SeenRow(
        name=str(NAMES[each.side]),
        part=str(each.records.part),
        part_url=reverse("quality-list", args=[f"small-{each.side}"]),
        whole=str(each.records.whole),
        whole_url=reverse("quality-list", args=[f"other-{each.side}"]),
        scores=" / ".join(NOTHING if mean is None else f"{mean:.0f}" for mean in means),
        due=_share(None if found is None else found.due),
        seen=_share(None if found is None else found.seen),
        fair=_share(None if found is None else found.seen_lifted),
        lift=NOTHING if found is None else f"{found.lift:.1f}",
    )


def _share(value: float | None) -> str:
    return NOTHING if value is None else _("%(share).1f %%") % {"share": 100 * value}
