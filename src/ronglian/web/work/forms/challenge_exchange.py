"""Forms of what is said while bids can come: questions, answers, amendments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.models import Challenge
from ronglian.apps.challenges.operations.exchange import AMENDABLE
from ronglian.web.work.forms.cases import CaseForm
from ronglian.web.work.forms.challenges import ChallengeForm
from ronglian.web.work.forms.fields import LinesField

ROWS_AMENDED = ("acceptance", "rubric")


class AskForm(CaseForm):
    asker = forms.ChoiceField(label=_("For which organisation"))
    text = LinesField(
        label=_("Your question"), rows=3, max_length=2000,
        help_text=_("Nobody is told who asks. Leave out of the text what would tell."),
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, *, own: Sequence[Organisation]) -> None:
        super().__init__(data, auto_id="ask-%s")
        self.fields["asker"].choices = [(str(one.public_id), one.name) for one in own]  # type: ignore[attr-defined]  # it is a ChoiceField


class AnswerForm(CaseForm):
    shown = LinesField(
        label=_("The question as it is published"), rows=3, max_length=2000, required=False,
        help_text=_("Change words that would tell who asked."),
    )  # fmt: skip
    answer = LinesField(label=_("Answer"), rows=4, max_length=3000)


class AmendForm(ChallengeForm):
    """更正公告. The fields of the call that can change after publication, and why they do."""

    def __init__(self, data: QueryDict | None = None, *, challenge: Challenge) -> None:
        super().__init__(data, managers=(), challenge=challenge)
        self.kept_closing = challenge.closes_at
        for name in set(self.fields) - set(AMENDABLE):
            del self.fields[name]
        self.rows = {name: self.rows[name] for name in ROWS_AMENDED}
        self.fields["reason"] = LinesField(label=_("Why it is amended"), rows=3, max_length=2000)

    def fields_of(self) -> dict[str, Any]:
        """What was typed. The browser's field knows minutes, so that the kept closing comes back without its seconds."""
        typed = {name: value for name, value in self.cleaned_data.items() if name in AMENDABLE}
        kept = self.kept_closing
        if kept is not None and typed["closes_at"] == kept.replace(second=0, microsecond=0):
            typed["closes_at"] = kept
        return typed | {"reward_fen": typed["reward_fen"] or 0, **self.filled_rows()}
