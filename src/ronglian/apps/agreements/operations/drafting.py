"""From a draft to terms that both sides have before them: drafting, sending, proposing other terms, giving up."""

from __future__ import annotations

from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.contract_text import both_texts, clauses, digest_of
from ronglian.apps.agreements.enums import OPEN_TO_TERMS, AgreementKind, AgreementState, Side
from ronglian.apps.agreements.from_award import READY
from ronglian.apps.agreements.models import Agreement, AgreementVersion
from ronglian.apps.agreements.rules import may_act, may_draft, sides_of
from ronglian.apps.agreements.tasks import AgreementNews, tell_of_agreement
from ronglian.apps.agreements.terms import read_terms, terms_to_json
from ronglian.apps.challenges.enums import AwardState
from ronglian.apps.challenges.models import Award
from ronglian.apps.clinic.models import Case
from ronglian.apps.registry.models import Need, Result
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import InvalidInput, NotAllowed, RuleViolation, StaleVersion
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_record


@operation("agreement.draft", allowed=may_draft)
def draft_agreement(
    *,
    actor: Actor,
    kind: AgreementKind,
    title: str,
    client: Organisation,
    provider: Organisation,
    drafted_by: Side,
    terms: Any,
    need: Need | None = None,
    result: Result | None = None,
    case: Case | None = None,
    award: Award | None = None,
) -> Agreement:
    """Begin an agreement with a first version that only one's own side sees.

    Without a `case` it belongs to the one in which a technology manager introduced these two sides for this need.
    """
    drafter = client if drafted_by == Side.CLIENT else provider
    if not actor.may_write_for(drafter.pk):
        raise NotAllowed(_("Owners and editors of the side that drafts an agreement may begin it."))
    if client.pk == provider.pk:
        raise InvalidInput.of({"provider": [_("An agreement has two different parties.")]})
    if award is not None:
        _insist_on_award(award, client, provider)
    agreement = Agreement(
        kind=kind,
        title=title,
        drafted_by=drafted_by,
        client=client,
        provider=provider,
        need=need,
        result=result,
        case=case or _case_of(client, provider, need),
        award=award,
        place=provider.region,
    )
    clean_record(agreement)
    agreement.save(force_insert=True)
    record_event(actor, "agreement.drafted", agreement, {"kind": str(kind)})
    _write_version(actor, agreement, drafted_by, terms, "")
    return agreement


@operation("agreement.propose", target="agreement", allowed=may_act)
def propose_terms(
    *,
    actor: Actor,
    agreement: Agreement,
    terms: Any,
    note: str = "",
    number: int | None = None,
    side: str = "",
) -> Agreement:
    """Put other terms in the place of the latest ones; signatures under those count no more.

    `number` is the version that was read. Raises StaleVersion where there is a later one.
    """
    if agreement.state not in OPEN_TO_TERMS:
        raise RuleViolation(_("Terms are changed while an agreement is drafted or negotiated."))
    latest = _latest_number(agreement)
    if number is not None and number != latest:
        raise StaleVersion
    _write_version(actor, agreement, own_side(actor, agreement, side), terms, note)
    agreement.version += 1
    agreement.save(force_update=True)
    record_event(actor, "agreement.proposed", agreement, {"number": latest + 1})
    if agreement.state == AgreementState.NEGOTIATING:
        tell_of_agreement.enqueue(str(agreement.public_id), AgreementNews.PROPOSED.value)
    return agreement


@operation("agreement.send", target="agreement", allowed=may_act)
def send_agreement(*, actor: Actor, agreement: Agreement) -> Agreement:
    """Show the draft to the other side; from here on both negotiate."""
    if agreement.state != AgreementState.DRAFT:
        raise RuleViolation(_("The other side sees this agreement already."))
    agreement.state = AgreementState.NEGOTIATING
    return save_agreement(actor, agreement, "sent", AgreementNews.SENT)


@operation("agreement.abandon", target="agreement", allowed=may_act)
def abandon_agreement(*, actor: Actor, agreement: Agreement, reason: str) -> Agreement:
    """Give it up before both have signed, with a reason that the other side reads."""
    if agreement.state not in OPEN_TO_TERMS:
        raise RuleViolation(_("What both have signed is not given up but performed or terminated."))
    if not reason.strip():
        raise InvalidInput.of({"reason": [_("Say why: the other side reads it.")]})
    was_sent = agreement.state == AgreementState.NEGOTIATING
    agreement.state, agreement.ended_because = AgreementState.ABANDONED, reason
    agreement.ended_on = timezone.localdate()
    return save_agreement(actor, agreement, "abandoned", AgreementNews.ENDED if was_sent else None)


def own_side(actor: Actor, agreement: Agreement, side: str = "") -> Side:
    """The side the actor speaks for; has to be said only by who may speak for both."""
    own = sides_of(actor, agreement)
    if side:
        if side not in own:
            raise InvalidInput.of({"side": [_("You do not speak for this side.")]})
        return Side(side)
    if len(own) != 1:
        raise InvalidInput.of({"side": [_("Say for which side.")]})
    return own[0]


def save_agreement(
    actor: Actor,
    agreement: Agreement,
    past: str,
    news: AgreementNews | None = None,
    data: dict[str, Any] | None = None,
) -> Agreement:
    """Check, write, record `agreement.{past}`, and tell the other side."""
    agreement.version += 1
    clean_record(agreement)
    agreement.save(force_update=True)
    record_event(actor, f"agreement.{past}", agreement, data)
    if news is not None:
        tell_of_agreement.enqueue(str(agreement.public_id), news.value)
    return agreement


def _insist_on_award(award: Award, client: Organisation, provider: Organisation) -> None:
    """The issuer pays and the winner provides, once an award stands that nobody can overturn any more."""
    if (award.challenge.issuer_id, award.bid.bidder_id) != (client.pk, provider.pk):
        raise InvalidInput.of({"award": [_("The issuer is party A and the winner is party B.")]})
    if award.state != AwardState.STANDING or award.challenge.phase not in READY:
        raise RuleViolation(_("A contract follows an award once its public notice is over."))
    if Agreement.objects.filter(award=award).exclude(state=AgreementState.ABANDONED).exists():
        raise RuleViolation(_("There is a contract for this award already."))


def _case_of(client: Organisation, provider: Organisation, need: Need | None) -> Case | None:
    """Who introduced the two, so that the fee and the manager's record follow from the contract."""
    found = Case.objects.filter(seeker=client, partner=provider, introduced_at__isnull=False)
    if need is not None:
        found = found.filter(need=need)
    return found.order_by("-introduced_at").first()


def _write_version(actor: Actor, agreement: Agreement, side: Side, terms: Any, note: str) -> AgreementVersion:
    read = read_terms(terms)
    version = AgreementVersion(
        agreement=agreement,
        number=_latest_number(agreement) + 1,
        terms=terms_to_json(read),  # type: ignore[misc]  # a sealed field holds any JSON
        text=both_texts(agreement, read),
        note=note,
        clauses_version=clauses()[0],
        proposed_by=side,
        proposed_by_label=actor.label,
    )
    version.digest = digest_of(version)
    clean_record(version)
    version.save(force_insert=True)
    data = {
        "agreement": str(agreement.public_id),
        "number": version.number,
        "side": side.value,
        "digest": version.digest,
    }
    record_event(actor, "agreementversion.proposed", version, data)
    return version


def _latest_number(agreement: Agreement) -> int:
    found = AgreementVersion.objects.filter(agreement=agreement).aggregate(last=Max("number"))["last"]
    return int(found or 0)
