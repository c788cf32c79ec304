"""Records that run out: told in time, once for each day, to those who want to hear of their organisation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from ronglian.apps.accounts.letters import deliver
from ronglian.apps.accounts.models import Membership, Organisation, Person
from ronglian.apps.registry.operations.records import confirm_record
from ronglian.kernel.actor import Role
from ronglian.web.expiry_letters import BEFORE
from ronglian.web.tasks import post_expiry_notices
from tests.factories import SYSTEM, make_member, make_need, make_result

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def test_each_writer_is_told_once_of_what_runs_out_on_a_day(
    organisation: Organisation, editor: Person
) -> None:
    make_member(organisation, Role.VIEWER)
    day = TODAY + BEFORE
    make_need(organisation, "漂洗水超标", expires_on=day)
    make_result(organisation, "自有还原技术", expires_on=day)
    hidden = make_need(organisation, "内部需求", expires_on=day, disclosure="organisation")
    make_need(organisation, "还早", expires_on=day + timedelta(days=1))
    for _time in range(2):
        post_expiry_notices.func()
        deliver(timezone.now())
    (letter,) = mail.outbox
    assert letter.to == [editor.email]
    assert f"3 条记录将于 {day} 到期" in letter.subject
    assert "3 records run out" in letter.subject
    for told in ("漂洗水超标", "自有还原技术", f"/needs/{hidden.public_id}/", "/letters/end/"):
        assert told in letter.body
    assert "内部需求" not in letter.body
    assert "还早" not in letter.body


def test_nothing_is_sent_about_what_was_confirmed_meanwhile_or_to_who_wants_none(
    organisation: Organisation, editor: Person
) -> None:
    need = make_need(organisation, "漂洗水超标", expires_on=TODAY + timedelta(days=3))
    assert post_expiry_notices.func() == 1
    confirm_record(actor=SYSTEM, record=need)
    deliver(timezone.now())
    assert mail.outbox == []
    Membership.objects.update(wants_digest=False)
    make_need(organisation, "另一需求", expires_on=TODAY + timedelta(days=4))
    assert post_expiry_notices.func() == 0
