"""The read-only switch: a file that says why nothing can be written. It works even where the database does not."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from ronglian.kernel.errors import ReadOnly

LONGEST_REASON = 500


def read_only_reason() -> str | None:
    """Why nothing can be written, or None when everything can."""
    try:
        text = Path(settings.READ_ONLY_FILE).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None
    return text.strip()[:LONGEST_REASON] or _("Maintenance")


def require_writable() -> None:
    """Raise ReadOnly while the switch is on."""
    reason = read_only_reason()
    if reason is not None:
        raise ReadOnly(read_only_text(reason))


def read_only_text(reason: str) -> str:
    return _("Nothing can be changed for the moment; reading works. Reason: %(reason)s") % {"reason": reason}


def switch_on(reason: str) -> None:
    path = Path(settings.READ_ONLY_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(reason, encoding="utf-8")


def switch_off() -> None:
    Path(settings.READ_ONLY_FILE).unlink(missing_ok=True)
