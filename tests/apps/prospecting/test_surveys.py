"""Surveys along a chain: who is asked and how often, what becomes of an answer, and what nobody can tell from the counts."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db.models import F
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.prospecting.enums import PartnerState
from ronglian.apps.prospecting.links import partner_of, token_of
from ronglian.apps.prospecting.models import ChainMailStop, ChainNeed, ChainPartner, ChainSurvey
from ronglian.apps.prospecting.operations import surveys as operations
from ronglian.apps.prospecting.operations.replies import decline_survey, say_no_need, take_over, tell_need
from ronglian.apps.prospecting.operations.surveys import (
    close_survey,
    drop_partner,
    enter_partners,
    invite_partners,
    open_survey,
    remind_partners,
)
from ronglian.apps.prospecting.queries.coverage import Coverage, TierCounts, hide_few, read_coverage
from ronglian.apps.prospecting.queries.surveys import (
    access_survey,
    list_partners,
    list_surveys,
    place_of,
    published_needs,
)
from ronglian.apps.prospecting.rules import LINK
from ronglian.apps.prospecting.tasks import remind_of_surveys, send_invitation, send_missing_invitations
from ronglian.apps.registry.models import Need
from ronglian.apps.registry.operations.records import edit_record, publish_record
from ronglian.apps.registry.queries.records import list_records
from ronglian.kernel.actor import ANONYMOUS
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound, RuleViolation
from ronglian.kernel.models import Event
from tests.factories import SYSTEM, make_organisation, make_person, make_person_of
from tests.factories.surveys import add_partners, make_survey, partner_row, partners_of, reply_all, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def send_all() -> int:
    return send_missing_invitations.func()


# ── asking ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_partner_gets_one_mail_in_both_languages_with_a_link_of_its_own() -> None:
    survey = make_survey(partners=2)
    assert send_all() == 2
    assert send_all() == 0
    assert [one.to for one in mail.outbox] == [["partner100@example.org"], ["partner101@example.org"]]
    first = mail.outbox[0]
    assert "问" in first.subject
    assert "troubles you" in first.subject
    (link,) = set(re.findall(r"http\S+/survey/\S+", str(first.body)))
    assert partner_of(link.rstrip("/").rpartition("/")[2]) == partners_of(survey)[0]
    assert "云澜配套101厂" not in str(first.body)


def test_a_mail_that_could_not_be_sent_is_sent_later_and_only_once(monkeypatch: Any) -> None:
    survey = make_survey(partners=1)
    (partner,) = partners_of(survey)
    with monkeypatch.context() as patched:
        patched.setattr(
            "ronglian.apps.prospecting.tasks.EmailMessage.send",
            lambda _self: (_ for _ in ()).throw(OSError("no mail server")),
        )
        with pytest.raises(OSError, match="no mail server"):
            send_invitation.func(str(partner.public_id), 1)
    assert (send_all(), send_all()) == (1, 0)


def test_reminders_come_after_a_week_to_the_silent_alone_and_twice_at_most() -> None:
    survey = make_survey(partners=2)
    answered, silent = partners_of(survey)
    send_all()
    say_no_need(actor=LINK, partner=answered)
    with pytest.raises(RuleViolation, match="a week"):
        remind_partners(actor=SYSTEM, survey=survey)
    for _time in range(2):
        ChainPartner.objects.update(mailed_at=timezone.now() - timedelta(days=7, minutes=1))
        remind_partners(actor=SYSTEM, survey=survey)
        send_all()
    ChainPartner.objects.update(mailed_at=timezone.now() - timedelta(days=30))
    with pytest.raises(RuleViolation, match="more than three"):
        remind_partners(actor=SYSTEM, survey=survey)
    assert [one.to[0] for one in mail.outbox[2:]] == [silent.email] * 2
    assert "reminder" in mail.outbox[-1].subject


def test_a_survey_reminds_by_itself_where_its_lead_wants_it() -> None:
    by_itself, by_hand = (make_survey(partners=2) for _survey in range(2))
    ChainSurvey.objects.filter(pk=by_itself.pk).update(reminds=True)
    send_all()
    assert remind_of_surveys.func() == 0
    answered, silent = partners_of(by_itself)
    say_no_need(actor=LINK, partner=answered)
    mail.outbox.clear()
    for _week in range(3):  # the third finds that nobody gets more than three mails
        ChainPartner.objects.update(mailed_at=timezone.now() - timedelta(days=8))
        remind_of_surveys.func()
        assert remind_of_surveys.func() == 0
        send_all()
    assert [one.to[0] for one in mail.outbox] == [silent.email] * 2
    assert not ChainPartner.objects.filter(survey=by_hand, mails__gt=1).exists()
    reminded = Event.objects.filter(name="survey.reminded", subject_id=by_itself.public_id)
    assert [event.actor_label for event in reminded] == ["reminders of surveys"] * 2


def test_what_a_lead_could_not_send_is_not_sent_by_itself_either() -> None:
    survey = make_survey(partners=1)
    ChainSurvey.objects.update(reminds=True)
    send_all()
    ChainPartner.objects.update(mailed_at=timezone.now() - timedelta(days=8))
    (partner,) = partners_of(survey)
    ChainMailStop.objects.create(email_digest=partner.email_digest)
    assert remind_of_surveys.func() == 0
    ChainMailStop.objects.all().delete()
    close_survey(actor=SYSTEM, survey=survey, reason="够了")
    assert remind_of_surveys.func() == 0


def test_whoever_wants_no_more_mails_gets_none_from_anybody() -> None:
    (partner,) = partners_of(make_survey(partners=1))
    decline_survey(actor=LINK, partner=partner, no_more_mails=True)
    assert ChainMailStop.objects.count() == 1
    other = make_survey(partners=1, invited=False)  # of another lead, to the same address
    with pytest.raises(RuleViolation, match="want no such mails"):
        invite_partners(actor=SYSTEM, survey=other)
    assert send_all() == 0
    assert mail.outbox == []


def test_one_enterprise_sends_only_so_many_mails_a_day(monkeypatch: Any) -> None:
    monkeypatch.setattr(operations, "MAILS_A_DAY", 3)
    lead = make_organisation()
    make_survey(lead, partners=2)
    second = make_survey(lead, partners=2, invited=False)
    with pytest.raises(RuleViolation, match="Go on tomorrow"):
        invite_partners(actor=SYSTEM, survey=second)
    assert not ChainPartner.objects.filter(survey=second, mails__gt=0).exists()


def test_a_survey_is_bounded_in_time_and_size(monkeypatch: Any) -> None:
    today = timezone.localdate()
    for day in (today - timedelta(days=1), today + timedelta(days=121)):
        with pytest.raises(InvalidInput, match="correction"):
            open_survey(actor=SYSTEM, lead=make_organisation(), title="x", closes_on=day)
    monkeypatch.setattr(operations, "MOST_PARTNERS", 2)
    with pytest.raises(RuleViolation, match="at most 2"):
        make_survey(partners=3)


def test_known_partners_stay_and_bad_rows_enter_nobody() -> None:
    survey = make_survey(partners=1, invited=False)
    again = [partner_row(100, tier=2, name=" 云澜配套100 厂"), partner_row(7)]
    enter_partners(actor=SYSTEM, survey=survey, rows=again)
    assert [each.tier for each in ChainPartner.objects.filter(survey=survey)] == [1, 1]
    with pytest.raises(InvalidInput) as refused:
        enter_partners(
            actor=SYSTEM, survey=survey, rows=[partner_row(8), partner_row(9, email="no address", tier=9)]
        )
    assert sorted(refused.value.fields) == ["2.email", "2.tier"]
    assert ChainPartner.objects.filter(survey=survey).count() == 2


def test_a_partner_is_dropped_only_before_it_is_invited() -> None:
    survey = make_survey(partners=1, invited=False)
    (partner,) = partners_of(survey)
    drop_partner(actor=SYSTEM, survey=survey, partner=partner)
    assert partners_of(survey) == []
    survey = add_partners(survey, 1)
    with pytest.raises(RuleViolation, match="stays on the list"):
        drop_partner(actor=SYSTEM, survey=survey, partner=partners_of(survey)[0])


def test_closing_ends_the_links_and_forgets_the_addresses() -> None:
    survey = make_survey(partners=1)
    close_survey(actor=SYSTEM, survey=survey, reason="做完了")
    (partner,) = partners_of(survey)
    assert (partner.email, partner.email_digest) == ("", "")
    assert send_all() == 0
    with pytest.raises(NotAllowed, match="closed"):
        tell(partner)


# ── answering ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_is_sealed_until_the_partner_takes_it_over_and_is_then_a_draft_of_its_own() -> None:
    lead = make_organisation("龙头")
    leader = make_person_of(lead)
    survey = make_survey(lead, partners=1)
    (partner,) = partners_of(survey)
    organisations = Organisation.objects.count()
    partner = tell(partner, tried="换过脱模剂")
    assert partner.state == PartnerState.TOLD
    assert Need.objects.count() == 0
    assert Organisation.objects.count() == organisations, "a new organisation would tell who has answered"

    person = make_person_of(make_organisation())
    take_over(actor=person, partner=partner)
    place = ChainNeed.objects.select_related("need__owner").get()
    need = place.need
    assert need is not None
    assert (place.title, place.answers) == ("", {})
    assert (place.tier, place.relation, place.about) == (1, "supplier", "减速器壳体")
    assert (need.owner.name, need.title, need.state) == ("云澜配套100厂", "壳体压铸气孔", "draft")
    assert need.difficulty == "换过脱模剂"
    assert "压铸壳体气孔多" in need.details
    assert need.metrics
    assert list(list_records(leader, Need)) == []
    assert place_of(leader, need) is None
    with pytest.raises(RuleViolation, match="already"):
        take_over(actor=person, partner=partner)


def test_the_lead_reads_what_the_partner_publishes_and_only_under_its_name() -> None:
    lead = make_organisation()
    leader = make_person_of(lead)
    survey = make_survey(lead, partners=2)
    owner = make_organisation()
    boss = make_person_of(owner)
    for partner in partners_of(survey):
        take_over(actor=boss, partner=tell(partner), owner=owner)
    needs = [each.need for each in ChainNeed.objects.select_related("need").order_by("id")]
    assert list(published_needs(survey)) == []
    for need, anonymous in zip(needs, (False, True), strict=True):
        assert need is not None
        publish_record(
            actor=boss, record=edit_record(actor=boss, record=need, fields={"anonymous": anonymous})
        )
    assert [place.need for place in published_needs(survey)] == [needs[0]]
    assert place_of(leader, needs[0]) is not None  # type: ignore[arg-type]  # a need by now
    assert place_of(leader, needs[1]) is None  # type: ignore[arg-type]  # a need by now
    assert place_of(ANONYMOUS, needs[0]) is None  # type: ignore[arg-type]  # a need by now


def test_no_need_and_no_are_answers_and_may_become_a_need_while_the_link_holds() -> None:
    first, second = partners_of(make_survey(partners=2))
    assert say_no_need(actor=LINK, partner=first).state == PartnerState.NO_NEED
    assert decline_survey(actor=LINK, partner=second).state == PartnerState.DECLINED
    assert tell(first).state == PartnerState.TOLD
    assert tell(second).state == PartnerState.TOLD
    with pytest.raises(RuleViolation, match="already"):
        say_no_need(actor=LINK, partner=first)


def test_the_questions_that_count_are_asked_for_and_five_needs_are_enough() -> None:
    (partner,) = partners_of(make_survey(partners=1))
    with pytest.raises(InvalidInput) as refused:
        tell_need(actor=LINK, partner=partner, title="", answers={})
    assert sorted(refused.value.fields) == ["title", "trouble"]
    with pytest.raises(InvalidInput):
        tell(partner, trouble="长" * 4_001)
    for _time in range(5):
        tell(partner)
    with pytest.raises(RuleViolation, match="Five"):
        tell(partner)


def test_only_the_link_answers_and_a_forged_or_old_one_leads_nowhere() -> None:
    survey = make_survey(partners=1)
    (partner,) = partners_of(survey)
    token = token_of(partner)
    assert partner_of(token) == partner
    with pytest.raises(NotAllowed, match="by the link"):
        say_no_need(actor=make_person_of(survey.lead), partner=partner)
    for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), "x", "", token.replace("-1.", "-2.")):
        with pytest.raises(NotFound):
            partner_of(wrong)
    ChainPartner.objects.update(serial=F("serial") + 1)
    with pytest.raises(NotFound):
        partner_of(token)


def test_after_the_last_day_nothing_is_taken() -> None:
    survey = make_survey(partners=1)
    type(survey).objects.update(closes_on=timezone.localdate() - timedelta(days=1))
    (partner,) = partners_of(survey)
    for reply in (tell, lambda one: say_no_need(actor=LINK, partner=one)):
        with pytest.raises(RuleViolation, match="last day"):
            reply(partner)


def test_the_log_tells_nobody_what_was_answered_or_who_the_partner_is() -> None:
    first, second = partners_of(make_survey(partners=2))
    tell(first)
    say_no_need(actor=LINK, partner=second)
    events = Event.objects.filter(subject_type="chainpartner", name="partner.replied")
    assert [each.data for each in events] == [{}, {}]
    raw = [str(row) for row in Event.objects.values_list("actor_label", "data")]
    assert not [text for text in raw if "云澜配套" in text or "example.org" in text]


# ── who sees what ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_of_partners_is_the_leads_own() -> None:
    lead = make_organisation()
    survey = make_survey(lead, partners=1)
    from ronglian.apps.accounts.queries.actors import actor_of_person  # noqa: PLC0415 - beside the factories

    operator, bureau = (
        actor_of_person(make_person(is_operator=True)),
        actor_of_person(make_person(offices=["bureau"])),
    )
    stranger = make_person_of(make_organisation())
    assert list_partners(make_person_of(lead), survey).count() == 1
    for actor in (operator, bureau):
        assert access_survey(actor, survey.public_id) == survey
        with pytest.raises(NotFound):
            list_partners(actor, survey)
    assert list(list_surveys(stranger)) == []
    with pytest.raises(NotFound):
        access_survey(stranger, survey.public_id)
    with pytest.raises(NotAllowed):
        invite_partners(actor=operator, survey=survey)
    close_survey(actor=operator, survey=survey, reason="收到投诉")


def test_coverage_counts_with_denominators_by_tier() -> None:
    survey = make_survey(partners=12)
    reply_all(partners_of(survey), told=6, none=1, declined=1)
    survey = add_partners(survey, 2, tier=2, invited=False)
    first, second, both = read_coverage(survey)
    assert first == Coverage(1, 12, 12, 8, 6, 0)
    assert second == Coverage(2, 2, 0, None, None, 0)
    assert (both.entered, both.invited) == (14, 12)
    assert (both.replied, both.told) == (None, None), "the sum would tell the hidden tier"
    assert first.reply_rate == 8 / 12


counts = st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12)).map(
    lambda each: sorted(each, reverse=True)
)


@given(st.lists(counts, min_size=1, max_size=4))
def test_what_is_hidden_cannot_be_worked_out(tiers: list[list[int]]) -> None:
    """From all that is shown, no count of fewer than five follows, of no tier and of no rest."""
    rows = [
        TierCounts(at, invited, invited, replied, told, 0)
        for at, (invited, replied, told) in enumerate(tiers)
    ]
    *shown, total = hide_few(rows)
    for name in ("replied", "told"):
        known = [getattr(each, name) for each in shown]
        assert all(number is None or number >= 5 for number in known)
        hidden = [row for row, number in zip(rows, known, strict=True) if number is None]
        if getattr(total, name) is not None and hidden:
            assert len(hidden) > 1
            assert sum(getattr(row, name) for row in hidden) >= 5
    for each, row in zip(shown, rows, strict=True):
        assert each.told is None or row.invited - row.told >= 5


def test_a_person_is_told_of_invitations_to_the_own_address_and_erasing_forgets_it() -> None:
    from ronglian.apps.accounts.personal import PARTS, personal_data  # noqa: PLC0415 - beside the factories

    (partner,) = partners_of(make_survey(partners=1))
    person = make_person(partner.email.upper())
    (told,) = personal_data(person)["survey_invitations"]
    assert told["survey"] == "减速器上下游的技术难题"
    PARTS["survey_invitations"].erase(person)
    partner.refresh_from_db()
    assert (partner.email, partner.email_digest) == ("", "")
    assert personal_data(person)["survey_invitations"] == []


def test_links_are_tried_as_seldom_as_searches(settings: Any, monkeypatch: Any) -> None:
    from django.test import Client  # noqa: PLC0415 - this test alone asks the site

    from ronglian.kernel import rate_limits  # noqa: PLC0415 - likewise
    from ronglian.project import middleware  # noqa: PLC0415 - likewise

    rate_limits._seen.clear()
    settings.SEARCHES_PER_SECOND = 5
    monkeypatch.setattr(middleware, "time", lambda: 1000.0)
    assert [Client().get("/survey/forged/").status_code for _time in range(6)] == [404] * 5 + [429]
