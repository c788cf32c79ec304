"""No template, code or script of the doors says anything past the catalogue, as far as that can be seen."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.template.base import Lexer, TokenType
from tools import messages

from tests.paths import REPOSITORY

PACKAGE = REPOSITORY / "src" / "ronglian"
DOORS = ("web", "api", "cli", "apps", "kernel", "project")
LETTERS = re.compile(r"[A-Za-z\u3400-\u9fff]{2,}")
CHINESE = re.compile(messages.HAN)

# ---- Templates

# A name is the same in every language; the page of a broken server needs both languages at once.
SAME_IN_EVERY_LANGUAGE = frozenset({"融链", "Ronglian", "TRL", "ORCID", "API", "CSV", "XLSX"})
BILINGUAL_TEMPLATES = frozenset({"web/templates/500.html"})
SPOKEN_ATTRIBUTES = frozenset({"title", "alt", "placeholder", "aria-label", "aria-description", "label"})
CODE_ELEMENTS = frozenset({"script", "style", "code", "pre", "kbd"})
NOT_SHOWN = {"comment": "endcomment", "blocktranslate": "endblocktranslate", "blocktrans": "endblocktrans"}


class Spoken(HTMLParser):
    """Collects what a reader would see or hear of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in CODE_ELEMENTS:
            self._inside.append(tag)
        values = dict(attrs)
        spoken = SPOKEN_ATTRIBUTES | ({"content"} if values.get("name") == "description" else set())
        self.found += [value for name, value in attrs if name in spoken and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            self._inside.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.found.append(data)


def texts_in_template(source: str) -> list[str]:
    """Words of a template that do not come from the catalogue or from data."""
    parser = Spoken()
    parser.feed("".join(_markup(source)))
    parser.close()
    texts = (" ".join(text.split()) for text in parser.found)
    return [text for text in texts if set(LETTERS.findall(text)) - SAME_IN_EVERY_LANGUAGE]


def _markup(source: str) -> Iterator[str]:
    """The template's own HTML; what tags and variables put in is left out."""
    until = ""
    for token in Lexer(source).tokenize():
        word = token.contents.split(maxsplit=1)[0] if token.token_type == TokenType.BLOCK else ""
        if until:
            until = "" if word == until else until
        elif word in NOT_SHOWN:
            until = NOT_SHOWN[word]
        elif token.token_type == TokenType.TEXT:
            yield token.contents


TEMPLATES = sorted(path for path in PACKAGE.rglob("templates/**/*") if path.suffix in {".html", ".txt"})


def test_templates_say_nothing_past_the_catalogue() -> None:
    assert len(TEMPLATES) > 20
    found = {
        path.relative_to(PACKAGE).as_posix(): texts
        for path in TEMPLATES
        if (texts := texts_in_template(path.read_text("utf-8")))
    }
    assert {name: texts for name, texts in found.items() if name not in BILINGUAL_TEMPLATES} == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Hello there</p>", ["Hello there"]),
        ("<p>你好</p>", ["你好"]),
        ('<input placeholder="Search">', ["Search"]),
        ('<a aria-label="{% if x %}next page{% endif %}">→</a>', ["next page"]),
        ('<meta name="description" content="About us">', ["About us"]),
        ('{# Hello #}<p class="quiet">{{ name }} · {% translate "Hello" %} / 100</p>', []),
        ("{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}", []),
        ("{% comment %}Hello{% endcomment %}<code>Authorization: Bearer …</code>", []),
        ("<script>const word = 'Hello';</script><span>融链</span>", []),
    ],
)
def test_texts_in_templates_are_found(source: str, found: list[str]) -> None:
    assert texts_in_template(source) == found


# ---- Python

# Chinese that is data: what files of other people contain, and examples in the machine-readable description.
CHINESE_IS_DATA = (
    "apps/registry/columns.py",  # headers of files, in both languages side by side
    "apps/prospecting/partner_file.py",  # the same of a list of partners
    "apps/agreements/bank_file.py",  # and of a bank statement
    "apps/registry/cell_texts.py",  # how cells of files are written
    "apps/registry/exports.py",  # sheet names of template files, in both languages
    "apps/registry/imports/",  # how cells and words of files are recognised
    "apps/accounts/passwords.py",  # words of the place that make no password
    "apps/clinic/reading.py",  # headings by which an answer is read
    "kernel/codes/",  # names of regions, industries and fields
    "api/",  # examples in the OpenAPI description
)
CHINESE_NAMES = ("融链", "中文")
REFUSALS = frozenset({
    "InvalidInput", "NotAllowed", "RuleViolation", "Conflict", "StaleVersion", "OperationError", "ValidationError",
    "UsageError", "BadParameter", "ClickException",
})  # fmt: skip
SPEAKING = frozenset({"echo", "secho", "success", "info", "warning", "error", "add_error"})
SPOKEN_KEYWORDS = frozenset({"label", "help_text", "verbose_name", "verbose_name_plural", "help", "prompt"})
SPEAKERS = frozenset({"messages", "click"})


