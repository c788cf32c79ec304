"""What the two sides say about a version of a contract: a comment, an answer, settled or open again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ronglian.apps.agreements.contract_text import sections_of
from ronglian.apps.agreements.operations.commenting import (
    add_comment,
    reopen_comment,
    reply_to_comment,
    resolve_comment,
)
from ronglian.apps.agreements.queries.agreements import access_agreement, access_version
from ronglian.apps.agreements.queries.comments import access_comment
from ronglian.web.context import short_language
from ronglian.web.middleware import ActorRequest
from ronglian.web.work.access import signed_in
from ronglian.web.work.forms.contract_comments import CommentForm, ReplyForm
from ronglian.web.work.views.contracts import do_step, send_step, spoken_side


@require_POST
@signed_in
def add(request: ActorRequest, public_id: UUID, number: int) -> HttpResponse:
    """On the version that the page showed, even if there is a later one by now."""
    version = access_version(access_agreement(request.actor, public_id), number)
    form = CommentForm(request.POST, sections=sections_of(version, short_language()))

    def act(**typed: Any) -> object:
        return add_comment(version=version, side=spoken_side(request), **typed)

    return send_step(request, public_id, "comment_form", form, act, _("Noted. The other side is told."))


@require_POST
@signed_in
def reply(request: ActorRequest, public_id: UUID, comment_id: UUID) -> HttpResponse:
    def act(**typed: Any) -> object:
        comment = access_comment(typed["agreement"], comment_id)
        return reply_to_comment(comment=comment, side=spoken_side(request), **typed)

    form = ReplyForm(request.POST)
    return send_step(request, public_id, "reply_form", form, act, _("Answered. The other side is told."))


@require_POST
@signed_in
def resolve(request: ActorRequest, public_id: UUID, comment_id: UUID) -> HttpResponse:
    def act(**named: Any) -> object:
        return resolve_comment(comment=access_comment(named["agreement"], comment_id), **named)

    return do_step(request, public_id, act, _("Settled."))


@require_POST
@signed_in
def reopen(request: ActorRequest, public_id: UUID, comment_id: UUID) -> HttpResponse:
    def act(**named: Any) -> object:
        return reopen_comment(comment=access_comment(named["agreement"], comment_id), **named)

    return do_step(request, public_id, act, _("Open again. The other side is told."))
