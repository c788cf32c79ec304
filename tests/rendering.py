"""Rendering pages as the site does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.template.base import Template


@contextmanager
def plain_pages() -> Iterator[None]:
    """Without what Django's test client notes down of every template: it copies each context, a tenth of a page's time."""
    with patch.object(Template, "_render", lambda self, context: self.nodelist.render(context)):
        yield
