"""Forms of the review: reviewers, scores, the award, objections, feedback."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.models import Bid
from ronglian.apps.challenges.operations.reviewing import LONGEST_COMMENT, MOST_EACH
from ronglian.web.work.forms.cases import CaseForm
from ronglian.web.work.forms.fields import LinesField

HIGHEST = 5


class ReviewerForm(CaseForm):
    email = forms.EmailField(label=_("E-mail of the reviewer's account"), max_length=254)
    expertise = LinesField(
        label=_("Expertise"), rows=2, max_length=1000, required=False,
        help_text=_("In words; bids that speak of them are assigned first."),
    )  # fmt: skip
    limit = forms.IntegerField(label=_("Bids at most"), min_value=1, max_value=500, initial=10)


class AssignForm(CaseForm):
    each = forms.IntegerField(label=_("Reviewers for each bid"), min_value=1, max_value=MOST_EACH, initial=3)


class ScoreForm(CaseForm):
    """One bid: a score and a reason for each criterion of the published rules."""

    reason = LinesField(
        label=_("Why you change your scores"), rows=2, max_length=1000, required=False,
        help_text=_("Only when you hand in again; both are kept."),
    )  # fmt: skip

    def __init__(
        self,
        data: Any = None,
        *,
        rubric: Sequence[Mapping[str, Any]],
        scores: Sequence[int],
        comments: Sequence[str],
    ) -> None:
        super().__init__(data)
        for at, row in enumerate(rubric):
            anchors = [*row["anchors"], *[""] * (HIGHEST + 1)]
            labels = [(value, f"{value} {anchors[value]}".strip()) for value in range(HIGHEST + 1)]
            self.fields[f"score_{at}"] = forms.TypedChoiceField(
                label=f"{row['title']} ({row['weight']} %)", coerce=int, choices=labels, widget=forms.RadioSelect,
                initial=scores[at] if at < len(scores) else None,
            )  # fmt: skip
            self.fields[f"comment_{at}"] = LinesField(
                label=_("Why"),
                rows=2,
                max_length=LONGEST_COMMENT,
                initial=comments[at] if at < len(comments) else "",
            )
        self.number = len(rubric)
        self.order_fields([f"{part}_{at}" for at in range(self.number) for part in ("score", "comment")])

    def scores(self) -> list[int]:
        return [self.cleaned_data[f"score_{at}"] for at in range(self.number)]

    def comments(self) -> list[str]:
        return [self.cleaned_data[f"comment_{at}"] for at in range(self.number)]


class StandAsideForm(CaseForm):
    reason = LinesField(label=_("Reason"), rows=2, max_length=1000)


class AwardForm(CaseForm):
    """Which bids win, in the order of their places."""

    bids = forms.MultipleChoiceField(
        label=_("Winning bids"), widget=forms.CheckboxSelectMultiple,
        help_text=_("One; several where the scheme lets several teams work side by side. Places follow the ranking."),
    )  # fmt: skip
    reason = LinesField(
        label=_("Reason"), rows=2, max_length=2000, required=False,
        help_text=_("Needed where you leave the order of the ranking. Everybody reads it."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, bids: Sequence[tuple[Bid, str]]) -> None:
        super().__init__(data)
        self.fields["bids"].choices = [(str(bid.public_id), label) for bid, label in bids]  # type: ignore[attr-defined]  # it is a choice field


class ObjectionForm(CaseForm):
    by = forms.ChoiceField(label=_("For which organisation"))
    text = LinesField(label=_("What speaks against the award"), rows=4, max_length=3000)

    def __init__(self, data: Any = None, *, own: Sequence[Organisation]) -> None:
        super().__init__(data)
        self.fields["by"].choices = [(str(one.public_id), one.name) for one in own]  # type: ignore[attr-defined]  # it is a ChoiceField


class AnswerForm(CaseForm):
    answer = LinesField(label=_("Answer with reasons"), rows=3, max_length=3000)
    is_upheld = forms.TypedChoiceField(
        label=_("Decision"),
        coerce=lambda value: value == "yes",
        choices=[("no", _("not upheld")), ("yes", _("upheld"))],
    )


class FeedbackForm(CaseForm):
    text = LinesField(label=_("What the bidder is told"), rows=3, max_length=3000)
