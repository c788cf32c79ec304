"""The forms of the four kinds of record, in groups, with words that teach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.cell_texts import range_text
from ronglian.apps.registry.enums import (
    Disclosure,
    HardConstraint,
    IpKind,
    OutputForm,
    Stage,
    TechnicalLevel,
    TechnologyField,
    TransferMode,
)
from ronglian.apps.registry.models import Expert, Need, RegistryRecord, Result, Scene
from ronglian.engines.text import MoneyRange
from ronglian.kernel.errors import OperationError, Text
from ronglian.web.context import short_language
from ronglian.web.work.forms.fields import (
    KeywordsField,
    LinesField,
    MoneyField,
    industry_field,
    label_of,
    region_field,
)
from ronglian.web.work.forms.refusals import add_refusal

READINESS: Sequence[tuple[str, Text]] = (
    ("", _("not stated")),
    ("1", _("1 – basic principles observed")),
    ("2", _("2 – concept formulated")),
    ("3", _("3 – concept proven by experiment")),
    ("4", _("4 – validated in the laboratory")),
    ("5", _("5 – validated in a relevant environment")),
    ("6", _("6 – demonstrated in a relevant environment")),
    ("7", _("7 – prototype demonstrated in use")),
    ("8", _("8 – system complete and qualified")),
    ("9", _("9 – proven in use")),
)
METRICS_HELP = _(
    "One metric per line: name, comparison, value, unit. For example: 六价铬 ≤ 0.1 mg/L. Below you see what was read."
)
MONEY_HELP = _(
    "For example 30-50万元, 不超过100万元, CNY 300,000. A bare number means 万元. Empty means negotiable."
)
UNDER_NDA_HELP = _(
    "Title, summary, field, place and keywords stay public. Details, metrics, conditions and amounts are shown to your "
    "own organisation and to those you have an agreement with. Matches found with them are shown to you alone."
)
KEYWORDS_HELP = _("Words a searcher would type, separated by 、 or commas.")


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together. A folded group opens when something in it needs attention."""

    title: Text
    fields: tuple[str, ...]
    text: Text = ""
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group with its fields as the template takes them."""

    group: Group
    fields: list[BoundField]

    @property
    def is_open(self) -> bool:
        return not self.group.is_folded or any(field.errors or field.value() for field in self.fields)


def one_of(choices: type[models.TextChoices], **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=[("", _("not stated")), *choices.choices], required=False, **options)


def some_of(choices: type[models.TextChoices], **options: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        choices=choices.choices, widget=forms.CheckboxSelectMultiple, required=False, **options
    )


def readiness(**options: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(choices=READINESS, coerce=int, empty_value=None, required=False, **options)


def day(**options: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(
        required=False,
        widget=widget,
        error_messages={"invalid": _("This is not a date. Right would be 2026-11-22.")},
        **options,
    )


class RecordForm(forms.Form):
    """The base: from a record to what is shown, and from what was typed to attributes.

    Fields are named as the record's attributes; `money` names the fields that stand for two attributes.
    """

    model: ClassVar[type[RegistryRecord]]
    groups: ClassVar[tuple[Group, ...]]
    money: ClassVar[Mapping[str, tuple[str, str]]] = {}

    keywords = KeywordsField(required=False, help_text=KEYWORDS_HELP)
    keywords_en = KeywordsField(required=False)
    region = region_field(required=False, help_text=_("Province or city, for example 江苏省苏州市."))
    disclosure = forms.ChoiceField(choices=Disclosure.choices)
    expires_on = day(
        help_text=_("After this day the record leaves lists and matches until you renew it. Empty: one year.")
    )

    def __init__(self, *args: Any, owners: Sequence[Organisation] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        if owners:
            choices = [(str(owner.public_id), owner.name) for owner in owners]
            self.fields["owner"] = forms.ChoiceField(choices=choices, label=_("Organisation"))
        else:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)
        for name, field in self.fields.items():
            if field.label is None:
                field.label = label_of(self.model, name)
        self.order_fields([name for group in self.groups for name in group.fields])

    def shown_groups(self) -> Iterator[ShownGroup]:
        for group in self.groups:
            yield ShownGroup(group, [self[name] for name in group.fields])

    def attributes(self) -> dict[str, Any]:
        """What was typed, as the operation takes it."""
        values: dict[str, Any] = {}
        for name, value in self.cleaned_data.items():
            if name in ("owner", "version"):
                continue
            if isinstance(value, MoneyRange):
                low, high = self.money[name]
                values |= {low: value.low_fen, high: value.high_fen}
            else:
                values[name] = value
        if values["expires_on"] is None:
            del values["expires_on"]  # the operation's own term holds
        return values

    @classmethod
    def values_of(cls, record: RegistryRecord) -> dict[str, Any]:
        """What the form shows of a record."""
        values: dict[str, Any] = {"version": record.version}
        for name in cls.base_fields:
            if name in cls.money:
                low, high = cls.money[name]
                values[name] = range_text(getattr(record, low), getattr(record, high), short_language())
            else:
                values[name] = getattr(record, name)
        return values

    def refuse(self, error: OperationError) -> None:
        """Show an operation's refusal at the fields it names."""
        add_refusal(self, error, {attribute: name for name, pair in self.money.items() for attribute in pair})


