"""Rows of running processes, the definitions they keep, and their timers."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from ronglian.engines.process import Definition, Outcome, Part, Situation, Token, read_definition
from ronglian.kernel.models import Record


class ProcessOutcome(models.TextChoices):
    """流程结局: how a process ended."""

    SUCCESS = "success", _("succeeded")
    FAILURE = "failure", _("not achieved")
    CANCELLED = "cancelled", _("called off")


class TimerState(models.TextChoices):
    """期限状态."""

    WAITING = "waiting", _("the time runs")
    FIRED = "fired", _("came due")
    LEFT = "left", _("no longer needed")


class KeptDefinition(Record):
    """流程定义存档: the text of a definition as a process was started with it; never changed."""

    definition = models.CharField(_("process"), max_length=60)
    number = models.PositiveIntegerField(_("version of the process"))
    digest = models.CharField(max_length=64, unique=True)
    text = models.TextField()

    class Meta:
        verbose_name = _("kept process definition")
        verbose_name_plural = _("kept process definitions")

    def __str__(self) -> str:
        return f"{self.definition}@{self.number}"

    @property
    def parsed(self) -> Definition:
        return parse_definition(self.text)


@lru_cache(maxsize=256)
def parse_definition(text: str) -> Definition:
    """The definition that was kept; it was checked before it was."""
    return read_definition(text, "kept")


class RunningProcess(Record):
    """运行中的流程. `tokens` are [{"state", "since"}], `pauses` [{"from", "to", "reason"}], newest last.

    A part belongs to the state `parent_state` of its parent under the key `part_key`.
    """

    kept = models.ForeignKey(KeptDefinition, on_delete=models.PROTECT, related_name="processes")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    tokens = models.JSONField(default=list)
    pauses = models.JSONField(default=list, blank=True)
    outcome = models.CharField(_("how it ended"), max_length=10, choices=ProcessOutcome, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, related_name="parts", null=True, blank=True)
    parent_state = models.CharField(max_length=60, blank=True)
    part_key = models.CharField(max_length=60, blank=True)

    objects: ClassVar[models.Manager[Any]] = models.Manager()
    if TYPE_CHECKING:
        kept_id: int
        parent_id: int | None

    class Meta:
        verbose_name = _("running process")
        verbose_name_plural = _("running processes")
        indexes = (models.Index(fields=["subject_id", "subject_kind"], name="process_by_subject"),)
        constraints = (
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "kept"],
                condition=models.Q(outcome="", parent__isnull=True),
                name="process_runs_once_per_subject",
            ),
            models.UniqueConstraint(
                fields=["parent", "parent_state", "part_key"],
                condition=models.Q(parent__isnull=False),
                name="process_part_once",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", ended_at__isnull=True)
                | (~models.Q(outcome="") & models.Q(ended_at__isnull=False)),
                name="process_ended_with_outcome",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kept} {self.subject_kind}:{self.subject_id}"

    @property
    def definition(self) -> Definition:
        return self.kept.parsed

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(token["state"] for token in self.tokens)

    @property
    def is_over(self) -> bool:
        return self.outcome != ""

    @property
    def is_paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1]["to"] is None

    def situation(self) -> Situation:
        """Where it is, for the engine. One query for the parts, where the definition has any."""
        tokens = tuple(Token(token["state"], datetime.fromisoformat(token["since"])) for token in self.tokens)
        return Situation(
            tokens=tokens,
            parts=self._parts(tokens),
            pauses=tuple(
                (
                    datetime.fromisoformat(pause["from"]),
                    datetime.fromisoformat(pause["to"]) if pause["to"] else None,
                )
                for pause in self.pauses
            ),
        )

    def _parts(self, tokens: tuple[Token, ...]) -> tuple[Part, ...]:
        """The sub-processes of this stay in a state; those of an earlier stay no longer count."""
        states = self.definition.states
        came = {token.state: token.since for token in tokens if states[token.state].parts}
        if not came:
            return ()
        rows = RunningProcess.objects.filter(parent=self, parent_state__in=came).order_by("id")
        found = rows.values_list("part_key", "parent_state", "outcome", "started_at")
        return tuple(
            Part(key, state, outcome_of_text(outcome))
            for key, state, outcome, started in found
            if started >= came[state]
        )

    def take(self, situation: Situation) -> None:
        """Hold the tokens of that situation; saved by who calls."""
        self.tokens = [{"state": token.state, "since": token.since.isoformat()} for token in situation.tokens]


class ProcessTimer(models.Model):
    """流程期限: one timer of a token. `due_at` is empty while the clock stands or the moment is not known."""

    process = models.ForeignKey(RunningProcess, on_delete=models.CASCADE, related_name="timers")
    name = models.CharField(max_length=60)
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=TimerState, default=TimerState.WAITING)
    fired_at = models.DateTimeField(null=True)

    if TYPE_CHECKING:
        process_id: int

    class Meta:
        verbose_name = _("timer of a process")
        verbose_name_plural = _("timers of processes")
        constraints = (
            models.UniqueConstraint(fields=["process", "name", "since"], name="process_timer_once"),
            models.CheckConstraint(
                condition=models.Q(state=TimerState.FIRED, fired_at__isnull=False)
                | (~models.Q(state=TimerState.FIRED) & models.Q(fired_at__isnull=True)),
                name="process_timer_fired_when",
            ),
        )
        indexes = (
            models.Index(
                fields=["due_at"], name="process_timer_due", condition=models.Q(state=TimerState.WAITING)
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} of process {self.process_id}"


def outcome_of_text(text: str) -> Outcome | None:
    match text:
        case "success" | "failure" | "cancelled":
            return text
        case _:
            return None
