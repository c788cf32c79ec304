"""Bids shown to investors, for tests: offered, signed, told of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.models import Bid, Showing
from ronglian.apps.challenges.operations.showings import offer_showing, sign_showing
from ronglian.apps.challenges.showing_enums import ShownPart
from ronglian.kernel.actor import Actor, Role
from tests.factories import make_organisation, make_person_of
from tests.factories.challenges import Setting, make_reviewed

ALL = tuple(part.value for part in ShownPart)


@dataclass
class Shown:
    """A bid, its team, and an investor with a person of it."""

    setting: Setting
    bid: Bid
    team: Actor
    investor: Organisation
    reader: Actor


def make_investor(name: str = "") -> Organisation:
    return make_organisation(name, kind="investor")


def make_shown(setting: Setting | None = None) -> Shown:
    """The best of the bids of a challenge that was reviewed; not offered to anybody yet. Reviewers learn who bid."""
    setting = setting or make_reviewed(is_blind=False)
    bid = Bid.objects.filter(challenge=setting.challenge).order_by("received_at")[0]
    team = next(actor for organisation, actor in setting.bidders if organisation.pk == bid.bidder_id)
    investor = make_investor()
    return Shown(setting, bid, team, investor, make_person_of(investor, Role.OWNER))


def offer(shown: Shown, parts: Sequence[str] = ALL, **changes: Any) -> Showing:
    fields = {"purpose": "天使轮", "ends_on": timezone.localdate() + timedelta(days=90), **changes}
    return offer_showing(
        actor=shown.team,
        bid=shown.bid,
        investor=fields.pop("investor", shown.investor),
        parts=parts,
        **fields,
    )


def sign(shown: Shown, showing: Showing) -> Showing:
    return sign_showing(actor=shown.reader, showing=showing, text_digest=showing.text_digest)


def make_signed(shown: Shown, parts: Sequence[str] = ALL) -> Showing:
    return sign(shown, offer(shown, parts))
