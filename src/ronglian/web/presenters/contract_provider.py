"""What a page says of the e-signature provider before both have signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ronglian.apps.agreements.e_signing import signing_provider
from ronglian.apps.agreements.enums import AgreementState, Side
from ronglian.apps.agreements.models import Agreement
from ronglian.apps.agreements.queries.certificates import consents_of


def provider_part(agreement: Agreement, sides: Sequence[Side]) -> dict[str, Any]:
    """Who certifies, and what each side said about sending the text; nothing where nobody certifies."""
    provider = signing_provider() if agreement.state == AgreementState.NEGOTIATING else None
    if provider is None:
        return {}
    said = consents_of(agreement)
    return {
        "provider_host": provider.host,
        "text_consents": [(side, said.get(side, False), side in sides) for side in Side],
    }
