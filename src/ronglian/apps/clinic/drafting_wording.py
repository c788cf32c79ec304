"""Why the drafting assistant gave nothing, in words that say what to do."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

FAILURES: Mapping[str, Promise] = {
    "unreachable": _("The service could not be reached, or took too long. Try again later."),
    "busy": _("The service has too much to do. Try again in a few minutes."),
    "rejected": _("The service refuses the question. The platform's operator should look at its key and model."),
    "refused_host": _("The service's address may not be called from here. The platform's operator should look at it."),
    "not_protocol": _("The service does not speak the protocol that is expected. The platform's operator should look at it."),
    "refused": _("The model declines these words. Say it differently, or answer the questions yourself."),
    "cut": _("The answer had no end. Send fewer words."),
    "not_json": _("The answer could not be read. Try again, or answer the questions yourself."),
    "wrong_shape": _("The answer could not be read. Try again, or answer the questions yourself."),
    "nothing": _("The assistant finds nothing to sort in these words. Tell more, then ask again."),
    "switched_off": _("The assistant was switched off or changed meanwhile. Ask again if one is shown."),
    "abandoned": _("The question was not finished. Ask again."),
}  # fmt: skip


def failure_text(code: str) -> str:
    return str(FAILURES[code]) if code in FAILURES else _now("The assistant gave no answer.")
