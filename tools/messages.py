"""Keep the Chinese catalogue whole: `python tools/messages.py extract | update | compile | check`.

The texts in code and templates are English; the catalogue src/ronglian/locale/zh_Hans holds their Chinese. GNU
gettext is not needed: Babel finds the texts, polib reads and writes the catalogue.
"""

from __future__ import annotations

import ast
import importlib.util
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click
import polib
from babel.messages.extract import extract as extract_calls
from django.utils.translation.template import templatize

from ronglian.kernel.messages import compile_messages

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "ronglian"
CATALOGUE = SOURCE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
# Their own Chinese catalogues are used; an entry whose place is one of these names puts better words over theirs.
OVERRIDDEN = ("allauth", "django")

HEADER = "Chinese texts of Ronglian 融链. How to add to them: docs/how-to/translate.md"
METADATA = {
    "Project-Id-Version": "ronglian",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}

Arguments = tuple[int | tuple[int, str], ...] | None
SINGULAR: Arguments = None
PLURAL: Arguments = (1, 2)
FUNCTIONS: dict[str, Arguments] = {
    "gettext": SINGULAR,
    "gettext_lazy": SINGULAR,
    "gettext_noop": SINGULAR,
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
TEMPLATE_FUNCTIONS = {**FUNCTIONS, "_": SINGULAR}

HAN = r"[\u3400-\u9fff]"
FULL_WIDTH = {",": "，、", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
HALF_WIDTH = re.compile(rf"(?<={HAN})\s*([,;:?!()])|([,;:?!()])\s*(?={HAN})")
HALF_WIDTH_STOP = re.compile(rf"(?<={HAN})\.(?![\w.])")
PLACEHOLDER = re.compile(
    r"%\((?P<named>\w+)\)[-#0 +]*\d*(?:\.\d+)?(?P<kind>[a-zA-Z])"
    r"|%(?P<plain>[sdrif])"
    r"|\{(?P<braced>\w*)(?:![rsa])?(?::[^{}]*)?\}"
)
WORD = re.compile(r"[A-Za-z]*[a-z][A-Za-z]*")

Key = tuple[str | None, str]


@dataclass(frozen=True)
class Message:
    """One text to translate, with the files that use it."""

    context: str | None
    text: str
    plural: str | None
    places: tuple[str, ...]

    @property
    def key(self) -> Key:
        return self.context, self.text


def extract(source: Path = SOURCE) -> list[Message]:
    """Every text of the code and the templates, by file, then in order of appearance."""
    found: dict[Key, Message] = {}
    for path in sorted({*source.rglob("*.py"), *source.rglob("*.html"), *source.rglob("templates/**/*.txt")}):
        place = path.relative_to(source).as_posix()
        texts = _texts_of_python if path.suffix == ".py" else _texts_of_template
        for context, text, plural in texts(path):
            known = found.get((context, text))
            places = (*known.places, place) if known else (place,)
            several = plural or (known.plural if known else None)
            found[context, text] = Message(context, text, several, tuple(dict.fromkeys(places)))
    return list(found.values())


def _texts_of_python(path: Path) -> Iterator[tuple[str | None, str, str | None]]:
    content = path.read_text("utf-8")
    functions = dict(_functions_of(ast.parse(content, str(path))))
    if functions:
        yield from _calls(content, functions)


def _functions_of(tree: ast.Module) -> Iterator[tuple[str, Arguments]]:
    """The names under which a file calls gettext and its like, Django's or the standard library's."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name in FUNCTIONS:
                    yield alias.asname or alias.name, FUNCTIONS[alias.name]
        elif isinstance(node, ast.FunctionDef) and node.name in FUNCTIONS:
            yield node.name, FUNCTIONS[node.name]


def _texts_of_template(path: Path) -> Iterator[tuple[str | None, str, str | None]]:
    # What is left of a template is no well-indented Python.
    lines = templatize(path.read_text("utf-8"), origin=str(path)).splitlines()
    yield from _calls("\n".join(line.lstrip() for line in lines), TEMPLATE_FUNCTIONS)


def _calls(content: str, functions: dict[str, Arguments]) -> Iterator[tuple[str | None, str, str | None]]:
    stream = io.BytesIO(content.encode())
    for _line, texts, _comments, context in extract_calls("python", stream, keywords=functions):
        one, plural = (texts, None) if isinstance(texts, str) else texts[:2]
        yield context, one, plural


def update(catalogue: polib.POFile, messages: list[Message]) -> polib.POFile:
    """The catalogue for these messages: translations stay, new texts are empty, unused ones become obsolete."""
    old = {(entry.msgctxt, entry.msgid): entry for entry in catalogue}
    new = polib.POFile(wrapwidth=100)
    new.header, new.metadata = HEADER, METADATA
    for message in messages:
        known = old.pop(message.key, None)
        new.append(_entry(message, known))
    for known in old.values():
        if set(_places(known)) & set(OVERRIDDEN):
            known.occurrences = [(place, "") for place in _places(known) if place in OVERRIDDEN]
        else:
            known.obsolete, known.occurrences = True, []
        new.append(known)
    return new


def _entry(message: Message, known: polib.POEntry | None) -> polib.POEntry:
    places = [*message.places, *(place for place in (_places(known) if known else ()) if place in OVERRIDDEN)]
    entry = polib.POEntry(
        msgctxt=message.context,
        msgid=message.text,
        msgid_plural=message.plural or "",
        tcomment=known.tcomment if known else "",
        occurrences=[(place, "") for place in places],
        flags=["python-format"] if PLACEHOLDER.search(message.text) else [],
    )
    text = (known.msgstr or known.msgstr_plural.get(0, "")) if known else ""
    if message.plural:
        entry.msgstr_plural = {0: text}
    else:
        entry.msgstr = text
    return entry


def _places(entry: polib.POEntry) -> list[str]:
    return [place for place, _line in entry.occurrences]


def check(catalogue: polib.POFile, messages: list[Message]) -> list[str]:
    """What is wrong with the catalogue, one sentence each; nothing when it is whole."""
    entries = {(entry.msgctxt, entry.msgid): entry for entry in catalogue if not entry.obsolete}
    problems = [
        f"{message.places[0]}: not in the catalogue: {message.text!r}"
        for message in messages
        if message.key not in entries
    ]
    used = {message.key for message in messages}
    for entry in catalogue:
        where = ", ".join(_places(entry)) or "obsolete"
        problems += [f"{where}: {problem}: {entry.msgid!r}" for problem in _problems(entry, used)]
    return problems


def _problems(entry: polib.POEntry, used: set[Key]) -> Iterator[str]:
    key = (entry.msgctxt, entry.msgid)
    overridden = set(_places(entry)) & set(OVERRIDDEN)
    if entry.obsolete or (key not in used and not overridden):
        yield "no longer used; remove it with `update --clean`"
        return
    if key not in used and not any(key in _foreign_keys(package) for package in overridden):
        yield f"no text of {' or '.join(sorted(overridden))} any more"
    if entry.fuzzy:
        yield "marked fuzzy; check the translation and take the mark away"
    translation = entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr
    if not translation:
        yield "not translated"
        return
    expected, got = placeholders(entry.msgid_plural or entry.msgid), placeholders(translation)
    if expected != got:
        yield f"placeholders differ, {sorted(expected)} and {sorted(got)}"
    if any(each.startswith("%") for each in expected) and "%" in PLACEHOLDER.sub(
        "", translation.replace("%%", "")
    ):
        yield "a lone % in the translation, %% is meant"
    yield from chinese_problems(entry.msgid, translation, has_reason=bool(entry.tcomment))


def placeholders(text: str) -> set[str]:
    """What is filled in: %(name)s, %s, {name}, without widths and conversions."""
    found = set()
    for match in PLACEHOLDER.finditer(text.replace("%%", "")):
        if match["named"]:
            found.add(f"%({match['named']}){match['kind']}")
        elif match["plain"]:
            found.add(match[0])
        else:
            found.add(f"{{{match['braced']}}}")
    return found


def chinese_problems(text: str, translation: str, *, has_reason: bool = False) -> Iterator[str]:
    """Signs of a translation that is no well-set Chinese; a translator's comment explains one without any."""
    bare = PLACEHOLDER.sub("", text)
    if WORD.search(bare) and not re.search(HAN, translation) and not has_reason:
        yield "no Chinese in it; where that is right, a translator's comment says why"
    shown = re.sub(r"<[^>]*>|https?://\S+", "", PLACEHOLDER.sub("字", translation))
    for match in HALF_WIDTH.finditer(shown):
        mark = match[1] or match[2]
        yield f"half-width {mark} beside Chinese, {' or '.join(FULL_WIDTH[mark])} is meant"
    if HALF_WIDTH_STOP.search(shown):
        yield "half-width . after Chinese, 。 is meant"


@cache
def _foreign_keys(package: str) -> set[Key]:
    """What another package's own Chinese catalogues translate."""
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        return set()
    catalogues = Path(found.origin).parent.glob("**/locale/zh_Hans/LC_MESSAGES/django.po")
    return {(entry.msgctxt, entry.msgid) for path in catalogues for entry in polib.pofile(str(path))}


def read_catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE), wrapwidth=100) if CATALOGUE.exists() else polib.POFile()


