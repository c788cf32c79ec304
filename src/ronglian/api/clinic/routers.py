"""The routers of the clinic, each under its path."""

from __future__ import annotations

from collections.abc import Iterator

from ninja import Router

from ronglian.api.clinic import (
    assignments,
    case_parts,
    cases,
    consultations,
    hours,
    neglect,
    pools,
    services,
    triage,
)


def clinic_routers() -> Iterator[tuple[str, Router]]:
    """Path and router, in the order of the description."""
    yield "/consultations", consultations.router
    yield "/consultations", triage.consultations
    yield "/needs", triage.needs
    yield "/triages", triage.triages
    yield "/checks", triage.checks
    yield "/clinic-hours", hours.slots
    yield "/bookings", hours.bookings
    yield "/cases", cases.router
    yield "/cases", case_parts.cases
    yield "/case-tasks", case_parts.tasks
    yield "/hand-overs", case_parts.hand_overs
    yield "/case-objections", case_parts.objections
    yield "/assignments", assignments.router
    yield "/common-needs", pools.router
    yield "/services", services.services
    yield "/service-requests", services.requests
    yield "/neglected", neglect.router
    yield "/needs", neglect.needs
