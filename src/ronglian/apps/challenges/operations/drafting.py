"""A challenge before it is published: its text and rules, whom it invites, and who holds the keys of its bids."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.challenges.enums import HolderRole, Phase
from ronglian.apps.challenges.models import Challenge, HolderKey, Invitation
from ronglian.apps.challenges.rules import holder_roles_of, may_change, may_draft, may_hold
from ronglian.apps.challenges.standing import KIND, asked_facts, facts_of, process_of
from ronglian.apps.registry.models import Need
from ronglian.engines.proof.holder_keys import lock_holder_key, new_holder_key
from ronglian.kernel.actor import Actor
from ronglian.kernel.errors import Conflict, InvalidInput, NotAllowed, RuleViolation, StaleVersion
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.process.rulebook import rulebook
from ronglian.kernel.process.running import start_process
from ronglian.kernel.validation import clean_json, clean_record

BEFORE_BIDS = (Phase.DRAFT, Phase.CHECK)
SHORTEST_PASSPHRASE = 12
WRITABLE = frozenset(
    {
        "kind", "openness", "title", "title_en", "text", "text_en", "reward_kind", "reward_fen", "acceptance", "rubric",
        "eligibility", "is_blind", "tells_number_of_bids", "compensation", "closes_at", "manager", "escrow",
    }
)  # fmt: skip


@operation("challenge.draft", allowed=may_draft)
def draft_challenge(
    *,
    actor: Actor,
    issuer: Organisation,
    scheme: str,
    fields: Mapping[str, Any],
    need: Need | None = None,
    invited: Sequence[Organisation] = (),
) -> Challenge:
    """Begin a challenge that only its issuer sees. `scheme` names the process it goes through, `fields` are WRITABLE."""
    if not actor.may_write_for(issuer.pk):
        raise NotAllowed(_("Owners and editors put out challenges for their organisation."))
    if scheme not in {each.id for each in rulebook().library if each.kind == KIND}:
        raise InvalidInput.of({"scheme": [_("There is no such scheme.")]})
    challenge = Challenge(issuer=issuer, need=need, scheme=scheme)
    _write(challenge, fields)
    challenge.save(force_insert=True)
    record_event(actor, "challenge.drafted", challenge, {"scheme": scheme})
    definition = rulebook().library.newest(scheme)
    start_process(
        actor=actor,
        definition=scheme,
        kind=KIND,
        subject_id=challenge.public_id,
        facts=facts_of(challenge, definition),
        now=timezone.now(),
    )
    _invite(actor, challenge, invited)
    return challenge


@operation("challenge.change", target="challenge", allowed=may_change)
def change_challenge(
    *,
    actor: Actor,
    challenge: Challenge,
    fields: Mapping[str, Any],
    invited: Sequence[Organisation] | None = None,
    version: int | None = None,
) -> Challenge:
    """Change a challenge before its publication. `version` is the one that was read; raises StaleVersion."""
    insist_unpublished(challenge)
    if version is not None and version != challenge.version:
        raise StaleVersion
    keys = set(HolderKey.objects.filter(challenge=challenge).values_list("role", flat=True))
    for name, role in (("manager", HolderRole.MANAGER), ("escrow", HolderRole.ESCROW)):
        if name in fields and fields[name] != getattr(challenge, name) and role in keys:
            raise RuleViolation(_("This holder has made a key already, and is not exchanged any more."))
    _write(challenge, fields)
    challenge.version += 1
    challenge.save(force_update=True)
    record_event(actor, "challenge.changed", challenge, {"fields": sorted(fields)})
    if invited is not None:
        _invite(actor, challenge, invited)
    return challenge


@operation("challenge.state_facts", target="challenge", allowed=may_change)
def state_facts(*, actor: Actor, challenge: Challenge, facts: Mapping[str, Any]) -> Challenge:
    """Say what the scheme wants to know and no record tells; it is published beside the challenge with who said so."""
    known = {fact.id: fact for fact in asked_facts(process_of(challenge).definition)}
    if unknown := sorted(set(facts) - set(known)):
        raise InvalidInput.of({name: [_("This scheme asks no such thing.")] for name in unknown})
    wrong = {name: value for name, value in facts.items() if not _fits(known[name].kind, value)}
    if wrong:
        raise InvalidInput.of({name: [_("This does not read as what is asked.")] for name in wrong})
    challenge.stated = {
        **challenge.stated,
        **{
            name: value.isoformat() if hasattr(value, "isoformat") else clean_json(value)
            for name, value in facts.items()
        },
    }
    challenge.version += 1
    challenge.save(force_update=True)
    record_event(actor, "challenge.facts_stated", challenge, {"facts": sorted(facts)})
    return challenge


@operation("challenge.make_key", target="challenge", allowed=may_hold)
def make_holder_key(*, actor: Actor, challenge: Challenge, role: HolderRole, passphrase: str) -> Challenge:
    """Make one's key of the bids, under a passphrase that is kept nowhere."""
    insist_unpublished(challenge)
    if role not in holder_roles_of(actor, challenge):
        raise NotAllowed(_("This key is somebody else's to hold."))
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise InvalidInput.of(
            {"passphrase": [_("A passphrase has 12 characters or more; several words are easy to remember.")]}
        )
    if HolderKey.objects.filter(challenge=challenge, role=role).exists():
        raise Conflict(_("This key was made already."))
    if HolderKey.objects.filter(challenge=challenge, person=actor.person).exists():
        raise RuleViolation(
            _("You hold another key of this challenge. Nobody holds two: somebody else makes this one.")
        )
    private = new_holder_key()
    key = HolderKey(
        challenge=challenge,
        role=role,
        person=actor.person,
        person_label=actor.label,
        public_key=base64.b64encode(private.public_key().public_bytes_raw()).decode("ascii"),
        kept_key=lock_holder_key(private, passphrase, cost=settings.HOLDER_KEY_COST),
    )
    clean_record(key)
    key.save(force_insert=True)
    record_event(
        actor,
        "holderkey.made",
        key,
        {"challenge": str(challenge.public_id), "role": role.value, "public_key": key.public_key},
    )
    return challenge


