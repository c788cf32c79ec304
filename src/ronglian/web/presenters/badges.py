"""State, verification, expiry and origin as words with icons; never by colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ronglian.apps.registry.enums import Disclosure, State
from ronglian.apps.registry.models import RegistryRecord
from ronglian.kernel.provenance import Provenance, SourceKind, Verification


@dataclass(frozen=True, slots=True)
class Badge:
    """One sign; `tone` is good, warn, bad, demo or empty."""

    label: str | Promise
    icon: str
    tone: str = ""


DRAFT = Badge(_("draft"), "pencil", "warn")
WITHDRAWN = Badge(_("withdrawn"), "archive", "warn")
EXPIRED = Badge(_("expired"), "clock-exclamation", "bad")
CLOSED = Badge(_("own organisation only"), "lock", "warn")
UNDER_NDA = Badge(_("details under NDA"), "lock")
DEMO = Badge(_("demo data"), "info-circle", "demo")
DOCUMENTED = Badge(_("documents seen"), "file-spreadsheet", "good")
VERIFIED = Badge(_("checked"), "shield-check", "good")
SMALL = Badge(_("small firm"), "building")


def record_badges(record: RegistryRecord, today: date, *, is_small: bool = False) -> list[Badge]:
    """What a reader should know before reading on; a plain published record carries none."""
    found = [
        (record.state == State.DRAFT, DRAFT),
        (record.state == State.WITHDRAWN, WITHDRAWN),
        (record.is_expired(today), EXPIRED),
        (record.disclosure == Disclosure.ORGANISATION, CLOSED),
        (bool(getattr(record, "under_nda", False)), UNDER_NDA),
        *_trust(record),
        (is_small, SMALL),
    ]
    return [badge for holds, badge in found if holds]


def organisation_badges(organisation: Provenance, *, is_small: bool) -> list[Badge]:
    return [badge for holds, badge in [*_trust(organisation), (is_small, SMALL)] if holds]


def _trust(record: Provenance) -> list[tuple[bool, Badge]]:
    return [
        (record.verification == Verification.DOCUMENTED, DOCUMENTED),
        (record.verification == Verification.VERIFIED, VERIFIED),
        (record.source_kind == SourceKind.DEMO, DEMO),
    ]
