"""A version of a contract as a document to print: the text as it was written then, and who has signed it."""

from __future__ import annotations

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ronglian.apps.agreements.contract_text import sections_of
from ronglian.apps.agreements.enums import AgreementKind, Side
from ronglian.apps.agreements.models import AgreementVersion, Signature
from ronglian.apps.agreements.queries.agreements import signatures_of
from ronglian.engines.contracts import Language
from ronglian.kernel.documents import LOCALES, Block, Document, Facts, Heading, Note, Paragraph


def contract_document(version: AgreementVersion, language: Language) -> Document:
    """The contract in one language. The digest at the foot of every page is the one that is signed."""
    agreement = version.agreement
    with translation.override(LOCALES[language]):
        blocks: list[Block] = []
        for number, section in enumerate(sections_of(version, language), 1):
            blocks += [Heading(f"{number}. {section.heading}"), Paragraph(section.text)]
        blocks += [Heading(_("Signatures")), Facts(_signature_lines(version)), Note(_digest_note())]
        return Document(
            title=str(AgreementKind(agreement.kind).label).capitalize(),
            subtitle=agreement.title,
            blocks=tuple(blocks),
            foot=_("Version %(number)d · SHA-256 %(digest)s")
            % {"number": version.number, "digest": version.digest},
            language=language,
        )


def _signature_lines(version: AgreementVersion) -> tuple[tuple[str, str], ...]:
    signatures = signatures_of(version)
    return tuple((str(side.label).capitalize(), _signed(signatures.get(side))) for side in Side)


def _signed(signature: Signature | None) -> str:
    if signature is None:
        return _("not signed")
    at = timezone.localtime(signature.signed_at)
    found = getattr(signature, "certificate", None)  # a signature that nobody certifies has none
    certified = f", {found.provider} {found.reference}" if found and found.reference else ""
    return f"{signature.person_label}, {at:%Y-%m-%d %H:%M}{certified}"


def _digest_note() -> str:
    return _(
        "The digest covers parties, kind, terms and both texts. What was signed under another digest is another text;"
        " the log of the platform proves when each side signed."
    )
