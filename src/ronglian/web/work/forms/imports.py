"""Sending a file, and saying which of its headers is which column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.columns import COLUMNS, Kind
from ronglian.apps.registry.imports.messages import column_label
from ronglian.apps.registry.models import ImportBatch, ImportKind

WHEN_TAKEN_OVER = (
    ("publish", _("Publish at once")),
    ("draft", _("Keep as drafts that only the organisation sees")),
)


class UploadForm(forms.Form):
    """One file with records of one kind for one organisation. Operators may also import organisations."""

    kind = forms.ChoiceField(label=_("What the file holds"))
    owner = forms.ChoiceField(
        label=_("Organisation the records belong to"),
        required=False,
        help_text=_("Where a row names another, that row is shown to you."),
    )
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # the reader says what an empty file lacks
        max_length=None,
        help_text=_(
            "Excel (.xlsx), CSV or JSON Lines, up to 100 MB. Columns are recognised by their Chinese or English headers."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv,.jsonl,.json,.gz"}),
    )
    after = forms.ChoiceField(
        label=_("When taken over"), choices=WHEN_TAKEN_OVER, initial="publish", widget=forms.RadioSelect
    )
    source = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, owners: Sequence[Organisation], is_operator: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [kind for kind in ImportKind if is_operator or kind != ImportKind.ORGANISATIONS]
        self._field("kind").choices = [(kind.value, capfirst(str(kind.label))) for kind in kinds]
        self._field("owner").choices = [(str(one.public_id), one.name) for one in owners]

    def _field(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field


@dataclass(frozen=True, slots=True)
class Header:
    """A header of the file with the column it is read as, and what is wrong with that."""

    field: str
    text: str
    column: str
    errors: Sequence[str] = ()


def shown_headers(
    batch: ImportBatch, mapping: Mapping[str, str], problems: Mapping[str, Sequence[object]]
) -> Iterator[Header]:
    for number, text in enumerate(batch.headers):
        errors = [str(problem) for problem in problems.get(text, ())]
        yield Header(f"column-{number}", text, mapping.get(text, ""), errors)


def typed_mapping(batch: ImportBatch, data: Mapping[str, str]) -> dict[str, str]:
    """Header → column as chosen on the page; a header the page did not send keeps its column."""
    chosen = {text: data.get(f"column-{number}") for number, text in enumerate(batch.headers)}
    return {text: column for text, column in chosen.items() if column is not None}


def column_choices(kind: str) -> list[tuple[str, str]]:
    """The columns a header may be read as."""
    known: Kind = kind  # type: ignore[assignment]  # the model's choices are the kinds
    return [
        (column.name, column_label(kind, column.name)) for column in COLUMNS[known] if not column.read_only
    ]
