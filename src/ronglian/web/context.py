"""What every template may use: who is there, which language, where one can go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ronglian.kernel.actor import ANONYMOUS


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the navigation."""

    label: str | Promise
    url: str
    is_here: bool


# Each list page and its words in the one navigation there is.
NAVIGATION = (
    ("results", _("Find results")),
    ("needs", _("See needs")),
    ("challenges", _("Challenges")),
    ("experts", _("Experts")),
    ("scenes", _("Scenes")),
)


def short_language() -> Literal["zh", "en"]:
    """The language of the page as the engines name it: "zh" or "en"."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def page(request: HttpRequest) -> dict[str, Any]:
    """The context processor named in the settings."""
    language = short_language()
    return {
        "actor": getattr(request, "actor", ANONYMOUS),
        "language": language,
        "html_language": "en" if language == "en" else "zh-Hans",
        "other_language": ("zh-hans", "中文") if language == "en" else ("en", "EN"),
        "navigation": [
            Entry(label, url, request.path.startswith(url))
            for label, url in ((label, reverse(name)) for name, label in NAVIGATION)
        ],
        "csp_nonce": getattr(request, "csp_nonce", ""),
    }
