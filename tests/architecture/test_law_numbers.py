"""No number that a law can change stands in code: shares, thresholds and periods live in the rulebook, with their source.

The numbers looked for are those of the rulebook itself, so that a new parameter is looked for as soon as it is there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

import pytest

from ronglian.engines.rules import Unit
from ronglian.rulebook import load_rulebook
from tests.paths import REPOSITORY

PACKAGE = REPOSITORY / "src" / "ronglian"
# Rooms that speak of contracts, money and challenges: there a share or a period of the law is one, whatever its name.
LAW_ROOMS = re.compile(
    r"agreements|challenges|engines/money|settlement|distribution|payments|pricing|registration_file"
)
# Elsewhere a number is suspected by the name it is given.
LAW_WORDS = re.compile(
    r"(?:^|_)(?:tax|taxes|vat|stamp|reward|rewards|statutory|exempt|exemption|levy|withholding|legal|deduction)(?:_|$)",
    re.IGNORECASE,
)
PERCENT = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s?[%％]")
LARGE = 1_000_000  # below it, outside those rooms, a number is rather a length or a size
# Path: why its numbers are not the law's.
NOT_LAW: dict[str, str] = {"demo/contracts.py": "amounts of invented contracts"}


def amounts() -> set[int]:
    """Amounts of the rulebook in yuan and in fen; powers of ten are everybody's."""
    fen = {
        int(version.value)
        for parameter in load_rulebook().parameters.values()
        if parameter.unit is Unit.MONEY
        for version in parameter.versions
        if isinstance(version.value, Fraction)
    }
    both = {number for each in fen for number in (each, each // 100)}
    return {number for number in both if number >= 1000 and not re.fullmatch(r"10+", str(number))}


def shares() -> set[Fraction]:
    return {
        version.value
        for parameter in load_rulebook().parameters.values()
        if parameter.unit is Unit.SHARE
        for version in parameter.versions
        if isinstance(version.value, Fraction) and version.value not in (0, 1)
    }


AMOUNTS, SHARES = amounts(), shares()


def law_numbers(source: str, path: str) -> Iterator[str]:
    """What in a file of code looks like a number of the law, with its line."""
    tree = ast.parse(source)
    in_law_room = bool(LAW_ROOMS.search(path))
    examples = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg == "examples"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in examples:
            continue
        is_amount = isinstance(node, ast.Constant) and type(node.value) is int and node.value in AMOUNTS
        if is_amount and (in_law_room or node.value >= LARGE):
            yield f"{path}:{node.lineno}: {node.value}"
        if in_law_room and (share := share_of(node)) in SHARES:
            yield f"{path}:{getattr(node, 'lineno', 0)}: {share}"
        if named := named_number(node):
            yield f"{path}:{getattr(node, 'lineno', 0)}: {named}"
    if in_law_room:
        yield from (f"{path}: {text}" for text in percentages(tree))


def share_of(node: ast.AST) -> Fraction | None:
    """The value of Fraction(7, 10), Decimal("0.7") or 0.7."""
    match node:
        case ast.Constant(value=float() as value):
            return Fraction(str(value))
        case ast.Call(
            func=ast.Name(id="Fraction"),
            args=[ast.Constant(value=int() as top), ast.Constant(value=int() as bottom)],
        ):
            return Fraction(top, bottom) if bottom else None
        case ast.Call(func=ast.Name(id="Fraction" | "Decimal"), args=[ast.Constant(value=str() as text)]):
            try:
                return Fraction(Decimal(text)) if "/" not in text else Fraction(text)
            except (InvalidOperation, ValueError):
                return None
    return None


def named_number(node: ast.AST) -> str:
    """`TAX_RATE = 25`, `reward=70`, `vat > 6`: a number beside a word of the law; 0 and 1 are no law."""
    pairs: list[tuple[str, ast.expr | None]] = []
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            pairs = [(name, value)]
        case ast.AnnAssign(target=ast.Name(id=name), value=value):
            pairs = [(name, value)]
        case ast.keyword(arg=str() as name, value=value):
            pairs = [(name, value)]
        case ast.Compare(left=ast.Name(id=name), comparators=[value]):
            pairs = [(name, value)]
    for name, value in pairs:
        is_number = isinstance(value, ast.Constant) and isinstance(value.value, int | float)
        if (
            is_number
            and LAW_WORDS.search(name)
            and not isinstance(value.value, bool)
            and value.value not in (0, 1)
        ):  # type: ignore[union-attr] # is_number says so
            return f"{name} {value.value}"  # type: ignore[union-attr] # is_number says so
    return ""


def percentages(tree: ast.Module) -> Iterator[str]:
    """Texts that state a share of the law; documentation of code may speak of it."""
    documentation = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            for found in PERCENT.findall(node.value):
                if Fraction(found) / 100 in SHARES:
                    yield f"{node.lineno}: {found} %"


def files() -> Iterator[Path]:
    apart = ("rulebook", "locale", "migrations", "codes", "static")
    for path in sorted(PACKAGE.rglob("*.py")):
        if not set(path.relative_to(PACKAGE).parts) & set(apart):
            yield path


def test_no_number_of_the_law_stands_in_code() -> None:
    found = [
        each
        for path in files()
        for name in (str(path.relative_to(PACKAGE)),)
        if name not in NOT_LAW
        for each in law_numbers(path.read_text(encoding="utf-8"), name)
    ]
    assert found == [], "law-bound numbers are parameters of src/ronglian/rulebook, with document and article"


def test_no_template_of_agreements_states_a_share_of_the_law() -> None:
    found = {
        str(path.relative_to(PACKAGE)): share
        for path in sorted(PACKAGE.rglob("*.html"))
        if LAW_ROOMS.search(str(path.relative_to(PACKAGE)))
        for share in PERCENT.findall(path.read_text(encoding="utf-8"))
        if Fraction(share) / 100 in SHARES
    }
    assert found == {}


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("LIMIT = 5_000_000", "apps/registry/rules.py"),
        ("if income > 500_000_000: pass", "apps/registry/rules.py"),
        ("due = net * Fraction(7, 10)", "apps/agreements/split.py"),
        ("due = net * Decimal('0.7')", "engines/money/split.py"),
        ("due = net * 0.5", "apps/agreements/split.py"),
        ("TAX_RATE = 25", "web/presenters/anything.py"),
        ("compute(reward_percent=70)", "api/anything.py"),
        ("text = _('At least 70 % of net income')", "apps/agreements/texts.py"),
    ],
)
def test_a_planted_number_is_found(code: str, path: str) -> None:
    assert list(law_numbers(code, path)) != []


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("SIZE = 1_000_000", "apps/agreements/files.py"),
        ("weight = 0.5", "engines/matching/views.py"),
        ('"""At least 70 % of net income (art. 37)."""', "apps/agreements/split.py"),
        ("tax = 0", "apps/agreements/split.py"),
        ("share = Fraction(1, 3)", "engines/money/allocation.py"),
    ],
)
def test_a_harmless_number_is_left_alone(code: str, path: str) -> None:
    assert list(law_numbers(code, path)) == []
