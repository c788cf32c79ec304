"""Forms of the automatic evaluation: its rules with the hidden answers, and a result file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.enums import ScoreMetric
from ronglian.apps.challenges.models import Evaluation
from ronglian.apps.challenges.models.evaluation import MOST_TRIES, USUAL_A_DAY, USUAL_IN_ALL, USUAL_SHARE
from ronglian.engines.scoring import SHARES
from ronglian.web.work.forms.cases import CaseForm

RULES = ("metric", "key_column", "value_column", "public_share", "tries_a_day", "tries_in_all")


class EvaluationForm(CaseForm):
    """自动评测规则. The answers are sent anew with each change: nobody reads them back."""

    metric = forms.ChoiceField(label=_("Metric"), choices=ScoreMetric.choices)
    key_column = forms.CharField(
        label=_("Column of the row keys"), max_length=100, initial="id", help_text=_("As it stands in the first line of the files.")
    )  # fmt: skip
    value_column = forms.CharField(label=_("Column of the answers"), max_length=100, initial="value")
    public_share = forms.IntegerField(
        label=_("Per cent of the rows that count for the public board"),
        min_value=SHARES[0], max_value=SHARES[-1], initial=USUAL_SHARE,
        help_text=_("The others decide the final ranking. Nobody can tell which is which."),
    )  # fmt: skip
    tries_a_day = forms.IntegerField(
        label=_("Tries of an organisation a day"), min_value=1, max_value=MOST_TRIES, initial=USUAL_A_DAY
    )
    tries_in_all = forms.IntegerField(
        label=_("Tries of an organisation in all"), min_value=1, max_value=MOST_TRIES, initial=USUAL_IN_ALL
    )
    answers = forms.FileField(
        label=_("Hidden answers"),
        help_text=_("CSV in UTF-8, 5 MB and 100,000 rows at most. Sealed on arrival; nobody reads it back, you included."),
    )  # fmt: skip

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, Any] | None = None,
        *,
        evaluation: Evaluation | None,
    ) -> None:
        kept = {name: getattr(evaluation, name) for name in RULES} if evaluation else None
        super().__init__(data, files, initial=kept)

    def rules(self) -> dict[str, Any]:
        """What was typed and sent, as the operation takes it."""
        typed = self.cleaned_data
        return {
            **{name: typed[name] for name in RULES},
            "metric": ScoreMetric(typed["metric"]),
            "answers": typed["answers"].read(),
        }


class TryForm(CaseForm):
    """评测提交."""

    bidder = forms.ChoiceField(label=_("For which organisation"))
    results = forms.FileField(label=_("Result file (CSV)"), allow_empty_file=True)

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, Any] | None = None,
        *,
        own: Sequence[Organisation],
    ) -> None:
        super().__init__(data, files)
        self.fields["bidder"].choices = [(str(one.public_id), one.name) for one in own]  # type: ignore[attr-defined]  # it is a ChoiceField
