"""What breaks each invariant of challenges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from ronglian.apps.challenges.models import (
    Award,
    Bid,
    Challenge,
    Evaluation,
    HolderKey,
    Opening,
    PaymentOrder,
    TeamMember,
    Try,
)
from ronglian.apps.challenges.operations.bids import hand_in_bid
from ronglian.apps.challenges.operations.teams import Part, answer_partner, ask_partner, form_team
from tests.factories import make_organisation, make_person_of
from tests.factories.challenges import (
    BID,
    Setting,
    answers_file,
    close,
    make_bid,
    make_open,
    make_scored,
    make_try,
    open_all,
)

NOW, YEAR = timezone.now(), timedelta(days=400)


def _open_with_bid() -> Setting:
    setting = make_open()
    make_bid(setting)
    return setting


def _with_bid(**values: Any) -> None:
    _open_with_bid()
    Bid.objects.update(**values)


def _opened_early() -> None:
    open_all(close(_open_with_bid()))
    Opening.objects.update(first_at=NOW - YEAR)


def _list_changed() -> None:
    close(_open_with_bid())
    Bid.objects.update(state="withdrawn")


def _key_lost() -> None:
    make_open()
    HolderKey.objects.filter(role="escrow").delete()


def _paid_above() -> None:
    setting = make_open()
    award = Award(challenge=setting.challenge, bid=make_bid(setting), place=1, decided_by="test")
    award.save(force_insert=True)
    PaymentOrder(
        challenge=setting.challenge, award=award, number=1, amount_fen=1, basis="验收", issued_at=NOW, issued_by="test"
    ).save(force_insert=True)  # fmt: skip
    Challenge.objects.filter(pk=setting.challenge.pk).update(reward_fen=100)
    PaymentOrder.objects.update(amount_fen=101)


def _named_without_asking() -> None:
    setting, lead, partner = make_open(), make_organisation(), make_organisation()
    of_lead, of_partner = make_person_of(lead), make_person_of(partner)
    team = form_team(actor=of_lead, challenge=setting.challenge, lead=lead, part=Part("工艺", 60))
    member = ask_partner(actor=of_lead, team=team, organisation=partner, part=Part("检测", 40))
    answer_partner(actor=of_partner, member=member, confirms=True)
    hand_in_bid(actor=of_lead, challenge=setting.challenge, bidder=lead, content=BID)
    open_all(close(setting))
    TeamMember.objects.all().delete()


def _tried() -> Setting:
    """Two result files of one organisation."""
    setting = make_scored()
    make_try(setting, answers_file())
    make_try(setting, answers_file(r01="2"), setting.bidders[0])
    return setting


OF_CHALLENGES: Mapping[str, Callable[[], object]] = {
    "challenges.bids_as_received": lambda: _with_bid(envelope="AAAA"),
    "challenges.bids_in_time": lambda: _with_bid(received_at=NOW + YEAR),
    "challenges.opened_after_closing": _opened_early,
    "challenges.lists_as_published": _list_changed,
    "challenges.keys_before_bids": _key_lost,
    "challenges.paid_within_what_was_promised": _paid_above,
    "challenges.teams_in_bids_have_confirmed": _named_without_asking,
    "challenges.tries_in_time": lambda: _tried() and Try.objects.update(submitted_at=NOW + YEAR),
    "challenges.tries_within_limits": lambda: _tried() and Evaluation.objects.update(tries_a_day=1),
}
