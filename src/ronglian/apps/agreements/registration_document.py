"""The registration form and the tables of the statistics as documents to print and to hand in."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from django.utils import translation
from django.utils.translation import gettext as _

from ronglian.apps.agreements.contract_text import money_text
from ronglian.apps.agreements.models import Agreement
from ronglian.apps.agreements.registration_form import Particulars, form_rows
from ronglian.apps.agreements.registration_texts import codes, named
from ronglian.engines.contracts import Language, Sum, Tables
from ronglian.kernel.codes.fields import TechnologyField
from ronglian.kernel.codes.regions import region_short_name
from ronglian.kernel.documents import LOCALES, Document, Facts, Heading, Note, Table


def registration_document(
    agreement: Agreement, typed: Particulars, language: Language, number: str = ""
) -> Document:
    """技术合同登记表, filled in as far as the record goes; what is missing says so."""
    with translation.override(LOCALES[language]):
        rows = form_rows(agreement, typed, language, number)
        lines = tuple((row.label, row.value or (f"（{row.missing}）" if row.missing else "")) for row in rows)
        return Document(
            title=_("Registration form of a technology contract"),
            subtitle=_("Form JJ-001"),
            blocks=(
                Facts(lines),
                Note(_("Filled from the record of the contract. Where the registration body's own form differs, that one is right.")),
            ),
            foot=agreement.title,
            language=language,
        )  # fmt: skip


def statistics_tables(tables: Tables, language: Language) -> tuple[tuple[str, Table], ...]:
    """The tables of a region's contracts, each with its heading; the first rows are its whole."""
    heads = (_("Number of contracts"), _("Turnover"), _("Share of the turnover"), _("Technology amount"))
    natures = {
        code[:2]: entry[language].split("（")[0].split(" (")[0] for code, entry in codes("natures").items()
    }

    def table(title: str, rows: Iterable[tuple[str, Sum]]) -> tuple[str, Table]:
        return title, Table(
            (title, *heads), tuple((label, *_cells(found, tables.sold)) for label, found in rows)
        )

    def by(found: dict[str, Sum], name: dict[str, str]) -> list[tuple[str, Sum]]:
        rows = sorted(found.items(), key=lambda each: -each[1].turnover_fen)
        return [(name.get(key) or _("not stated"), total) for key, total in rows]

    objectives = {code: entry[language] for code, entry in codes("objectives").items()}
    plans = {code: entry[language] for code, entry in codes("plans").items()}
    fields = {field.value: getattr(field, language) for field in TechnologyField}
    groups = {key: named("groups", key, language) for key in tables.by_kind}
    flows = {key: region_short_name(key, language) if key else "" for key in tables.flows}
    return (
        table(_("Flow"), [
            (_("Sold in all"), tables.sold),
            (_("of which inside the region"), tables.sold_inside),
            (_("of which to other regions"), tables.sold_outside),
            (_("Bought from other regions"), tables.bought_outside),
            (_("Bought in all"), tables.bought),
        ]),
        table(_("Category of the contract"), by(tables.by_kind, groups)),
        table(_("Technology field"), by(tables.by_field, fields)),
        table(_("Socio-economic objective"), by(tables.by_objective, objectives)),
        table(_("Source in plans"), by(tables.by_plan, plans)),
        table(_("Nature of the seller"), by(tables.by_nature, natures)),
        table(_("Intellectual property"), [(_("With intellectual property"), tables.with_rights)]),
        table(_("Region of the buyer"), by(tables.flows, flows)),
    )  # fmt: skip


def statistics_document(tables: Tables, title: str, subtitle: str, language: Language) -> Document:
    """All tables of a period: the yearly report of a bureau."""
    with translation.override(LOCALES[language]):
        blocks = [
            block
            for heading, table in statistics_tables(tables, language)
            for block in (Heading(heading), table)
        ]
        return Document(title=title, subtitle=subtitle, blocks=tuple(blocks), language=language)


def _cells(found: Sum, whole: Sum) -> tuple[str, str, str, str]:
    return (
        f"{found.contracts:,}",
        money_text(found.turnover_fen),
        percent(found.share_of(whole)),
        money_text(found.technology_fen),
    )


def percent(share: Fraction | None) -> str:
    """A share with two decimals, rounded half up as the quick report does."""
    if share is None:
        return "–"
    hundredths = int(share * 20_000 + 1) // 2
    return f"{hundredths // 100}.{hundredths % 100:02d} %"
