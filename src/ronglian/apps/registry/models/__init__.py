"""Models of the registry."""

from ronglian.apps.registry.models.draft import Draft
from ronglian.apps.registry.models.duplicates import (
    DuplicateCandidate,
    DuplicateReason,
    DuplicateState,
    Fingerprint,
    RecordIdentifier,
)
from ronglian.apps.registry.models.expert import Expert
from ronglian.apps.registry.models.imports import (
    ImportBatch,
    ImportKind,
    ImportRow,
    ImportState,
    RowOutcome,
)
from ronglian.apps.registry.models.need import Need
from ronglian.apps.registry.models.record import MeasuredRecord, RegistryRecord
from ronglian.apps.registry.models.result import Result
from ronglian.apps.registry.models.saved_search import SavedSearch, SearchHit
from ronglian.apps.registry.models.scene import Scene

RECORD_MODELS: tuple[type[RegistryRecord], ...] = (Result, Need, Expert, Scene)

__all__ = [
    "RECORD_MODELS",
    "Draft",
    "DuplicateCandidate",
    "DuplicateReason",
    "DuplicateState",
    "Expert",
    "Fingerprint",
    "ImportBatch",
    "ImportKind",
    "ImportRow",
    "ImportState",
    "MeasuredRecord",
    "Need",
    "RecordIdentifier",
    "RegistryRecord",
    "Result",
    "RowOutcome",
    "SavedSearch",
    "Scene",
    "SearchHit",
]
