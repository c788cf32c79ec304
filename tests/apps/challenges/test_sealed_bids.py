"""Bids are sealed on arrival, and two of three holders open them after the deadline: nobody earlier, nobody alone."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from ronglian.apps.challenges.bid_content import Attachment, BidContent, Partner
from ronglian.apps.challenges.enums import BidState, HolderRole, Openness, Phase
from ronglian.apps.challenges.models import Bid, Challenge, HolderKey, Opening
from ronglian.apps.challenges.operations.bids import hand_in_bid, withdraw_bid
from ronglian.apps.challenges.operations.drafting import change_challenge, make_holder_key
from ronglian.apps.challenges.operations.opening import open_bids
from ronglian.apps.challenges.operations.steps import advance_challenge
from ronglian.apps.challenges.queries.challenges import (
    access_bid,
    access_challenge,
    list_challenges,
    opened_bids,
    own_bids,
    published_digests,
    receipt_event,
)
from ronglian.apps.challenges.standing import facts_of, list_digest, process_of
from ronglian.engines.proof.envelopes import envelope_digest
from ronglian.kernel.actor import ANONYMOUS
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound, RuleViolation
from ronglian.kernel.log.coverage import uncovered_rows
from tests.factories import SYSTEM, make_organisation, make_person_of
from tests.factories.challenges import (
    BID,
    PASSPHRASE,
    Setting,
    close,
    make_bid,
    make_draft,
    make_keys,
    make_open,
    open_all,
    publish,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
CANARY = "金丝雀-只此一处-CANARY"


def stored_bytes() -> bytes:
    """Every text of every table, as the database holds it."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - the names are the database's own
            found += [str(row) for row in cursor.fetchall()]
    return "\n".join(found).encode()


def test_from_the_call_to_the_opened_bids() -> None:
    setting = make_open()
    first, second = make_bid(setting), make_bid(setting)
    assert Bid.objects.filter(challenge=setting.challenge, state=BidState.SEALED).count() == 2
    close(setting)
    assert setting.challenge.phase == Phase.SEALED
    assert setting.challenge.list_digest == list_digest([first.digest, second.digest])
    assert published_digests(setting.challenge) == sorted([first.digest, second.digest])
    open_all(setting)
    assert setting.challenge.phase == Phase.REVIEW
    opened = opened_bids(setting.buyer, setting.challenge)
    assert [bid.content["proposal"] for bid in opened] == [BID.proposal, BID.proposal]
    opening = Opening.objects.get(challenge=setting.challenge)
    assert (opening.first_role, opening.second_role, opening.peeled, opening.faults) == (
        "manager",
        "escrow",
        None,
        [],
    )
    for model in (Challenge, HolderKey, Bid, Opening):
        assert not list(uncovered_rows(model))


def test_a_bid_leaves_no_plaintext_before_the_opening() -> None:
    setting = make_open()
    content = BidContent(
        proposal=f"方案 {CANARY}",
        answers=(f"答 {CANARY}",),
        partners=(Partner(f"甲 {CANARY}", "牵头", 60), Partner("乙", "试验", 40)),
        attachments=(Attachment("方案.pdf", b"%PDF-1.7 " + CANARY.encode()),),
    )
    bid = make_bid(setting, content)
    assert CANARY.encode() not in stored_bytes()
    assert CANARY.encode() not in base64.b64decode(Bid.objects.get(pk=bid.pk).envelope)
    open_all(close(setting))
    found = opened_bids(setting.buyer, setting.challenge)[0].content
    assert CANARY in found["proposal"]
    assert CANARY.encode() in base64.b64decode(found["attachments"][0]["data"])


@pytest.mark.parametrize("lone", list(HolderRole))
def test_one_holder_opens_nothing(lone: HolderRole) -> None:
    setting = make_open()
    make_bid(setting)
    close(setting)
    open_all(setting, lone)
    with pytest.raises(RuleViolation, match="second person"):
        open_all(setting, lone)
    assert setting.fresh().phase == Phase.SEALED
    assert Bid.objects.get(challenge=setting.challenge).content is None
    assert not opened_bids(setting.buyer, setting.challenge).exists()


def test_nobody_opens_before_the_deadline() -> None:
    setting = make_open()
    make_bid(setting)
    with pytest.raises(RuleViolation, match="after they have closed"):
        open_all(setting)
    Challenge.objects.filter(pk=setting.challenge.pk).update(
        phase=Phase.SEALED
    )  # even if the phase ran ahead
    with pytest.raises(RuleViolation, match="after they have closed"):
        open_all(setting)


