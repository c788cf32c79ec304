"""What the code tables share: reading a table, comparing names, choosing a language."""

from __future__ import annotations

import csv
import re
import unicodedata
from importlib.resources import files

_NOT_IN_NAMES = re.compile(r"[\W_]+")


class UnknownCodeError(ValueError):
    """The code is not in its table; `table` says which, `code` what was asked for."""

    def __init__(self, table: str, code: str) -> None:
        super().__init__(f"{code!r} is not a code of {table}")
        self.table = table
        self.code = code


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of `<name>.tsv` beside this module, each as column → text."""
    text = files("ronglian.kernel.codes").joinpath(f"{name}.tsv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def name_key(text: str) -> str:
    """What spellings of one name share: width, case, accents, spaces and punctuation are dropped."""
    plain = unicodedata.normalize("NFKD", text).replace("&", " and ")
    return _NOT_IN_NAMES.sub("", "".join(c for c in plain if not unicodedata.combining(c)).casefold())


def plain_text(text: str) -> str:
    """Full-width letters and digits made half-width, outer blanks dropped."""
    return unicodedata.normalize("NFKC", text).strip()


def is_english(language: str) -> bool:
    """Whether a language tag ("en", "en-gb", "zh-hans") asks for English; everything else reads Chinese."""
    return language.lower().split("-")[0] == "en"