def insist_unpublished(challenge: Challenge) -> None:
    if challenge.phase not in BEFORE_BIDS:
        raise RuleViolation(
            _(
                "A published challenge keeps its text, its rules and its holders of keys: bidders rely on them."
            )
        )


def _write(challenge: Challenge, fields: Mapping[str, Any]) -> None:
    if unknown := sorted(set(fields) - WRITABLE):
        raise InvalidInput.of({name: [_("There is no such field.")] for name in unknown})
    for name, value in fields.items():
        setattr(challenge, name, clean_json(value) if isinstance(value, list) else value)
    if challenge.escrow_id is not None and challenge.escrow_id == challenge.issuer_id:
        raise InvalidInput.of({"escrow": [_("The escrow is another organisation than the issuer.")]})
    clean_record(challenge)


def _invite(actor: Actor, challenge: Challenge, invited: Sequence[Organisation]) -> None:
    wanted = {one.pk: one for one in invited}
    if challenge.issuer_id in wanted or challenge.escrow_id in wanted:
        raise InvalidInput.of({"invited": [_("Neither the issuer nor the escrow is invited.")]})
    there = {row.organisation_id: row for row in Invitation.objects.filter(challenge=challenge)}
    for pk, row in there.items():
        if pk not in wanted:
            record_event(actor, "invitation.taken_back", row)
            row.delete()
    for pk, organisation in wanted.items():
        if pk not in there:
            row = Invitation(challenge=challenge, organisation=organisation)
            row.save(force_insert=True)
            record_event(actor, "invitation.made", row, {"challenge": str(challenge.public_id)})


def _fits(kind: str, value: object) -> bool:
    match kind:
        case "yes_no":
            return isinstance(value, bool)
        case "number" | "money":
            return isinstance(value, int) and not isinstance(value, bool) and value >= 0
        case "time":
            return hasattr(value, "isoformat")
        case _:
            return isinstance(value, str) and len(value) <= 300
