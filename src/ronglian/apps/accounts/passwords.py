"""What a password may not be built on: the words that somebody guessing here would try first."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# The names of this software and what people here call themselves; docs/reference/asvs.md (6.1.2) refers to the list.
WORDS = (
    "ronglian", "rong lian", "融链", "operator", "bureau", "admin", "administrator", "technology", "manager",
    "password", "passwort", "mima", "密码", "科技局", "技术经理人", "成果", "需求",
)  # fmt: skip
LEAST_LEFT = 6


class NoWordsOfThePlace:
    """Refuses a password of which little is left without such words, digits and signs."""

    def validate(self, password: str, user: Any = None) -> None:
        rest = password.lower()
        for word in WORDS:
            rest = rest.replace(word, "")
        if rest != password.lower() and len(re.sub(r"[\W\d_]", "", rest)) < LEAST_LEFT:
            raise ValidationError(
                _("This password is built on a word that everybody here would guess. Use words of your own."),
                code="password_of_the_place",
            )

    def get_help_text(self) -> str:
        return _("It is not built on the name of this platform or of an office.")
