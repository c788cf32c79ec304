"""Questions to the drafting assistant with what it suggested, made through the operations; no service is asked."""

from __future__ import annotations

from django.test import override_settings

from ronglian.apps.clinic.models import Consultation, DraftingRun
from ronglian.apps.clinic.operations.drafting import ask_for_draft, keep_suggestions
from ronglian.engines.diagnosis.drafting import Suggestion
from tests.factories import SYSTEM

configured = override_settings(
    DRAFTING_URL="http://127.0.0.1:9/v1", DRAFTING_MODEL="model-1", DRAFTING_KEY=""
)


def make_run(consultation: Consultation) -> DraftingRun:
    with configured:
        run = ask_for_draft(
            actor=SYSTEM, consultation=consultation, words="返工率8%，希望≤3%", is_public=True
        )
    return keep_suggestions(actor=SYSTEM, run=run, suggestions=[Suggestion("goal", "返工率≤3%", "希望≤3%")])
