"""Proposing who carries which need, confirming it, and declining."""

from __future__ import annotations

from collections import Counter

import numpy as np
from django.utils.translation import gettext_lazy as _

from ronglian.apps.clinic.assignment_enums import Against, DeclineReason, ProposalState
from ronglian.apps.clinic.case_enums import CaseOrigin
from ronglian.apps.clinic.manager_enums import ManagerState
from ronglian.apps.clinic.manager_rules import is_oneself, keeps_register, may_keep_register
from ronglian.apps.clinic.models import AssignmentProposal, AssignmentRun, TechnologyManager
from ronglian.apps.clinic.operations.cases import open_case
from ronglian.apps.clinic.queries.assignments import (
    case_to_assign,
    declined_pairs,
    manager_to_assign,
    managers_with_load,
    tied_pairs,
    waiting_needs,
)
from ronglian.apps.registry.models import Need
from ronglian.engines.matching.manager_assignment import (
    NOBODY,
    ManagerAssignment,
    Places,
    assign_cases,
    stands_against,
)
from ronglian.engines.matching.manager_fit import DEFAULT_FIT, Fit, score_fit, shared_terms
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.permission import ALLOWED, Verdict, refused
from ronglian.kernel.validation import clean_record, clean_text


def may_decline(actor: Actor, proposal: AssignmentProposal) -> Verdict:
    if actor.is_system or (actor.may_write and is_oneself(actor, proposal.manager)):
        return ALLOWED
    if keeps_register(actor):
        return ALLOWED
    return refused(_("Only the manager it was proposed to, the bureau and operators decline it."))


@operation("assignment.propose", allowed=may_keep_register)
def propose_assignments(*, actor: Actor) -> AssignmentRun:
    """Share out all waiting needs anew. Open proposals are replaced; what was confirmed or declined stays."""
    needs, managers = list(waiting_needs()), managers_with_load()
    if not needs:
        raise RuleViolation(_("No need waits for a technology manager."))
    if not managers:
        raise RuleViolation(_("Nobody stands in the register of technology managers yet."))
    task = _Task(needs, managers)
    run = task.run(actor)
    clean_record(run)
    run.save(force_insert=True)
    AssignmentProposal.objects.filter(state=ProposalState.PROPOSED).delete()
    AssignmentProposal.objects.bulk_create(task.proposals(run), batch_size=500)
    record_event(actor, "assignment.proposed", run, dict(run.counts))
    return run


@operation("assignment.confirm", target="proposal", allowed=may_keep_register)
def confirm_assignment(*, actor: Actor, proposal: AssignmentProposal) -> AssignmentProposal:
    """Open the case of the need with its manager. What may have changed since the proposal is looked at again."""
    if proposal.state != ProposalState.PROPOSED:
        raise RuleViolation(_("This proposal was decided before."))
    manager = TechnologyManager.objects.select_for_update().get(pk=proposal.manager_id)
    if manager.state != ManagerState.CONFIRMED or not manager.takes_new:
        raise RuleViolation(_("This manager takes no new cases now. Propose anew."))
    if not waiting_needs().filter(pk=proposal.need_id).exists():
        raise RuleViolation(_("This need does not wait any longer."))
    open_case(actor=actor, manager=manager, origin=CaseOrigin.ASSIGNMENT, need=proposal.need)
    return _decide(actor, proposal, ProposalState.CONFIRMED)


@operation("assignment.decline", target="proposal", allowed=may_decline)
def decline_assignment(
    *, actor: Actor, proposal: AssignmentProposal, reason: DeclineReason, note: str = ""
) -> AssignmentProposal:
    """Say that one does not carry it, and why; the next proposal looks for somebody else."""
    if proposal.state != ProposalState.PROPOSED:
        raise RuleViolation(_("This proposal was decided before."))
    proposal.reason, proposal.note = reason, clean_text(note)
    if reason == DeclineReason.OTHER and not proposal.note:
        raise InvalidInput.of({"note": [_("Say in a few words what the reason is.")]})
    return _decide(actor, proposal, ProposalState.DECLINED)


