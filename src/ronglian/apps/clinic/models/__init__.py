"""The clinic's models."""

from ronglian.apps.clinic.models.assignment import AssignmentProposal, AssignmentRun
from ronglian.apps.clinic.models.attention import Attention
from ronglian.apps.clinic.models.case import Case
from ronglian.apps.clinic.models.consultation import Consultation
from ronglian.apps.clinic.models.contact import CaseTask, Contact, Reminder
from ronglian.apps.clinic.models.drafting import DraftingRun, DraftSuggestion
from ronglian.apps.clinic.models.hand_over import CalendarFeed, HandOver
from ronglian.apps.clinic.models.hours import ClinicSlot, SlotBooking
from ronglian.apps.clinic.models.introduction import (
    FeeTerms,
    Introduction,
    IntroductionAnswer,
    StopObjection,
)
from ronglian.apps.clinic.models.pool import Pool, PoolShare
from ronglian.apps.clinic.models.service import Service, ServiceRequest
from ronglian.apps.clinic.models.technology_manager import ManagerCertificate, TechnologyManager
from ronglian.apps.clinic.models.triage import AuthenticityCheck, Triage

__all__ = [
    "AssignmentProposal",
    "AssignmentRun",
    "Attention",
    "AuthenticityCheck",
    "CalendarFeed",
    "Case",
    "CaseTask",
    "ClinicSlot",
    "Consultation",
    "Contact",
    "DraftSuggestion",
    "DraftingRun",
    "FeeTerms",
    "HandOver",
    "Introduction",
    "IntroductionAnswer",
    "ManagerCertificate",
    "Pool",
    "PoolShare",
    "Reminder",
    "Service",
    "ServiceRequest",
    "SlotBooking",
    "StopObjection",
    "TechnologyManager",
    "Triage",
]
