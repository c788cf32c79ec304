"""A proposed assignment in words: why this manager, who was second, what stood against."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from ronglian.apps.clinic.assignment_enums import Against, ProposalState
from ronglian.apps.clinic.manager_rules import is_oneself, keeps_register
from ronglian.apps.clinic.models import AssignmentProposal, AssignmentRun
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.rules import may_see_owner
from ronglian.kernel.actor import Actor
from ronglian.web.presenters.kinds import record_url
from ronglian.web.presenters.pages import page_title
from ronglian.web.presenters.technology_managers import manager_name
from ronglian.web.presenters.texts import show

PARTS: dict[str, Promise] = {
    "carried": _lazy("carried at all"),
    "field": _lazy("field"),
    "region": _lazy("place"),
    "text": _lazy("words"),
    "waiting": _lazy("waiting"),
    "load": _lazy("load"),
}


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """分派方案, as the reader may see it. `second` is for who confirms."""

    proposal: AssignmentProposal
    need: SafeString
    need_url: str
    manager: SafeString
    is_small: bool
    worth: int
    parts: list[tuple[str, str]]
    terms: str
    second: str
    may_confirm: bool
    may_decline: bool


def shown_proposal(actor: Actor, proposal: AssignmentProposal) -> ShownProposal:
    need = proposal.need
    is_open = proposal.state == ProposalState.PROPOSED
    return ShownProposal(
        proposal=proposal,
        need=page_title(need),
        need_url=record_url(need),
        manager=show(manager_name(proposal.manager)),
        is_small=need.owner.is_small and may_see_owner(actor, need),
        worth=round(proposal.worth),
        parts=[(str(PARTS[name]), f"{value:+.0f}") for name, value in proposal.parts.items() if round(value)],
        terms=_(", ").join(proposal.terms),
        second=_second(actor, proposal) if keeps_register(actor) else "",
        may_confirm=is_open and keeps_register(actor),
        may_decline=proposal.state != ProposalState.DECLINED
        and (keeps_register(actor) or is_oneself(actor, proposal.manager)),
    )


def run_sentences(run: AssignmentRun) -> list[str]:
    """What the last computation came to."""
    counts = run.counts
    lines = [
        _(
            "%(carried)d of %(cases)d waiting needs have a manager proposed; %(managers)d managers had %(places)d free places."
        )
        % counts,
        _(
            "Small firms: %(small)d of the needs, %(small_minimum)d places guaranteed, %(small_held)d proposed."
        )
        % counts,
    ]
    if left := counts["no_place_left"]:
        lines.append(
            ngettext(
                "%(number)d need stays without one because all places are taken by others.",
                "%(number)d needs stay without one because all places are taken by others.",
                left,
            )
            % {"number": left}
        )
    if impossible := counts["nobody_possible"]:
        lines.append(
            ngettext(
                "For %(number)d need nobody with a free place speaks the language and is without a conflict of interest.",
                "For %(number)d needs nobody with a free place speaks the language and is without a conflict of interest.",
                impossible,
            )
            % {"number": impossible}
        )
    lines.append(
        _("Worth %(value)s points; no other way to share them out is worth more than %(bound)s.")
        % {"value": f"{run.value:,.0f}", "bound": f"{run.bound:,.0f}"}
    )
    return lines


def need_line(need: Need) -> tuple[SafeString, str]:
    return page_title(need), record_url(need)


def _second(actor: Actor, proposal: AssignmentProposal) -> str:
    if proposal.second is None or proposal.second_worth is None:
        return _("Nobody else stands in the register.")
    # That somebody is tied to an unnamed owner would tell who it is.
    tells = proposal.against == Against.CONFLICT and not may_see_owner(actor, proposal.need)
    against = _("not possible") if tells else Against(proposal.against).label
    text = _("Next best: %(name)s with %(worth)d points before load – %(against)s.")
    return text % {
        "name": manager_name(proposal.second),
        "worth": round(proposal.second_worth),
        "against": against,
    }
