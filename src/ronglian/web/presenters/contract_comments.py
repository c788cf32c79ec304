"""Comments on a contract beside the clauses they are about, as its two parties see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ronglian.apps.agreements.contract_text import sections_of
from ronglian.apps.agreements.enums import AgreementState, CommentState
from ronglian.apps.agreements.models import Agreement, AgreementVersion, ClauseComment, CommentReply
from ronglian.apps.agreements.queries.agreements import access_version
from ronglian.apps.agreements.queries.comments import list_comments
from ronglian.apps.agreements.rules import sides_of
from ronglian.engines.contracts import Section
from ronglian.kernel.actor import Actor
from ronglian.web.context import short_language
from ronglian.web.presenters.contracts import Change, changes_of


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment with its answers, and what the reader may do about it."""

    comment: ClauseComment
    number: int
    replies: tuple[CommentReply, ...]
    is_open: bool
    may_reply: bool
    may_settle: bool


@dataclass(frozen=True, slots=True)
class CommentedSection:
    """A section of a version with what was said about it."""

    section: Section
    threads: tuple[Thread, ...]


@dataclass(frozen=True, slots=True)
class CommentedChange:
    """A changed section with what was said about it, under this version or the one before."""

    change: Change
    threads: tuple[Thread, ...]


def comments_page(actor: Actor, agreement: Agreement, version: AgreementVersion) -> dict[str, Any]:
    """Beside the contract: what was said about this version, and what is open of earlier ones."""
    threads = _threads(actor, agreement)
    shown = [one for one in threads if one.is_open or one.number == version.number]
    sections = sections_of(version, short_language())
    is_negotiated = agreement.state == AgreementState.NEGOTIATING
    before = access_version(agreement, version.number - 1) if is_negotiated and version.number > 1 else None
    return {
        **_placed(sections, shown),
        "changes": changes_beside(before, version, threads) if before else None,
        "comments_open": sum(one.is_open for one in threads),
        "may_comment": is_negotiated and bool(sides_of(actor, agreement)),
    }


def comments_of_version(
    actor: Actor,
    agreement: Agreement,
    before: AgreementVersion | None,
    version: AgreementVersion,
    sections: Sequence[Section],
) -> dict[str, Any]:
    """Beside one version: what was said about it; beside its changes also what had been said about the one before."""
    threads = _threads(actor, agreement)
    own = [one for one in threads if one.number == version.number]
    return {**_placed(sections, own), "changes": changes_beside(before, version, threads) if before else None}


def changes_beside(
    before: AgreementVersion, version: AgreementVersion, threads: Iterable[Thread]
) -> list[CommentedChange]:
    """The redline, with the comments that may have led to it."""
    by_clause = _by_clause(one for one in threads if one.number in (before.number, version.number))
    return [CommentedChange(one, tuple(by_clause.get(one.clause, ()))) for one in changes_of(before, version)]


def _placed(sections: Sequence[Section], threads: Iterable[Thread]) -> dict[str, Any]:
    """At its clause; what is about the whole, or about a clause that is gone, stands apart."""
    by_clause = _by_clause(threads)
    commented = [CommentedSection(one, tuple(by_clause.pop(one.id, ()))) for one in sections]
    return {"commented": commented, "of_the_whole": [one for rest in by_clause.values() for one in rest]}


def _by_clause(threads: Iterable[Thread]) -> dict[str, list[Thread]]:
    found: defaultdict[str, list[Thread]] = defaultdict(list)
    for one in threads:
        found[one.comment.clause].append(one)
    return found


def _threads(actor: Actor, agreement: Agreement) -> list[Thread]:
    sides = sides_of(actor, agreement) if agreement.state == AgreementState.NEGOTIATING else []
    return [
        Thread(
            row,
            row.agreement_version.number,
            tuple(row.replies.all()),
            is_open=row.state == CommentState.OPEN,
            may_reply=bool(sides) and row.state == CommentState.OPEN,
            may_settle=row.side in sides,
        )
        for row in list_comments(agreement)
    ]
