"""How a contract stands with the conditions of recognition, in words; orientation, for the registration body decides."""

from __future__ import annotations

from dataclasses import dataclass

from ronglian.apps.agreements.models import Agreement
from ronglian.apps.agreements.queries.money import signed_terms
from ronglian.apps.agreements.registration_form import Particulars
from ronglian.apps.agreements.registration_texts import conditions, excluded, wording
from ronglian.engines.contracts import Kind, Language, Verdict, check_recognition
from ronglian.engines.rules import find_checklist
from ronglian.rulebook import load_rulebook

CHECKLIST = "contract.recognition"


@dataclass(frozen=True, slots=True)
class RecognitionLine:
    """A condition, whether it is met, and the article."""

    id: str
    verdict: Verdict
    text: str
    article: str


def recognition_of(
    agreement: Agreement, typed: Particulars, language: Language
) -> tuple[RecognitionLine, ...]:
    """Every condition of the kind, then what words of the subject point at."""
    kind, terms = Kind(agreement.kind), signed_terms(agreement)
    lines = []
    for checked in check_recognition(kind, terms, conditions(), excluded(), typed.said):
        entry = wording(checked.id)
        text, detail = entry[language], checked.detail
        if detail:
            text += f"（{detail}）" if language == "zh" else f" ({detail})"
        lines.append(RecognitionLine(checked.id, checked.verdict, text, entry["article"]))
    return tuple(lines)


def basis_of(agreement: Agreement, language: Language) -> str:
    """What the conditions rest on at the day of signing: a note of the rulebook where the law is an open question."""
    assert agreement.signed_on is not None
    found = find_checklist(load_rulebook(), CHECKLIST, on=agreement.signed_on, place="cn")
    versions = (found.version,) if found.version else found.open
    return " ".join(one.note.in_language(language) for one in versions if one is not None and one.note)