def test_a_holder_needs_the_passphrase_and_a_key() -> None:
    setting = make_open()
    make_bid(setting)
    close(setting)
    with pytest.raises(InvalidInput) as refused:
        open_bids(actor=setting.buyer, challenge=setting.challenge, passphrase="some other words here")
    assert list(refused.value.fields) == ["passphrase"]
    with pytest.raises(NotAllowed):
        open_bids(actor=setting.bidders[0][1], challenge=setting.challenge, passphrase=PASSPHRASE)
    with pytest.raises(NotAllowed):  # the machine holds no key
        open_bids(actor=SYSTEM, challenge=setting.challenge, passphrase=PASSPHRASE)


def test_nothing_is_taken_at_or_after_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    setting = make_open()
    make_bid(setting)
    organisation, actor = setting.bidders[0]
    closes = setting.challenge.closes_at
    assert closes is not None
    for late in (closes, closes + timedelta(microseconds=1)):
        monkeypatch.setattr(timezone, "now", lambda late=late: late)
        for act in (
            lambda: hand_in_bid(actor=actor, challenge=setting.challenge, bidder=organisation, content=BID),
            lambda: withdraw_bid(actor=actor, challenge=setting.challenge, bidder=organisation),
        ):
            with pytest.raises(RuleViolation, match="Bids closed at"):
                act()
    monkeypatch.setattr(timezone, "now", lambda: closes - timedelta(microseconds=1))
    assert hand_in_bid(actor=actor, challenge=setting.challenge, bidder=organisation, content=BID)


