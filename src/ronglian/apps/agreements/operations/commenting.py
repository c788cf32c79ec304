"""磋商意见: commenting on a clause or on the whole of a version, answering, and settling.

A comment is about a version that both sides see, and stays with it. Whoever raised it says when it is settled; terms that
were changed do not settle it by themselves.
"""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.comment_mails import tell_of_comments
from ronglian.apps.agreements.enums import AgreementState, CommentState, Side
from ronglian.apps.agreements.models import Agreement, AgreementVersion, ClauseComment, CommentReply
from ronglian.apps.agreements.operations.drafting import own_side
from ronglian.apps.agreements.rules import may_act, sides_of
from ronglian.engines.contracts import Language
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, NotAllowed, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record, clean_text

ANY_LANGUAGE: Language = "zh"  # sections are called the same in every language


@operation("comment.add", target="agreement", allowed=may_act)
def add_comment(
    *,
    actor: Actor,
    agreement: Agreement,
    version: AgreementVersion,
    text: str,
    clause: str = "",
    side: str = "",
) -> ClauseComment:
    """Say something about a clause of a version, or about the whole of it; the other side is told that there is something."""
    _insist_on_negotiation(agreement)
    if clause and clause not in clauses_of(version):
        raise InvalidInput.of({"clause": [_("This version has no such clause.")]})
    comment = ClauseComment(
        agreement_version=version,
        clause=clause,
        side=own_side(actor, agreement, side),
        text=_said(text),
        written_by=actor.label,
    )
    clean_record(comment)
    comment.save(force_insert=True)
    data = {"agreement": str(agreement.public_id), "number": version.number, "clause": clause}
    record_event(actor, "clausecomment.added", comment, data)
    _tell_the_other(agreement, comment.side)
    return comment


@operation("comment.reply", target="agreement", allowed=may_act)
def reply_to_comment(
    *, actor: Actor, agreement: Agreement, comment: ClauseComment, text: str, side: str = ""
) -> CommentReply:
    """Answer a comment that is open."""
    _insist_on_negotiation(agreement)
    comment.refresh_from_db()  # it was read before the agreement was locked
    if comment.state != CommentState.OPEN:
        raise RuleViolation(_("This comment is settled. Who raised it may open it again."))
    reply = CommentReply(
        comment=comment, side=own_side(actor, agreement, side), text=_said(text), written_by=actor.label
    )
    clean_record(reply)
    reply.save(force_insert=True)
    record_event(actor, "commentreply.added", reply, {"comment": str(comment.public_id)})
    _tell_the_other(agreement, reply.side)
    return reply


@operation("comment.resolve", target="agreement", allowed=may_act)
def resolve_comment(*, actor: Actor, agreement: Agreement, comment: ClauseComment) -> ClauseComment:
    """Say that a comment of one's own side is settled."""
    _insist_on_negotiation(agreement)
    _insist_on_own(actor, agreement, comment)
    if comment.state != CommentState.OPEN:
        raise RuleViolation(_("This comment is settled already."))
    comment.state, comment.resolved_by = CommentState.RESOLVED, actor.label
    comment.resolved_at = timezone.now()
    return _save(actor, comment, "resolved")


@operation("comment.reopen", target="agreement", allowed=may_act)
def reopen_comment(*, actor: Actor, agreement: Agreement, comment: ClauseComment) -> ClauseComment:
    """Say that a comment of one's own side is not settled after all."""
    _insist_on_negotiation(agreement)
    _insist_on_own(actor, agreement, comment)
    if comment.state == CommentState.OPEN:
        raise RuleViolation(_("This comment is open already."))
    comment.state, comment.resolved_by, comment.resolved_at = CommentState.OPEN, "", None
    saved = _save(actor, comment, "reopened")
    _tell_the_other(agreement, comment.side)
    return saved


def clauses_of(version: AgreementVersion) -> list[str]:
    """The ids of the sections of a version, in their order."""
    return [str(parts[0]) for parts in version.text[ANY_LANGUAGE]]


def _insist_on_negotiation(agreement: Agreement) -> None:
    if agreement.state != AgreementState.NEGOTIATING:
        raise RuleViolation(
            _("Comments are made while both sides negotiate: once it was sent and before both signed.")
        )


def _insist_on_own(actor: Actor, agreement: Agreement, comment: ClauseComment) -> None:
    comment.refresh_from_db()  # it was read before the agreement was locked
    if comment.side not in sides_of(actor, agreement):
        raise NotAllowed(_("The side that made a comment says when it is settled. You may answer it."))


def _said(text: str) -> str:
    said = clean_text(text)
    if not said:
        raise InvalidInput.of({"text": [_("Say what it is about: the other side reads it.")]})
    return said


def _save(actor: Actor, comment: ClauseComment, past: str) -> ClauseComment:
    comment.version += 1
    clean_record(comment)
    comment.save(force_update=True)
    record_event(actor, f"clausecomment.{past}", comment)
    return comment


def _tell_the_other(agreement: Agreement, side: str) -> None:
    other = Side.PROVIDER if side == Side.CLIENT else Side.CLIENT
    tell_of_comments.enqueue(str(agreement.public_id), other.value)
