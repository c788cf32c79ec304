"""Who may do what with organisations, memberships and tokens."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import ApiToken, Organisation
from ronglian.kernel.actor import Actor, ActorKind, Role
from ronglian.kernel.permission import ALLOWED, Verdict, refused


def may_register_organisation(actor: Actor, _target: None) -> Verdict:
    if actor.is_system or (actor.is_signed_in and actor.may_write):
        return ALLOWED
    return refused(_("Sign in to register an organisation."))


def may_edit_organisation(actor: Actor, organisation: Organisation) -> Verdict:
    if actor.may_write_for(organisation.pk):
        return ALLOWED
    return refused(_("Only its owners and editors may change an organisation."), _who_owns(organisation))


def may_grant_role(actor: Actor, organisation: Organisation) -> Verdict:
    """A person does, at the site: whom a stolen token let in would stay when the token is revoked."""
    is_owner = actor.memberships.get(organisation.pk) == Role.OWNER
    if actor.is_system or (actor.kind == ActorKind.PERSON and is_owner):
        return ALLOWED
    return refused(_("Only owners of an organisation may say who acts for it."), _who_owns(organisation))


def may_choose_digest(actor: Actor, organisation: Organisation) -> Verdict:
    if actor.is_signed_in and actor.may_write and actor.is_member(organisation.pk):
        return ALLOWED
    return refused(_("Only people of the organisation get its digest."))


def may_issue_token(actor: Actor, _target: None) -> Verdict:
    """A token cannot make tokens: else a stolen one would outlive its revocation."""
    if actor.kind == ActorKind.PERSON:
        return ALLOWED
    return refused(_("Sign in at the site to make a token."))


def may_revoke_token(actor: Actor, token: ApiToken) -> Verdict:
    if actor.is_system or (actor.kind == ActorKind.PERSON and actor.person_id == token.person.public_id):
        return ALLOWED
    return refused(_("Only the person who made a token may revoke it."))


def _who_owns(organisation: Organisation) -> str:
    return str(_("Ask an owner of %(organisation)s.") % {"organisation": organisation.name})


def may_keep_people(actor: Actor, _target: object) -> Verdict:
    """Who operates the platform, at the site or on the machine; a token never does."""
    if actor.is_system or actor.is_operator:
        return ALLOWED
    return refused(_("Only operators of the platform do this."))


def may_keep_accounts(actor: Actor, _target: None) -> Verdict:
    """Whoever has a shell on the machine; no door of the site leads here."""
    if actor.is_system:
        return ALLOWED
    return refused(_("Only the keeper of the machine may do this, on the command line."))
