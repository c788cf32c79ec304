"""The DCAT catalogue of the open data sets: one for each kind of record, as CSV, XLSX and JSON Lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ronglian.apps.registry.exports import MEDIA_TYPES

Absolute = Callable[[str], str]
DATA_SETS: dict[str, tuple[Promise, Promise]] = {
    "results": (
        _("Research results"),
        _("Published results with maturity, rights, transfer modes and metrics."),
    ),
    "needs": (
        _("Technology needs"),
        _("Published needs with metrics, budget and cooperation modes; anonymous ones without their owner."),
    ),
    "experts": (_("Experts"), _("Experts with their fields and ORCID; no contact data.")),
    "scenes": (_("Application scenes"), _("Real settings opened for trial or first use.")),
    "organisations": (_("Organisations"), _("Organisations with kind, size, region and industry.")),
}


def dcat(absolute: Absolute) -> dict[str, Any]:
    """The catalogue in the DCAT vocabulary, every text in both languages."""
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
        },
        "@type": "dcat:Catalog",
        "@id": absolute(reverse("catalogue")),
        "dct:title": _both(_("Open data of Ronglian")),
        "foaf:homepage": {"@id": absolute(reverse("home"))},
        "dct:language": ["zh-Hans", "en"],
        "dcat:dataset": [_data_set(name, absolute) for name in DATA_SETS],
    }


def _data_set(name: str, absolute: Absolute) -> dict[str, Any]:
    title, description = DATA_SETS[name]
    return {
        "@type": "dcat:Dataset",
        "@id": f"{absolute(reverse('data'))}#{name}",
        "dct:title": _both(title),
        "dct:description": _both(description),
        "dcat:landingPage": {"@id": absolute(reverse(name))},
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": kind.upper(),
                "dcat:mediaType": media_type.partition(";")[0],
                "dcat:downloadURL": {"@id": absolute(reverse("export", args=[name, kind]))},
            }
            for kind, media_type in MEDIA_TYPES.items()
        ],
    }


def _both(text: Promise) -> list[dict[str, str]]:
    texts = []
    for code, tag in (("zh-hans", "zh-Hans"), ("en", "en")):
        with translation.override(code):
            texts.append({"@language": tag, "@value": str(text)})
    return texts
