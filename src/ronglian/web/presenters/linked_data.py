"""Public pages for machines: schema.org descriptions. Only what every visitor may see goes in."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.models import Expert, Need, RegistryRecord, Result, Scene
from ronglian.apps.registry.opening import public_layer
from ronglian.apps.registry.rules import is_visible, may_see_owner
from ronglian.kernel.actor import ANONYMOUS
from ronglian.web.presenters.kinds import record_url
from ronglian.web.presenters.texts import place

Absolute = Callable[[str], str]
Description = dict[str, Any]
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def script_text(description: Description) -> SafeString:
    """JSON that may stand inside a script element whatever the texts contain."""
    return mark_safe(json.dumps(description, ensure_ascii=False).translate(ESCAPES))  # noqa: S308 - < > & are escaped


def describe_record(record: RegistryRecord, absolute: Absolute) -> Description | None:
    """The schema.org description of a record that every visitor may see; None for any other."""
    if not is_visible(ANONYMOUS, record):
        return None
    record = public_layer(record)
    described: Description = {
        "@context": "https://schema.org",
        "@id": absolute(record_url(record)),
        "url": absolute(record_url(record)),
        "identifier": str(record.public_id),
        "name": _both(record.headline, record.headline_en),
        "keywords": [*record.keywords, *record.keywords_en],
        "dateModified": record.updated_at.date().isoformat(),
        **_own(record),
    }
    if may_see_owner(ANONYMOUS, record):
        described[_owner_property(record)] = _organisation(record.owner, absolute)
    return _stated(described)


def describe_organisation(organisation: Organisation, absolute: Absolute) -> Description:
    return _stated(
        {
            "@context": "https://schema.org",
            **_organisation(organisation, absolute),
            "description": _both(organisation.summary, organisation.summary_en),
            "address": place(organisation.region, short=False),
        }
    )


def _own(record: RegistryRecord) -> Description:
    match record:
        case Result():
            return {
                "@type": "CreativeWork",
                "abstract": _both(record.summary, record.summary_en),
                "offers": _price("Offer", record.price_low_fen, record.price_high_fen),
            }
        case Need():
            return {
                "@type": "Demand",
                "description": _both(
                    record.summary or record.details, record.summary_en or record.details_en
                ),
                "validThrough": record.expires_on.isoformat() if record.expires_on else None,
                "areaServed": place(record.region),
                "priceSpecification": _price(
                    "PriceSpecification", record.budget_low_fen, record.budget_high_fen
                ),
            }
        case Expert():
            return {
                "@type": "Person",
                "jobTitle": _both(record.post, record.post_en),
                "description": _both(record.summary, record.summary_en),
                "sameAs": f"https://orcid.org/{record.orcid}" if record.orcid else None,
            }
        case Scene():
            return {
                "@type": "Offer",
                "description": _both(record.summary, record.summary_en),
                "validFrom": record.opens_on.isoformat() if record.opens_on else None,
                "validThrough": record.closes_on.isoformat() if record.closes_on else None,
            }
    raise AssertionError(f"no description for {record.noun}")


def _owner_property(record: RegistryRecord) -> str:
    return {Result: "creator", Expert: "affiliation"}.get(type(record), "offeredBy")


def _organisation(organisation: Organisation, absolute: Absolute) -> Description:
    url = absolute(reverse("organisation", args=[organisation.public_id]))
    return {
        "@type": "Organization",
        "@id": url,
        "url": url,
        "name": _both(organisation.name, organisation.name_en),
        "taxID": organisation.uscc,
    }


def _both(chinese: str, english: str) -> list[Description]:
    texts = (("zh-Hans", chinese), ("en", english))
    return [{"@language": language, "@value": text} for language, text in texts if text]


def _price(kind: str, low_fen: int | None, high_fen: int | None) -> Description | None:
    if low_fen is None and high_fen is None:
        return None
    specification = {
        "@type": "PriceSpecification",
        "priceCurrency": "CNY",
        "minPrice": _yuan(low_fen),
        "maxPrice": _yuan(high_fen),
    }
    return (
        specification
        if kind == "PriceSpecification"
        else {"@type": kind, "priceSpecification": specification}
    )


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else f"{Decimal(fen) / 100:.2f}"


def _stated(description: Description) -> Description:
    """Leave out what nobody stated."""
    return {
        name: _stated(value) if isinstance(value, dict) else value
        for name, value in description.items()
        if value not in (None, "", [], {})
    }