@click.group()
def main() -> None:
    """Find, merge, compile and check the texts that people read."""


@main.command("extract")
def extract_command() -> None:
    """List every text with the files that use it."""
    for message in extract():
        click.echo(f"{', '.join(message.places)}: {message.text!r}")


@main.command("update")
@click.option("--clean", is_flag=True, help="Also remove what is no longer used.")
def update_command(clean: bool) -> None:
    """Bring the catalogue up to date and list what is to be translated."""
    catalogue = update(read_catalogue(), extract())
    if clean:
        for entry in catalogue.obsolete_entries():
            catalogue.remove(entry)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(CATALOGUE), newline="\n")
    for entry in catalogue.untranslated_entries():
        click.echo(f"{_places(entry)[0]}: {entry.msgid!r}")
    untranslated, obsolete = len(catalogue.untranslated_entries()), len(catalogue.obsolete_entries())
    click.echo(f"{len(catalogue)} texts, {untranslated} to translate, {obsolete} no longer used", err=True)


@main.command("compile")
def compile_command() -> None:
    """Write the .mo beside each .po that changed."""
    for path in compile_messages():
        click.echo(path.relative_to(ROOT))


@main.command("check")
def check_command() -> None:
    """Fail where a text lacks good Chinese."""
    problems = check(read_catalogue(), extract())
    for problem in problems:
        click.echo(problem)
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
