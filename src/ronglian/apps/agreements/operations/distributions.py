"""Sharing what a transfer or licence brought: planned by the law of the place and day, put on public notice, effective.

The least reward comes from the rulebook (促进科技成果转化法 44–45 and the law of the place); a plan below it is refused
with the article. Where the law does not determine it, there is no plan: the reasons are told instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ronglian.apps.agreements.contract_text import money_text
from ronglian.apps.agreements.enums import (
    AgreementKind,
    AgreementState,
    DistributionState,
    ShareObjectionState,
    ShareRole,
)
from ronglian.apps.agreements.granted_share import agreed_rate_of
from ronglian.apps.agreements.models import Agreement, Distribution, ShareObjection
from ronglian.apps.agreements.queries.distributions import undistributed
from ronglian.apps.agreements.rules import may_distribute
from ronglian.engines.money import allocate
from ronglian.engines.rules import (
    Answer,
    InputProblem,
    answer_document,
    evaluate_rule,
    resolve,
    trace,
    word_reason,
    word_version,
)
from ronglian.kernel.actor import Actor
from ronglian.kernel.documents import LOCALES
from ronglian.kernel.errors import InvalidInput, RuleViolation
from ronglian.kernel.events import record_event
from ronglian.kernel.operation import operation
from ronglian.kernel.validation import clean_json, clean_record
from ronglian.rulebook import load_rulebook

RULE = "reward.floor"
NOTICE = "reward.notice_days"
WAYS = {AgreementKind.TRANSFER: "transfer", AgreementKind.LICENCE: "licence"}
MOST_SHARES = 50
COSTS = ("deal_taxes", "upkeep", "deal_costs", "cost", "public_money", "own_net_income")


@operation("distribution.propose", target="agreement", allowed=may_distribute)
def propose_distribution(
    *,
    actor: Actor,
    agreement: Agreement,
    reward_fen: int,
    shares: Sequence[tuple[str, ShareRole, int]],
    costs: Mapping[str, int | None],
    state_set: bool,
    agreed_rate: int | None = None,
    as_of: date | None = None,
) -> Distribution:
    """Plan how everything received and not shared yet is shared, by the law of the day `as_of` (today where none is said).

    `shares`: name, role and weight of each; `costs`: what the place's net income asks for (COSTS), in fen, None where it
    is not told; `state_set`: a research body or university of the state; `agreed_rate`: the share by the unit's rule or
    agreement, in hundredths of a per cent. Where rights in the result were granted it is what that agreement says, at least.
    """
    if agreement.state not in (AgreementState.IN_FORCE, AgreementState.COMPLETED):
        raise RuleViolation(_("Income is shared once the contract is in force."))
    if agreement.kind not in WAYS:
        raise RuleViolation(
            _("Rewards by this rule belong to transfers and licences; this contract is another kind.")
        )
    income, day = undistributed(agreement), as_of or timezone.localdate()
    if agreement.signed_on is None or not agreement.signed_on <= day <= timezone.localdate():
        raise InvalidInput.of({"as_of": [_("Choose a day between the signing and today.")]})
    if income <= 0:
        raise RuleViolation(_("Nothing was received that has not been shared yet."))
    agreed = agreed_rate_of(agreement, agreed_rate)
    answer = _asked(agreement, income, costs, state_set, agreed, day)
    net = _fen_of(answer, "net_income")
    least = _fen_of(answer, "due")
    _check_reward(answer, reward_fen, least, net)
    number = (
        int(Distribution.objects.filter(agreement=agreement).aggregate(last=Max("number"))["last"] or 0) + 1
    )
    plan = Distribution(
        agreement=agreement,
        number=number,
        place=answer.place,
        as_of=day,
        income_fen=income,
        net_fen=net,
        floor_fen=least,
        reward_fen=reward_fen,
        shares=_divided(reward_fen, shares),
        law=_told(answer),
        proposed_by=actor.label,
    )
    clean_record(plan)
    plan.save(force_insert=True)
    record_event(
        actor, "distribution.proposed", plan, {"agreement": str(agreement.public_id), "number": number}
    )
    return plan


@operation("distribution.notice", target="agreement", allowed=may_distribute)
def begin_notice(*, actor: Actor, agreement: Agreement, plan: Distribution, days: int) -> Distribution:
    """Put the plan on public notice within the unit, from today, for at least as long as the law of the place asks."""
    insist_on_state(plan, DistributionState.PROPOSED)
    least = notice_days(plan.place, plan.as_of)
    if days < max(least or 1, 1) or days > 365:
        raise InvalidInput.of({"days": [_("At least %(days)d days here.") % {"days": least or 1}]})
    plan.state, plan.notice_from = DistributionState.NOTICED, timezone.localdate()
    plan.notice_until = plan.notice_from + timedelta(days=days)
    return save_plan(actor, plan, "noticed", {"days": days})


@operation("distribution.settle", target="agreement", allowed=may_distribute)
def settle_distribution(*, actor: Actor, agreement: Agreement, plan: Distribution) -> Distribution:
    """The notice is over and nobody objected in a way that changes it: the plan is effective."""
    insist_on_state(plan, DistributionState.NOTICED)
    assert plan.notice_until is not None
    if timezone.localdate() <= plan.notice_until:
        raise RuleViolation(
            _("The public notice lasts until %(day)s.") % {"day": plan.notice_until.isoformat()}
        )
    if ShareObjection.objects.filter(distribution=plan, state=ShareObjectionState.OPEN).exists():
        raise RuleViolation(_("An objection waits for its answer."))
    plan.state = DistributionState.EFFECTIVE
    return save_plan(actor, plan, "settled", {})


@operation("distribution.withdraw", target="agreement", allowed=may_distribute)
def withdraw_distribution(
    *, actor: Actor, agreement: Agreement, plan: Distribution, reason: str
) -> Distribution:
    """Take a plan back, with a reason; what it shared is open again."""
    insist_on_state(plan, DistributionState.PROPOSED, DistributionState.NOTICED)
    if not reason.strip():
        raise InvalidInput.of({"reason": [_("Say why: it stays with the plan.")]})
    plan.state, plan.withdrawn_because = DistributionState.WITHDRAWN, reason
    return save_plan(actor, plan, "withdrawn", {})


def notice_days(place: str, day: date) -> int | None:
    """How many days of public notice the law of the place asks for; None where it says nothing."""
    value = resolve(load_rulebook(), NOTICE, on=day, place=place).value
    return int(value) if isinstance(value, int | Fraction) and not isinstance(value, bool) else None


def _asked(
    agreement: Agreement,
    income: int,
    costs: Mapping[str, int | None],
    state_set: bool,
    rate: int | None,
    today: date,
) -> Answer:
    inputs: dict[str, Any] = {name: costs[name] for name in COSTS if costs.get(name) is not None}
    inputs |= {"way": WAYS[AgreementKind(agreement.kind)], "state_set": state_set, "turnover": income}
    inputs["has_agreement"] = rate is not None
    if rate is not None:
        inputs["agreed_share"] = Fraction(rate, 10_000)
    try:
        answer = evaluate_rule(load_rulebook(), RULE, on=today, place=agreement.place or "cn", inputs=inputs)
    except InputProblem as error:
        raise InvalidInput.of(
            {name: [_("This value does not fit the field.")] for name in error.problems}
        ) from error
    if not answer.is_determined:
        language = translation.get_language() or "zh"
        reasons = [word_reason(load_rulebook(), one, gettext, language=language) for one in answer.reasons]
        raise RuleViolation(
            _("The least reward cannot be determined: %(reasons)s") % {"reasons": " ".join(reasons)}
        )
    return answer


def _check_reward(answer: Answer, reward_fen: int, least: int, net: int) -> None:
    if reward_fen < least:
        language = translation.get_language() or "zh"
        articles = [
            word_version(load_rulebook(), version, gettext, language=language) for version in answer.versions
        ]
        raise RuleViolation(
            _(
                "The reward is below the least that is due here, %(least)s of a net income of %(net)s (%(articles)s)."
            )
            % {"least": money_text(least), "net": money_text(net), "articles": "; ".join(articles)}
        )
    if reward_fen > net:
        raise InvalidInput.of(
            {"reward_fen": [_("The reward is more than the net income, %(net)s.") % {"net": money_text(net)}]}
        )


def _fen_of(answer: Answer, step: str) -> int:
    value = answer.step(step)
    if not isinstance(value, int | Fraction) or isinstance(value, bool):
        raise RuleViolation(_("The least reward cannot be determined: %(reasons)s") % {"reasons": step})
    return int(value)


def _divided(reward_fen: int, shares: Sequence[tuple[str, ShareRole, int]]) -> Any:
    """Each share with its fen; they add up to the reward."""
    if not 1 <= len(shares) <= MOST_SHARES or any(weight <= 0 for _name, _role, weight in shares):
        raise InvalidInput.of({"shares": [_("Name who shares the reward, each with a weight above zero.")]})
    parts = allocate(reward_fen, [weight for _name, _role, weight in shares])
    return [
        {"name": clean_json(name), "role": ShareRole(role).value, "weight": weight, "fen": part}
        for (name, role, weight), part in zip(shares, parts, strict=True)
    ]


def _told(answer: Answer) -> Any:
    """The answer as it was given, with its lines in both languages."""
    lines = {}
    for language, locale in LOCALES.items():
        with translation.override(locale):
            lines[language] = [
                [line.depth, line.text] for line in trace(load_rulebook(), answer, gettext, language=locale)
            ]
    return {"answer": answer_document(load_rulebook(), answer), "lines": lines}


def insist_on_state(plan: Distribution, *states: DistributionState) -> None:
    if plan.state not in states:
        raise RuleViolation(_("This plan is %(state)s.") % {"state": plan.get_state_display()})


def save_plan(actor: Actor, plan: Distribution, past: str, data: dict[str, Any]) -> Distribution:
    plan.version += 1
    clean_record(plan)
    plan.save(force_update=True)
    record_event(actor, f"distribution.{past}", plan, data)
    return plan
