"""The small language of formulas: read, typed, evaluated with unknowns, and written out for people.

Told in docs/explanation/algorithms/rules.md. Python's own parser reads it; only the nodes listed here are let through, so that an
expression ends, calls nothing and holds no number but 0 and 1.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from ronglian.engines.rules.calendars import add_months
from ronglian.engines.rules.values import Exact, Reason, Unknown, Value, Why

Lookup = Callable[[str, bool], Value]


class ExpressionProblem(ValueError):
    """An expression that cannot be read or does not fit its types; the text says what would be right."""


FUNCTIONS = {
    "min": 2,
    "max": 2,
    "advised": 1,
    "add_days": 2,
    "add_months": 2,
    "add_years": 2,
    "days_between": 2,
}
OPERATORS: Mapping[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "−", ast.Mult: "×", ast.Div: "÷",
    ast.Lt: "<", ast.LtE: "≤", ast.Gt: ">", ast.GtE: "≥", ast.Eq: "=", ast.NotEq: "≠", ast.In: "∈", ast.NotIn: "∉",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expression:
    """What was written, and its tree."""

    text: str
    tree: ast.expr

    def __hash__(self) -> int:
        return hash(self.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and other.text == self.text


def parse(text: str) -> Expression:
    """Read an expression. Raises ExpressionProblem for whatever the language does not hold."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise ExpressionProblem(f"{text!r} cannot be read: {error.msg}") from error
    _refuse_foreign(tree, text)
    return Expression(text.strip(), tree)


def _refuse_foreign(node: ast.expr, text: str) -> None:
    match node:
        case ast.Constant(value=bool() | str()):
            return
        case ast.Constant(value=value):
            if type(value) is not int or value not in (0, 1):
                raise ExpressionProblem(
                    f"{text!r} holds {value!r}: only 0 and 1 stand in formulas; make it a parameter with its source"
                )
            return
        case ast.Name() | ast.Attribute():
            name_of(node)
            return
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            if FUNCTIONS.get(name) != len(arguments) and not (name in ("min", "max") and len(arguments) > 1):
                known = ", ".join(sorted(FUNCTIONS))
                raise ExpressionProblem(
                    f"{text!r} calls {name} with {len(arguments)} arguments; known are {known}"
                )
            if name == "advised" and "." not in (name_of(arguments[0]) or ""):
                raise ExpressionProblem(f"{text!r}: advised(…) takes the name of a parameter")
        case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div()) | ast.BoolOp() | ast.IfExp():
            pass
        case ast.UnaryOp(op=ast.Not()):
            pass
        case ast.Compare(ops=[operator]) if type(operator) in OPERATORS:
            pass
        case ast.Tuple(elts=elements) if all(isinstance(each, ast.Constant) for each in elements):
            pass
        case _:
            raise ExpressionProblem(
                f"{text!r}: {ast.unparse(node)!r} is not part of the language of formulas"
            )
    for child in children(node):
        _refuse_foreign(child, text)


def children(node: ast.expr) -> Iterator[ast.expr]:
    """The parts of a node that are expressions themselves, without the name of a function."""
    if isinstance(node, ast.Call):
        yield from node.args
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield child


def name_of(node: ast.AST) -> str:
    """`reward.floor.transfer` of the attributes that write it; empty where it is something else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = name_of(node.value)
        if not before:
            raise ExpressionProblem(f"{ast.unparse(node)!r} is no name")
        return f"{before}.{node.attr}"
    return ""


def names_in(expression: Expression) -> tuple[str, ...]:
    """Every input, step and parameter it speaks of, in order, once."""

    def walk(node: ast.expr) -> Iterator[str]:
        if name := name_of(node):
            yield name
        else:
            for child in children(node):
                yield from walk(child)

    return tuple(dict.fromkeys(walk(expression.tree)))


def advised_in(expression: Expression) -> tuple[str, ...]:
    """The parameters of which it takes the advised value."""
    return tuple(
        name_of(node.args[0])
        for node in ast.walk(expression.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "advised"
    )


def evaluate(expression: Expression, lookup: Lookup) -> Value:
    """The value, where `lookup(name, advised)` gives those of names. Unknowns travel as Kleene's logic says."""
    return _value(expression.tree, lookup)


