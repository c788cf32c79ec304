"""The written agreement on rights (赋权协议): its terms, its text in both languages, its digest, and the file to keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any

import yaml
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ronglian.apps.agreements.contract_text import rate_text
from ronglian.apps.agreements.models import DeedSignature, GrantMember, RightsDeed, RightsGrant
from ronglian.apps.agreements.models.rights import WHOLE
from ronglian.apps.agreements.queries.rights import signatures_under
from ronglian.apps.agreements.rights_enums import GrantedRight, GrantForm
from ronglian.engines.contracts import Clause, Language, Section, assemble_where, check_clause
from ronglian.engines.proof import canonical_json, hash_named
from ronglian.kernel.documents import LOCALES, Block, Document, Facts, Heading, Note, Paragraph
from ronglian.kernel.errors import InvalidInput
from ronglian.kernel.validation import clean_text

NEEDED_TEXTS = ("decision", "costs", "upkeep")
MORE_TEXTS = ("background", "improvements", "ending", "disputes")
LONGEST_TEXT = 3_000
MOST_MONTHS = 120
NAMES = frozenset(
    {"institution", "members", "title", "right", "result_id", "share", "owned", "use_years", "income_share",
     "convert_within_months", *NEEDED_TEXTS, *MORE_TEXTS}
)  # fmt: skip
CONDITIONS = frozenset({"ownership", "use", *MORE_TEXTS})


@cache
def deed_clauses() -> tuple[str, tuple[Clause, ...]]:
    """The version of the clauses and the clauses in their order. Raises ClauseError where one is wrong."""
    text = (
        resources.files("ronglian.apps.agreements").joinpath("texts", "deed.yaml").read_text(encoding="utf-8")
    )
    content = yaml.safe_load(text)
    found = tuple(
        Clause(entry["id"], entry["heading"], entry["text"], when=tuple(entry.get("when", ())))
        for entry in content["clauses"]
    )
    for clause in found:
        check_clause(clause, NAMES, CONDITIONS)
    return content["version"], found


def read_deed_terms(typed: Mapping[str, Any]) -> dict[str, Any]:
    """The terms as a deed keeps them. Raises InvalidInput naming what is missing."""
    problems: dict[str, list[Any]] = {}
    share, months = typed.get("income_share"), typed.get("convert_within_months")
    if not isinstance(share, int) or not 1 <= share <= WHOLE:
        problems["income_share"] = [_lazy("Say which part of the net income is the team's, up to 100 %.")]
    if not isinstance(months, int) or not 1 <= months <= MOST_MONTHS:
        problems["convert_within_months"] = [_lazy("Say in how many months it is to be converted.")]
    texts = {name: clean_text(str(typed.get(name) or "")) for name in (*NEEDED_TEXTS, *MORE_TEXTS)}
    for name, text in texts.items():
        if name in NEEDED_TEXTS and not text:
            problems[name] = [_lazy("The agreement has to say this.")]
        elif len(text) > LONGEST_TEXT:
            problems[name] = [_lazy("This is too long.")]
    if problems:
        raise InvalidInput.of(problems)
    return {"income_share": share, "convert_within_months": months, **texts}


def both_deed_texts(
    grant: RightsGrant, members: Sequence[GrantMember], terms: Mapping[str, Any]
) -> dict[str, list[list[str]]]:
    """Both texts as a deed keeps them: id, heading and text of each section."""
    texts = {}
    for language, locale in LOCALES.items():
        with translation.override(locale):
            sections = assemble_where(
                deed_clauses()[1], _holding(grant, terms), _values(grant, members, terms, language), language
            )
        texts[str(language)] = [[one.id, one.heading, one.text] for one in sections]
    return texts


def deed_sections(deed: RightsDeed, language: Language) -> tuple[Section, ...]:
    """The text of a deed as it was written then."""
    return tuple(Section(*parts) for parts in deed.text[language])


def digest_of_deed(deed: RightsDeed, members: Sequence[GrantMember]) -> str:
    """SHA-256 over the sides, what is granted, the terms and both texts: what is signed."""
    grant = deed.grant
    content = {
        "grant": str(grant.public_id),
        "number": deed.number,
        "institution": str(grant.owner.public_id),
        "result": str(grant.result.public_id),
        "members": [[str(one.person.public_id), one.name, one.share] for one in members],
        "form": grant.form,
        "share": grant.share,
        "use_years": grant.use_years,
        "clauses": deed.clauses_version,
        "terms": deed.terms,
        "text": deed.text,
    }
    return hash_named("sha256")(canonical_json(content)).hex()


def deed_document(deed: RightsDeed, members: Sequence[GrantMember], language: Language) -> Document:
    """The agreement in one language, with who has signed it; the digest stands at the foot of every page."""
    with translation.override(LOCALES[language]):
        blocks: list[Block] = []
        for number, section in enumerate(deed_sections(deed, language), 1):
            blocks += [Heading(f"{number}. {section.heading}"), Paragraph(section.text)]
        signed = signatures_under(deed)
        lines = [(deed.grant.owner.name, _signed(signed.get(None)))]
        lines += [(one.name, _signed(signed.get(one.pk))) for one in members]
        blocks += [Heading(_("Signatures")), Facts(tuple(lines))]
        blocks.append(Note(_("What was signed under another digest is another text; the log of the platform proves when each signed.")))  # fmt: skip
        return Document(
            title=_("Agreement on rights in a service result"),
            subtitle=deed.grant.title,
            blocks=tuple(blocks),
            foot=_("Version %(number)d · SHA-256 %(digest)s")
            % {"number": deed.number, "digest": deed.digest},
            language=language,
        )


def owned_by(grant: RightsGrant, member: GrantMember) -> Fraction:
    """Of the whole ownership, exactly."""
    return Fraction(grant.share or 0, WHOLE) * Fraction(member.share, WHOLE)


def exact_percent(part: Fraction) -> str:
    """A part of a whole in per cent, exactly: parts of parts of ten thousandths end within six places."""
    millionths = part * 100 * 1_000_000
    assert millionths.denominator == 1
    whole, rest = divmod(int(millionths), 1_000_000)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".") + " %"


def _holding(grant: RightsGrant, terms: Mapping[str, Any]) -> frozenset[str]:
    return frozenset({str(grant.form), *(name for name in MORE_TEXTS if terms[name])})


def _values(
    grant: RightsGrant, members: Sequence[GrantMember], terms: Mapping[str, Any], language: Language
) -> dict[str, str]:
    owner = grant.owner
    name = owner.name_en if language == "en" and owner.name_en else owner.name
    owned = ""
    if grant.form == GrantForm.OWNERSHIP:
        owned = _lines(f"{one.name} {exact_percent(owned_by(grant, one))}" for one in members)
    return {
        "institution": f"{name} ({owner.uscc})" if owner.uscc else name,
        "members": _lines(f"{one.name} {rate_text(one.share)}" for one in members),
        "title": grant.title,
        "right": str(GrantedRight(grant.right).label),
        "result_id": str(grant.result.public_id),
        "share": rate_text(grant.share or 0),
        "owned": owned,
        "use_years": str(grant.use_years or ""),
        "income_share": rate_text(terms["income_share"]),
        "convert_within_months": str(terms["convert_within_months"]),
        **{name: terms[name] for name in (*NEEDED_TEXTS, *MORE_TEXTS)},
    }


def _lines(entries: Any) -> str:
    return "\n".join(f"{place}. {line}" for place, line in enumerate(entries, 1))


def _signed(signature: DeedSignature | None) -> str:
    if signature is None:
        return _("not signed")
    at = timezone.localtime(signature.signed_at)
    return f"{signature.person_label}, {at:%Y-%m-%d %H:%M}"
