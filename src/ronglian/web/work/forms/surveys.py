"""Forms of surveys along a chain: the survey, a partner, a file of partners, and the answer of a partner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.prospecting.enums import ChainRelation
from ronglian.apps.prospecting.models.survey import (
    ANSWER_LIMIT,
    DEEPEST_TIER,
    EMAIL_LIMIT,
    MESSAGE_LIMIT,
    NAME_LIMIT,
    NEED_TITLE_LIMIT,
    PRODUCT_LIMIT,
    TITLE_LIMIT,
)
from ronglian.web.work.forms.fields import LinesField

USUALLY_OPEN = timedelta(days=30)
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def usual_end() -> str:
    return (timezone.localdate() + USUALLY_OPEN).isoformat()


class OwnerField(forms.ChoiceField):
    """One of the organisations the reader acts for."""

    def __init__(self, owners: Sequence[Organisation], **options: Any) -> None:
        choices = [(str(owner.public_id), owner.name) for owner in owners]
        super().__init__(choices=choices, **options)


class SurveyForm(forms.Form):
    """What is asked, until when, and in whose name."""

    title = forms.CharField(
        label=_("What it is about"),
        max_length=TITLE_LIMIT,
        help_text=_(
            "One line that the partners read in the mail. For example: 新能源汽车减速器上下游的技术难题"
        ),
    )
    message = LinesField(
        label=_("What the partners read"),
        rows=3,
        required=False,
        max_length=MESSAGE_LIMIT,
        help_text=_(
            "Why you ask, and what you will do with what they publish. No secrets: it stands on the page behind the link."
        ),
    )
    closes_on = forms.DateField(label=_("Last day for answers"), initial=usual_end, widget=DAY)
    reminds = forms.BooleanField(
        label=_("Remind those who are silent by itself"),
        required=False,
        initial=True,
        help_text=_(
            "Twice at most, a week after each mail, until they answer, decline or want no more mails."
        ),
    )

    def __init__(self, *args: Any, owners: Sequence[Organisation] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        if len(owners) > 1:
            self.fields["lead"] = OwnerField(owners, label=_("Lead enterprise"))


class PartnerForm(forms.Form):
    """One partner."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=NAME_LIMIT)
    relation = forms.ChoiceField(label=_("Relation to you"), choices=ChainRelation.choices)
    tier = forms.IntegerField(
        label=_("Tier"),
        min_value=1,
        max_value=DEEPEST_TIER,
        initial=1,
        help_text=_("1 deals with you directly, 2 with one of those, and so on."),
    )
    product = forms.CharField(label=_("Product or process"), max_length=PRODUCT_LIMIT, required=False)
    uscc = forms.CharField(label=_("Unified social credit code"), max_length=18, required=False)
    email = forms.EmailField(label=_("E-mail of the contact"), max_length=EMAIL_LIMIT)


class PartnerFileForm(forms.Form):
    """A list that the enterprise has already."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # the reader says what an empty file lacks
        max_length=None,
        help_text=_(
            "Excel (.xlsx), CSV or JSON Lines. All rows are good, or none is entered; you see every bad cell."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv,.jsonl,.json"}),
    )


class EndForm(forms.Form):
    """Why a survey is closed."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class AnswerForm(forms.Form):
    """The questions to a partner."""

    title = forms.CharField(
        label=_("The trouble in one line"),
        max_length=NEED_TITLE_LIMIT,
        help_text=_("The thing and what is wrong with it. For example: 镀铬线漂洗水六价铬超标"),
    )
    about = forms.CharField(label=_("On which product or process?"), max_length=PRODUCT_LIMIT, required=False)
    trouble = LinesField(label=_("What goes wrong, where and since when?"), rows=4, max_length=ANSWER_LIMIT)
    today = LinesField(
        label=_("How is it today? Figures with units help most."),
        rows=2,
        required=False,
        max_length=ANSWER_LIMIT,
    )
    wanted = LinesField(
        label=_("What is to be reached?"),
        rows=2,
        required=False,
        max_length=ANSWER_LIMIT,
        help_text=_("For example: scrap rate ≤ 2 %, cost ≤ 20 CNY/t, within 6 months."),
    )
    tried = LinesField(
        label=_("What was tried, and why is it not enough?"), rows=2, required=False, max_length=ANSWER_LIMIT
    )
    offer = LinesField(
        label=_("What can you offer: equipment, samples, data, a budget?"),
        rows=2,
        required=False,
        max_length=ANSWER_LIMIT,
    )


class DeclineForm(forms.Form):
    """Not taking part."""

    no_more_mails = forms.BooleanField(
        label=_("No invitations to this address any more, from whomever"), required=False
    )


class TakeOverForm(forms.Form):
    """Whose drafts they become."""

    def __init__(
        self, *args: Any, owners: Sequence[Organisation] = (), name: str = "", **options: Any
    ) -> None:
        super().__init__(*args, **options)
        new = ("", _("Register “%(name)s”, and act for it") % {"name": name})
        own = [(str(owner.public_id), owner.name) for owner in owners]
        self.fields["owner"] = forms.ChoiceField(
            label=_("Organisation"), choices=[*own, new], required=False, widget=forms.RadioSelect,
            initial=own[0][0] if own else "",
        )  # fmt: skip
