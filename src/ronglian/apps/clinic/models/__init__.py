"""The clinic's models."""

from ronglian.apps.clinic.models.assignment import AssignmentProposal, AssignmentRun
from ronglian.apps.clinic.models.attention import Attention
from ronglian.apps.clinic.models.consultation import Consultation
from ronglian.apps.clinic.models.pool import Pool, PoolShare
from ronglian.apps.clinic.models.technology_manager import ManagerCertificate, TechnologyManager
from ronglian.apps.clinic.models.triage import AuthenticityCheck, Triage

__all__ = [
    "AssignmentProposal",
    "AssignmentRun",
    "Attention",
    "AuthenticityCheck",
    "Consultation",
    "ManagerCertificate",
    "Pool",
    "PoolShare",
    "TechnologyManager",
    "Triage",
]
