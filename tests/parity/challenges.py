"""Challenges at the site and as the command line puts them out in the demo region: asked of one world, for it is the same story."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation, Person
from ronglian.apps.challenges.bid_content import BidContent
from ronglian.apps.challenges.enums import HolderRole
from ronglian.apps.challenges.models import Award, Bid, Challenge, PaymentOrder, Team, TeamMember, Try
from ronglian.apps.challenges.standing import process_of
from ronglian.demo.challenges import CALL, go_on, put_out
from ronglian.kernel.actor import Actor
from ronglian.kernel.models import Event
from tests.factories import make_organisation, make_person_of
from tests.factories.challenges import PASSPHRASE, answers_file, make_bid, make_open, make_scored, people_of
from tests.parity.doors import Doors, told

EVENT_OF = {
    "challenge.draft": "challenge.drafted",
    "challenge.state_facts": "challenge.facts_stated",
    "challenge.make_key": "holderkey.made",
    "challenge.advance": "challenge.advanced",
    "challenge.ask": "question.asked",
    "challenge.answer": "question.answered",
    "challenge.amend": "challenge.amended",
    "bid.hand_in": "bid.received",
}
CONTENT = BidContent(proposal="方案", answers=("有。",), price_fen=62_000_000, days=150)
_kept: dict[str, tuple[Any, Any]] = {}


def sent(fields: dict[str, Any]) -> dict[str, Any]:
    """The call as its form sends it."""
    rows: dict[str, Any] = {}
    for name in ("acceptance", "rubric", "eligibility"):
        rows |= {f"{name}-TOTAL_FORMS": len(fields[name]), f"{name}-INITIAL_FORMS": 0}
        for number, row in enumerate(fields[name]):
            shown = dict(row)
            if anchors := shown.pop("anchors", None):
                shown |= {"low": anchors[0], "middle": anchors[3], "high": anchors[5]}
            rows |= {f"{name}-{number}-{key}": value for key, value in shown.items()}
    plain = {key: value for key, value in fields.items() if isinstance(value, str)}
    return {**plain, **rows, "reward_fen": "85万元", "openness": "public", "is_blind": "on"}


def at_the_site(buyer: Actor, people: Any, bidder: Actor, organisation: Organisation) -> Challenge:
    def client(actor: Actor) -> Client:
        opened = Client()
        opened.force_login(Person.objects.get(public_id=actor.person_id))
        return opened

    def post(actor: Actor, path: str, fields: dict[str, Any]) -> None:
        response = client(actor).post(path, fields)
        assert response.status_code == 302, response.content.decode()[-3000:]

    closes = timezone.localtime() + timedelta(days=20)
    held = {
        "manager": str(people.fields["manager"].public_id),
        "escrow": f"/organisations/{people.fields['escrow'].public_id}/",
        "closes_at": f"{closes:%Y-%m-%dT%H:%M}",
    }
    post(buyer, "/work/challenges/new/", {**sent(CALL), **held, "scheme": "prize_challenge"})
    challenge = Challenge.objects.latest("pk")
    place = f"/work/challenges/{challenge.public_id}"
    for role, holder in people.holders.items():
        post(holder, f"{place}/key/", {"role": role.value, "passphrase": PASSPHRASE, "again": PASSPHRASE})
    post(buyer, f"{place}/facts/", {"prize_secured": "on"})
    post(buyer, f"{place}/steps/publish/", {"call_text": "见题目", "rules_text": "见规则"})
    asker = {"bidder": str(organisation.public_id), "asker": str(organisation.public_id)}
    rows = {"partners-TOTAL_FORMS": 0, "partners-INITIAL_FORMS": 0}
    price = {"price_fen": "62万元", "days": "150"}
    post(bidder, f"{place}/bid/", {**asker, **rows, **price, "proposal": "方案", "answer_0": "有。"})
    post(bidder, f"{place}/questions/", {**asker, "text": "能否先提供录音？"})
    post(buyer, f"/work/questions/{challenge.questions.get().public_id}/answer/", {"answer": "可以。"})
    later = {"closes_at": f"{closes + timedelta(days=10):%Y-%m-%dT%H:%M}", "reason": "多给十天"}
    post(buyer, f"{place}/amend/", {**sent(CALL), **later})
    return Challenge.objects.get(pk=challenge.pk)


def what_is_told(challenge: Challenge) -> dict[str, Any]:
    """By operation: its event with what it says, and of the challenge and the bid what does not depend on when and by whom."""
    bid = Bid.objects.get(challenge=challenge)
    keys = [key.public_id for key in challenge.keys.all()]
    subjects = [challenge.public_id, bid.public_id, *keys, challenge.questions.get().public_id]
    events = Event.objects.filter(subject_id__in=subjects).order_by("id")
    values, said = told(challenge)
    fields = {name: values[name] for name in (*CALL, "phase", "scheme", "is_blind", "version")}
    by_event = {
        name: [sorted(event.data) for event in events if event.name == event_name]
        for name, event_name in EVENT_OF.items()
    }
    return by_event | {
        "challenge": (fields, said),
        "bid": told(bid)[1],
        "steps": process_of(challenge).states,
    }


def compare(operation: str) -> Callable[[Doors], None]:
    def same(doors: Doors) -> None:
        if not _kept:
            _build(doors)
        at_site, by_command = _kept[operation]
        assert at_site
        assert at_site == by_command
        assert _kept["challenge"][0] == _kept["challenge"][1]
        assert _kept["bid"][0] == _kept["bid"][1]
        assert _kept["steps"][0] == _kept["steps"][1]

    return same


def _build(doors: Doors) -> None:
    told_of = []
    for is_site in (True, False):
        issuer, organisation = doors.organisation if is_site else make_organisation(), make_organisation()
        buyer, bidder = make_person_of(issuer), make_person_of(organisation)
        people = people_of(issuer, buyer)
        if is_site:
            challenge = at_the_site(buyer, people, bidder, organisation)
        else:
            held = {name: people.fields[name] for name in ("manager", "escrow")}
            challenge = put_out(buyer, issuer, people.holders, CALL | held)
            go_on(buyer, challenge, [(bidder, organisation, CONTENT)])
        told_of.append(what_is_told(Challenge.objects.get(pk=challenge.pk)))
    assert set(people.holders) == set(HolderRole)
    _kept.update({name: (told_of[0][name], told_of[1][name]) for name in told_of[0]})


def same_bids_and_withdrawals(doors: Doors) -> None:
    """At the site and by a program: handed in alike, and taken back alike."""
    told_of = []
    for is_site in (True, False):
        setting, mine = make_open(), str(doors.organisation.public_id)
        place = f"/challenges/{setting.challenge.public_id}"
        if is_site:
            rows = {"partners-TOTAL_FORMS": 0, "partners-INITIAL_FORMS": 0}
            doors.post(f"/work{place}/bid/", {"bidder": mine, "proposal": "方案", "answer_0": "有。", **rows})
            doors.post(f"/work/bids/{Bid.objects.latest('pk').public_id}/withdraw/", {})
        else:
            bid = {"bidder": mine, "proposal": "方案", "answers": ["有。"]}
            assert doors.api.post(f"{place}/bids", bid).status_code == 201
            assert doors.api.post(f"{place}/bids/withdraw", {"bidder": mine}).status_code == 200
        kept = Bid.objects.latest("pk")
        names = [event.name for event in Event.objects.filter(subject_id=kept.public_id).order_by("id")]
        told_of.append((kept.state, kept.bidder, names))
    assert told_of[0] == told_of[1]
    assert told_of[0][0] == "withdrawn"


def same_teams(doors: Doors) -> None:
    """At the site and by a program: begun, changed, a partner asked, confirmed, taken out."""
    told_of = []
    for is_site in (True, False):
        setting, mine, partner = make_open(), str(doors.organisation.public_id), make_organisation()
        at_partner = Doors(partner)
        place, part = f"/challenges/{setting.challenge.public_id}", {"role": "检测", "share": 40}
        begun, changed = (
            {"role": "工艺", "share": 60, "lacks": "还原"},
            {"role": "工艺设计", "share": 60, "lacks": "检测"},
        )
        asked = {"organisation": str(partner.public_id), **part}
        if is_site:
            doors.post(f"/work{place}/team/", {"lead": mine, **begun})
            team = Team.objects.latest("pk")
            doors.post(f"/work/teams/{team.public_id}/", changed)
            doors.post(f"/work/teams/{team.public_id}/ask/", asked)
        else:
            assert doors.api.post(f"{place}/teams", {"lead": mine, **begun}).status_code == 201
            team = Team.objects.latest("pk")
            assert doors.api.post(f"/teams/{team.public_id}/change", changed).status_code == 200
            assert doors.api.post(f"/teams/{team.public_id}/members", asked).status_code == 201
        member = TeamMember.objects.get(team=team)
        if is_site:
            at_partner.post(f"/work/team-members/{member.public_id}/answer/", {"confirms": "yes"})
        else:
            yes = {"confirms": True}
            assert at_partner.api.post(f"/team-members/{member.public_id}/answer", yes).status_code == 200
        confirmed = TeamMember.objects.get(pk=member.pk).state
        if is_site:
            doors.post(f"/work/team-members/{member.public_id}/drop/", {})
        else:
            assert doors.api.post(f"/team-members/{member.public_id}/drop").status_code == 200
        team.refresh_from_db()
        names = Event.objects.filter(subject_id__in=(team.public_id, member.public_id)).order_by("id")
        told_of.append((team.role, team.share, team.lacks, confirmed, [one.name for one in names]))
    assert told_of[0] == told_of[1]
    assert told_of[0][3:] == ("confirmed", TEAM_EVENTS)


def same_following(doors: Doors) -> None:
    """At the site and by a program: told of one challenge and of every new one, and no more."""
    told_of = []
    for is_site in (True, False):
        place = f"/challenges/{make_open().challenge.public_id}"
        before = Event.objects.count()
        for path in (f"{place}/follow", "/challenges/follow"):
            for follows in (True, False):
                if is_site:
                    doors.post(f"/work{path}/", {"follow": "yes" if follows else "no"})
                else:
                    answer = doors.api.post(path if follows else path.replace("/follow", "/unfollow"))
                    assert answer.status_code == 200
        told_of.append([event.name for event in Event.objects.order_by("id")[before:]])
    assert told_of[0] == told_of[1] == ["following.begun", "following.ended"] * 2


def same_receipts(doors: Doors) -> None:
    """At the site and by a program: the payee says that the money has arrived."""
    told_of = []
    for is_site in (True, False):
        setting = make_open()
        bid = make_bid(setting)
        Bid.objects.filter(pk=bid.pk).update(bidder=doors.organisation)
        award = Award(challenge=setting.challenge, bid=bid, place=1, decided_by="test")
        award.save(force_insert=True)
        order = PaymentOrder(
            challenge=setting.challenge, award=award, number=1, amount_fen=100, basis="验收通过",
            issued_at=timezone.now(), issued_by="test",
        )  # fmt: skip
        order.save(force_insert=True)
        if is_site:
            doors.post(f"/work/payment-orders/{order.public_id}/received/", {})
        else:
            assert doors.api.post(f"/payment-orders/{order.public_id}/received").status_code == 200
        order.refresh_from_db()
        names = [event.name for event in Event.objects.filter(subject_id=order.public_id)]
        told_of.append((order.received_at is not None, names))
    assert told_of[0] == told_of[1] == (True, ["paymentorder.received"])


TEAM_EVENTS = [
    "team.formed",
    "team.changed",
    "teammember.asked",
    "teammember.confirmed",
    "teammember.taken_out",
]


def same_tries(doors: Doors) -> None:
    """At the site and by a program: scored alike, and refused alike."""
    told_of, mine = [], str(doors.organisation.public_id)
    for is_site in (True, False):
        place = f"/challenges/{make_scored().challenge.public_id}/tries"
        right, wrong = answers_file(r03="2"), answers_file(39)
        if is_site:
            refused = doors.web.post(f"/work{place}/", {"bidder": mine, "results": _sent(wrong)})
            doors.post(f"/work{place}/", {"bidder": mine, "results": _sent(right)})
        else:
            refused = doors.api.post(place, {"organisation": mine, "results": wrong.decode()})
            assert doors.api.post(place, {"organisation": mine, "results": right.decode()}).status_code == 201
        kept = Try.objects.latest("pk")
        events = Event.objects.filter(subject_id=kept.public_id)
        total = kept.public_score * 12 + int(kept.final_score) * 28  # which rows are public is drawn anew
        told_of.append(
            (
                refused.status_code,
                kept.digest,
                kept.bidder,
                round(total / 40, -3),
                [(one.name, sorted(one.data)) for one in events],
            )
        )
    assert told_of[0] == told_of[1]
    assert told_of[0][3] == 975_000


def _sent(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("result.csv", data)


COMPARED: dict[str, Callable[[Doors], None]] = {
    **{name: compare(name) for name in EVENT_OF},
    "bid.withdraw": same_bids_and_withdrawals,
    "paymentorder.confirm": same_receipts,
    **dict.fromkeys(("challenge.follow", "challenge.unfollow"), same_following),
    **dict.fromkeys(
        ("team.form", "team.change", "team.ask", "team.take_out", "teammember.answer"), same_teams
    ),
    "challenge.try": same_tries,
}
