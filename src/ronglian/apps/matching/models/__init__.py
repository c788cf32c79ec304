"""Models of matching."""

from ronglian.apps.matching.models.decision import Decision
from ronglian.apps.matching.models.exposure import ExposureMeasurement
from ronglian.apps.matching.models.suggestion import Suggestion
from ronglian.apps.matching.models.training import TrainingRun

__all__ = ["Decision", "ExposureMeasurement", "Suggestion", "TrainingRun"]
