"""Forms of the task book: its milestones, and the steps of one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronglian.apps.challenges.operations.milestones import MOST_MILESTONES, Planned
from ronglian.web.work.forms.challenges import SPARE_ROWS, moment_field
from ronglian.web.work.forms.contracts import FenField


class MilestoneRow(forms.Form):
    title = forms.CharField(label=_("Milestone"), max_length=200, required=False)
    evidence = forms.CharField(label=_("What is handed in"), max_length=2000, required=False)
    due_at = moment_field(label=_("Due"), required=False)
    amount_fen = FenField(label=_("Amount"), required=False)

    def clean(self) -> dict[str, Any]:
        """A row that is begun is whole."""
        typed = super().clean() or {}
        if typed.get("title") and not (typed.get("evidence") and typed.get("due_at")) and not self.errors:
            raise forms.ValidationError(_("A milestone says what is handed in, and by when."))
        return typed


def milestone_rows(data: Any, prefix: str, initial: list[dict[str, Any]] | None = None) -> Any:
    """The rows of one winner's task book."""
    rows = forms.formset_factory(
        MilestoneRow, extra=SPARE_ROWS, max_num=MOST_MILESTONES, absolute_max=MOST_MILESTONES
    )
    return rows(data, prefix=prefix, initial=initial or [])


def planned_rows(rows: Any) -> list[Planned]:
    """What was typed, as the operation takes it."""
    return [
        Planned(typed["title"], typed["evidence"], typed["due_at"], typed["amount_fen"] or 0)
        for typed in (row.cleaned_data for row in rows)
        if typed.get("title")
    ]
