"""Forms of challenges: the call, its keys, what the scheme asks, a bid, and the opening."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.bid_content import LONGEST_PROPOSAL, Attachment, BidContent, Partner
from ronglian.apps.challenges.enums import ChallengeKind, HolderRole, Openness, RewardKind
from ronglian.apps.challenges.models import Challenge
from ronglian.apps.clinic.models import TechnologyManager
from ronglian.engines.process import Definition, Transition
from ronglian.engines.process.definition import Fact
from ronglian.kernel.errors import OperationError
from ronglian.web.context import short_language
from ronglian.web.work.forms.cases import CaseForm
from ronglian.web.work.forms.clinic import CriterionForm
from ronglian.web.work.forms.contracts import FenField
from ronglian.web.work.forms.fields import LinesField

SPARE_ROWS = 2
MOST_ROWS = 20
SCORES = 6  # 0 to 5
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NOT_AN_ADDRESS = _("This is not an address of an organisation. Right would be https://…/organisations/….")


def moment_field(**options: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        error_messages={"invalid": _("This is not a moment. Right would be 2026-12-31 17:00.")},
        **options,
    )


class RubricRow(forms.Form):
    """One criterion of the review, with what earns the lowest, a middling and the highest score."""

    title = forms.CharField(label=_("Criterion"), max_length=100, required=False)
    weight = forms.IntegerField(label=_("Weight, per cent"), min_value=1, max_value=100, required=False)
    low = forms.CharField(label=_("What earns 0"), max_length=300, required=False)
    middle = forms.CharField(label=_("What earns 3"), max_length=300, required=False)
    high = forms.CharField(label=_("What earns 5"), max_length=300, required=False)


class QuestionRow(forms.Form):
    label = forms.CharField(label=_("Question to bidders"), max_length=300, required=False)
    required = forms.BooleanField(label=_("has to be answered"), required=False)


class PartnerRow(forms.Form):
    name = forms.CharField(label=_("Member of the consortium"), max_length=200, required=False)
    role = forms.CharField(label=_("Does what"), max_length=200, required=False)
    share = forms.IntegerField(label=_("Share, per cent"), min_value=0, max_value=100, required=False)


ROWS: Mapping[str, type[forms.Form]] = {
    "acceptance": CriterionForm,
    "rubric": RubricRow,
    "eligibility": QuestionRow,
}
# What makes a row one: without it the row is left out.
KEYS = {"acceptance": "quantity", "rubric": "title", "eligibility": "label"}


class ChallengeForm(CaseForm):
    """榜单. What a call says, how its bids are judged, and who holds the keys."""

    title = forms.CharField(label=_("In one line"), max_length=200)
    title_en = forms.CharField(label=_("In English"), max_length=300, required=False)
    kind = forms.ChoiceField(label=_("What is asked for"), choices=ChallengeKind.choices)
    text = LinesField(
        label=_("What is wrong, on which process, and what is wanted"), rows=6, max_length=10_000
    )
    text_en = LinesField(label=_("The same in English"), rows=4, max_length=20_000, required=False)
    reward_kind = forms.ChoiceField(label=_("Reward"), choices=RewardKind.choices)
    reward_fen = FenField(label=_("Amount"), required=False, help_text=_("For example: 50万元"))
    openness = forms.ChoiceField(label=_("Who may answer"), choices=Openness.choices)
    invited = LinesField(
        label=_("Invited organisations"), rows=2, max_length=3000, required=False,
        help_text=_("The address of each organisation's page on this site, one a line."),
    )  # fmt: skip
    closes_at = moment_field(label=_("Bids close"), required=False)
    is_blind = forms.BooleanField(label=_("Reviewers do not learn who bid"), required=False, initial=True)
    tells_number_of_bids = forms.BooleanField(
        label=_("The number of bids is shown before they close"), required=False
    )
    compensation = LinesField(
        label=_("What bidders get if it is withdrawn"), rows=2, max_length=1000, required=False
    )
    manager = forms.ChoiceField(label=_("Technology manager with a key"), required=False)
    escrow = forms.CharField(
        label=_("Escrow"), max_length=400, required=False,
        help_text=_("An organisation that neither sets nor answers the question, such as a notary's office: the address of its page."),
    )  # fmt: skip

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        managers: Sequence[TechnologyManager],
        challenge: Challenge | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        begun = {**(_initial(challenge) if challenge else {}), **(initial or {})}
        super().__init__(data, initial=begun)
        self.fields["manager"].choices = [("", "–"), *((str(one.public_id), one.name) for one in managers)]  # type: ignore[attr-defined]  # it is a ChoiceField
        shown = begun if data is None else {}
        self.rows = {
            name: forms.formset_factory(row, extra=SPARE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)(
                data, prefix=name, initial=shown.get(name, ())
            )
            for name, row in ROWS.items()
        }

    def is_valid(self) -> bool:
        """Also of the rows; every part is checked, so that all errors show at once."""
        return all([super().is_valid(), *(rows.is_valid() for rows in self.rows.values())])

    def clean_escrow(self) -> str:
        return read_address(self.cleaned_data["escrow"])

    def clean_invited(self) -> list[str]:
        return [read_address(line) for line in self.cleaned_data["invited"].splitlines() if line.strip()]

    def fields_of(self) -> dict[str, Any]:
        """What was typed, as the operation takes it, but for organisations and people."""
        typed = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("manager", "escrow", "invited")
        }
        return typed | {"reward_fen": typed["reward_fen"] or 0, **self.filled_rows()}

    def filled_rows(self) -> dict[str, list[dict[str, Any]]]:
        """What stands in the rows; those left empty are no rows."""
        readers = {"acceptance": _criterion, "rubric": _judged_by, "eligibility": _question}
        return {
            name: [readers[name](row.cleaned_data) for row in rows if row.cleaned_data.get(KEYS[name])]
            for name, rows in self.rows.items()
        }

    def add_call_error(self, error: OperationError) -> None:
        """Put what the operation says at its field; what is said of rows stands on top."""
        for name, texts in error.fields.items():
            self.add_error(name if name in self.fields else None, [str(text) for text in texts])
        if not error.fields:
            self.add_error(None, str(error.message))


class FactsForm(CaseForm):
    """What a scheme wants to know and no record tells; built from the scheme."""

    def __init__(self, data: QueryDict | None, *, facts: Sequence[Fact], stated: Mapping[str, Any]) -> None:
        super().__init__(data, initial={fact.id: stated.get(fact.id) for fact in facts})
        for fact in facts:
            self.fields[fact.id] = _fact_field(fact)

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


class StepForm(CaseForm):
    """A step of the scheme, with the papers that it has to produce."""

    note = LinesField(label=_("Note"), rows=2, max_length=2000, required=False)

    def __init__(
        self,
        data: QueryDict | None,
        *,
        definition: Definition,
        documents: Mapping[str, str],
        transition: Transition,
    ) -> None:
        super().__init__(data, auto_id=f"{transition.id}-%s")
        for document in transition.produces:
            self.fields[document] = LinesField(
                label=documents[document], rows=2, max_length=3000,
                help_text=_("In words, or the address of the paper."),
            )  # fmt: skip
        self.order_fields([*transition.produces, "note"])
        self.produces = transition.produces

    def documents(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.produces}


class KeyForm(CaseForm):
    role = forms.ChoiceField(choices=HolderRole.choices, widget=forms.HiddenInput)
    passphrase = forms.CharField(
        label=_("Passphrase"), max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("12 characters or more. It is kept nowhere and cannot be restored: write it down."),
    )  # fmt: skip
    again = forms.CharField(
        label=_("The same again"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if "passphrase" in typed and typed.get("again") != typed["passphrase"]:
            self.add_error("again", _("This is not the same passphrase."))
        return typed


class OpenForm(CaseForm):
    passphrase = forms.CharField(
        label=_("Your passphrase"), max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )


class ManyFiles(forms.ClearableFileInput):
    """The browser's field for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; cleans to a list."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        if not data:
            return []
        return [super(FilesField, self).clean(one, initial) for one in data]