def take_branches(
    expression: Expression, lookup: Lookup
) -> tuple[Expression, tuple[tuple[Expression, bool], ...]]:
    """What is left when every choice whose condition is known is made, and those conditions as they came out."""
    conditions: list[tuple[Expression, bool]] = []

    def taken(node: ast.expr) -> ast.expr:
        if isinstance(node, ast.IfExp):
            test = _value(node.test, lookup)
            if isinstance(test, bool):
                conditions.append((Expression(ast.unparse(node.test), node.test), test))
                return taken(node.body if test else node.orelse)
        if isinstance(node, ast.BinOp):
            return ast.BinOp(taken(node.left), node.op, taken(node.right))
        return node

    tree = taken(expression.tree)
    return Expression(ast.unparse(tree), tree), tuple(conditions)


def _value(node: ast.expr, lookup: Lookup) -> Value:
    match node:
        case ast.Constant(value=bool() | str() as constant):
            return constant
        case ast.Constant(value=int() as constant):
            return Fraction(constant)
        case ast.Name() | ast.Attribute():
            return lookup(name_of(node), False)
        case ast.Tuple(elts=elements):
            return tuple(str(each.value) for each in elements if isinstance(each, ast.Constant))
        case ast.UnaryOp(operand=operand):
            inner = _value(operand, lookup)
            return inner if isinstance(inner, Unknown) else not inner
        case ast.BoolOp(op=operator, values=parts):
            return _junction([_value(part, lookup) for part in parts], ends=isinstance(operator, ast.Or))
        case ast.IfExp():
            return _choice(node, lookup)
        case ast.Call(func=ast.Name(id="advised"), args=[parameter]):
            return lookup(name_of(parameter), True)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _called(name, [_value(each, lookup) for each in arguments])
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return _combined(operator, _value(left, lookup), _value(right, lookup))
        case ast.BinOp(left=left, op=operator, right=right):
            return _combined(operator, _value(left, lookup), _value(right, lookup))
    raise ExpressionProblem(ast.unparse(node))  # parse lets nothing else through


def _junction(values: list[Value], *, ends: bool) -> Value:
    """`or` ends with True, `and` with False; an unknown counts only where none of them ends it."""
    if any(value is ends for value in values):
        return ends
    if any(isinstance(value, Unknown) for value in values):
        return Unknown.joined(values)
    return not ends


def _choice(node: ast.IfExp, lookup: Lookup) -> Value:
    test = _value(node.test, lookup)
    if not isinstance(test, Unknown):
        return _value(node.body if test else node.orelse, lookup)
    one, other = _value(node.body, lookup), _value(node.orelse, lookup)
    if one == other and not isinstance(one, Unknown):
        return one
    return test


def _called(name: str, values: list[Value]) -> Value:
    if any(isinstance(value, Unknown) for value in values):
        return Unknown.joined(values)
    if name in ("min", "max"):
        numbers = [value for value in values if isinstance(value, Fraction)]
        return min(numbers) if name == "min" else max(numbers)
    first, second = values
    assert isinstance(first, date)
    if name == "days_between":
        assert isinstance(second, date)
        return Fraction((second - first).days)
    assert isinstance(second, Fraction)
    if name == "add_days":
        return first + timedelta(days=int(second))
    return add_months(first, int(second) * (12 if name == "add_years" else 1))


def _combined(operator: ast.AST, left: Value, right: Value) -> Value:
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return Unknown.joined([left, right])
    if isinstance(operator, ast.Eq):
        return left == right
    if isinstance(operator, ast.NotEq):
        return left != right
    if isinstance(operator, ast.In | ast.NotIn):
        assert isinstance(right, tuple)
        return (left in right) is isinstance(operator, ast.In)
    if isinstance(left, date) and isinstance(right, date):
        return _ordered(operator, left.toordinal(), right.toordinal())
    assert isinstance(left, Fraction)
    assert isinstance(right, Fraction)
    match operator:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div():
            return Unknown((Reason(Why.DIVISION, ""),)) if not right else left / right
    return _ordered(operator, left, right)


def _ordered(operator: ast.AST, left: Fraction | int, right: Fraction | int) -> Exact:
    match operator:
        case ast.Lt():
            return left < right
        case ast.LtE():
            return left <= right
        case ast.Gt():
            return left > right
    return left >= right
