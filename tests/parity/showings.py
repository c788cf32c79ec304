"""Bids shown to investors, at the site and by a program: withdrawn, told of, answered."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from ronglian.apps.accounts.enums import OrganisationKind
from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.models import Showing, ShowingOutcome
from ronglian.apps.challenges.operations.bids import hand_in_bid
from ronglian.apps.challenges.operations.showing_outcomes import tell_outcome
from ronglian.apps.challenges.showing_enums import OutcomeKind
from tests.factories import make_organisation, make_person_of
from tests.factories.challenges import BID, close, make_open, open_all
from tests.factories.showings import Shown, make_investor, make_shown, make_signed
from tests.parity.doors import Doors, told

# What each of two showings has of its own, and what says when and by whom.
OF_ITS_OWN = ("bid", "showing", "team", "investor", "text_digest", "consented_by", "consented_by_label", "signed_by",
              "signed_by_label", "signed_at", "ended_at", "told_by_label", "answered_by_label", "answered_at")  # fmt: skip


def assert_alike(*rows: Showing | ShowingOutcome) -> None:
    found = []
    for row in rows:
        values, events = told(type(row)._default_manager.get(pk=row.pk))
        found.append(({name: values[name] for name in values if name not in OF_ITS_OWN}, events))
    assert found[0] == found[1]


def of_team(doors: Doors) -> list[tuple[Shown, Showing]]:
    """Two signed showings of bids of the organisation behind the doors."""
    return [_signed(doors.organisation, make_investor()) for _door in range(2)]


def of_investor(doors: Doors) -> list[tuple[Shown, Showing]]:
    """Two signed showings to it."""
    Organisation.objects.filter(pk=doors.organisation.pk).update(kind=OrganisationKind.INVESTOR)
    doors.organisation.refresh_from_db()
    return [_signed(make_organisation(), doors.organisation) for _door in range(2)]


def same_withdrawn(doors: Doors) -> None:
    (_one, first), (_other, second) = of_team(doors)
    doors.post(f"/work/showings/{first.public_id}/withdraw/", {"reason": "已选定他人"})
    sent = doors.api.post(f"/showings/{second.public_id}/withdraw", {"reason": "已选定他人"})
    assert sent.status_code == 200, sent.content
    assert_alike(first, second)


def same_told(doors: Doors) -> None:
    (_one, first), (_other, second) = of_investor(doors)
    day = timezone.localdate().isoformat()
    doors.post(
        f"/work/showings/{first.public_id}/outcomes/",
        {"kind": "invested", "happened_on": day, "amount_fen": "300万元", "note": "天使轮"},
    )
    body = {"kind": "invested", "happened_on": day, "amount_fen": 300_000_000, "note": "天使轮"}
    sent = doors.api.post(f"/showings/{second.public_id}/outcomes", body)
    assert sent.status_code == 201, sent.content
    assert_alike(*ShowingOutcome.objects.order_by("id"))


def same_answered(doors: Doors) -> None:
    outcomes = [
        tell_outcome(
            actor=shown.reader, showing=showing, kind=OutcomeKind.MET, happened_on=timezone.localdate()
        )
        for shown, showing in of_team(doors)
    ]
    said = {"answer": "contradicted", "note": "没有见过"}
    doors.post(f"/work/showing-outcomes/{outcomes[0].public_id}/answer/", said)
    sent = doors.api.post(f"/showing-outcomes/{outcomes[1].public_id}/answer", said)
    assert sent.status_code == 200, sent.content
    assert_alike(*outcomes)


def _signed(team: Organisation, investor: Organisation) -> tuple[Shown, Showing]:
    setting, actor = make_open(is_blind=False), make_person_of(team)
    setting.bidders.append((team, actor))
    hand_in_bid(actor=actor, challenge=setting.challenge, bidder=team, content=BID)
    open_all(close(setting))
    shown = make_shown(setting)
    shown.investor, shown.reader = investor, make_person_of(investor)
    return shown, make_signed(shown)


COMPARED: dict[str, Callable[[Doors], None]] = {
    "showing.withdraw": same_withdrawn,
    "showing.tell_outcome": same_told,
    "showing.answer_outcome": same_answered,
}
