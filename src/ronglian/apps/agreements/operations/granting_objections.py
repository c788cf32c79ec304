"""Objections while a grant of rights is on public notice, and their answers."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.models import GrantObjection, RightsGrant
from ronglian.apps.agreements.operations.granting import insist_on_grant, refuse_grant
from ronglian.apps.agreements.rights_enums import GrantObjectionState, GrantState
from ronglian.apps.agreements.rights_rules import may_decide_grant, may_object_to_grant
from ronglian.apps.agreements.rights_tasks import RightsNews, tell_of_grant
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record, clean_text


@operation("grant.object", target="grant", allowed=may_object_to_grant)
def object_to_grant(*, actor: Actor, grant: RightsGrant, text: str) -> GrantObjection:
    """Object while the notice lasts; nothing is drawn up before the objection is answered."""
    insist_on_grant(grant, GrantState.NOTICED)
    if grant.notice_until is None or timezone.localdate() > grant.notice_until:
        raise RuleViolation(_("The public notice is over."))
    objection = GrantObjection(grant=grant, text=clean_text(text), objected_by=actor.label)
    if not objection.text:
        raise InvalidInput.of({"text": [_("Say what is not right about the grant.")]})
    clean_record(objection)
    objection.save(force_insert=True)
    record_event(actor, "grantobjection.raised", objection, {"grant": str(grant.public_id)})
    tell_of_grant.enqueue(str(grant.public_id), RightsNews.OBJECTED.value)
    return objection


@operation("grant.answer_objection", target="grant", allowed=may_decide_grant)
def answer_grant_objection(
    *, actor: Actor, grant: RightsGrant, objection: GrantObjection, upholds: bool, answer: str
) -> GrantObjection:
    """Answer with reasons. An upheld objection refuses the grant."""
    insist_on_grant(grant, GrantState.NOTICED)
    objection.refresh_from_db()  # read before the grant was locked
    if objection.state != GrantObjectionState.OPEN:
        raise RuleViolation(_("This was answered already."))
    objection.answer = clean_text(answer)
    if not objection.answer:
        raise InvalidInput.of({"answer": [_("Answer with reasons.")]})
    objection.state = GrantObjectionState.UPHELD if upholds else GrantObjectionState.DISMISSED
    objection.answered_by = actor.label
    objection.version += 1
    clean_record(objection)
    objection.save(force_update=True)
    record_event(actor, "grantobjection.answered", objection, {"upheld": upholds})
    if upholds:
        refuse_grant(actor, grant, gettext("An objection was upheld."))
    else:
        tell_of_grant.enqueue(str(grant.public_id), RightsNews.ANSWERED.value)
    return objection