class TechnicalForm(RecordForm):
    """What results, needs and scenes share."""

    title = forms.CharField(help_text=_("One line that says what it is about."))
    title_en = forms.CharField(required=False)
    technology_field = one_of(TechnologyField)
    industry = industry_field(required=False, help_text=_("Where it is used, for example C33 or 金属制品业."))
    summary_en = LinesField(required=False)
    under_nda = forms.BooleanField(
        required=False,
        label=_("Keep the details confidential: shown under an agreement (NDA) only"),
        help_text=UNDER_NDA_HELP,
    )
    signing_suffices = forms.BooleanField(
        required=False, help_text=_("Otherwise you decide on each request.")
    )


PLACE_GROUP = Group(
    _("Field and place"),
    ("technology_field", "industry", "region", "keywords"),
    _("Readers filter by these."),
)
READERS_GROUP = Group(
    _("Readers and validity"), ("disclosure", "under_nda", "signing_suffices", "expires_on")
)
ENGLISH_TEXT = _("Optional. English readers and English searches find it by this.")


class NeedForm(TechnicalForm):
    """技术需求."""

    model = Need
    money: ClassVar = {"budget": ("budget_low_fen", "budget_high_fen")}

    summary = LinesField(
        rows=3,
        required=False,
        help_text=_(
            "Two or three sentences for everybody. Where the details are confidential, this is all they read."
        ),
    )
    details = LinesField(
        rows=6,
        required=False,
        help_text=_("What happens today, where, since when, and what it costs you. Numbers help."),
    )
    details_en = LinesField(required=False)
    difficulty = LinesField(required=False, help_text=_("What has been tried, and why it was not enough."))
    difficulty_en = LinesField(required=False)
    existing_conditions = LinesField(
        required=False, help_text=_("Equipment, samples, data and people that a partner could use.")
    )
    existing_conditions_en = LinesField(required=False)
    metrics_text = LinesField(rows=5, required=False, help_text=METRICS_HELP)
    metrics_text_en = LinesField(required=False)
    minimum_maturity = readiness(help_text=_("Leave open unless you could not start from less."))
    hard = some_of(
        HardConstraint, help_text=_("A result that misses one of these is ruled out, not just ranked lower.")
    )
    budget = MoneyField(label=_("Budget"), required=False, help_text=MONEY_HELP)
    modes = some_of(TransferMode)
    anonymous = forms.BooleanField(
        required=False,
        help_text=_("Readers see kind, region and industry of your organisation instead of its name."),
    )

    groups = (
        Group(
            _("The problem"),
            ("title", "summary", "details", "difficulty", "existing_conditions"),
            _("Write as you would tell an engineer of another plant."),
        ),
        Group(_("What a solution must reach"), ("metrics_text", "minimum_maturity", "hard")),
        PLACE_GROUP,
        Group(_("Money and cooperation"), ("budget", "modes")),
        Group(
            _("Readers and validity"),
            ("disclosure", "under_nda", "signing_suffices", "anonymous", "expires_on"),
        ),
        Group(
            _("In English"),
            (
                "title_en",
                "summary_en",
                "details_en",
                "difficulty_en",
                "existing_conditions_en",
                "metrics_text_en",
                "keywords_en",
            ),
            ENGLISH_TEXT,
            is_folded=True,
        ),
    )


