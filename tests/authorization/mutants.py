"""Small faults put into the policy on purpose: each swaps one thing in one function, as a slip of the pen would."""

from __future__ import annotations

import ast
import builtins
import inspect
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

# The whole of these modules; of operations the rules that stand beside them, of queries what is asked in the table.
MODULES = (
    "ronglian.kernel.actor",
    "ronglian.kernel.permission",
    "ronglian.apps.accounts.rules",
    "ronglian.apps.accounts.queries.actors",
    "ronglian.apps.accounts.queries.conflicts",
    "ronglian.apps.accounts.queries.organisations",
    "ronglian.apps.accounts.queries.people",
    "ronglian.apps.accounts.operations.conflicts",
    "ronglian.apps.accounts.operations.erasure",
    "ronglian.apps.disclosure.rules",
    "ronglian.apps.disclosure.queries.agreements",
    "ronglian.apps.disclosure.operations.annexes",
    "ronglian.apps.registry.rules",
    "ronglian.apps.registry.operations.drafts",
    "ronglian.apps.registry.operations.duplicates",
    "ronglian.apps.registry.operations.imports",
    "ronglian.apps.registry.queries.drafts",
    "ronglian.apps.registry.queries.imports",
    "ronglian.apps.matching.rules",
    "ronglian.apps.matching.queries.decisions",
    "ronglian.apps.registry.operations.searches",
    "ronglian.apps.agreements.rights_rules",
    "ronglian.apps.challenges.rules",
    "ronglian.apps.challenges.showing_rules",
    "ronglian.apps.challenges.team_rules",
    "ronglian.apps.challenges.queries.showings",
    "ronglian.apps.clinic.rules",
    "ronglian.apps.clinic.attention_rules",
    "ronglian.apps.clinic.case_rules",
    "ronglian.apps.clinic.drafting_rules",
    "ronglian.apps.clinic.hours_rules",
    "ronglian.apps.clinic.manager_rules",
    "ronglian.apps.clinic.pool_rules",
    "ronglian.apps.clinic.service_rules",
    "ronglian.apps.clinic.triage_rules",
    "ronglian.apps.clinic.operations.assignments",
    "ronglian.apps.clinic.operations.technology_managers",
    "ronglian.apps.clinic.models.assignment",
    "ronglian.apps.clinic.queries.assignments",
    "ronglian.apps.clinic.queries.cases",
    "ronglian.apps.clinic.queries.consultations",
    "ronglian.apps.clinic.queries.hours",
    "ronglian.apps.clinic.queries.pools",
    "ronglian.apps.clinic.queries.services",
    "ronglian.apps.clinic.queries.technology_managers",
    "ronglian.apps.clinic.queries.triage",
    "ronglian.apps.agreements.dispute_rules",
)
# Read by nobody through the table: they ask what is there of a thing that was let through, or are asked by other tests.
LEFT_OUT = frozenset(
    {"list_organisations", "digest_of_secret", "waiting_files", "list_rows", "list_bad_cells", "describe_failure", "noticed_q", "imported_records", "_bad_cells",
     "waiting_suggestions", "latest_about", "matchable_for", "acceptance_of", "find_person", "refused", "_who_owns",
     "access_self", "person", "job_actor", "command_actor", "__str__", "__contains__",
     # What is there, due or alike, for those who were let through: tests/apps/clinic asks.
     "colleagues_of", "event_of", "open_hand_over", "due_days", "open_case_of_need", "overdue_since", "open_slots", "own_slots",
     "search_managers", "search_services", "serves", "list_certificates", "latest_triage", "checks_of", "read_need", "unproposed_needs",
     "managers_with_load", "case_to_assign", "manager_to_assign", "declined_pairs", "poolable_needs", "new_groups",
     "investors_for", "own_open_case", "count_alike", "propose", "_alike", "_groups_before", "_is_among", "propose_for_need", "propose_for_consultation", "latest_run"}
)  # fmt: skip
# Of queries whose name another module uses for what is no policy.
LEFT_OUT_WHOLE = frozenset({"apps.clinic.queries.assignments.waiting_needs"})
REPORT = "_report_of_reach"
COMPARED = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
# One name for another of the same kind: a wider role, another layer, the other organisation of a pair.
SWAPPED = {
    "OWNER": "EDITOR", "PUBLISHED": "DRAFT", "PUBLIC": "ORGANISATION", "GRANTED": "REQUESTED", "PERSON": "TOKEN",
    "is_operator": "is_technology_manager", "is_bureau": "is_technology_manager", "is_member": "may_write_for",
    "may_write_for": "is_member", "may_write": "is_signed_in", "may_read_confidential": "is_signed_in",
    "need": "result", "owner_id": "organisation_id", "public_id": "pk",
}  # fmt: skip
SWAPPED_KEYWORDS = {
    "starts_on__lte": "starts_on__gte", "ends_on__gte": "ends_on__lte", "expires_at__gt": "expires_at__lt",
    "owner_id__in": "owner_id__isnull", "organisation_id__in": "organisation_id__isnull",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """A function with one fault. `code` is put in the place of the function's own; `of` names the function."""

    name: str
    of: str
    function: FunctionType
    code: CodeType


def mutants() -> list[Mutant]:
    """All of them, in the order of the source."""
    found: list[Mutant] = []
    told: Counter[str] = Counter()
    for name, function, node, module in _all_functions():
        for said, changed in _variants(node):
            label = f"{name}: {said}"
            told[label] += 1
            label += f" ({told[label]})" if told[label] > 1 else ""
            found.append(Mutant(label, name, function, _compiled(changed, module)))
    return found


def unchanged() -> Mutant:
    """A rule as it is: nobody may notice anything."""
    rule: FunctionType = import_module("ronglian.apps.registry.rules").is_visible
    return Mutant("no fault", "apps.registry.rules.is_visible", rule, rule.__code__)


@contextmanager
def reporting() -> Iterator[set[str]]:
    """Meanwhile each function puts its name into the set when it is called."""
    ran: set[str] = set()
    honest = [(function, function.__code__) for _name, function, _node, _module in _all_functions()]
    setattr(builtins, REPORT, ran.add)
    for name, function, node, module in _all_functions():
        speaking = deepcopy(node)
        speaking.body[:0] = ast.parse(f"{REPORT}({name!r})").body
        function.__code__ = _compiled(speaking, module)
    try:
        yield ran
    finally:
        for function, code in honest:
            function.__code__ = code
        delattr(builtins, REPORT)


@contextmanager
def living(mutant: Mutant) -> Iterator[None]:
    """The program with the fault in it."""
    honest = mutant.function.__code__
    mutant.function.__code__ = mutant.code
    try:
        yield
    finally:
        mutant.function.__code__ = honest


@cache
def _all_functions() -> list[tuple[str, FunctionType, ast.FunctionDef, Any]]:
    """Name, function, source and module of each that gets faults."""
    found = []
    for name in MODULES:
        module, short = import_module(name), name.removeprefix("ronglian.")
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        for node, holder in _functions(tree, module):
            is_rule = ".operations." not in name or node.name.startswith("may_")
            if is_rule and node.name not in LEFT_OUT and f"{short}.{node.name}" not in LEFT_OUT_WHOLE:
                found.append((f"{short}.{node.name}", _plain(holder, node.name), node, module))
    return found


def _functions(tree: ast.Module, module: Any) -> Iterator[tuple[ast.FunctionDef, Any]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node, module
        if isinstance(node, ast.ClassDef) and hasattr(module, node.name):
            holder = getattr(module, node.name)
            yield from ((each, holder) for each in node.body if isinstance(each, ast.FunctionDef))


def _plain(holder: Any, name: str) -> FunctionType:
    found = inspect.getattr_static(holder, name)
    function = found.fget if isinstance(found, property) else found
    assert isinstance(function, FunctionType), name
    return function


def _compiled(node: ast.FunctionDef, module: Any) -> CodeType:
    alone = deepcopy(node)
    alone.decorator_list = []
    source = ast.Module([ast.parse("from __future__ import annotations").body[0], alone], [])
    space: dict[str, Any] = dict(vars(module))
    exec(compile(ast.fix_missing_locations(source), str(module.__file__), "exec"), space)  # noqa: S102 - our own source, changed
    code = space[node.name].__code__
    assert isinstance(code, CodeType)
    return code


def _variants(function: ast.FunctionDef) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every single change of the function, with what it says now."""
    for number, node in enumerate(_inside(function)):
        for said, change in _changes(node):
            copied = deepcopy(function)
            change(_inside(copied)[number])
            yield said, copied


def _inside(function: ast.FunctionDef) -> list[ast.AST]:
    """What is in the body; annotations do nothing."""
    whole = [node for statement in function.body for node in ast.walk(statement)]
    notes = [node.annotation for node in whole if isinstance(node, ast.AnnAssign)]
    nothing = {id(part) for note in notes for part in ast.walk(note)}
    return [node for node in whole if id(node) not in nothing]


def _changes(node: ast.AST) -> Iterator[tuple[str, Any]]:
    match node:
        case ast.BoolOp(op=op, values=values):
            other = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield f"{type(op).__name__} → {type(other).__name__}", lambda n: setattr(n, "op", other)
            for at in range(len(values)):
                yield f"without `{ast.unparse(values[at])}`", lambda n, at=at: _drop(n, at)
        case ast.If(test=test):
            yield f"not `{ast.unparse(test)}`", lambda n: setattr(n, "test", ast.UnaryOp(ast.Not(), n.test))
            yield f"never `{ast.unparse(test)}`", lambda n: setattr(n, "test", ast.Constant(False))
            yield f"always `{ast.unparse(test)}`", lambda n: setattr(n, "test", ast.Constant(True))
        case ast.UnaryOp(op=ast.Not()):
            yield (
                f"without not: `{ast.unparse(node)}`",
                lambda n: setattr(n, "operand", ast.UnaryOp(ast.Not(), n.operand)),
            )
        case ast.Compare(ops=[op]) if type(op) in COMPARED:
            yield (
                f"other than `{ast.unparse(node)}`",
                lambda n: setattr(n, "ops", [COMPARED[type(n.ops[0])]()]),
            )
        case ast.BinOp(op=ast.BitOr() | ast.BitAnd() as op):
            other_bit = ast.BitAnd() if isinstance(op, ast.BitOr) else ast.BitOr()
            yield f"{type(op).__name__} → {type(other_bit).__name__}", lambda n: setattr(n, "op", other_bit)
            yield f"without `{ast.unparse(node.left)}`", lambda n: setattr(n, "left", n.right)
            yield f"without `{ast.unparse(node.right)}`", lambda n: setattr(n, "right", n.left)
        case ast.Call(keywords=[_, *_] as keywords) if _is_filter(node):
            for at, keyword in enumerate(keywords):
                yield f"without {keyword.arg}", lambda n, at=at: n.keywords.pop(at)
                if keyword.arg in SWAPPED_KEYWORDS:
                    new = SWAPPED_KEYWORDS[keyword.arg]
                    if "isnull" not in new:
                        yield (
                            f"{keyword.arg} → {new}",
                            lambda n, at=at, new=new: setattr(n.keywords[at], "arg", new),
                        )
        case ast.Attribute(attr=name) if name in SWAPPED:
            yield f"{name} → {SWAPPED[name]}", lambda n: setattr(n, "attr", SWAPPED[n.attr])
        case ast.Return(value=ast.Name(id="ALLOWED")):
            yield "refuses", lambda n: setattr(n, "value", ast.parse("Verdict(allowed=False)").body[0].value)  # type: ignore[attr-defined]
        case ast.Return(value=ast.Call(func=ast.Name(id="refused"))):
            yield "allows", lambda n: setattr(n, "value", ast.Name("ALLOWED", ast.Load()))
        case ast.Return(value=ast.Constant(value=bool())):
            yield "the other answer", lambda n: setattr(n, "value", ast.Constant(not n.value.value))


def _drop(node: ast.BoolOp, at: int) -> None:
    """Leave a part out; what stays of two stands there twice, for a list of one is no expression."""
    rest = node.values[:at] + node.values[at + 1 :]
    node.values = rest if len(rest) > 1 else rest * 2


def _is_filter(node: ast.Call) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in ("Q", "filter", "exclude")
