"""Who may see and do what with surveys along a chain.

The lead enterprise keeps the list of its partners and sees counts; what a partner answered is the partner's own until the
partner publishes it. The bureau and operators see the counts, and no list of partners. A partner answers by the link that
was sent to it, without an account: whoever holds the link may answer, and reads nothing but the questions.
"""

from __future__ import annotations

from typing import Protocol

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.prospecting.enums import SurveyState
from ronglian.kernel.actor import Actor, ActorKind
from ronglian.kernel.permission import ALLOWED, Verdict, refused

LINK = Actor(kind=ActorKind.ANONYMOUS, label="survey link", may_write=False)
"""Whoever holds the link of an invitation; an account beside it makes no difference."""


class Surveying(Protocol):
    """What the rules need to know of a survey."""

    lead_id: int
    state: str


class Invited(Protocol):
    """What the rules need to know of a partner."""

    @property
    def survey(self) -> Surveying: ...


def looks_after_chains(actor: Actor) -> bool:
    """Those who see the counts of every survey."""
    return actor.is_system or (actor.kind == ActorKind.PERSON and (actor.is_operator or actor.is_bureau))


def visible_surveys_q(actor: Actor) -> Q:
    """The surveys the actor may know of, as a filter."""
    return Q() if looks_after_chains(actor) else Q(lead_id__in=actor.organisation_ids)


def reads_partners(actor: Actor, survey: Surveying) -> bool:
    """Whether the actor sees who the partners are: the lead's own list."""
    return actor.is_system or actor.is_member(survey.lead_id)


def may_open_survey(actor: Actor, lead: Organisation) -> Verdict:
    if actor.may_write_for(lead.pk):
        return ALLOWED
    return refused(
        _("Only owners and editors of an organisation ask its partners."),
        _("Ask an owner of %(organisation)s.") % {"organisation": lead.name},
    )


def may_run_survey(actor: Actor, survey: Surveying) -> Verdict:
    if actor.may_write_for(survey.lead_id):
        return ALLOWED
    return refused(_("Only owners and editors of the lead enterprise run its survey."))


def may_close_survey(actor: Actor, survey: Surveying) -> Verdict:
    """An operator ends a survey that molests people."""
    if actor.may_write_for(survey.lead_id) or (actor.kind == ActorKind.PERSON and actor.is_operator):
        return ALLOWED
    return refused(_("The lead enterprise closes its survey, or an operator of the platform."))


def may_reply(actor: Actor, partner: Invited) -> Verdict:
    """The holder of the link, while the survey is open."""
    if actor is not LINK and not actor.is_system:
        return refused(_("Whoever was invited answers, by the link in the mail."))
    if partner.survey.state != SurveyState.OPEN:
        return refused(_("This survey is closed. Tell the trouble in the clinic instead."))
    return ALLOWED


def may_take_over(actor: Actor, _partner: Invited) -> Verdict:
    """A person who came by the link; for which organisation, its own operations say."""
    if actor.kind == ActorKind.PERSON:
        return ALLOWED
    return refused(_("Sign in first, then take the draft over by the link in the mail."))
