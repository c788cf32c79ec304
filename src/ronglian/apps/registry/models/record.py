"""What every record of the registry has: an owner, a state, a disclosure, provenance, and a headline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry.enums import Disclosure, State, TechnologyField
from ronglian.apps.registry.rules import visible_q
from ronglian.kernel.actor import Actor
from ronglian.kernel.models import Record
from ronglian.kernel.provenance import Provenance, unexpired
from ronglian.kernel.validators import validate_industry, validate_region

M = TypeVar("M", bound="RegistryRecord")
TITLE_LIMIT = 300
TEXT_LIMIT = 20_000
KEYWORD_LIMIT = 40


@deconstructible
class EachOf:
    """Validates a list whose items come from a code list, each once."""

    def __init__(self, choices: type[models.TextChoices]) -> None:
        self.choices = choices

    def __call__(self, value: Any) -> None:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ValidationError(_("This must be a list of codes."))
        unknown = [item for item in value if item not in self.choices.values]
        if unknown:
            raise ValidationError(
                _("Unknown: %(unknown)s. Known are: %(known)s.")
                % {"unknown": ", ".join(unknown[:5]), "known": ", ".join(self.choices.values)}
            )
        if len(set(value)) != len(value):
            raise ValidationError(_("Each code may stand in the list once."))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EachOf) and other.choices is self.choices

    def __hash__(self) -> int:
        return hash(self.choices)


def validate_keywords(value: Any) -> None:
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise ValidationError(_("Keywords must be a list of words."))
    if len(value) > KEYWORD_LIMIT or any(len(item) > 100 for item in value):
        raise ValidationError(_("At most 40 keywords of at most 100 characters each."))


class StoredCheck(models.CheckConstraint):
    """Holds of rows as stored. An opened record in memory carries what its row must not (see `opening`)."""

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to say before storing: the database refuses."""


def check_money_range(low: int | None, high: int | None, low_field: str) -> None:
    """Both ends in fen, neither negative, low not above high."""
    if low is not None and high is not None and low > high:
        raise ValidationError({low_field: _("The lower amount is above the upper one.")})


class RecordQuerySet(models.QuerySet[M]):
    """Queries that respect the policy. Nobody outside this package starts from `all()`."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(visible_q(actor))

    def published(self) -> Self:
        return self.filter(state=State.PUBLISHED)

    def current(self, today: date) -> Self:
        """Published and not expired: what lists and matches show by default."""
        return self.published().filter(unexpired(today))


class RegistryRecord(Record, Provenance):
    """登记记录."""

    KEEPS_BESIDE = True  # what stands under an agreement

    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name=_("organisation")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    disclosure = models.CharField(
        _("who may see it"), max_length=15, choices=Disclosure, default=Disclosure.PUBLIC
    )
    keywords = models.JSONField(_("keywords"), default=list, blank=True, validators=[validate_keywords])
    keywords_en = models.JSONField(
        _("English keywords"), default=list, blank=True, validators=[validate_keywords]
    )
    region = models.CharField(_("region"), max_length=6, blank=True, validators=[validate_region])

    # The fields that leave the row where the record's details stand under an agreement (NDA).
    nda_fields: ClassVar[tuple[str, ...]] = ()
    # Whether `nda_fields` were filled in from the confidential details, for a reader who may have them.
    is_opened: bool = False

    objects: ClassVar[models.Manager[Any]] = RecordQuerySet.as_manager()
    if TYPE_CHECKING:
        owner_id: int

    class Meta:
        abstract = True

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """The row again, which is closed."""
        super().refresh_from_db(*args, **kwargs)
        if not (args or kwargs):
            self.is_opened = False

    @property
    def headline(self) -> str:
        """What the record is called, in Chinese if it has a Chinese name."""
        raise NotImplementedError

    @property
    def headline_en(self) -> str:
        """What the record is called in English, empty where nobody has said."""
        raise NotImplementedError

    @property
    def is_closed(self) -> bool:
        """Whether there is more to the record than this reader is given."""
        return bool(getattr(self, "under_nda", False)) and not self.is_opened

    @property
    def noun(self) -> str:
        """The first half of the record's event names."""
        return str(self._meta.model_name)

    def __str__(self) -> str:
        return self.headline or self.headline_en


class TechnicalRecord(RegistryRecord):
    """What a result, a need and a scene share: a title and a technology field."""

    title = models.CharField(_("title"), max_length=TITLE_LIMIT)
    title_en = models.CharField(_("English title"), max_length=TITLE_LIMIT * 2, blank=True)
    technology_field = models.CharField(
        _("technology field"), max_length=25, choices=TechnologyField, blank=True
    )
    industry = models.CharField(_("industry"), max_length=5, blank=True, validators=[validate_industry])
    summary = models.TextField(_("summary"), max_length=TEXT_LIMIT, blank=True)
    summary_en = models.TextField(_("English summary"), max_length=TEXT_LIMIT * 2, blank=True)
    under_nda = models.BooleanField(_("details under an agreement (NDA)"), default=False)
    signing_suffices = models.BooleanField(_("whoever signs the agreement reads at once"), default=False)

    class Meta(RegistryRecord.Meta):
        abstract = True

    @property
    def headline(self) -> str:
        return self.title

    @property
    def headline_en(self) -> str:
        return self.title_en


class MeasuredRecord(TechnicalRecord):
    """What a need and a result share: metrics as typed, and as read (see `derived.fill_derived`)."""

    metrics_text = models.TextField(_("technical metrics"), max_length=TEXT_LIMIT, blank=True)
    metrics_text_en = models.TextField(_("English technical metrics"), max_length=TEXT_LIMIT, blank=True)
    metrics = models.JSONField(default=list, blank=True, editable=False)
    unread = models.JSONField(default=list, blank=True, editable=False)

    #: The texts that make up the body, in order; each has a twin in English.
    body_fields: ClassVar[tuple[str, ...]]

    class Meta(TechnicalRecord.Meta):
        abstract = True

    @classmethod
    def join_body(cls, get: Callable[[str], str], ending: str = "") -> str:
        """The prose that is matched; `get` answers a text by its attribute."""
        return "\n".join(text for name in cls.body_fields if (text := get(name + ending)))

    @property
    def body(self) -> str:
        """In Chinese as a rule."""
        return self.join_body(self.__getattribute__)

    @property
    def body_en(self) -> str:
        return self.join_body(self.__getattribute__, "_en")


def nothing_confidential(texts: Sequence[str], numbers: Sequence[str] = ()) -> StoredCheck:
    """The row of a record with details under an agreement holds none of them: whoever reads rows reads the summary."""
    empty = models.Q(**dict.fromkeys(texts, ""), **{f"{name}__isnull": True for name in numbers})
    return StoredCheck(condition=models.Q(under_nda=False) | empty, name="%(class)s_row_is_public")


def list_indexes() -> list[models.Index]:
    """The indexes behind the default list (newest current records) and an organisation's own list."""
    return [
        models.Index(fields=["state", "disclosure", "-id"], name="%(class)s_list"),
        models.Index(fields=["owner", "-id"], name="%(class)s_owner"),
    ]


def once_per_source() -> models.UniqueConstraint:
    """The same row of the same source is the same record: importing a file twice changes nothing."""
    return models.UniqueConstraint(
        fields=["owner", "source_name", "source_id"],
        condition=~models.Q(source_id=""),
        name="%(class)s_source_once",
    )