def test_a_bid_is_replaced_and_withdrawn_and_counts_once() -> None:
    setting = make_open()
    first = make_bid(setting)
    organisation, actor = setting.bidders[0]
    second = hand_in_bid(actor=actor, challenge=setting.challenge, bidder=organisation, content=BID)
    states = dict(Bid.objects.values_list("digest", "state"))
    assert states == {first.digest: "replaced", second.digest: "sealed"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Bid.objects.filter(pk=first.pk).update(state=BidState.SEALED)
    withdraw_bid(actor=actor, challenge=setting.challenge, bidder=organisation)
    with pytest.raises(RuleViolation):
        withdraw_bid(actor=actor, challenge=setting.challenge, bidder=organisation)
    close(setting)
    assert setting.challenge.phase == Phase.FAILED  # nobody has bid


def test_who_sets_the_question_or_holds_a_key_does_not_answer() -> None:
    setting = make_open()
    with pytest.raises(RuleViolation, match="sets the question"):
        hand_in_bid(actor=setting.buyer, challenge=setting.challenge, bidder=setting.issuer, content=BID)
    escrow = setting.challenge.escrow
    assert escrow is not None
    with pytest.raises(RuleViolation, match="does not bid"):
        hand_in_bid(
            actor=setting.holders[HolderRole.ESCROW], challenge=setting.challenge, bidder=escrow, content=BID
        )


def test_nobody_holds_two_keys() -> None:
    setting = make_draft()
    make_holder_key(
        actor=setting.buyer, challenge=setting.challenge, role=HolderRole.BUYER, passphrase=PASSPHRASE
    )
    with pytest.raises(NotAllowed):
        make_holder_key(
            actor=setting.buyer, challenge=setting.challenge, role=HolderRole.ESCROW, passphrase=PASSPHRASE
        )
    with pytest.raises(InvalidInput):
        make_holder_key(
            actor=setting.holders[HolderRole.ESCROW], challenge=setting.challenge, role=HolderRole.ESCROW,
            passphrase="short",
        )  # fmt: skip


def test_it_is_published_with_three_keys_and_a_clear_call_only() -> None:
    setting = make_draft(rubric=[], compensation="")
    documents = {"call_text": "text", "rules_text": "text"}

    def publish() -> Challenge:
        return advance_challenge(
            actor=setting.buyer, challenge=setting.fresh(), step="publish", documents=documents
        )

    with pytest.raises(RuleViolation) as refused:
        publish()
    for part in ("criteria", "withdrawn", "Three holders"):
        assert part in str(refused.value)
    make_keys(setting)
    with pytest.raises(RuleViolation, match="criteria"):
        publish()


def test_a_changed_envelope_is_named_and_left_out() -> None:
    setting = make_open()
    changed, whole = make_bid(setting), make_bid(setting)
    close(setting)
    envelope = bytearray(base64.b64decode(changed.envelope))
    envelope[-1] ^= 1
    Bid.objects.filter(pk=changed.pk).update(envelope=base64.b64encode(bytes(envelope)).decode())
    open_all(setting)
    assert Opening.objects.get().faults == [changed.digest]
    assert dict(Bid.objects.values_list("digest", "state")) == {
        changed.digest: "sealed",
        whole.digest: "opened",
    }


def test_a_list_that_is_not_the_published_one_is_not_opened() -> None:
    setting = make_open()
    make_bid(setting)
    second = make_bid(setting)
    close(setting)
    Bid.objects.filter(pk=second.pk).update(state=BidState.WITHDRAWN)
    with pytest.raises(RuleViolation, match="not those of the list"):
        open_all(setting)


def test_each_receipt_tells_the_digest_of_what_is_stored() -> None:
    setting = make_open()
    for bid in (make_bid(setting), make_bid(setting)):
        kept = Bid.objects.get(pk=bid.pk)
        assert (
            receipt_event(kept).data["digest"]
            == envelope_digest(base64.b64decode(kept.envelope))
            == kept.digest
        )


def test_how_many_have_bid_is_nobodys_business_while_they_are_sealed() -> None:
    setting = make_open()
    make_bid(setting)
    definition = process_of(setting.challenge).definition
    assert facts_of(setting.challenge, definition, for_pages=True)["bids_count"] is None
    assert facts_of(setting.challenge, definition)["bids_count"] == 1
    outsider = make_person_of(make_organisation())
    for actor in (setting.buyer, outsider, ANONYMOUS, *setting.holders.values()):
        assert not own_bids(actor).exists()
        with pytest.raises(NotFound):
            access_bid(actor, Bid.objects.get().public_id)
    assert access_bid(setting.bidders[0][1], Bid.objects.get().public_id)


def test_who_sees_a_challenge() -> None:
    private = make_keys(make_draft(openness=Openness.PRIVATE))
    guest = make_organisation()
    host, stranger = make_person_of(guest), make_person_of(make_organisation())
    everybody = {"stranger": stranger, "guest": host, "visitor": ANONYMOUS}
    change_challenge(actor=private.buyer, challenge=private.fresh(), fields={}, invited=[guest])
    for actor in everybody.values():
        with pytest.raises(NotFound):
            access_challenge(actor, private.challenge.public_id)
    for actor in private.holders.values():
        assert access_challenge(actor, private.challenge.public_id)
    Challenge.objects.filter(pk=private.challenge.pk).update(phase=Phase.OPEN, published_at=timezone.now())
    seen = {name for name, actor in everybody.items() if list_challenges(actor).exists()}
    assert seen == {"guest"}
    with pytest.raises(NotAllowed, match="no such challenge"):
        hand_in_bid(
            actor=stranger, challenge=private.fresh(), bidder=make_organisation_of(stranger), content=BID
        )


def test_who_is_not_invited_does_not_answer() -> None:
    setting = make_keys(make_draft(openness=Openness.INVITED))
    guest, stranger = make_organisation(), make_organisation()
    change_challenge(actor=setting.buyer, challenge=setting.fresh(), fields={}, invited=[guest])
    publish(setting)
    with pytest.raises(RuleViolation, match="not invited"):
        hand_in_bid(actor=make_person_of(stranger), challenge=setting.challenge, bidder=stranger, content=BID)
    assert hand_in_bid(actor=make_person_of(guest), challenge=setting.challenge, bidder=guest, content=BID)


def make_organisation_of(actor: Any) -> Any:
    from ronglian.apps.accounts.models import Organisation  # noqa: PLC0415 - of this test alone

    return Organisation.objects.get(pk=next(iter(actor.organisation_ids)))


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (BidContent(proposal=" ", answers=("x",)), "proposal"),
        (BidContent(proposal="方案", answers=("",)), "answer_0"),
        (BidContent(proposal="方案", answers=("x",), days=0), "days"),
        (BidContent(proposal="方案", answers=("x",), partners=(Partner("甲", "牵头", 60),)), "partners"),
        (
            BidContent(proposal="方案", answers=("x",), attachments=(Attachment("a.exe", b"MZ"),)),
            "attachments",
        ),
        (
            BidContent(proposal="方案", answers=("x",), attachments=(Attachment("a.pdf", b"MZ"),)),
            "attachments",
        ),
    ],
)
def test_a_bid_that_cannot_be_judged_is_refused(content: BidContent, field: str) -> None:
    setting: Setting = make_open()
    with pytest.raises(InvalidInput) as refused:
        make_bid(setting, content)
    assert list(refused.value.fields) == [field]
    assert not Bid.objects.exists()
