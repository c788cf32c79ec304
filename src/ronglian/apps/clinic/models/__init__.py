"""The clinic's models."""

from ronglian.apps.clinic.models.consultation import Consultation

__all__ = ["Consultation"]
