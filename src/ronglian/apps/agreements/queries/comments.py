"""What the two sides of an agreement said about its versions. Whoever holds the agreement reads it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Prefetch, QuerySet

from ronglian.apps.agreements.enums import CommentState
from ronglian.apps.agreements.models import Agreement, ClauseComment, CommentReply
from ronglian.kernel.errors import NotFound


def list_comments(agreement: Agreement) -> QuerySet[ClauseComment]:
    """All comments on all versions with their answers, in the order in which they were made."""
    answers = Prefetch("replies", CommentReply.objects.order_by("id"))
    rows = ClauseComment.objects.filter(agreement_version__agreement=agreement)
    return rows.select_related("agreement_version").prefetch_related(answers).order_by("id")


def count_open_comments(agreement: Agreement) -> int:
    """How many nobody has settled, on whatever version."""
    rows = ClauseComment.objects.filter(agreement_version__agreement=agreement, state=CommentState.OPEN)
    return rows.count()


def access_comment(agreement: Agreement, public_id: UUID) -> ClauseComment:
    """A comment on an agreement the actor holds; raises NotFound."""
    found = list_comments(agreement).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found
