"""The language of the command line, before and without Django.

Texts are marked with the standard library's gettext and come from the same catalogue as the pages. click looks
its own few texts up in the same way, so they are listed here to be translated too.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Mapping
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"
LANGUAGES = ("zh", "en")
DJANGO_CODES = {"zh": "zh-hans", "en": "en"}


def gettext_noop(text: str) -> str:
    """Mark a text for the catalogue that is looked up later."""
    return text


CLICK_TEXTS = (
    gettext_noop("Usage:"),
    gettext_noop("Options"),
    gettext_noop("Commands"),
    gettext_noop("Arguments"),
    gettext_noop("Error: {message}"),
    gettext_noop("Show this message and exit."),
    gettext_noop("Show the version and exit."),
    gettext_noop("Try '{command} {option}' for help."),
    gettext_noop("No such command {name!r}."),
    gettext_noop("No such option {name!r}."),
    gettext_noop("Missing argument"),
    gettext_noop("Missing option"),
    gettext_noop("Invalid value: {message}"),
    gettext_noop("Invalid value for {param_hint}: {message}"),
    gettext_noop("default: {default}"),
    gettext_noop("Aborted!"),
)


def language_of(environment: Mapping[str, str]) -> str:
    """English where the machine speaks English, else Chinese (LC_ALL over LC_MESSAGES over LANG)."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "en" if environment[name].lower().startswith("en") else "zh"
    return "zh"


def use_language(code: str) -> None:
    """Let gettext answer in this language from now on."""
    os.environ["LANGUAGE"] = "zh_Hans" if code == "zh" else "en"
    gettext.bindtextdomain("django", str(LOCALE))
    gettext.textdomain("django")


def current_language() -> str:
    return "en" if os.environ.get("LANGUAGE", "").startswith("en") else "zh"
