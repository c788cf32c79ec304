"""A settlement as a document to print and to keep: what both sides accepted, and when."""

from __future__ import annotations

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.contract_text import money_text
from ronglian.apps.agreements.dispute_enums import DisputeSubject
from ronglian.apps.agreements.enums import Side
from ronglian.apps.agreements.models import Settlement, SettlementConsent
from ronglian.apps.agreements.queries.disputes import consents_of
from ronglian.apps.agreements.settlement import amounts_of
from ronglian.engines.contracts import Language
from ronglian.kernel.documents import LOCALES, Block, Document, Facts, Heading, Note, Paragraph, Table


def settlement_document(settlement: Settlement, language: Language) -> Document:
    """The settlement of a dispute. Its text is in the language in which the mediator wrote it; the rest is in this one."""
    dispute = settlement.dispute
    agreement = dispute.agreement
    with translation.override(LOCALES[language]):
        parties = tuple(
            (str(side.label).capitalize(), _name(agreement.organisation_of(side), language)) for side in Side
        )
        blocks: list[Block] = [
            Facts(
                (
                    *parties,
                    (_("Contract"), agreement.title),
                    (_("Digest of the contract"), agreement.signed.digest if agreement.signed else ""),
                    (_("Subject of the dispute"), str(DisputeSubject(dispute.subject).label)),
                    (_("Mediator"), str(dispute.mediator or "")),
                )
            ),
            Heading(_("What is claimed")),
            Paragraph(str(dispute.claim)),
            Heading(_("Text of the settlement")),
            Paragraph(str(settlement.text)),
        ]
        rows = _amount_rows(settlement)
        if rows:
            head = (_("Who pays"), _("Amount"), _("What for"), _("Until"))
            blocks += [Heading(_("Amounts")), Table(head, rows)]
        blocks += [Heading(_("Acceptance")), Facts(_consent_lines(settlement)), Note(_digest_note())]
        return Document(
            title=_("Settlement of a dispute"),
            subtitle=agreement.title,
            blocks=tuple(blocks),
            foot=_("Dispute %(dispute)d, proposal %(number)d · SHA-256 %(digest)s")
            % {"dispute": dispute.number, "number": settlement.number, "digest": settlement.digest},
            language=language,
        )


def _name(organisation: Organisation, language: Language) -> str:
    name = organisation.name_en if language == "en" and organisation.name_en else organisation.name
    return f"{name} ({organisation.uscc})" if organisation.uscc else name


def _amount_rows(settlement: Settlement) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            str(Side(one.payer).label),
            money_text(one.amount_fen),
            one.title,
            one.day.isoformat() if one.day else "–",
        )
        for one in amounts_of(settlement)
    )


def _consent_lines(settlement: Settlement) -> tuple[tuple[str, str], ...]:
    consents = consents_of(settlement)
    return tuple((str(side.label).capitalize(), _accepted(consents.get(side))) for side in Side)


def _accepted(consent: SettlementConsent | None) -> str:
    if consent is None:
        return _("not accepted")
    at = timezone.localtime(consent.created_at)
    return f"{consent.person_label}, {at:%Y-%m-%d %H:%M}"


def _digest_note() -> str:
    return _(
        "The digest covers the signed contract, the dispute, and text and amounts of the settlement; the log of the platform"
        " proves when each side accepted. It is an agreement between the two parties."
    )
