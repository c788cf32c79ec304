"""分派: what the engine proposed as to who carries which need, and what people made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.assignment_enums import Against, DeclineReason, ProposalState
from ronglian.apps.clinic.manager_rules import keeps_register
from ronglian.apps.clinic.models.technology_manager import TechnologyManager
from ronglian.apps.registry.models import Need
from ronglian.kernel.actor import Actor
from ronglian.kernel.models import Record


class AssignmentRun(Record):
    """分派批次: one computation over all needs that waited, with its proof.

    `counts`: cases, managers, places, carried, small, small_minimum, small_held, and of those left out how many
    for which reason. `value` and `bound` are points; where they are equal, no other assignment is worth more.
    """

    counts = models.JSONField(_("figures"))
    value = models.FloatField(_("worth in all"))
    bound = models.FloatField(_("upper bound"))
    small_bonus = models.FloatField(_("bonus of a small firm's case"))
    parameters_version = models.CharField(_("parameters version"), max_length=40)
    proposed_by = models.CharField(_("proposed by"), max_length=200)

    class Meta:
        verbose_name = _("assignment run")

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"


class ProposalQuerySet(models.QuerySet["AssignmentProposal"]):
    """Queries that respect the policy."""

    def visible_to(self, actor: Actor) -> Self:
        if keeps_register(actor):
            return self
        return self.filter(manager__person__public_id=actor.person_id) if actor.person_id else self.none()


class AssignmentProposal(Record):
    """分派方案: one need with the manager proposed, the parts of what the pair is worth, and who was second."""

    LOGGED = False  # open ones are computed anew at any time; what people decide has its event

    run = models.ForeignKey(AssignmentRun, on_delete=models.PROTECT, related_name="proposals")
    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="assignments")
    manager = models.ForeignKey(TechnologyManager, on_delete=models.CASCADE, related_name="assignments")
    state = models.CharField(_("state"), max_length=10, choices=ProposalState, default=ProposalState.PROPOSED)
    parts = models.JSONField(_("points"))
    terms = models.JSONField(_("words of both"), default=list, blank=True)
    second = models.ForeignKey(
        TechnologyManager, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    second_worth = models.FloatField(_("worth with the next best"), null=True, blank=True)
    against = models.CharField(_("why not the next best"), max_length=20, choices=Against, blank=True)
    reason = models.CharField(_("reason"), max_length=15, choices=DeclineReason, blank=True)
    note = models.TextField(_("note"), max_length=500, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)

    objects: ClassVar[models.Manager[Any]] = ProposalQuerySet.as_manager()
    if TYPE_CHECKING:
        need_id: int
        manager_id: int
        second_id: int | None

    class Meta:
        verbose_name = _("proposed assignment")
        constraints = (
            models.UniqueConstraint(
                fields=["need"],
                condition=models.Q(state=ProposalState.PROPOSED),
                name="need_proposed_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ProposalState.DECLINED) | ~models.Q(reason=""),
                name="assignment_declined_with_reason",
            ),
        )
        indexes = (models.Index(fields=["manager", "state"], name="assignment_of_manager"),)

    def __str__(self) -> str:
        return f"{self.need} – {self.manager}"

    @property
    def worth(self) -> float:
        """Points of all parts, the load taken off."""
        return round(float(sum(self.parts.values())), 2)
