"""Which drafting assistant is set up here; none unless the environment names one."""

from __future__ import annotations

import logging

from django.conf import settings

from ronglian.kernel.chat import ChatEndpoint

logger = logging.getLogger(__name__)


def drafting_assistant() -> ChatEndpoint | None:
    """The assistant of the settings; None where there is none, or what is said of it cannot be used."""
    if not settings.DRAFTING_URL:
        return None
    try:
        return ChatEndpoint(
            settings.DRAFTING_URL,
            settings.DRAFTING_MODEL,
            settings.DRAFTING_KEY,
            allowed=settings.OUTGOING_HOSTS,
        )
    except ValueError as error:
        logger.warning("%s; see RONGLIAN_DRAFTING_URL and RONGLIAN_DRAFTING_MODEL", error)
        return None
