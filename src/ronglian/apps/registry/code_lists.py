"""The code lists of records and organisations by name: the one place that knows them all.

Columns, the words of files and the API take them from here.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices

from ronglian.apps.accounts.enums import OrganisationKind, OrganisationSize
from ronglian.apps.registry.enums import (
    Disclosure,
    HardConstraint,
    IpKind,
    OutputForm,
    Stage,
    State,
    TechnicalLevel,
    TechnologyField,
    TransferMode,
)
from ronglian.kernel.provenance import SourceKind, Verification

Choices = type[TextChoices]

CODE_LISTS: Mapping[str, Choices] = {
    "disclosures": Disclosure,
    "hard-constraints": HardConstraint,
    "ip-kinds": IpKind,
    "organisation-kinds": OrganisationKind,
    "organisation-sizes": OrganisationSize,
    "output-forms": OutputForm,
    "source-kinds": SourceKind,
    "stages": Stage,
    "states": State,
    "technical-levels": TechnicalLevel,
    "technology-fields": TechnologyField,
    "transfer-modes": TransferMode,
    "verifications": Verification,
}
LIST_NAMES: Mapping[Choices, str] = {choices: name for name, choices in CODE_LISTS.items()}
