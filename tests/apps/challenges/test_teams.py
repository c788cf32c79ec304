"""Bidding together: each partner confirms its own part, and the bid names only who has confirmed."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import connection

from ronglian.apps.accounts.enums import ConflictKind
from ronglian.apps.accounts.models import Organisation
from ronglian.apps.accounts.operations.conflicts import declare_conflict
from ronglian.apps.accounts.queries.actors import actor_of_person
from ronglian.apps.challenges.bid_content import BidContent, Partner
from ronglian.apps.challenges.enums import MemberState, Openness
from ronglian.apps.challenges.models import Bid, Review, Reviewer, TeamMember
from ronglian.apps.challenges.operations.bids import hand_in_bid
from ronglian.apps.challenges.operations.reviewing import assign_reviews
from ronglian.apps.challenges.operations.teams import (
    Part,
    answer_partner,
    ask_partner,
    form_team,
    take_out,
)
from ronglian.apps.challenges.queries.teams import access_team, find_partners, list_teams
from ronglian.apps.challenges.teams import who_left
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound, RuleViolation
from tests.factories import make_organisation, make_person_of, make_result
from tests.factories.challenges import BID, Setting, close, make_open, make_reviewers, open_all

pytestmark = pytest.mark.django_db
LEAD, PARTNER = Part("电化学还原工艺", 60), Part("第三方检测", 40)


class Together:
    """A challenge, the lead of a team, and a partner that it asked."""

    def __init__(self, setting: Setting | None = None) -> None:
        self.setting = setting or make_open()
        self.lead, self.partner = make_organisation("某环保公司"), make_organisation("某检测中心")
        self.of_lead, self.of_partner = make_person_of(self.lead), make_person_of(self.partner)
        self.team = form_team(
            actor=self.of_lead, challenge=self.setting.challenge, lead=self.lead, part=LEAD, lacks="水质检测"
        )

    def ask(self, part: Part = PARTNER, organisation: Organisation | None = None) -> TeamMember:
        return ask_partner(
            actor=self.of_lead, team=self.team, organisation=organisation or self.partner, part=part
        )

    def answer(self, member: TeamMember, *, confirms: bool = True) -> TeamMember:
        fresh = TeamMember.objects.get(pk=member.pk)
        return answer_partner(actor=self.of_partner, member=fresh, confirms=confirms)

    def bid(self, content: BidContent = BID) -> Bid:
        return hand_in_bid(
            actor=self.of_lead, challenge=self.setting.challenge, bidder=self.lead, content=content
        )

    def opened(self) -> Bid:
        open_all(close(self.setting))
        return Bid.objects.get(challenge=self.setting.challenge, bidder=self.lead)


def names(bid: Bid) -> list[tuple[str, str, int, bool]]:
    assert isinstance(bid.content, dict)
    return [
        (one["name"], one["role"], one["share"], bool(one["organisation"])) for one in bid.content["partners"]
    ]


def test_the_bid_names_who_has_confirmed() -> None:
    together = Together()
    together.answer(together.ask())
    together.bid()
    assert names(together.opened()) == [
        ("某环保公司", "电化学还原工艺", 60, True),
        ("某检测中心", "第三方检测", 40, True),
    ]


def test_nobody_is_named_without_having_confirmed() -> None:
    together = Together()
    member = together.ask()
    with pytest.raises(RuleViolation, match="某检测中心"):
        together.bid()
    together.answer(member, confirms=False)
    together.bid()  # alone, for nobody stands in the team
    assert names(together.opened()) == []


def test_another_part_is_confirmed_anew() -> None:
    together = Together()
    together.answer(together.ask())
    again = together.ask(Part("检测和中试", 40))
    assert again.state == MemberState.ASKED
    with pytest.raises(RuleViolation):
        together.bid()


def test_shares_add_up_and_members_are_not_typed_beside_the_team() -> None:
    together = Together()
    together.answer(together.ask(Part("检测", 30)))
    with pytest.raises(RuleViolation, match="100"):
        together.bid()
    typed = BidContent(proposal="方案", answers=("有",), partners=(Partner("别人", "一切", 100),))
    with pytest.raises(InvalidInput):
        together.bid(typed)


def test_who_left_before_the_closing_is_told_at_the_opened_bid() -> None:
    together = Together()
    member = together.ask()
    together.answer(member)
    together.bid()
    left = together.answer(member, confirms=False)
    assert left.state == MemberState.LEFT
    assert who_left(together.opened()) == {together.partner.public_id}


def test_a_team_changes_until_bids_close_only() -> None:
    together = Together()
    member = together.ask()
    close(together.setting)
    together.team.refresh_from_db()
    member = TeamMember.objects.get(pk=member.pk)
    for refused in (
        lambda: together.answer(member),
        together.ask,
        lambda: take_out(actor=together.of_lead, team=together.team, member=member),
    ):
        with pytest.raises(RuleViolation):
            refused()


def test_only_its_members_know_of_a_team() -> None:
    together = Together()
    stranger = make_person_of(make_organisation())
    for nobody in (stranger, together.of_partner, together.setting.buyer):
        with pytest.raises(NotFound):
            access_team(nobody, together.team.public_id)
    member = together.ask()
    assert list_teams(together.of_partner).get() == together.team
    together.answer(member, confirms=False)
    with pytest.raises(NotFound):
        access_team(together.of_partner, together.team.public_id)


def test_what_each_does_is_sealed_in_the_database() -> None:
    together = Together()
    together.ask()
    queries = (
        "SELECT * FROM challenges_team",
        "SELECT * FROM challenges_teammember",
        "SELECT * FROM kernel_event",
    )
    with connection.cursor() as cursor:
        for query in queries:
            cursor.execute(query)
            text = str(cursor.fetchall())
            assert not any(word in text for word in (LEAD.role, PARTNER.role, "水质检测")), query


def test_issuer_escrow_and_the_uninvited_of_a_private_challenge_cannot_join() -> None:
    together = Together()
    setting = together.setting
    for outside in (setting.issuer, setting.challenge.escrow, together.lead):
        with pytest.raises((RuleViolation, InvalidInput)):
            together.ask(organisation=outside)
    setting.challenge.openness = Openness.PRIVATE
    setting.challenge.save(update_fields=["openness"])
    together.team.challenge.refresh_from_db()
    with pytest.raises(RuleViolation, match=r"private|不公开"):
        together.ask(organisation=make_organisation())


def test_one_team_a_lead_and_nobody_acts_for_another() -> None:
    together = Together()
    with pytest.raises(Conflict):
        form_team(actor=together.of_lead, challenge=together.setting.challenge, lead=together.lead, part=LEAD)
    member = together.ask()
    with pytest.raises(NotAllowed):
        answer_partner(actor=together.of_lead, member=member, confirms=True)
    with pytest.raises(NotAllowed):
        take_out(actor=together.of_partner, team=together.team, member=member)


def test_a_reviewer_with_ties_to_a_partner_is_not_asked() -> None:
    together = Together()
    together.answer(together.ask())
    together.bid()
    together.opened()
    free, tied = make_reviewers(together.setting, 2)
    _tie(tied, together.partner)
    assign_reviews(actor=together.setting.buyer, challenge=together.setting.fresh(), each=1)
    chosen = Reviewer.objects.get(pk__in=Review.objects.values("reviewer"))
    assert actor_of_person(chosen.person).person_id == free.person_id
    with pytest.raises(RuleViolation):
        assign_reviews(actor=together.setting.buyer, challenge=together.setting.fresh(), each=2)


def test_mails_say_that_something_waits_and_nothing_of_the_team(
    django_capture_on_commit_callbacks: object,
) -> None:
    together = Together()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's fixture
        member = together.ask()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's fixture
        together.answer(member)
    told = [f"{one.subject} {one.body}" for one in mail.outbox]
    assert len(told) == 2
    assert not any(word in text for text in told for word in (LEAD.role, PARTNER.role))


def test_partners_are_found_by_their_published_results_with_the_words_that_speak_for_them() -> None:
    together = Together()
    able, other = make_organisation("某质检院"), make_organisation()
    result = make_result(
        able, "废水六价铬在线检测仪", summary="对电镀废水六价铬水质连续检测，已在三家企业使用。"
    )
    make_result(other, "葡萄保鲜纸", summary="果蔬采后保鲜")
    make_result(together.setting.issuer, "六价铬水质检测方法", summary="电镀废水水质检测")
    together.team.lacks = "六价铬水质检测"
    found = find_partners(together.of_lead, together.team)
    assert [(one.organisation, [view.result for view in one.reasons]) for one in found] == [(able, [result])]
    assert found[0].reasons[0].match.terms
    together.ask(organisation=able)
    assert find_partners(together.of_lead, together.team) == []


def test_nothing_is_searched_where_nothing_is_lacking() -> None:
    together = Together()
    together.team.lacks = ""
    assert find_partners(together.of_lead, together.team) == []


def _tie(actor: Actor, organisation: Organisation) -> None:
    declare_conflict(actor=actor, organisation=organisation, kind=ConflictKind.EMPLOYMENT)
