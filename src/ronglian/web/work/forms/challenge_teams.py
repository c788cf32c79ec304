"""Forms of teams: the lead's own part, a partner and its part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.models import Team
from ronglian.apps.challenges.operations.teams import LONGEST_LACK, LONGEST_ROLE, Part
from ronglian.web.work.forms.cases import CaseForm
from ronglian.web.work.forms.challenges import read_address
from ronglian.web.work.forms.fields import LinesField


class PartForm(CaseForm):
    """What an organisation does, and its share."""

    role = forms.CharField(label=_("Does what"), max_length=LONGEST_ROLE)
    share = forms.IntegerField(label=_("Share, per cent"), min_value=0, max_value=100)

    def part(self) -> Part:
        return Part(self.cleaned_data["role"], self.cleaned_data["share"])


class TeamForm(PartForm):
    """The team as its lead sees it: which of one's organisations leads is chosen when it begins."""

    lead = forms.ChoiceField(label=_("For which organisation"))
    lacks = LinesField(
        label=_("What you lack"), rows=4, max_length=LONGEST_LACK, required=False,
        help_text=_("In your own words: a method, a material, a place to test. Organisations whose results fit it are shown to you; nobody else reads it."),
    )  # fmt: skip
    field_order = ("lead", "role", "share", "lacks")

    def __init__(
        self, data: QueryDict | None = None, *, own: Sequence[Organisation], team: Team | None = None
    ) -> None:
        initial: dict[str, Any] = (
            {"role": team.role, "share": team.share, "lacks": team.lacks} if team is not None else {}
        )
        super().__init__(data, initial=initial)
        if team is not None:
            del self.fields["lead"]
            return
        self.fields["lead"].choices = [(str(one.public_id), one.name) for one in own]  # type: ignore[attr-defined]  # it is a ChoiceField


class AskPartnerForm(PartForm):
    """An organisation by the address of its page, and what it would do."""

    organisation = forms.CharField(
        label=_("Organisation"), max_length=400, help_text=_("The address of its page on this site.")
    )
    field_order = ("organisation", "role", "share")

    def clean_organisation(self) -> str:
        return read_address(self.cleaned_data["organisation"])
