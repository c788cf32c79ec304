"""Diagnosis of needs: what an enterprise's own words tell, what is missing, what to ask next (需求诊断引擎)."""

from ronglian.engines.diagnosis.acceptance import Criterion, draft_criteria, is_complete
from ronglian.engines.diagnosis.cues import names_a_thing
from ronglian.engines.diagnosis.questions import Question, count_changed, mean_changed, order_questions
from ronglian.engines.diagnosis.reading import read_sheet
from ronglian.engines.diagnosis.scores import Part, Score, score_clarity, score_completeness
from ronglian.engines.diagnosis.sheet import Amount, NeedSheet, Passage, Slot
from ronglian.engines.diagnosis.triage import Reason, Route, Triage, TriageFacts, propose_route

__all__ = [
    "Amount",
    "Criterion",
    "NeedSheet",
    "Part",
    "Passage",
    "Question",
    "Reason",
    "Route",
    "Score",
    "Slot",
    "Triage",
    "TriageFacts",
    "count_changed",
    "draft_criteria",
    "is_complete",
    "mean_changed",
    "names_a_thing",
    "order_questions",
    "propose_route",
    "read_sheet",
    "score_clarity",
    "score_completeness",
]
