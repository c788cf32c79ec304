"""A payment order as a document to print: who pays whom how much, for what, by whose decision."""

from __future__ import annotations

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ronglian.apps.challenges.models import PaymentOrder
from ronglian.engines.text import format_money
from ronglian.kernel.documents import LOCALES, Document, Facts, Heading, Language, Note, Paragraph


def payment_document(order: PaymentOrder, language: Language) -> Document:
    """The order as it stands now."""
    challenge, milestone = order.challenge, order.milestone
    with translation.override(LOCALES[language]):
        title = (challenge.title_en if language == "en" else "") or challenge.title
        purpose = (
            f"{milestone.number}. {milestone.title}"
            if milestone
            else _("What is left of the promised amount")
        )
        facts = (
            (_("Number"), str(order.number)),
            (_("Payer"), challenge.issuer.name),
            (_("Payee"), order.award.bid.bidder.name),
            (_("Amount"), format_money(order.amount_fen, language)),
            (_("For what"), purpose),
            (_("Issued"), f"{timezone.localtime(order.issued_at):%Y-%m-%d %H:%M}, {order.issued_by}"),
            (_("Receipt confirmed"), _received(order)),
        )
        return Document(
            title=_("Payment order"),
            subtitle=title,
            blocks=(
                Facts(facts),
                Heading(_("Basis")),
                Paragraph(order.basis),
                Note(_("The platform holds no money: the payer pays by its bank, and the payee confirms.")),
            ),
            foot=f"{challenge.issuer.name} · {order.public_id}",
            language=language,
        )


def _received(order: PaymentOrder) -> str:
    if order.received_at is None:
        return "–"
    return f"{timezone.localtime(order.received_at):%Y-%m-%d %H:%M}, {order.received_by}"
