"""Forms of what the two sides say about a version of a contract."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from ronglian.engines.contracts import Section
from ronglian.web.work.forms.cases import CaseForm
from ronglian.web.work.forms.fields import LinesField


class CommentForm(CaseForm):
    """About which clause, and what; the clause that was chosen on the page is asked for already."""

    clause = forms.ChoiceField(label=_lazy("What it is about"), required=False)
    text = LinesField(label=_lazy("Comment"), rows=3, max_length=2000)

    def __init__(self, *args: Any, sections: Sequence[Section], **options: Any) -> None:
        super().__init__(*args, **options)
        clauses = [(one.id, f"{place}. {one.heading}") for place, one in enumerate(sections, 1)]
        field = self.fields["clause"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("the whole")), *clauses]


class ReplyForm(CaseForm):
    text = LinesField(label=pgettext_lazy("a comment", "Answer"), rows=2, max_length=2000)