def _decide(actor: Actor, proposal: AssignmentProposal, state: ProposalState) -> AssignmentProposal:
    proposal.state, proposal.decided_by = state, actor.label
    proposal.version += 1
    clean_record(proposal)
    proposal.save(force_update=True)
    ids = {"need": str(proposal.need.public_id), "manager": str(proposal.manager.public_id)}
    record_event(actor, f"assignment.{state}", proposal, {**ids, "reason": str(proposal.reason)})
    return proposal


class _Task:
    """The needs and managers of one run, as arrays, and what came out."""

    def __init__(self, needs: list[Need], managers: list[TechnologyManager]) -> None:
        self.needs, self.managers = needs, managers
        self.cases = [case_to_assign(need) for need in needs]
        self.experts = [manager_to_assign(manager) for manager in managers]
        self.fit: Fit = score_fit(self.cases, self.experts)
        self.worth = self.fit.total
        self.ties = self._mask(tied_pairs(needs, managers))
        self.declined = self._mask(declined_pairs())
        self.places = Places(
            np.array([each.places for each in self.experts], np.int64),
            np.array([each.open_cases for each in self.experts], np.int64),
            np.array([each.capacity for each in self.experts], np.int64),
        )
        self.allowed = self.fit.speaks & ~self.ties & ~self.declined
        small = np.array([each.is_small for each in self.cases])
        self.found: ManagerAssignment = assign_cases(self.worth, self.allowed, small, self.places)
        self.small = int(small.sum())

    def _mask(self, pairs: set[tuple[int, int]]) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        rows = {need.pk: at for at, need in enumerate(self.needs)}
        columns = {manager.pk: at for at, manager in enumerate(self.managers)}
        mask = np.zeros((len(rows), len(columns)), bool)
        for need, manager in pairs:
            if need in rows and manager in columns:
                mask[rows[need], columns[manager]] = True
        return mask

    def run(self, actor: Actor) -> AssignmentRun:
        found = self.found
        carried = int((found.manager_of != NOBODY).sum())
        impossible = int((~(self.allowed & (self.places.free > 0)).any(axis=1)).sum())
        counts = {
            "cases": len(self.cases),
            "managers": len(self.experts),
            "places": int(self.places.free.sum()),
            "carried": carried,
            "nobody_possible": impossible,
            "no_place_left": len(self.cases) - carried - impossible,
            "small": self.small,
            "small_minimum": found.small_minimum,
            "small_held": found.small_held,
        }
        return AssignmentRun(
            counts=counts,
            value=found.value,
            bound=found.bound,
            small_bonus=found.small_bonus,
            parameters_version=DEFAULT_FIT.version,
            proposed_by=actor.label,
        )

    def proposals(self, run: AssignmentRun) -> list[AssignmentProposal]:
        taken: Counter[int] = Counter()
        made = []
        for case, chosen in enumerate(self.found.manager_of.tolist()):
            if chosen == NOBODY:
                continue
            load = (self.places.open_cases[chosen] + taken[chosen]) / self.places.capacity[chosen]
            taken[chosen] += 1
            parts = {name: float(values[case, chosen]) for name, values in self.fit.parts.items()}
            parts["load"] = -round(float(DEFAULT_FIT.load * load), 2)
            made.append(self._proposal(run, case, chosen, parts))
        return made

    def _proposal(
        self, run: AssignmentRun, case: int, chosen: int, parts: dict[str, float]
    ) -> AssignmentProposal:
        second = self._second(case, chosen)
        return AssignmentProposal(
            run=run,
            need=self.needs[case],
            manager=self.managers[chosen],
            parts=parts,
            terms=list(shared_terms(self.cases[case], self.experts[chosen])),
            second=None if second is None else self.managers[second],
            second_worth=None if second is None else round(float(self.worth[case, second]), 2),
            against="" if second is None else self._against(case, second),
        )

    def _second(self, case: int, chosen: int) -> int | None:
        """Whoever else fits best, whatever stood against it."""
        others = self.worth[case].copy()
        others[chosen] = -np.inf
        best = int(others.argmax())
        return None if best == chosen else best

    def _against(self, case: int, other: int) -> Against:
        if self.declined[case, other]:
            return Against.DECLINED
        return Against(
            stands_against(case, other, self.found, self.worth, self.ties, self.fit.speaks, self.places)
        )
