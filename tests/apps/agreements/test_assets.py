"""The ledger of service results, and the income that follows a grant of rights."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ronglian.apps.accounts.personal import personal_data
from ronglian.apps.agreements.enums import AgreementKind, ShareRole
from ronglian.apps.agreements.granted_share import (
    contracts_under,
    grant_of_contract,
    granted_rate,
    income_under,
)
from ronglian.apps.agreements.models import AssetEntry
from ronglian.apps.agreements.operations.assets import enter_asset, value_asset, write_off_asset
from ronglian.apps.agreements.operations.distributions import propose_distribution
from ronglian.apps.agreements.operations.granting import end_grant
from ronglian.apps.agreements.queries.assets import access_asset, count_states, list_assets, moves_of
from ronglian.apps.agreements.queries.rights import members_of
from ronglian.apps.agreements.rights_enums import AssetStage, AssetState, GrantedRight, GrantEnd
from ronglian.apps.registry.models import Result
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound, RuleViolation
from ronglian.kernel.events import events_about
from tests.factories import make_organisation, make_person_of, make_result
from tests.factories.agreements import Parties, make_agreement
from tests.factories.rights import RECEIVED, Team, contract, in_force, make_team, moved, named, noticed, pay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TODAY = timezone.localdate()


@pytest.fixture
def team() -> Team:
    return make_team()


def enter(team: Team, result: Result | None = None, **fields: Any) -> AssetEntry:
    told = {"right": GrantedRight.PATENT, "stage": AssetStage.RESEARCH, **fields}
    return enter_asset(
        actor=team.office, owner=team.institution, result=result or make_result(team.institution), **told
    )


def state_of(team: Team, entry: AssetEntry) -> str:
    return str(access_asset(team.office, entry.public_id).derived_state)


def test_results_are_numbered_one_after_the_other_each_once(team: Team) -> None:
    first, second = enter(team), enter(team)
    assert (first.number, second.number) == (1, 2)
    assert enter(make_team()).number == 1
    with pytest.raises(RuleViolation, match="already"):
        enter(team, first.result)
    with pytest.raises(InvalidInput, match="correction"):
        enter(team, make_result())
    assert events_about(first)[0].name == "assetentry.entered"


def test_a_value_comes_with_its_basis(team: Team) -> None:
    with pytest.raises(InvalidInput):
        enter(team, value_fen=100)
    entry = enter(team)
    entry = value_asset(
        actor=team.office, entry=entry, stage=AssetStage.DEVELOPMENT, value_fen=5_000, value_basis="评估报告"
    )
    assert (entry.stage, entry.value_fen) == (AssetStage.DEVELOPMENT, 5_000)
    with pytest.raises(InvalidInput):
        value_asset(
            actor=team.office, entry=entry, stage=AssetStage.DEVELOPMENT, value_fen=1, value_basis=" "
        )


def test_the_state_follows_from_grants_and_contracts(team: Team) -> None:
    result = make_result(team.institution)
    entry = enter(team, result)
    assert state_of(team, entry) == AssetState.ENTERED
    grant = in_force(team, result=result)
    assert state_of(team, entry) == AssetState.GRANTED
    _parties, licence = contract(team, result)
    assert state_of(team, entry) == AssetState.LICENSED
    contract(team, result, AgreementKind.TRANSFER)
    assert state_of(team, entry) == AssetState.TRANSFERRED
    with pytest.raises(RuleViolation, match="ends first"):
        write_off_asset(actor=team.office, entry=entry, reason="专利失效")
    end_grant(actor=team.office, grant=grant, kind=GrantEnd.RIGHT_LOST, reason="专利失效")
    entry = write_off_asset(actor=team.office, entry=entry, reason="专利失效")
    assert state_of(team, entry) == AssetState.WRITTEN_OFF
    moves = moves_of([entry])[entry.pk]
    assert [move.state for move in moves] == [
        AssetState.ENTERED,
        AssetState.GRANTED,
        AssetState.LICENSED,
        AssetState.TRANSFERRED,
        AssetState.WRITTEN_OFF,
    ]
    assert moves[2].agreement == licence.public_id
    with pytest.raises(RuleViolation, match="written off"):
        value_asset(actor=team.office, entry=entry, stage=AssetStage.RESEARCH, value_fen=None, value_basis="")


def test_a_contract_that_is_only_negotiated_or_anothers_changes_nothing(team: Team) -> None:
    result = make_result(team.institution)
    entry = enter(team, result)
    client = make_organisation()
    parties = Parties(client, team.institution, make_person_of(client), team.office)
    make_agreement(parties, result=result)
    contract(team, make_result(team.institution))
    assert state_of(team, entry) == AssetState.ENTERED


def test_the_states_are_counted_with_what_they_are_worth(team: Team) -> None:
    enter(team, value_fen=700, value_basis="评估")
    enter(team, value_fen=50, value_basis="评估")
    write_off_asset(actor=team.office, entry=enter(team), reason="失效")
    counts = {
        one.state: (one.count, one.valued, one.value_fen)
        for one in count_states(team.office, team.institution)
    }
    assert list(counts) == list(AssetState)
    assert counts[AssetState.ENTERED] == (2, 2, 750)
    assert counts[AssetState.WRITTEN_OFF] == (1, 0, 0)
    assert counts[AssetState.LICENSED] == (0, 0, 0)
    assert list_assets(team.office, team.institution, AssetState.WRITTEN_OFF).get().number == 3


def test_the_ledger_is_the_institutions_own(team: Team) -> None:
    entry = enter(team)
    assert list_assets(team.inventor, team.institution).get() == entry
    for stranger in (team.other, make_team().office):
        with pytest.raises(NotFound):
            list_assets(stranger, team.institution)
        with pytest.raises(NotFound):
            access_asset(stranger, entry.public_id)
    with pytest.raises(NotAllowed):
        write_off_asset(actor=team.inventor, entry=entry, reason="x")
    with pytest.raises(NotAllowed):
        enter_asset(
            actor=team.inventor, owner=team.institution, result=make_result(team.institution),
            right=GrantedRight.PATENT, stage=AssetStage.RESEARCH,
        )  # fmt: skip


def test_income_follows_the_grant_and_its_parts_add_up(team: Team) -> None:
    grant = in_force(team, members=named(team, 3_333, 6_667))
    parties, agreement = contract(team, grant.result)
    pay(parties, agreement)
    (line,) = income_under(grant, members_of(grant))
    assert (line.received_fen, line.base_fen, line.is_net) == (RECEIVED, RECEIVED, False)
    assert line.team_fen == 8_000_001  # 8 000 000.8, the largest remainder goes to the team
    assert sum(part for _name, part in line.parts) == line.team_fen
    assert [name for name, _part in line.parts] == ["云澜教授", "校外合作者"]


def test_a_plan_gives_the_team_at_least_what_was_granted(team: Team) -> None:
    team.institution.region = "320500"
    team.institution.save()
    grant = in_force(team)
    parties, agreement = contract(team, grant.result)
    pay(parties, agreement)
    assert granted_rate(agreement) == 8_000
    told: dict[str, Any] = {
        "actor": team.office, "agreement": agreement, "state_set": True,
        "costs": {"own_net_income": RECEIVED}, "shares": [("团队", ShareRole.CONTRIBUTOR, 1)],
    }  # fmt: skip
    with pytest.raises(RuleViolation, match="below the least"):
        propose_distribution(**told, reward_fen=8_000_000)
    with pytest.raises(InvalidInput) as refused:
        propose_distribution(**told, reward_fen=8_000_001, agreed_rate=7_999)
    assert "80 %" in str(refused.value.fields["agreed_rate"])
    plan = propose_distribution(**told, reward_fen=8_000_001)
    assert plan.floor_fen == 8_000_001
    (line,) = income_under(grant, members_of(grant))
    assert line.is_net


def test_only_contracts_signed_while_it_was_in_force_follow_a_grant(team: Team) -> None:
    grant = in_force(team)
    _parties, agreement = contract(team, grant.result)
    assert contracts_under(grant) == [agreement]
    assert grant_of_contract(agreement) == grant
    later = moved(grant, in_force_on=TODAY + timedelta(days=1))
    assert contracts_under(later) == []
    assert grant_of_contract(agreement) is None
    assert grant_of_contract(contract(team, make_result(team.institution))[1]) is None
    assert income_under(noticed(make_team()), []) == ()


def test_the_income_of_many_contracts_costs_what_that_of_one_costs(team: Team) -> None:
    grant = in_force(team)
    costs = []
    for _number in range(2):
        pay(*contract(team, grant.result))
        members = members_of(grant)
        with CaptureQueriesContext(connection) as queries:
            assert income_under(grant, members)[0].received_fen == RECEIVED
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_who_is_granted_a_right_is_told_so(team: Team) -> None:
    in_force(team)
    (told,) = personal_data(team.second)["rights"]
    assert (told["name"], told["share"], told["state"]) == ("校外合作者", 4_000, "in_force")
    assert told["signed"]
    assert personal_data(make_team().second)["rights"] == []