class ResultForm(TechnicalForm):
    """科技成果."""

    model = Result
    money: ClassVar = {"price": ("price_low_fen", "price_high_fen")}

    summary = LinesField(
        rows=6,
        required=False,
        help_text=_("What it does better than what is used today, and under which conditions."),
    )
    details = LinesField(required=False, help_text=_("What a partner needs to know beyond the summary."))
    details_en = LinesField(required=False)
    completed_by = forms.CharField(required=False, help_text=_("Where others took part: all who made it."))
    output_form = one_of(OutputForm)
    metrics_text = LinesField(rows=5, required=False, help_text=METRICS_HELP)
    metrics_text_en = LinesField(required=False)
    stage = one_of(Stage)
    maturity = readiness(help_text=_("The level you could show evidence for today."))
    technical_level = one_of(TechnicalLevel)
    ip = some_of(IpKind)
    ip_numbers = forms.CharField(
        required=False, help_text=_("For example ZL202310123456.7; several separated by ；")
    )
    transfer_modes = some_of(TransferMode)
    price = MoneyField(label=_("Price"), required=False, help_text=MONEY_HELP)

    groups = (
        Group(_("The result"), ("title", "summary", "details", "completed_by", "output_form")),
        Group(_("How far it has come"), ("metrics_text", "maturity", "stage", "technical_level")),
        PLACE_GROUP,
        Group(_("Rights and transfer"), ("ip", "ip_numbers", "transfer_modes", "price")),
        READERS_GROUP,
        Group(
            _("In English"),
            ("title_en", "summary_en", "details_en", "metrics_text_en", "keywords_en"),
            ENGLISH_TEXT,
            is_folded=True,
        ),
    )


class SceneForm(TechnicalForm):
    """应用场景."""

    model = Scene

    summary = LinesField(rows=6, required=False, help_text=_("What could be tried there, and with whom."))
    conditions = LinesField(required=False, help_text=_("What a team has to bring, and what it gets."))
    conditions_en = LinesField(required=False)
    opens_on = day()
    closes_on = day()

    groups = (
        Group(_("The scene"), ("title", "summary", "conditions", "opens_on", "closes_on")),
        PLACE_GROUP,
        READERS_GROUP,
        Group(
            _("In English"),
            ("title_en", "summary_en", "conditions_en", "keywords_en"),
            ENGLISH_TEXT,
            is_folded=True,
        ),
    )


class ExpertForm(RecordForm):
    """专家."""

    model = Expert

    name = forms.CharField()
    name_en = forms.CharField(required=False)
    post = forms.CharField(required=False, help_text=_("For example professor, chief engineer."))
    post_en = forms.CharField(required=False)
    orcid = forms.CharField(required=False, help_text=_("For example 0000-0002-1825-0097."))
    technology_fields = some_of(TechnologyField)
    summary = LinesField(
        required=False,
        help_text=_("What this person can solve. No telephone, no e-mail: you are the contact."),
    )
    summary_en = LinesField(required=False)

    groups = (
        Group(_("The expert"), ("name", "post", "orcid", "summary")),
        Group(_("Field and place"), ("technology_fields", "region", "keywords"), PLACE_GROUP.text),
        Group(READERS_GROUP.title, ("disclosure", "expires_on")),
        Group(
            _("In English"),
            ("name_en", "post_en", "summary_en", "keywords_en"),
            ENGLISH_TEXT,
            is_folded=True,
        ),
    )
