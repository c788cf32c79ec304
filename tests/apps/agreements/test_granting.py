"""Granting rights in service results: each step, who takes it, and what refuses it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.agreements.deed_text import deed_clauses, exact_percent, owned_by
from ronglian.apps.agreements.granting_law import (
    FACTS as ASKED,
)
from ronglian.apps.agreements.granting_law import (
    check_granting,
    least_notice_days,
    least_use_years,
    reasons_of,
    usual_share,
)
from ronglian.apps.agreements.models import AssetEntry, GrantMember, RightsDeed, RightsGrant
from ronglian.apps.agreements.operations.deeds import draw_up_deed, sign_deed
from ronglian.apps.agreements.operations.granting import (
    Named,
    begin_grant_notice,
    decide_grant,
    end_grant,
    note_change_of_title,
    withdraw_grant,
)
from ronglian.apps.agreements.operations.granting_objections import answer_grant_objection, object_to_grant
from ronglian.apps.agreements.queries.rights import access_grant, list_grants, list_notices, members_of
from ronglian.apps.agreements.rights_enums import GrantedRight, GrantEnd, GrantForm, GrantState
from ronglian.apps.agreements.rights_tasks import end_expired_grants
from ronglian.engines.rules import inputs_of
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound, RuleViolation
from ronglian.kernel.events import events_about
from ronglian.rulebook import load_rulebook
from tests.factories import make_member, make_person, make_person_of, make_result
from tests.factories.rights import (
    DEED_TERMS,
    FACTS,
    GROUNDS,
    Team,
    applied,
    approved,
    drawn_up,
    in_force,
    make_team,
    moved,
    named,
    notice_over,
    noticed,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TODAY = timezone.localdate()


@pytest.fixture
def team() -> Team:
    return make_team()


def test_from_the_application_to_the_signatures(team: Team) -> None:
    grant = in_force(team)
    assert (grant.state, grant.in_force_on, grant.use_until) == (GrantState.IN_FORCE, TODAY, None)
    assert [event.name for event in events_about(grant)] == [
        f"rightsgrant.{step}" for step in ("applied", "approved", "noticed", "drawn_up", "in_force")
    ]
    assert AssetEntry.objects.get(result=grant.result).number == 1
    grant = note_change_of_title(actor=team.office, grant=grant, day=TODAY, evidence="手续合格通知书 1 号")
    assert grant.title_changed_on == TODAY


def test_a_right_to_use_lasts_its_years_to_the_day(team: Team) -> None:
    grant = in_force(team, form=GrantForm.USE, share=None, use_years=10)
    assert grant.use_until == TODAY.replace(year=TODAY.year + 10) - timedelta(days=1)
    with pytest.raises(RuleViolation, match="leaves the title"):
        note_change_of_title(actor=team.office, grant=grant, day=TODAY, evidence="x")
    with pytest.raises(RuleViolation, match="not over"):
        end_grant(actor=team.office, grant=grant, kind=GrantEnd.EXPIRED, reason="期满")
    grant = moved(grant, use_until=TODAY - timedelta(days=1))
    assert (
        end_grant(actor=team.office, grant=grant, kind=GrantEnd.EXPIRED, reason="期满").state
        == GrantState.ENDED
    )


def test_every_day_what_is_over_is_ended_as_of_its_last_day(team: Team) -> None:
    years = {"form": GrantForm.USE, "share": None, "use_years": 10}
    over, running = in_force(team, **years), in_force(team, **years)
    in_force(team)
    last_day = TODAY - timedelta(days=3)
    moved(over, use_until=last_day)
    moved(running, use_until=TODAY)
    assert end_expired_grants.call() == 1
    over.refresh_from_db()
    running.refresh_from_db()
    assert (over.state, over.end_kind, over.ended_on) == (GrantState.ENDED, GrantEnd.EXPIRED, last_day)
    assert running.state == GrantState.IN_FORCE
    assert end_expired_grants.call() == 0


def test_what_the_rulebook_asks_is_what_is_asked() -> None:
    specs = {spec.id: spec for spec in inputs_of(load_rulebook(), "rights.may_grant", on=TODAY, place="cn")}
    assert set(specs) == {*ASKED, "right", "form", "use_years"}
    assert set(specs["right"].choices) == set(GrantedRight.values)
    assert set(specs["form"].choices) == set(GrantForm.values)


def test_after_the_pilot_nothing_is_determined_and_the_reason_is_told() -> None:
    checked = check_granting("patent", "use", 10, FACTS, place="420100", on=TODAY)
    assert not checked.is_allowed
    assert not checked.is_barred
    assert "not established" in reasons_of(checked, "en")[0]
    during = check_granting("patent", "use", 10, FACTS, place="cn", on=TODAY.replace(year=2022))
    assert during.is_allowed
    assert least_use_years("cn", TODAY) == 10
    assert usual_share("420100", TODAY) is not None
    assert usual_share("cn", TODAY) is None


@pytest.mark.parametrize(
    ("change", "condition"),
    [
        ({"facts": {**FACTS, "touches_security": True}}, "it is not on the negative list"),
        ({"facts": {**FACTS, "good_prospects": False}}, "the conditions are met"),
        ({"form": GrantForm.USE, "share": None, "use_years": 9}, "the years fit"),
        ({"right": GrantedRight.OTHER}, "the kind of result fits"),
    ],
)
def test_what_the_law_bars_is_not_approved_and_may_be_refused(
    team: Team, change: dict[str, Any], condition: str
) -> None:
    grant = applied(team, **change)
    with pytest.raises(RuleViolation, match=condition):
        decide_grant(actor=team.office, grant=grant, approves=True, grounds=GROUNDS)
    refused = decide_grant(actor=team.office, grant=grant, approves=False, grounds="不符合条件")
    assert (refused.state, refused.ended_because) == (GrantState.REFUSED, "不符合条件")
    assert refused.law["answer"]["rule"] == "rights.may_grant"


@given(st.lists(st.integers(1, 9_999), min_size=1, max_size=6))
@settings(max_examples=30, deadline=None)
def test_parts_of_the_team_add_up_to_what_it_is_granted(parts: list[int]) -> None:
    """Exactly, whatever the parts: each is written without rounding."""
    total = sum(parts)
    grant = RightsGrant(form=GrantForm.OWNERSHIP, share=7_000)
    members = [GrantMember(name="甲", share=part) for part in parts]
    owned = [owned_by(grant, member) for member in members]
    assert sum(owned) * 10_000 * 10_000 == 7_000 * total
    for each in owned:
        whole, _point, digits = exact_percent(each).removesuffix(" %").partition(".")
        assert int(whole + digits.ljust(6, "0")) == each * 100 * 10**6


@pytest.mark.parametrize("shares", [(6_000, 3_999), (6_000, 4_001), (10_000, 0), (11_000, -1_000)])
def test_parts_that_do_not_add_up_are_refused(team: Team, shares: tuple[int, int]) -> None:
    with pytest.raises(InvalidInput) as refused:
        applied(team, members=named(team, *shares))
    assert "100 %" in str(refused.value.fields["members"])
    assert not RightsGrant.objects.exists()


def test_inventors_have_accounts_and_stand_once(team: Team) -> None:
    for members in (
        [Named("无名", "nobody@example.org", 10_000)],
        [Named("甲", team.first.email, 5_000), Named("乙", team.first.email.upper(), 5_000)],
        [],
    ):
        with pytest.raises(InvalidInput) as refused:
            applied(team, members=members)
        assert "members" in refused.value.fields


def test_one_grant_at_a_time_for_a_result(team: Team) -> None:
    grant = applied(team)
    with pytest.raises(RuleViolation, match="already"):
        applied(team, grant.result)
    withdraw_grant(actor=team.other, grant=grant, reason="重新商量份额")
    assert applied(team, grant.result).pk != grant.pk


def test_the_application_says_what_is_granted_and_how_it_is_converted(team: Team) -> None:
    for change, field in (
        ({"share": None}, "share"),
        ({"form": GrantForm.USE, "use_years": None}, "use_years"),
        ({"plan": "  "}, "plan"),
    ):
        with pytest.raises(InvalidInput) as refused:
            applied(team, **change)
        assert field in refused.value.fields


def test_nobody_decides_or_signs_for_the_institution_about_himself(team: Team) -> None:
    editor = make_member(team.institution)
    own = Team(team.institution, actor_of_person(editor), team.first, editor)
    grant = applied(own)
    with pytest.raises(NotAllowed, match="You are named"):
        decide_grant(actor=own.office, grant=grant, approves=True, grounds=GROUNDS)
    with pytest.raises(NotAllowed, match="Owners and editors"):
        decide_grant(actor=team.inventor, grant=grant, approves=True, grounds=GROUNDS)


def test_only_people_of_the_institution_apply(team: Team) -> None:
    stranger = Team(team.institution, team.office, make_person(), team.second)
    with pytest.raises(NotAllowed):
        applied(stranger, make_result(team.institution))


def test_who_sees_a_grant(team: Team) -> None:
    grant = applied(team)
    for actor in (team.office, team.inventor, team.other):
        assert access_grant(actor, grant.public_id) == grant
        assert list_grants(actor).count() == 1
    for stranger in (make_person_of(make_team().institution), actor_of_person(make_person())):
        with pytest.raises(NotFound):
            access_grant(stranger, grant.public_id)


def test_the_notice_lasts_as_long_as_is_asked_and_is_public_meanwhile(team: Team) -> None:
    grant = approved(team)
    least = least_notice_days("420100", TODAY)
    assert least is not None
    with pytest.raises(InvalidInput):
        begin_grant_notice(actor=team.office, grant=grant, days=least - 1)
    assert not list_notices(TODAY).exists()
    grant = begin_grant_notice(actor=team.office, grant=grant, days=least)
    last = TODAY + timedelta(days=least)
    assert [list_notices(day).count() for day in (TODAY, last, last + timedelta(days=1))] == [1, 1, 0]
    with pytest.raises(RuleViolation, match="lasts until"):
        draw_up_deed(actor=team.office, grant=grant, terms=DEED_TERMS)


def test_an_objection_is_answered_before_anything_is_drawn_up(team: Team) -> None:
    grant, stranger = noticed(team), actor_of_person(make_person(name="路人"))
    objection = object_to_grant(actor=stranger, grant=grant, text="丙也参与了")
    grant = moved(grant, notice_until=TODAY - timedelta(days=1))
    with pytest.raises(RuleViolation, match="waits for its answer"):
        draw_up_deed(actor=team.office, grant=grant, terms=DEED_TERMS)
    with pytest.raises(RuleViolation, match="notice is over"):
        object_to_grant(actor=stranger, grant=grant, text="再说一次")
    answer_grant_objection(
        actor=team.office, grant=grant, objection=objection, upholds=False, answer="未参与"
    )
    with pytest.raises(RuleViolation, match="answered already"):
        answer_grant_objection(actor=team.office, grant=grant, objection=objection, upholds=True, answer="x")
    assert draw_up_deed(actor=team.office, grant=grant, terms=DEED_TERMS).number == 1


def test_an_upheld_objection_refuses_the_grant(team: Team) -> None:
    grant = noticed(team)
    objection = object_to_grant(actor=team.office, grant=grant, text="丙也参与了")
    answer_grant_objection(actor=team.office, grant=grant, objection=objection, upholds=True, answer="属实")
    grant.refresh_from_db()
    assert (grant.state, grant.ended_because) == (GrantState.REFUSED, "An objection was upheld.")


def test_the_agreement_says_who_owns_what_exactly(team: Team) -> None:
    grant = drawn_up(team, share=7_001, members=named(team, 3_333, 6_667))
    text = {key: content for key, _heading, content in RightsDeed.objects.get(grant=grant).text["zh"]}
    assert "70.01 %" in text["ownership"]
    assert "23.334333 %" in text["ownership"]
    assert "46.675667 %" in text["ownership"]
    assert "80 %" in text["income"]
    assert "no_background" in text
    assert {"use", "background", "improvements"}.isdisjoint(text)
    for clause in deed_clauses()[1]:
        assert set(clause.text) == {"zh", "en"}


def test_the_agreement_has_to_say_what_the_rulebook_lists(team: Team) -> None:
    grant = notice_over(team)
    for name, value in (
        ("decision", ""),
        ("costs", " "),
        ("upkeep", ""),
        ("income_share", 0),
        ("income_share", 10_001),
    ):
        with pytest.raises(InvalidInput) as refused:
            draw_up_deed(actor=team.office, grant=grant, terms={**DEED_TERMS, name: value})
        assert list(refused.value.fields) == [name]


def test_everybody_signs_the_same_text_once(team: Team) -> None:
    grant = drawn_up(team)
    first = RightsDeed.objects.get(grant=grant).digest
    sign_deed(actor=team.inventor, grant=grant, digest=first)
    second = draw_up_deed(actor=team.office, grant=grant, terms={**DEED_TERMS, "income_share": 8_500}).digest
    for actor, digest, said in ((team.inventor, first, "not the text"),):
        with pytest.raises(RuleViolation, match=said):
            sign_deed(actor=actor, grant=grant, digest=digest)
    sign_deed(actor=team.inventor, grant=grant, digest=second)
    with pytest.raises(RuleViolation, match="signed this version already"):
        sign_deed(actor=team.inventor, grant=grant, digest=second)
    sign_deed(actor=team.office, grant=grant, digest=second)
    with pytest.raises(RuleViolation, match="signed this version already"):
        sign_deed(actor=team.office, grant=grant, digest=second)
    grant.refresh_from_db()
    assert grant.state == GrantState.DRAWN_UP
    with pytest.raises(NotAllowed):
        sign_deed(actor=actor_of_person(make_person()), grant=grant, digest=second)
    assert sign_deed(actor=team.other, grant=grant, digest=second).state == GrantState.IN_FORCE


def test_a_text_changed_behind_the_log_is_not_signed(team: Team) -> None:
    grant = drawn_up(team)
    digest = RightsDeed.objects.get(grant=grant).digest
    member = members_of(grant)[0]
    GrantMember.objects.filter(pk=member.pk).update(share=member.share - 1)
    with pytest.raises(RuleViolation, match="not the text"):
        sign_deed(actor=team.inventor, grant=grant, digest=digest)


def test_what_was_not_converted_in_time_may_be_ended(team: Team) -> None:
    grant = in_force(team)
    with pytest.raises(RuleViolation, match="conversion is not over"):
        end_grant(actor=team.office, grant=grant, kind=GrantEnd.UNUSED, reason="未转化")
    grant = moved(grant, in_force_on=TODAY - timedelta(days=367))
    ended = end_grant(actor=team.office, grant=grant, kind=GrantEnd.UNUSED, reason="未转化")
    assert (ended.state, ended.ended_on) == (GrantState.ENDED, TODAY)
    assert ended.end_kind == GrantEnd.UNUSED
    with pytest.raises(RuleViolation, match="ended"):
        withdraw_grant(actor=team.inventor, grant=ended, reason="x")
