"""Neglected needs as pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ronglian.apps.clinic.queries.neglect import Lying, NeglectReport
from ronglian.apps.matching.queries.quality import HIDDEN, Share
from ronglian.kernel.actor import Actor
from ronglian.web.presenters.kinds import record_url
from ronglian.web.presenters.owners import OwnerLine, owner_line
from ronglian.web.presenters.pages import page_title


@dataclass(frozen=True, slots=True)
class Figure:
    """A share with its counts; each count opens its list where there is one."""

    title: str
    percent: str
    part: str
    part_url: str
    whole: str
    whole_url: str


@dataclass(frozen=True, slots=True)
class LyingLine:
    """A need in the worklist."""

    title: SafeString
    url: str
    work_url: str
    owner: OwnerLine
    waiting: str
    silent: str


def figures(report: NeglectReport) -> list[Figure]:
    return [
        _figure(_("Needs that lie neglected, of all current ones"), report.neglected, "neglected", ""),
        _figure(_("of small firms"), report.neglected_small, "neglected-small", "needs-small"),
        _figure(_("of all others"), report.neglected_other, "neglected-other", "needs-other"),
        _figure(_("Small firms' share of the needs"), report.small_of_needs, "needs-small", ""),
        _figure(_("Small firms' share of the attention"), report.small_of_attention, "", ""),
    ]


def _figure(title: str, share: Share, part: str, whole: str) -> Figure:
    if share == HIDDEN:
        return Figure(title, "–", "–", "", "–", "")
    percent = "–" if share.interval is None else f"{100 * share.interval.mean:.0f} %"
    return Figure(title, percent, str(share.part), _list_url(part), str(share.whole), _list_url(whole))


def _list_url(name: str) -> str:
    return reverse("neglected-list", args=[name]) if name else ""


def list_title(name: str) -> str:
    return {
        "neglected": _("Needs that lie neglected"),
        "neglected-small": _("Neglected needs of small firms"),
        "neglected-other": _("Neglected needs of others"),
        "needs-small": _("Current needs of small firms"),
        "needs-other": _("Current needs of others"),
    }[name]


def lying_line(actor: Actor, lying: Lying) -> LyingLine:
    return LyingLine(
        title=page_title(lying.need),
        url=record_url(lying.need),
        work_url=reverse("work:attend", args=[lying.need.public_id]),
        owner=owner_line(actor, lying.need),
        waiting=_days(lying.days_waiting),
        silent=_("never") if lying.days_silent is None else _days(lying.days_silent),
    )


def _days(number: int) -> str:
    return ngettext("%(number)d day", "%(number)d days", number) % {"number": number}
