"""The type of an expression, found before it is ever evaluated: no amount is added to a share, no date compared with text."""

from __future__ import annotations

import ast
from collections.abc import Callable

from ronglian.engines.rules.expressions import Expression, ExpressionProblem, name_of
from ronglian.engines.rules.values import NUMERIC, Unit

Units = Callable[[str], Unit]

# The numbers 0 and 1 take the unit of what stands beside them.
_LITERAL = None
_Type = Unit | None
_SPANS = {"add_days": Unit.DAYS, "add_months": Unit.MONTHS, "add_years": Unit.YEARS}


def unit_of(expression: Expression, units: Units) -> Unit:
    """The unit of what the expression gives, where `units(name)` gives those of names. Raises ExpressionProblem."""
    found = _typed(expression.tree, units)
    return Unit.NUMBER if found is _LITERAL else found


def _typed(node: ast.expr, units: Units) -> _Type:
    match node:
        case ast.Constant(value=bool()):
            return Unit.FLAG
        case ast.Constant(value=str()):
            return Unit.TEXT
        case ast.Constant():
            return _LITERAL
        case ast.Name() | ast.Attribute():
            return units(name_of(node))
        case ast.Tuple():
            return Unit.LIST
        case ast.UnaryOp(operand=operand):
            return _flags(node, [operand], units)
        case ast.BoolOp(values=values):
            return _flags(node, values, units)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            _flags(node, [test], units)
            return _same(node, _typed(body, units), _typed(orelse, units))
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return _compared(node, operator, _typed(left, units), _typed(right, units))
        case ast.BinOp(left=left, op=operator, right=right):
            return _reckoned(node, operator, _typed(left, units), _typed(right, units))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _called(node, name, [_typed(argument, units) for argument in arguments])
    raise ExpressionProblem(f"{ast.unparse(node)!r} has no type")


def _refused(node: ast.expr, *types: _Type) -> ExpressionProblem:
    said = " and ".join("a plain number" if each is _LITERAL else str(each) for each in types)
    return ExpressionProblem(f"{ast.unparse(node)!r}: {said} do not go together")


def _flags(node: ast.expr, parts: list[ast.expr], units: Units) -> Unit:
    for part in parts:
        found = _typed(part, units)
        if found is not Unit.FLAG:
            raise ExpressionProblem(
                f"{ast.unparse(part)!r} in {ast.unparse(node)!r} is {found}, not a yes or no"
            )
    return Unit.FLAG


def _same(node: ast.expr, left: _Type, right: _Type) -> _Type:
    if left is _LITERAL or right is _LITERAL:
        other = right if left is _LITERAL else left
        if other is not _LITERAL and other not in NUMERIC and other is not Unit.MONEY:
            raise _refused(node, left, right)
        return other
    if left is right:
        return left
    if left in NUMERIC and right in NUMERIC:
        return Unit.NUMBER
    raise _refused(node, left, right)


def _compared(node: ast.expr, operator: ast.cmpop, left: _Type, right: _Type) -> Unit:
    if isinstance(operator, ast.In | ast.NotIn):
        if (left, right) != (Unit.TEXT, Unit.LIST):
            raise _refused(node, left, right)
        return Unit.FLAG
    common = _same(node, left, right)
    orderable = common is _LITERAL or common in NUMERIC or common in (Unit.MONEY, Unit.DATE)
    if not orderable and not isinstance(operator, ast.Eq | ast.NotEq):
        raise _refused(node, left, right)
    return Unit.FLAG


def _reckoned(node: ast.expr, operator: ast.operator, left: _Type, right: _Type) -> _Type:
    for each in (left, right):
        if each is not _LITERAL and each is not Unit.MONEY and each not in NUMERIC:
            raise _refused(node, left, right)
    if isinstance(operator, ast.Add | ast.Sub):
        return _same(node, left, right)
    if isinstance(operator, ast.Div):
        if left is Unit.MONEY and right is Unit.MONEY:
            return Unit.SHARE
        if right is Unit.MONEY:
            raise _refused(node, left, right)
        return left if left is Unit.MONEY or right is _LITERAL else Unit.NUMBER
    if left is Unit.MONEY and right is Unit.MONEY:
        raise _refused(node, left, right)
    if Unit.MONEY in (left, right):
        return Unit.MONEY
    return left if left is right or right is _LITERAL else right if left is _LITERAL else Unit.NUMBER


def _called(node: ast.expr, name: str, types: list[_Type]) -> _Type:
    if name == "advised":
        return types[0]
    if name in ("min", "max"):
        common = types[0]
        for each in types[1:]:
            common = _same(node, common, each)
        if common is not _LITERAL and common is not Unit.MONEY and common not in NUMERIC:
            raise _refused(node, *types)
        return common
    wanted = (Unit.DATE, Unit.DATE if name == "days_between" else _SPANS[name])
    if tuple(types) != wanted:
        raise _refused(node, *types)
    return Unit.DAYS if name == "days_between" else Unit.DATE
