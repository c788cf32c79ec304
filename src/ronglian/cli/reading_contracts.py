"""`ronglian contract`: the contracts of a person's organisations, read as that person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from fractions import Fraction
from gettext import gettext as _
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from django.utils import timezone

from ronglian.apps.agreements.contract_document import contract_document
from ronglian.apps.agreements.contract_text import sections_of
from ronglian.apps.agreements.models import Agreement, AgreementVersion
from ronglian.apps.agreements.queries.agreements import (
    access_agreement,
    access_version,
    latest_version,
    list_agreements,
    signatures_of,
)
from ronglian.apps.agreements.queries.comments import list_comments
from ronglian.apps.agreements.queries.money import after_use_terms, book_of, overdue_of
from ronglian.apps.agreements.queries.upcoming import list_upcoming
from ronglian.apps.agreements.terms import read_terms
from ronglian.cli.failures import Failure, not_found
from ronglian.cli.language import current_language, gettext_noop
from ronglian.cli.output import as_json, console, print_json, print_rows
from ronglian.cli.records import reader_named
from ronglian.engines.money import MOST_YEARS, Account, Assumption, TermsError, what_if
from ronglian.kernel.actor import Actor
from ronglian.kernel.documents import Language, as_pdf, as_word
from ronglian.kernel.errors import NotFound
from ronglian.kernel.log.carried import checkpoint_note

WRITERS = {"pdf": as_pdf, "docx": as_word}
LANGUAGES = click.Choice(["zh", "en"])
MOST_DAYS = 3660
DAY = click.DateTime(formats=["%Y-%m-%d"])
ACCOUNTS = (Account.CLAIMED, Account.DUE, Account.SETTLED, Account.HELD, Account.RETAINED)


@click.command(
    "contract",
    help=gettext_noop(
        "Contracts of the organisations of the --person, read as that person. `list` shows them; `show` CONTRACT its terms, text, "
        "signatures and money; `document` writes a version as a file; `comments` what was said about it; `upcoming` what comes in "
        "so many --days; `what-if` what would fall due under an assumption."
    ),
)
@click.argument(
    "action",
    type=click.Choice(["list", "show", "document", "comments", "upcoming", "what-if"]),
    default="list",
)
@click.argument("contract", required=False, type=click.UUID)
@click.option("--person", required=True, help=gettext_noop("E-mail of the person who reads."))
@click.option(
    "--number", type=click.IntRange(1), help=gettext_noop("The version; else the signed or the latest one.")
)
@click.option(
    "--language", type=LANGUAGES, help=gettext_noop("Of text and file; else that of the command line.")
)
@click.option(
    "--format", "ending", type=click.Choice(list(WRITERS)), default="pdf", help=gettext_noop("Of the file.")
)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help=gettext_noop("Where the file goes.")
)
@click.option(
    "--days", type=click.IntRange(0, MOST_DAYS), default=30, help=gettext_noop("How far `upcoming` looks.")
)
@click.option(
    "--started", type=DAY, help=gettext_noop("Of `what-if`: the day of the first income or output.")
)
@click.option(
    "--base", type=click.IntRange(0), help=gettext_noop("Of `what-if`: the base of the first year, in fen.")
)
@click.option(
    "--growth",
    type=click.IntRange(-100, 1000),
    default=0,
    help=gettext_noop("Of `what-if`: per cent a year."),
)
@click.option(
    "--years", type=click.IntRange(1, MOST_YEARS), default=5, help=gettext_noop("Of `what-if`: how many.")
)
@as_json
def command(action: str, contract: UUID | None, person: str, as_json: bool, **said: Any) -> None:
    """The command."""
    actor = reader_named(person)
    if action in OF_ALL:
        OF_ALL[action](actor, said, as_json)
        return
    if contract is None:
        raise click.UsageError(_("Say which CONTRACT; `ronglian contract list` shows them."))
    try:
        agreement = access_agreement(actor, contract)
        version = access_version(agreement, said["number"]) if said["number"] else None
    except NotFound as error:
        raise not_found(str(contract)) from error
    OF_ONE[action](agreement, version or agreement.signed or latest_version(agreement), said, as_json)


def _list(actor: Actor, _said: Mapping[str, Any], as_json: bool) -> None:
    rows = [_row(one) for one in list_agreements(actor)]
    if as_json:
        print_json(rows)
        return
    heads = (_("id"), _("project"), _("kind"), _("state"), _("party A"), _("party B"))
    shown = [
        [row[name] for name in ("id", "title", "kind_name", "state_name", "client", "provider")]
        for row in rows
    ]
    print_rows(heads, shown, _("This person's organisations have no contracts."))


def _upcoming(actor: Actor, said: Mapping[str, Any], as_json: bool) -> None:
    today = timezone.localdate()
    found = [
        {
            "day": one.day,
            "contract": str(one.agreement.public_id),
            "title": one.agreement.title,
            "what": one.what.value,
            "amount_fen": one.amount_fen,
            "period_end": one.period_end,
        }
        for one in list_upcoming(actor, today, today + timedelta(days=said["days"]))
    ]
    if as_json:
        print_json(found)
        return
    heads = (_("day"), _("project"), _("what comes"), _("fen"))
    names = {
        "payment": _("payment"),
        "report": _("royalty report"),
        "trial_end": _("end of the trial"),
        "start_by": _("last day for payment to start"),
    }
    rows = [[one["day"], one["title"], names[str(one["what"])], one["amount_fen"] or ""] for one in found]
    print_rows(heads, rows, _("Nothing comes in these days."))


def _show(agreement: Agreement, version: AgreementVersion, said: Mapping[str, Any], as_json: bool) -> None:
    sections = sections_of(version, _language(said))
    if as_json:
        text = [{"id": one.id, "heading": one.heading, "text": one.text} for one in sections]
        print_json({**_row(agreement), **_of_version(version), "text": text, "money": _money(agreement)})
        return
    out = console()
    out.print(f"{agreement.title} · {agreement.get_kind_display()} · {agreement.get_state_display()}")
    out.print(_("Version {number}, SHA-256 {digest}").format(number=version.number, digest=version.digest))
    for place, one in enumerate(sections, 1):
        out.print(f"\n{place}. {one.heading}\n{one.text}")
    out.print("")
    for side, who in _signed(version).items():
        out.print(_("Signed for {side}: {who}").format(side=side, who=who))
    if (amounts := _money(agreement)) is not None:
        print_rows(list(amounts), [list(amounts.values())], "")


def _document(
    agreement: Agreement, version: AgreementVersion, said: Mapping[str, Any], as_json: bool
) -> None:
    language, ending = _language(said), said["ending"]
    path: Path = said["output"] or Path(
        f"contract-{agreement.public_id}-{version.number}-{language}.{ending}"
    )
    path.write_bytes(WRITERS[ending](contract_document(version, language), checkpoint_note()))
    if as_json:
        print_json({"file": str(path), "number": version.number, "digest": version.digest})
        return
    console().print(_("Written: {path}").format(path=path))


def _comments(
    agreement: Agreement, _version: AgreementVersion, _said: Mapping[str, Any], as_json: bool
) -> None:
    found = [
        {
            "id": str(row.public_id),
            "number": row.agreement_version.number,
            "clause": row.clause,
            "side": row.side,
            "state": row.state,
            "written_by": row.written_by,
            "text": str(row.text),
            "replies": [{"side": one.side, "text": str(one.text)} for one in row.replies.all()],
        }
        for row in list_comments(agreement)
    ]
    if as_json:
        print_json(found)
        return
    heads = (_("version"), _("clause"), _("side"), _("state"), _("comment"))
    rows = [[one[name] for name in ("number", "clause", "side", "state", "text")] for one in found]
    print_rows(heads, rows, _("Nobody has commented on this contract."))


def _what_if(agreement: Agreement, version: AgreementVersion, said: Mapping[str, Any], as_json: bool) -> None:
    if said["started"] is None or said["base"] is None:
        raise click.UsageError(_("`what-if` takes --started and --base."))
    try:
        plan = after_use_terms(read_terms(version.terms), agreement.signed_on or timezone.localdate())
    except TermsError as error:
        raise Failure(_("The terms of payment after use contradict each other.")) from error
    if plan is None:
        raise click.UsageError(_("Payment after use was not agreed in this contract."))
    growth = Fraction(said["growth"], 100)
    years = what_if(plan, Assumption(said["started"].date(), said["base"], growth, said["years"]))
    found = [
        {
            "year": one.number,
            "from": one.first,
            "to": one.last,
            "base": one.base,
            "due": one.due,
            "total": one.total,
        }
        | {"buy_out": one.buy_out}
        for one in years
    ]
    if as_json:
        print_json(found)
        return
    heads = (_("year"), _("from"), _("to"), _("base"), _("falls due"), _("in all"), _("buy-out"))
    rows = [["" if cell is None else cell for cell in one.values()] for one in found]
    print_rows(heads, rows, _("Payment would not start in time, and the licence would end."))


OF_ALL: Mapping[str, Callable[[Actor, Mapping[str, Any], bool], None]] = {
    "list": _list,
    "upcoming": _upcoming,
}
OF_ONE: Mapping[str, Callable[[Agreement, AgreementVersion, Mapping[str, Any], bool], None]] = {
    "show": _show,
    "document": _document,
    "comments": _comments,
    "what-if": _what_if,
}


def _language(said: Mapping[str, Any]) -> Language:
    return "en" if (said["language"] or current_language()) == "en" else "zh"


def _row(agreement: Agreement) -> dict[str, Any]:
    return {
        "id": str(agreement.public_id),
        "title": agreement.title,
        "kind": agreement.kind,
        "kind_name": agreement.get_kind_display(),
        "state": agreement.state,
        "state_name": agreement.get_state_display(),
        "client": agreement.client.name,
        "provider": agreement.provider.name,
        "signed_on": agreement.signed_on,
    }


def _of_version(version: AgreementVersion) -> dict[str, Any]:
    return {
        "number": version.number,
        "digest": version.digest,
        "terms": version.terms,
        "signatures": _signed(version),
    }


def _signed(version: AgreementVersion) -> dict[str, str]:
    return {side: row.person_label for side, row in signatures_of(version).items()}


def _money(agreement: Agreement) -> dict[str, int] | None:
    """Amounts in fen; None before both have signed."""
    if agreement.signed_id is None:
        return None
    book = book_of(agreement)
    found = {f"{account.value}_fen": abs(book.balance(account)) for account in ACCOUNTS}
    return {**found, "overdue_fen": overdue_of(agreement, timezone.localdate())}
