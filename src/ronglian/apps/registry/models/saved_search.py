"""保存的检索: a list that somebody wants to be told about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Person
from ronglian.apps.registry.enums import AlertFrequency, SearchedKind
from ronglian.kernel.models import Record

QUERY_LIMIT = 1_000


class SavedSearch(Record):
    """保存的检索: words and filters of a list of needs or results, as its address has them."""

    LOGGED = False  # somebody's own, and gone with the person

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="searches")
    kind = models.CharField(_("kind"), max_length=10, choices=SearchedKind)
    query = models.CharField(_("words and filters"), max_length=QUERY_LIMIT, blank=True)
    frequency = models.CharField(
        _("told by e-mail"), max_length=10, choices=AlertFrequency, default=AlertFrequency.DAILY
    )
    looked_at = models.DateTimeField(_("looked last"), null=True, blank=True)
    alerts = models.PositiveIntegerField(default=0)

    if TYPE_CHECKING:
        person_id: int

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        constraints = (models.UniqueConstraint(fields=["person", "kind", "query"], name="saved_search_once"),)

    def __str__(self) -> str:
        return f"{self.kind}?{self.query}"


class SearchHit(models.Model):
    """检索命中: that a search has found a record, so that it is told of once."""

    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="hits")
    subject_id = models.UUIDField()

    class Meta:
        verbose_name = _("hit of a search")
        verbose_name_plural = _("hits of a search")
        constraints = (models.UniqueConstraint(fields=["search", "subject_id"], name="search_hit_once"),)

    def __str__(self) -> str:
        return f"{self.search_id} {self.subject_id}"
