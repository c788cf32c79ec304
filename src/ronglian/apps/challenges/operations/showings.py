"""Showing a bid to an investor: the team's consent, the investor's signature, the withdrawal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.enums import BidState, Openness
from ronglian.apps.challenges.models import Award, Bid, Showing
from ronglian.apps.challenges.queries.showings import investors_for
from ronglian.apps.challenges.showing_enums import OPEN_SHOWINGS, ShowingState, ShownPart
from ronglian.apps.challenges.showing_rules import may_show, may_sign_for_showing, may_withdraw_showing
from ronglian.apps.challenges.showing_tasks import tell_of_showing
from ronglian.apps.challenges.showing_text import CURRENT, digest_of
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict, InvalidInput, RuleViolation, Text
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record, clean_text

# The platform's own rule: a consent is given anew after that long.
LONGEST = timedelta(days=2 * 366)


@operation("showing.offer", target="bid", allowed=may_show)
def offer_showing(
    *, actor: Actor, bid: Bid, investor: Organisation, parts: Collection[str], purpose: str, ends_on: date
) -> Showing:
    """Consent that the investor reads these parts of one's opened bid until a day, once it has signed the agreement."""
    if bid.state != BidState.OPENED:
        raise RuleViolation(_("A bid is shown to investors once two holders of keys have opened it."))
    if bid.challenge.openness == Openness.PRIVATE:
        raise RuleViolation(
            _(
                "What a private challenge asks is known to the invited alone; its bids are not shown to others."
            )
        )
    if bid.challenge.is_blind and not Award.objects.filter(challenge=bid.challenge_id).exists():
        raise RuleViolation(
            _(
                "This challenge is judged without the bidders' names; its bids are shown once an award was proposed."
            )
        )
    _check(actor, bid, investor, parts, ends_on)
    if Showing.objects.filter(bid=bid, investor=investor, state__in=OPEN_SHOWINGS).exists():
        raise Conflict(_("This bid is shown to this investor already. Withdraw that to show other parts."))
    showing = Showing(
        bid=bid,
        team=bid.bidder,
        investor=investor,
        parts=[part.value for part in ShownPart if part in parts],
        purpose=clean_text(purpose),
        ends_on=ends_on,
        text_version=CURRENT,
        consented_by=actor.person,
        consented_by_label=actor.label,
    )
    showing.text_digest = digest_of(showing)
    clean_record(showing)
    showing.save(force_insert=True)
    said = {"digest": showing.text_digest, "parts": showing.parts}
    record_event(actor, "showing.offered", showing, said)
    tell_of_showing.enqueue(str(showing.public_id))
    return showing


@operation("showing.sign", target="showing", allowed=may_sign_for_showing)
def sign_showing(*, actor: Actor, showing: Showing, text_digest: str) -> Showing:
    """Sign the agreement for the investor; what is shown can be read from now on. `text_digest` is that of the page."""
    _insist_asked(showing)
    if timezone.localdate() > showing.ends_on:
        raise RuleViolation(_("The last day of this showing has gone by. Ask the team for a new one."))
    if text_digest != showing.text_digest:
        raise RuleViolation(_("This is not the text that was offered. Open the page again, and sign that."))
    showing.state = ShowingState.ACCEPTED
    showing.signed_by, showing.signed_by_label, showing.signed_at = actor.person, actor.label, timezone.now()
    return _kept(actor, showing, "showing.signed", {"digest": showing.text_digest})


@operation("showing.decline", target="showing", allowed=may_sign_for_showing)
def decline_showing(*, actor: Actor, showing: Showing, reason: str = "") -> Showing:
    """Say no for the investor, before having signed. Who has read tells instead why it passed."""
    _insist_asked(showing)
    showing.state, showing.reason, showing.ended_at = ShowingState.DECLINED, reason, timezone.now()
    return _kept(actor, showing, "showing.declined", {})


@operation("showing.withdraw", target="showing", allowed=may_withdraw_showing)
def withdraw_showing(*, actor: Actor, showing: Showing, reason: str = "") -> Showing:
    """Take the consent back; the next request of the investor is refused."""
    if showing.state not in OPEN_SHOWINGS:
        raise RuleViolation(_("This showing is over already."))
    showing.state, showing.reason, showing.ended_at = ShowingState.WITHDRAWN, reason, timezone.now()
    return _kept(actor, showing, "showing.withdrawn", {})


def _insist_asked(showing: Showing) -> None:
    if showing.state != ShowingState.ASKED:
        raise RuleViolation(_("This showing does not wait for a signature."))


def _kept(actor: Actor, showing: Showing, event: str, data: dict[str, object]) -> Showing:
    showing.version += 1
    clean_record(showing)
    showing.save(force_update=True)
    record_event(actor, event, showing, data)
    tell_of_showing.enqueue(str(showing.public_id))
    return showing


def _check(actor: Actor, bid: Bid, investor: Organisation, parts: Collection[str], ends_on: date) -> None:
    problems: dict[str, list[Text]] = {}
    today = timezone.localdate()
    if not investors_for(actor, bid).filter(pk=investor.pk).exists():
        problems["investor"] = [
            _(
                "Bids are shown to organisations registered as investors, other than the issuer, the escrow and yourselves."
            )
        ]
    if not parts or not set(parts) <= set(ShownPart.values):
        problems["parts"] = [_("Choose what is shown: at least one part.")]
    if not today <= ends_on <= today + LONGEST:
        problems["ends_on"] = [_("The last day lies between today and two years from now.")]
    if problems:
        raise InvalidInput.of(problems)
