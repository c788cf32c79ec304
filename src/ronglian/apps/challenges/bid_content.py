"""What a bid says, as it goes into the envelope: one canonical JSON text, attachments inside."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from ronglian.apps.challenges.models import Challenge
from ronglian.engines.proof import canonical_json
from ronglian.kernel.errors import InvalidInput, Text
from ronglian.kernel.validation import clean_text

LARGEST_CONTENT = 20 * 1024 * 1024
LONGEST_PROPOSAL = 20_000
LONGEST_ANSWER = 2_000
MOST_ATTACHMENTS = 10
MOST_PARTNERS = 20
WHOLE = 100
# What a file is, by its content: names lie.
SIGNATURES: Mapping[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "docx": (b"PK\x03\x04",),
    "xlsx": (b"PK\x03\x04",),
    "pptx": (b"PK\x03\x04",),
    "zip": (b"PK\x03\x04",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a bid."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Partner:
    """One member of a consortium (创新联合体): who, for what, and with which share of the reward in whole per cents.

    `organisation` is the id of one that has confirmed this on the platform; empty where only the bidder says so.
    """

    name: str
    role: str
    share: int
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class BidContent:
    """揭榜申请内容. `price_fen` is None where the challenge has a fixed reward and nothing is asked."""

    proposal: str
    answers: tuple[str, ...] = ()
    price_fen: int | None = None
    days: int | None = None
    partners: tuple[Partner, ...] = ()
    attachments: tuple[Attachment, ...] = ()


def pack_bid(challenge: Challenge, content: BidContent) -> bytes:
    """The content as it is sealed. Raises InvalidInput; its message repeats nothing of the content."""
    _check(challenge, content)
    packed = canonical_json(
        {
            "proposal": clean_text(content.proposal),
            "answers": [clean_text(each) for each in content.answers],
            "price_fen": content.price_fen,
            "days": content.days,
            "partners": [
                {
                    "name": clean_text(each.name, one_line=True),
                    "role": clean_text(each.role, one_line=True),
                    "share": each.share,
                    "organisation": each.organisation,
                }
                for each in content.partners
            ],
            "attachments": [
                {
                    "name": clean_text(each.name, one_line=True)[:200],
                    "data": base64.b64encode(each.data).decode("ascii"),
                }
                for each in content.attachments
            ],
        }
    )
    if len(packed) > LARGEST_CONTENT:
        raise InvalidInput.of({"attachments": [_("A bid with its files has at most 15 MB.")]})
    return packed


def unpack_bid(packed: bytes) -> dict[str, Any]:
    """The content again, as plain JSON."""
    content: dict[str, Any] = json.loads(packed)
    return content


def _check(challenge: Challenge, content: BidContent) -> None:
    problems: dict[str, Sequence[Text]] = {}
    if not content.proposal.strip():
        problems["proposal"] = [_("Say how you will solve it.")]
    elif len(content.proposal) > LONGEST_PROPOSAL:
        problems["proposal"] = [_("A proposal has at most 20,000 characters; put more into a file.")]
    if len(content.answers) != len(challenge.eligibility):
        problems["answers"] = [_("Each question to bidders has one answer.")]
    else:
        for number, (question, answer) in enumerate(zip(challenge.eligibility, content.answers, strict=True)):
            if question["required"] and not answer.strip():
                problems[f"answer_{number}"] = [_("This question has to be answered.")]
            elif len(answer) > LONGEST_ANSWER:
                problems[f"answer_{number}"] = [_("An answer has at most 2,000 characters.")]
    if content.price_fen is not None and content.price_fen < 0:
        problems["price_fen"] = [_("A price is not negative.")]
    if content.days is not None and not 1 <= content.days <= 3650:
        problems["days"] = [_("State a number of days, 1 to 3650.")]
    if text := _wrong_partners(content.partners):
        problems["partners"] = [text]
    if text := _wrong_attachments(content.attachments):
        problems["attachments"] = [text]
    if problems:
        raise InvalidInput.of(problems)


def _wrong_partners(partners: Sequence[Partner]) -> Text | None:
    if not partners:
        return None
    if len(partners) > MOST_PARTNERS:
        return _("A consortium has at most 20 members.")
    if any(not each.name.strip() or not each.role.strip() for each in partners):
        return _("Name each member of the consortium and what it does.")
    if (
        any(not 0 <= each.share <= WHOLE for each in partners)
        or sum(each.share for each in partners) != WHOLE
    ):
        return _("The shares of the consortium, the bidder's own included, add up to 100 per cent.")
    return None


def _wrong_attachments(attachments: Sequence[Attachment]) -> Text | None:
    if len(attachments) > MOST_ATTACHMENTS:
        return _("A bid has at most 10 files.")
    for number, each in enumerate(attachments, 1):
        ending = each.name.rpartition(".")[2].lower()
        if ending not in SIGNATURES:
            return _("File %(number)d: only PDF, DOCX, XLSX, PPTX, ZIP, PNG and JPG files are taken.") % {
                "number": number
            }
        if not each.data.startswith(SIGNATURES[ending]):
            return _("File %(number)d: its content is not what its name says.") % {"number": number}
    return None