def texts_in_python(source: str) -> Iterator[str]:
    """Literal words handed to something that shows them, and any Chinese outside comments and gettext."""
    tree = ast.parse(source)
    marked = {id(part) for call in _calls(tree) if _is_gettext(call) for part in ast.walk(call)}
    documentation = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if id(node) in marked or id(node) in documentation:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_chinese(node.value):
            yield node.value
        elif isinstance(node, ast.Call):
            yield from (text for shown in _shown(node) for text in _english(shown))


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _is_gettext(call: ast.Call) -> bool:
    return _name(call.func) in {*messages.FUNCTIONS, "_", "_lazy", "now"}


def _is_chinese(text: str) -> bool:
    for name in CHINESE_NAMES:
        text = text.replace(name, "")
    return bool(CHINESE.search(text))


def _shown(call: ast.Call) -> Iterator[ast.expr]:
    """The arguments of a call that a person will read."""
    if _name(call.func) == "Actor" or any(each.arg == "hidden" for each in call.keywords):
        return  # the name an actor bears in the event log; an option that no help lists
    yield from (each.value for each in call.keywords if each.arg in SPOKEN_KEYWORDS)
    name, owner = _name(call.func), _name(getattr(call.func, "value", call.func))
    if name in REFUSALS or (name in SPEAKING and owner in SPEAKERS):
        yield from call.args
    elif name == "of" and owner in REFUSALS:
        yield from (value for each in call.args if isinstance(each, ast.Dict) for value in each.values)


def _english(shown: ast.expr) -> Iterator[str]:
    """Literal words of an argument; what goes through gettext first is a call, and is not looked into."""
    if isinstance(shown, ast.Constant) and isinstance(shown.value, str):
        if LETTERS.search(shown.value):
            yield shown.value
    elif isinstance(shown, ast.JoinedStr):
        yield from (text for part in shown.values for text in _english(part))
    elif isinstance(shown, ast.List | ast.Tuple):
        yield from (text for part in shown.elts for text in _english(part))
    elif isinstance(shown, ast.BinOp):
        yield from _english(shown.left)


SOURCES = sorted(
    path
    for door in DOORS
    for path in (PACKAGE / door).rglob("*.py")
    if "migrations" not in path.parts
)  # fmt: skip


def test_code_says_nothing_past_the_catalogue() -> None:
    found = {}
    for path in SOURCES:
        name = path.relative_to(PACKAGE).as_posix()
        texts = list(texts_in_python(path.read_text("utf-8")))
        if name.startswith(CHINESE_IS_DATA):
            texts = [text for text in texts if not _is_chinese(text)]
        if texts:
            found[name] = texts
    assert found == {}


def test_chinese_that_is_data_is_still_there() -> None:
    """A file that no longer holds Chinese leaves the list."""
    for name in CHINESE_IS_DATA:
        files = [path for path in SOURCES if path.relative_to(PACKAGE).as_posix().startswith(name)]
        assert any(
            _is_chinese(text) for path in files for text in texts_in_python(path.read_text("utf-8"))
        ), name


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('raise NotAllowed("You may not")', ["You may not"]),
        ('raise NotAllowed(f"You, {name}, may not")', ["You, ", ", may not"]),
        ('InvalidInput.of({"name": ["Too long"]})', ["Too long"]),
        ('CharField(label="Name")', ["Name"]),
        ('messages.success(request, "Saved.")', ["Saved."]),
        ('click.echo("Done: %s" % name)', ["Done: %s"]),
        ('title = "你好"', ["你好"]),
        ('raise NotAllowed(_("You may not"))', []),
        ('InvalidInput.of({"name": [_("Too long")]})', []),
        ('_("No such place. Right would be 江苏省苏州市.")', []),
        ('"""说明."""\nlog.info("started")', []),
    ],
)
def test_texts_in_python_are_found(source: str, found: list[str]) -> None:
    assert list(texts_in_python(source)) == found


def test_scripts_of_the_pages_carry_no_texts() -> None:
    """Words reach scripts through the page, which is translated."""
    scripts = sorted((PACKAGE / "web" / "static" / "site").glob("*.js"))
    assert scripts
    comments = re.compile(r"//.*|/\*[\s\S]*?\*/")
    carrying = [path.name for path in scripts if CHINESE.search(comments.sub("", path.read_text("utf-8")))]
    assert carrying == []
