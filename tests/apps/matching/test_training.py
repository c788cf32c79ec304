"""Learning from decisions: nothing changes until an operator says so, and it can be taken back."""

from __future__ import annotations

import pytest

from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.matching.keeper import IndexKeeper, keeper
from ronglian.apps.matching.models import Decision, TrainingRun
from ronglian.apps.matching.operations.matches import suggest_matches
from ronglian.apps.matching.operations.training import activate_training, propose_training, revert_training
from ronglian.apps.matching.queries.matches import explain_pair
from ronglian.apps.matching.queries.training import gather_lessons, points_in_use
from ronglian.engines.matching import DEFAULT_PARAMETERS, ENGINE_VERSION
from ronglian.kernel.actor import ANONYMOUS, Role
from ronglian.kernel.errors import NotAllowed, RuleViolation
from ronglian.kernel.events import events_about
from tests.factories import (
    SYSTEM,
    make_need,
    make_organisation,
    make_person,
    make_person_of,
    make_result,
)
from tests.factories.decisions import make_decisions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SHIPPED = DEFAULT_PARAMETERS.version


@pytest.fixture
def decisions() -> list[Decision]:
    return make_decisions()


def test_a_run_is_proposed_used_and_taken_back(decisions: list[Decision]) -> None:
    need, result = decisions[0].need, decisions[0].result
    run = propose_training(actor=SYSTEM)
    assert (run.state, run.counts["decisions"], run.counts["organisations"]) == ("proposed", 72, 6)
    assert run.points_after["region"] > run.points_before["region"]
    assert run.report["measures"]["auc"]["after"] > run.report["measures"]["auc"]["before"]
    assert points_in_use().version == keeper.current().parameters.version == SHIPPED

    before = explain_pair(ANONYMOUS, need, result).match
    activate_training(actor=SYSTEM, run=run)
    assert points_in_use().version == keeper.current().parameters.version == run.version_after
    assert explain_pair(ANONYMOUS, need, result).match.parts != before.parts
    assert keeper.current().parameters.points == run.points_after

    run.refresh_from_db()
    revert_training(actor=SYSTEM, run=run)
    assert keeper.current().parameters.version == SHIPPED
    assert explain_pair(ANONYMOUS, need, result).match == before
    assert [event.name for event in events_about(run)] == [
        f"parameters.{past}" for past in ("proposed", "activated", "reverted")
    ]


def test_the_run_before_is_used_again(decisions: list[Decision]) -> None:
    first = activate_training(actor=SYSTEM, run=propose_training(actor=SYSTEM))
    second = propose_training(actor=SYSTEM)
    assert second.version_before == first.version_after
    activate_training(actor=SYSTEM, run=second)
    first.refresh_from_db()
    assert first.state == "superseded"
    revert_training(actor=SYSTEM, run=second)
    assert points_in_use().run == first
    with pytest.raises(RuleViolation, match="in use"):
        revert_training(actor=SYSTEM, run=second)


def test_other_processes_and_saved_indexes_follow(decisions: list[Decision], tmp_path: object) -> None:
    other = IndexKeeper(tmp_path)  # type: ignore[arg-type]
    other.rebuild()
    run = activate_training(actor=SYSTEM, run=propose_training(actor=SYSTEM))
    assert other.current().parameters.version == run.version_after
    late = IndexKeeper(tmp_path)  # type: ignore[arg-type]
    assert late.current().parameters.points == run.points_after
    revert_training(actor=SYSTEM, run=run)
    assert other.current().parameters.version == late.current().parameters.version == SHIPPED


def test_what_is_stored_says_by_which_points(decisions: list[Decision]) -> None:
    need = make_need(title="电镀废水六价铬深度处理")
    make_result(title="电镀废水六价铬还原技术")
    suggest_matches(actor=SYSTEM, record=need)
    run = activate_training(actor=SYSTEM, run=propose_training(actor=SYSTEM))
    assert set(need.suggestions.values_list("parameters_version", flat=True)) == {SHIPPED}
    suggest_matches(actor=SYSTEM, record=need)
    assert set(need.suggestions.values_list("parameters_version", flat=True)) == {run.version_after}


def test_a_proposal_that_others_overtook_is_refused(decisions: list[Decision]) -> None:
    first, second = propose_training(actor=SYSTEM), propose_training(actor=SYSTEM)
    activate_training(actor=SYSTEM, run=first)
    with pytest.raises(RuleViolation, match="no longer"):
        activate_training(actor=SYSTEM, run=second)


def test_points_that_did_worse_or_belong_to_another_version_are_not_used(decisions: list[Decision]) -> None:
    run = propose_training(actor=SYSTEM)
    TrainingRun.objects.filter(pk=run.pk).update(report={**run.report, "verdict": "worse"})
    with pytest.raises(RuleViolation, match="worse"):
        activate_training(actor=SYSTEM, run=run)
    run = activate_training(actor=SYSTEM, run=propose_training(actor=SYSTEM))
    TrainingRun.objects.filter(pk=run.pk).update(base_version="2020-1")
    assert points_in_use().version == SHIPPED


def test_what_says_nothing_of_the_fit_is_left_out_and_counted(decisions: list[Decision]) -> None:
    Decision.objects.filter(pk=decisions[0].pk).update(reason="already_known")
    Decision.objects.filter(pk=decisions[1].pk).update(reason="other")
    Decision.objects.filter(pk=decisions[2].pk).update(parameters_version="2020-1")
    Decision.objects.filter(pk=decisions[3].pk).update(parameters_version=f"{SHIPPED}+00000000")
    pair = decisions[4]
    other_side = Decision(
        need=pair.need, result=pair.result, organisation=pair.result.owner, kind="declined",
        reason="too_far", explanation=pair.explanation, engine_version=ENGINE_VERSION,
        parameters_version=SHIPPED, decided_by="试",
    )  # fmt: skip
    other_side.save()
    lessons = gather_lessons()
    assert lessons.left_out == {"not_about_fit": 2, "other_version": 1}
    assert len(lessons.pairs) == 72 + 1 - 3
    halves = [row for row in lessons.pairs if row.weight == 0.5]
    assert {row.result for row in halves} == {str(pair.result.public_id)}
    assert len(halves) == 2


def test_too_few_decisions_or_organisations_are_refused(decisions: list[Decision]) -> None:
    Decision.objects.filter(pk__in=[row.pk for row in decisions[:30]]).delete()
    with pytest.raises(RuleViolation, match="42 decisions"):
        propose_training(actor=SYSTEM)


def test_what_a_few_organisations_decided_is_not_published_as_points(decisions: list[Decision]) -> None:
    owner = decisions[0].organisation
    Decision.objects.all().update(organisation=owner)
    with pytest.raises(RuleViolation, match="1 organisations"):
        propose_training(actor=SYSTEM)
    assert not TrainingRun.objects.exists()


def test_only_operators_train(decisions: list[Decision]) -> None:
    run = propose_training(actor=actor_of_person(make_person(is_operator=True)))
    for actor in (ANONYMOUS, make_person_of(make_organisation(), Role.OWNER)):
        with pytest.raises(NotAllowed):
            propose_training(actor=actor)
        for operation in (activate_training, revert_training):
            with pytest.raises(NotAllowed):
                operation(actor=actor, run=run)
    run.refresh_from_db()
    assert run.state == "proposed"
