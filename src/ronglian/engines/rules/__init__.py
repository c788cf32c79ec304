"""Rules as code (规则引擎): dated law apart from formulas apart from cases. Told in docs/explanation/algorithms/rules.md.

    from ronglian.rulebook import load_rulebook
    from ronglian.engines.rules import evaluate_rule, resolve, find_checklist

    book = load_rulebook()
    answer = evaluate_rule(
        book, "reward.floor", on=date(2026, 11, 25), place="cn-33",       # or a GB/T 2260 code: "330106"
        inputs={"way": "licence", "state_set": True, "turnover": 1_000_00, "deal_taxes": 30_00, "cost": 30_00},  # fen as int, shares as Fraction
    )
    answer.is_determined    # False: answer.reasons says why (missing input, open question, ended, law is silent)
    answer.fen              # a determined amount, int fen;   answer.is_met: True, False or None
    answer.step("net")      # any step: an exact value or an Unknown
    answer.versions         # every version of parameter and formula it stands on; .reference names it
    answer.open             # open questions that would not change it;   answer.book, answer.engine: versions
    answer_document(book, answer)                                         # JSON, to be stored with what was decided
    trace(book, answer, gettext, language="zh")                           # lines that a lawyer can read
    evaluate_rule(…, provisional=True)                                    # what it would be if open questions were confirmed
    resolve(book, "reward.notice_days", on=…, place=…).value             # one parameter alone

Nothing here reads a file, a clock or the environment. Errors: UnknownName (rule, parameter, place), InputProblem
(an input that cannot be read), BookProblem (the rulebook itself). What the law leaves open is never an error.
"""

from ronglian.engines.rules.book import (
    Case,
    Checklist,
    ChecklistItem,
    ChecklistVersion,
    Confidence,
    Direction,
    Effect,
    InputSpec,
    Jurisdiction,
    Level,
    Mark,
    Parameter,
    ParameterVersion,
    Rounding,
    Rule,
    Rulebook,
    RuleVersion,
    Source,
    Step,
    Text,
    UnknownName,
    Validity,
    Version,
)
from ronglian.engines.rules.casework import Outcome, run_case, run_cases, show_plain
from ronglian.engines.rules.checking import Fault, check_book
from ronglian.engines.rules.documents import (
    answer_document,
    parameter_version_document,
    resolved_document,
    value_document,
    version_document,
)
from ronglian.engines.rules.entries import BookProblem
from ronglian.engines.rules.evaluating import ENGINE, Answer, InputProblem, Line, evaluate_rule, inputs_of
from ronglian.engines.rules.reading import read_book
from ronglian.engines.rules.resolving import Found, Resolved, find_checklist, find_formula, resolve
from ronglian.engines.rules.values import Exact, Reason, Unit, Unknown, Value, ValueProblem, Why, read_value
from ronglian.engines.rules.wording import (
    TraceLine,
    trace,
    word_answer,
    word_article,
    word_list,
    word_problem,
    word_reason,
    word_validity,
    word_value,
    word_version,
)

__all__ = [
    "ENGINE",
    "Answer",
    "BookProblem",
    "Case",
    "Checklist",
    "ChecklistItem",
    "ChecklistVersion",
    "Confidence",
    "Direction",
    "Effect",
    "Exact",
    "Fault",
    "Found",
    "InputProblem",
    "InputSpec",
    "Jurisdiction",
    "Level",
    "Line",
    "Mark",
    "Outcome",
    "Parameter",
    "ParameterVersion",
    "Reason",
    "Resolved",
    "Rounding",
    "Rule",
    "RuleVersion",
    "Rulebook",
    "Source",
    "Step",
    "Text",
    "TraceLine",
    "Unit",
    "Unknown",
    "UnknownName",
    "Validity",
    "Value",
    "ValueProblem",
    "Version",
    "Why",
    "answer_document",
    "check_book",
    "evaluate_rule",
    "find_checklist",
    "find_formula",
    "inputs_of",
    "parameter_version_document",
    "read_book",
    "read_value",
    "resolve",
    "resolved_document",
    "run_case",
    "run_cases",
    "show_plain",
    "trace",
    "value_document",
    "version_document",
    "word_answer",
    "word_article",
    "word_list",
    "word_problem",
    "word_reason",
    "word_validity",
    "word_value",
    "word_version",
]
