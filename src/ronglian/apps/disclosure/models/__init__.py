"""Models of disclosure."""

from ronglian.apps.disclosure.models.agreement import Annex, AnnexReader, Nda, Viewing
from ronglian.apps.disclosure.models.details import ConfidentialDetails

__all__ = ["Annex", "AnnexReader", "ConfidentialDetails", "Nda", "Viewing"]
