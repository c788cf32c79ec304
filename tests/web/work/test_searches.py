"""Saved searches, alerts and digests: each new hit told once, nothing that its reader may not see, also after a crash."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from ronglian.apps.accounts.letters import GIVEN_UP, deliver
from ronglian.apps.accounts.models import Letter, Membership, Organisation, Person
from ronglian.apps.registry.enums import AlertFrequency
from ronglian.apps.registry.models import Need, SavedSearch
from ronglian.apps.registry.operations.records import withdraw_record
from ronglian.web.tasks import post_digests, run_searches, send_letters
from tests.factories import SYSTEM, make_member, make_need, make_organisation, make_result
from tests.web.work.conftest import at_screen

pytestmark = pytest.mark.django_db
WORDS = "q=六价铬"


def save(client: Client, query: str = WORDS, kind: str = "needs") -> SavedSearch:
    response = client.post("/work/searches/save/", {"kind": kind, "query": query})
    assert response.status_code == 302, response.content.decode()[-2000:]
    return SavedSearch.objects.latest("id")


def a_day_later() -> None:
    SavedSearch.objects.update(looked_at=timezone.now() - timedelta(days=2))
    run_searches.func()
    send_letters.func()


def bodies() -> str:
    return "\n".join(str(each.body) for each in mail.outbox)


def test_what_is_new_is_told_once(client: Client, editor: Person) -> None:
    make_need(title="六价铬旧需求")
    save(client)
    a_day_later()
    assert mail.outbox == []
    need = make_need(title="六价铬新需求")
    a_day_later()
    a_day_later()
    (letter,) = mail.outbox
    assert letter.to == [editor.email]
    assert "六价铬新需求" in letter.body
    assert "六价铬旧需求" not in letter.body
    assert f"http://localhost:8000/needs/{need.public_id}/" in letter.body
    assert "1 条新记录" in letter.subject
    assert "1 new record" in letter.subject


def test_it_is_looked_for_as_often_as_wanted(client: Client) -> None:
    search = save(client)
    make_need(title="六价铬甲")
    run_searches.func()
    assert run_searches.func() == 0
    client.post(f"/work/searches/{search.public_id}/", {"frequency": "weekly"})
    SavedSearch.objects.update(looked_at=timezone.now() - timedelta(days=2))
    assert run_searches.func() == 0
    client.post(f"/work/searches/{search.public_id}/", {"frequency": "off"})
    SavedSearch.objects.update(looked_at=timezone.now() - timedelta(days=30))
    assert run_searches.func() == 0
    assert client.post(f"/work/searches/{search.public_id}/", {"frequency": "hourly"}).status_code == 422


def test_only_what_the_reader_may_see_when_it_is_sent(client: Client, organisation: Organisation) -> None:
    save(client)
    make_need(title="六价铬他人内部", disclosure="organisation")
    make_need(organisation, title="六价铬本单位内部", disclosure="organisation")
    gone, closed = make_need(title="六价铬将撤回"), make_need(title="六价铬将转内部")
    make_need(title="六价铬仍公开")
    run_searches.func()
    withdraw_record(actor=SYSTEM, record=gone, reason="已解决")
    Need.objects.filter(pk=closed.pk).update(
        disclosure="organisation"
    )  # after it was found, before it is told
    send_letters.func()
    text = bodies()
    assert "六价铬仍公开" in text
    for title in ("六价铬他人内部", "六价铬本单位内部", "六价铬将撤回", "六价铬将转内部"):
        assert title not in text
    assert (
        text.count("/needs/") == 2 * 3
    )  # in two languages: the open one, our own without its title, the list


def test_nothing_left_to_say_is_not_sent(client: Client) -> None:
    save(client)
    gone = make_need(title="六价铬将撤回")
    run_searches.func()
    withdraw_record(actor=SYSTEM, record=gone, reason="已解决")
    assert send_letters.func() == 0
    assert mail.outbox == []
    assert Letter.objects.get().done_at is not None


def test_the_address_in_the_mail_ends_it_without_signing_in(client: Client) -> None:
    save(client)
    make_need(title="六价铬甲")
    run_searches.func()
    send_letters.func()
    (letter,) = mail.outbox
    found = re.search(r"http://localhost:8000(/letters/end/\S+)", str(letter.body))
    assert found is not None
    assert letter.extra_headers["List-Unsubscribe"] == f"<http://localhost:8000{found[1]}>"
    visitor = Client(headers={"accept-language": "en"})
    assert "End the mails" in visitor.get(found[1]).content.decode()
    assert SavedSearch.objects.get().frequency == AlertFrequency.DAILY
    assert visitor.post(found[1]).status_code == 200
    assert SavedSearch.objects.get().frequency == AlertFrequency.OFF
    forged = found[1][:-2] + ("A/" if found[1][-2] != "A" else "B/")
    assert visitor.post(forged).status_code == 404


@pytest.mark.parametrize(
    ("kind", "query", "said"),
    [
        ("experts", WORDS, "can be saved"),
        ("needs", "", "first"),
        ("needs", "sort=newest&field=none", "first"),
    ],
)
def test_what_cannot_be_saved_is_said(client: Client, kind: str, query: str, said: str) -> None:
    response = client.post("/work/searches/save/", {"kind": kind, "query": query})
    assert response.status_code == 422
    assert said in response.content.decode()


def test_saving_twice_is_one_search(client: Client) -> None:
    save(client, "q=铬&sort=newest&page=2")
    save(client, "small=1&q=铬")
    assert SavedSearch.objects.get().query == "q=%E9%93%AC"
    assert "铬" in client.get("/work/searches/").content.decode()
    assert "Save this search" in client.get("/needs/?q=铬").content.decode()
    assert "Save this search" not in client.get("/needs/").content.decode()
    assert (
        "Save this search"
        not in Client(headers={"accept-language": "en"}).get("/needs/?q=铬").content.decode()
    )


def test_others_do_not_find_it(client: Client) -> None:
    search = save(client)
    stranger = at_screen(make_member(make_organisation()))
    for screen in ("", "drop/"):
        assert stranger.post(f"/work/searches/{search.public_id}/{screen}").status_code == 404
    assert client.post(f"/work/searches/{search.public_id}/drop/").status_code == 302
    assert not SavedSearch.objects.exists()


# ── the weekly digest ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def running_out(organisation: Organisation) -> None:
    soon = timezone.localdate() + timedelta(days=5)
    make_result(organisation, title="即将到期的成果", expires_on=soon)
    make_result(organisation, title="内部成果", expires_on=soon, disclosure="organisation")


@pytest.mark.usefixtures("running_out")
def test_the_digest_comes_once_a_week_and_names_what_is_public(editor: Person, viewer: Person) -> None:
    for _ in range(2):
        post_digests.func()
        send_letters.func()
    (letter,) = mail.outbox
    assert letter.to == [editor.email]
    assert "即将到期的成果" in letter.body
    assert "内部成果" not in letter.body
    assert "每周简报 / Weekly digest" in letter.subject


@pytest.mark.usefixtures("editor")
def test_an_empty_digest_is_not_sent(organisation: Organisation) -> None:
    post_digests.func()
    assert send_letters.func() == 0


@pytest.mark.usefixtures("running_out")
def test_whoever_wants_none_gets_none(client: Client, organisation: Organisation) -> None:
    assert (
        client.post(f"/work/organisations/{organisation.public_id}/digest/", {"wanted": "0"}).status_code
        == 302
    )
    assert post_digests.func() == 0
    client.post(f"/work/organisations/{organisation.public_id}/digest/", {"wanted": "1"})
    post_digests.func()
    Membership.objects.update(wants_digest=False)  # between posting and sending
    assert send_letters.func() == 0
    stranger = at_screen(make_member(make_organisation()))
    refused = stranger.post(f"/work/organisations/{organisation.public_id}/digest/", {"wanted": "0"})
    assert refused.status_code == 403


class Killed(BaseException):
    """What kill -9 leaves: nothing after it runs."""


@pytest.mark.usefixtures("running_out")
@pytest.mark.parametrize("dies_at", [1, 2, 3])
def test_a_worker_that_dies_sending_makes_no_letter_come_twice_or_never(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    people = {make_member(organisation).email for _ in range(3)}
    post_digests.func()
    whole = mail.EmailMessage.send
    calls = 0

    def send(message: mail.EmailMessage, *args: Any, **kwargs: Any) -> int:
        nonlocal calls
        calls += 1
        if calls == dies_at:
            raise Killed
        return whole(message, *args, **kwargs)

    monkeypatch.setattr("ronglian.apps.accounts.letters.EmailMessage.send", send)
    with pytest.raises(Killed):
        deliver(timezone.now())
    assert len(mail.outbox) == dies_at - 1
    deliver(timezone.now())  # the job is given back to another worker at once
    deliver(timezone.now() + GIVEN_UP + timedelta(seconds=1))
    deliver(timezone.now() + 2 * GIVEN_UP)
    assert sorted(address for each in mail.outbox for address in each.to) == sorted(people)


@pytest.mark.usefixtures("running_out", "editor")
def test_a_mail_server_that_refuses_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_kwargs: Any) -> int:
        raise ConnectionRefusedError

    post_digests.func()
    with monkeypatch.context() as broken:
        broken.setattr("ronglian.apps.accounts.letters.EmailMessage.send", refuse)
        assert send_letters.func() == 0
    assert send_letters.func() == 1
    ids = {each.extra_headers["Message-ID"] for each in mail.outbox}
    assert ids == {f"<{Letter.objects.get().public_id}@localhost>"}
