"""Models of disclosure."""

from ronglian.apps.disclosure.models.details import ConfidentialDetails

__all__ = ["ConfidentialDetails"]
