"""The written agreement on rights: drawn up by the institution after the notice, signed by every inventor and the institution."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.deed_text import (
    both_deed_texts,
    deed_clauses,
    digest_of_deed,
    read_deed_terms,
)
from ronglian.apps.agreements.models import (
    DeedSignature,
    GrantMember,
    GrantObjection,
    RightsDeed,
    RightsGrant,
)
from ronglian.apps.agreements.operations.assets import enter_granted
from ronglian.apps.agreements.operations.granting import insist_on_grant
from ronglian.apps.agreements.queries.rights import latest_deed, members_of, signatures_under
from ronglian.apps.agreements.rights_enums import GrantForm, GrantObjectionState, GrantState
from ronglian.apps.agreements.rights_rules import may_decide_grant, may_sign_deed
from ronglian.apps.agreements.rights_tasks import RightsNews, tell_of_grant
from ronglian.engines.money import add_months
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record


@operation("grant.draw_up", target="grant", allowed=may_decide_grant)
def draw_up_deed(*, actor: Actor, grant: RightsGrant, terms: Mapping[str, Any]) -> RightsDeed:
    """Write the agreement, once the notice is over; a later version takes the place of one that waits for signatures."""
    insist_on_grant(grant, GrantState.NOTICED, GrantState.DRAWN_UP)
    assert grant.notice_until is not None
    if timezone.localdate() <= grant.notice_until:
        raise RuleViolation(
            _("The public notice lasts until %(day)s.") % {"day": grant.notice_until.isoformat()}
        )
    if GrantObjection.objects.filter(grant=grant, state=GrantObjectionState.OPEN).exists():
        raise RuleViolation(_("An objection waits for its answer."))
    read, members = read_deed_terms(terms), members_of(grant)
    last = RightsDeed.objects.filter(grant=grant).aggregate(last=Max("number"))["last"]
    deed = RightsDeed(
        grant=grant,
        number=int(last or 0) + 1,
        terms=read,  # type: ignore[misc]  # a sealed field holds any JSON
        text=both_deed_texts(grant, members, read),
        clauses_version=deed_clauses()[0],
        proposed_by=actor.label,
    )
    deed.digest = digest_of_deed(deed, members)
    clean_record(deed)
    deed.save(force_insert=True)
    data = {"grant": str(grant.public_id), "number": deed.number, "digest": deed.digest}
    record_event(actor, "rightsdeed.drawn_up", deed, data)
    _advance(actor, grant, GrantState.DRAWN_UP, "drawn_up", RightsNews.DRAWN_UP, data)
    return deed


@operation("grant.sign", target="grant", allowed=may_sign_deed)
def sign_deed(*, actor: Actor, grant: RightsGrant, digest: str) -> RightsGrant:
    """Sign the text whose digest was shown: an inventor for himself, else for the institution. The last one puts it in force."""
    insist_on_grant(grant, GrantState.DRAWN_UP)
    deed, members = latest_deed(grant), members_of(grant)
    if deed is None or digest != deed.digest or digest_of_deed(deed, members) != deed.digest:
        raise RuleViolation(
            _("This is not the text that was shown to you. Read the latest version and sign that.")
        )
    member = next((one for one in members if one.person.public_id == actor.person_id), None)
    signed = signatures_under(deed)
    if (member.pk if member else None) in signed:
        raise RuleViolation(_("Your side has signed this version already."))
    signature = DeedSignature(
        deed=deed, member=member, person=actor.person, person_label=actor.label, digest=deed.digest
    )
    clean_record(signature)
    signature.save(force_insert=True)
    data = {"grant": str(grant.public_id), "number": deed.number, "digest": digest}
    record_event(actor, "deedsignature.given", signature, {**data, "for_institution": member is None})
    have = {*signed, signature.member_id}
    if have == {None, *(one.pk for one in members)}:
        _put_in_force(actor, grant, members, data)
    return grant


def _put_in_force(
    actor: Actor, grant: RightsGrant, members: list[GrantMember], data: Mapping[str, Any]
) -> None:
    grant.in_force_on = timezone.localdate()
    if grant.form == GrantForm.USE:
        assert grant.use_years is not None
        grant.use_until = add_months(grant.in_force_on, 12 * grant.use_years) - timedelta(days=1)
    _advance(
        actor, grant, GrantState.IN_FORCE, "in_force", RightsNews.SIGNED, {**data, "members": len(members)}
    )
    enter_granted(actor, grant)


def _advance(
    actor: Actor, grant: RightsGrant, state: GrantState, past: str, news: RightsNews, data: Mapping[str, Any]
) -> None:
    grant.state = state
    grant.version += 1
    clean_record(grant)
    grant.save(force_update=True)
    record_event(actor, f"rightsgrant.{past}", grant, data)
    tell_of_grant.enqueue(str(grant.public_id), news.value)
