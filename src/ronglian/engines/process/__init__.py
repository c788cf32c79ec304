"""Processes that are data: read and checked, played, drawn, simulated (流程引擎).

How it works, with worked tables: docs/explanation/algorithms/processes.md.
"""

from ronglian.engines.process.calendar import Calendar, MissingYear, Pause, compute_due, read_calendar
from ronglian.engines.process.definition import CLOCK, Definition, Duration, Outcome, State, Timer, Transition
from ronglian.engines.process.faults import Fault, Faulty
from ronglian.engines.process.library import Library, check_map
from ronglian.engines.process.playing import (
    Advanced,
    Circumstances,
    Part,
    Reason,
    Refused,
    Situation,
    Step,
    Token,
    advance,
    due_of,
    first_fired,
    look_at,
    outcome_of,
    start_situation,
    timers_of,
    what_next,
)
from ronglian.engines.process.reading import line_of, read_definition
from ronglian.engines.process.subsidy import Grant, NoSubsidy, Paid, compute_subsidy

__all__ = [
    "CLOCK",
    "Advanced",
    "Calendar",
    "Circumstances",
    "Definition",
    "Duration",
    "Fault",
    "Faulty",
    "Grant",
    "Library",
    "MissingYear",
    "NoSubsidy",
    "Outcome",
    "Paid",
    "Part",
    "Pause",
    "Reason",
    "Refused",
    "Situation",
    "State",
    "Step",
    "Timer",
    "Token",
    "Transition",
    "advance",
    "check_map",
    "compute_due",
    "compute_subsidy",
    "due_of",
    "first_fired",
    "line_of",
    "look_at",
    "outcome_of",
    "read_calendar",
    "read_definition",
    "start_situation",
    "timers_of",
    "what_next",
]
