"""An expression as people write it: 净收入 × 奖励下限, 若 … 则 … 否则 …"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from ronglian.engines.rules.expressions import OPERATORS, Expression, name_of

_WORDS = {
    "zh": {"if": "若 {test}：{body}；否则 {orelse}", "and": " 且 ", "or": " 或 ", "not": "非 ", "min": "较小者", "max": "较大者",
           "advised": "倡导值", "add_days": "起算加日", "add_months": "起算加月", "add_years": "起算加年", "days_between": "相隔天数",
           "true": "是", "false": "否"},
    "en": {"if": "{body} if {test}, else {orelse}", "and": " and ", "or": " or ", "not": "not ", "min": "the smaller of",
           "max": "the greater of", "advised": "advised", "add_days": "days after", "add_months": "months after",
           "add_years": "years after", "days_between": "days between", "true": "yes", "false": "no"},
}  # fmt: skip


def show_expression(expression: Expression, names: Mapping[str, str], language: str) -> str:
    """The expression with its names written as `names` says."""
    return _shown(expression.tree, names, _WORDS["en" if language.startswith("en") else "zh"], 0)


def _shown(node: ast.expr, names: Mapping[str, str], words: Mapping[str, str], within: int) -> str:
    """`within` is how tightly the surroundings bind: brackets stand only where they are needed."""
    if name := name_of(node):
        return names.get(name, name)
    match node:
        case ast.Constant(value=bool() as value):
            return words["true" if value else "false"]
        case ast.Constant(value=value):
            return names.get(str(value), str(value))
        case ast.Tuple(elts=elements):
            return "{" + ", ".join(_shown(each, names, words, 0) for each in elements) + "}"
        case ast.UnaryOp(operand=operand):
            return words["not"] + _shown(operand, names, words, 4)
        case ast.BoolOp(op=operator, values=values):
            is_and = isinstance(operator, ast.And)
            joined = words["and" if is_and else "or"].join(_shown(value, names, words, 2) for value in values)
            return _bracketed(joined, 2, within)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            parts = {"test": test, "body": body, "orelse": orelse}
            said = words["if"].format(**{key: _shown(part, names, words, 1) for key, part in parts.items()})
            return _bracketed(said, 1, within)
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return _joined(left, operator, right, names, words, (4, within))
        case ast.BinOp(left=left, op=operator, right=right):
            tightness = 5 if isinstance(operator, ast.Add | ast.Sub) else 6
            return _joined(left, operator, right, names, words, (tightness, within))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            inside = ", ".join(_shown(each, names, words, 0) for each in arguments)
            return f"{words[name]} ({inside})"
    return ast.unparse(node)


def _joined(
    left: ast.expr,
    operator: ast.AST,
    right: ast.expr,
    names: Mapping[str, str],
    words: Mapping[str, str],
    tightness: tuple[int, int],
) -> str:
    own, within = tightness
    said = f"{_shown(left, names, words, own)} {OPERATORS[type(operator)]} {_shown(right, names, words, own + 1)}"
    return _bracketed(said, own, within)


def _bracketed(said: str, own: int, within: int) -> str:
    return f"({said})" if own < within else said