class BidForm(CaseForm):
    """揭榜申请. Nothing typed is kept before it is sealed; what is refused has to be typed or chosen again."""

    bidder = forms.ChoiceField(label=_("For which organisation"))
    proposal = LinesField(label=_("How you will solve it"), rows=10, max_length=LONGEST_PROPOSAL)
    price_fen = FenField(label=_("Price"), required=False, help_text=_("For example: 45万元"))
    days = forms.IntegerField(label=_("Days you need"), min_value=1, max_value=3650, required=False)
    attachments = FilesField(label=_("Files"), required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, Any] | None = None,
        *,
        challenge: Challenge,
        own: Sequence[Organisation],
    ) -> None:
        super().__init__(data, files)
        self.fields["bidder"].choices = [(str(one.public_id), one.name) for one in own]  # type: ignore[attr-defined]  # it is a ChoiceField
        self.questions = challenge.eligibility
        for number, question in enumerate(self.questions):
            self.fields[f"answer_{number}"] = LinesField(
                label=question["label"], rows=2, max_length=2000, required=question["required"]
            )
        self.partners = forms.formset_factory(
            PartnerRow, extra=SPARE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS
        )(data, prefix="partners")

    def is_valid(self) -> bool:
        return all([super().is_valid(), self.partners.is_valid()])

    def answers(self) -> list[forms.BoundField]:
        return [self[f"answer_{number}"] for number in range(len(self.questions))]

    def content(self) -> BidContent:
        typed = self.cleaned_data
        rows = [row.cleaned_data for row in self.partners if row.cleaned_data.get("name")]
        return BidContent(
            proposal=typed["proposal"],
            answers=tuple(typed[f"answer_{number}"] for number in range(len(self.questions))),
            price_fen=typed["price_fen"],
            days=typed["days"],
            partners=tuple(Partner(row["name"], row["role"], row["share"] or 0) for row in rows),
            attachments=tuple(Attachment(str(each.name), each.read()) for each in typed["attachments"]),
        )


