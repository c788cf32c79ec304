"""The index of the documentation names every page, so that none is written and never found."""

from __future__ import annotations

import re

from tests.paths import REPOSITORY

DOCS = REPOSITORY / "docs"


def test_every_page_is_in_the_index() -> None:
    text = (DOCS / "README.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\]\(([^)#]+)\)", text))
    pages = {
        str(page.relative_to(DOCS))
        for folder in ("tutorials", "how-to", "reference", "explanation")
        for page in (DOCS / folder).rglob("*.md")
    }
    assert not pages - linked, "put these into docs/README.md"


def test_every_decision_is_in_its_list() -> None:
    text = (DOCS / "adr" / "README.md").read_text(encoding="utf-8")
    decisions = {page.name for page in (DOCS / "adr").glob("*.md")} - {"README.md"}
    assert not decisions - set(re.findall(r"\]\(([^)#]+)\)", text))