def _initial(challenge: Challenge) -> dict[str, Any]:
    names = (
        "title", "title_en", "kind", "text", "text_en", "reward_kind", "openness", "is_blind", "tells_number_of_bids",
        "compensation", "acceptance", "eligibility",
    )  # fmt: skip
    found = {name: getattr(challenge, name) for name in names}
    addresses = [
        f"/organisations/{row.organisation.public_id}/"
        for row in challenge.invitations.select_related("organisation")
    ]
    return found | {
        "reward_fen": challenge.reward_fen or None,
        "closes_at": timezone.localtime(challenge.closes_at) if challenge.closes_at else None,
        "manager": str(challenge.manager.public_id) if challenge.manager else "",
        "escrow": f"/organisations/{challenge.escrow.public_id}/" if challenge.escrow else "",
        "invited": "\n".join(addresses),
        "rubric": [
            {
                "title": row["title"], "weight": row["weight"],
                **dict(zip(("low", "middle", "high"), _three(row["anchors"]), strict=True)),
            }
            for row in challenge.rubric
        ],
    }  # fmt: skip


def _criterion(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in CriterionForm.base_fields}


def _judged_by(row: Mapping[str, Any]) -> dict[str, Any]:
    anchors = [row["low"], "", "", row["middle"], "", row["high"]]
    return {"title": row["title"], "weight": row["weight"] or 0, "anchors": anchors}


def _question(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"label": row["label"], "required": row["required"]}


def _three(anchors: Sequence[str]) -> tuple[str, str, str]:
    """The anchors that the form shows: of scores 0, 3 and 5."""
    padded = [*anchors, *[""] * SCORES]
    return padded[0], padded[3], padded[5]


def read_address(text: str) -> str:
    if not text.strip():
        return ""
    found = _ID.search(text)
    if found is None:
        raise forms.ValidationError(_NOT_AN_ADDRESS)
    return found.group()


def _fact_field(fact: Fact) -> forms.Field:
    label = fact.name.say(short_language())
    match fact.kind:
        case "yes_no":
            return forms.BooleanField(label=label, required=False)
        case "number":
            return forms.IntegerField(label=label, min_value=0, required=False)
        case "money":
            return FenField(label=label, required=False)
        case "time":
            return moment_field(label=label, required=False)
        case _:
            return forms.CharField(label=label, max_length=300, required=False)
