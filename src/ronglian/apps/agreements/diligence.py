"""The due-diligence file of a contract (尽职免责档案): the steps of 科学技术进步法第九十七条, each with what shows it.

Part of it the record tells by itself: versions that were negotiated, public notices with their objections, acceptance,
reports and demands. The rest party B notes. Whether the conditions are met is the rulebook's rule `rights.diligent`; a court
or an auditor decides, and the file says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ronglian.apps.agreements.contract_text import money_text
from ronglian.apps.agreements.enums import DiligenceStep, PaymentState
from ronglian.apps.agreements.models import (
    AgreedPayment,
    Agreement,
    AgreementVersion,
    Demand,
    DiligenceNote,
    Distribution,
    PriceFinding,
    RoyaltyReport,
)
from ronglian.apps.agreements.queries.distributions import list_distributions
from ronglian.engines.contracts import Language
from ronglian.engines.proof import hash_named
from ronglian.engines.rules import ChecklistItem, evaluate_rule, find_checklist
from ronglian.kernel.actor import Actor
from ronglian.kernel.documents import LOCALES, Block, Document, Heading, Note, Paragraph, Table
from ronglian.kernel.errors import NotFound
from ronglian.rulebook import load_rulebook

CHECKLIST, RULE = "rights.diligence_file", "rights.diligent"
INPUTS = {
    DiligenceStep.DECISION: "decided_together",
    DiligenceStep.PUBLICATION: "was_published",
    DiligenceStep.CARE: "took_care",
    DiligenceStep.SUPERVISION: "supervised",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that shows a step: `noted_by` is empty where the record tells it by itself."""

    day: date
    text: str
    noted_by: str = ""


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of the law, with everything that shows it."""

    step: DiligenceStep
    title: str
    asked: str
    article: str
    shown: tuple[Shown, ...]

    @property
    def is_noted(self) -> bool:
        """Whether party B noted it: what the record tells by itself supports a step and does not stand for it."""
        return any(one.noted_by for one in self.shown)


def diligence_of(actor: Actor, agreement: Agreement, language: Language) -> tuple[StepLine, ...]:
    """The steps in the order of the law. Raises NotFound for everybody outside party B."""
    if not (actor.is_system or (actor.is_member(agreement.provider_id) and actor.may_read_confidential)):
        raise NotFound
    items = {item.id: item for item in _items()}
    notes = list(DiligenceNote.objects.filter(agreement=agreement).order_by("taken_on", "id"))
    told = dict.fromkeys(DiligenceStep, tuple[Shown, ...]()) | _told_by_the_record(actor, agreement)
    lines = []
    for step in DiligenceStep:
        item = items[step.value]
        noted = tuple(Shown(one.taken_on, str(one.text), one.noted_by) for one in notes if one.step == step)
        lines.append(
            StepLine(
                step,
                item.matter.in_language(language),
                item.says.in_language(language),
                item.article,
                tuple(sorted((*noted, *told[step]), key=lambda one: one.day)),
            )
        )
    return tuple(lines)


def is_diligent(lines: tuple[StepLine, ...]) -> bool:
    """What the rule says of what is noted: every step, and a pledge that nobody gained unlawfully."""
    noted = {line.step: line.is_noted for line in lines}
    inputs: dict[str, bool] = {name: noted[step] for step, name in INPUTS.items()}
    inputs["unlawful_gain"] = not noted[DiligenceStep.NO_GAIN]
    answer = evaluate_rule(load_rulebook(), RULE, on=timezone.localdate(), place="cn", inputs=inputs)
    return answer.value is True


def diligence_document(agreement: Agreement, lines: tuple[StepLine, ...], language: Language) -> Document:
    """The file to keep: what shows each step, and a digest over all of it."""
    with translation.override(LOCALES[language]):
        blocks: list[Block] = []
        for number, line in enumerate(lines, 1):
            blocks += [Heading(f"{number}. {line.title}"), Paragraph(line.asked)]
            rows = tuple(
                (one.day.isoformat(), one.text, one.noted_by or _("the record")) for one in line.shown
            )
            blocks.append(
                Table((_("Day"), _("What shows it"), _("Noted by")), rows)
                if rows
                else Note(_("Nothing is noted."))
            )
        blocks.append(
            Note(
                _(
                    "Whether the conditions of the exemption are met an auditor or a court decides. The log of the platform proves when each note was made."
                )
            )
        )
        return Document(
            title=_("Due-diligence file"),
            subtitle=agreement.title,
            blocks=tuple(blocks),
            foot=f"SHA-256 {digest_of(lines)}",
            language=language,
        )  # fmt: skip


def digest_of(lines: tuple[StepLine, ...]) -> str:
    """SHA-256 over day, step, text and who noted it, a line each, in the order of the file."""
    said = [
        f"{one.day.isoformat()}\t{line.step.value}\t{one.text}\t{one.noted_by}"
        for line in lines
        for one in line.shown
    ]
    return hash_named("sha256")("\n".join(said).encode()).hex()


def _items() -> tuple[ChecklistItem, ...]:
    found = find_checklist(load_rulebook(), CHECKLIST, on=timezone.localdate(), place="cn")
    versions = (found.version,) if found.version else found.open
    return versions[-1].items


def _told_by_the_record(actor: Actor, agreement: Agreement) -> dict[DiligenceStep, tuple[Shown, ...]]:
    return {
        DiligenceStep.PUBLICATION: tuple(_notices(actor, agreement)),
        DiligenceStep.CARE: tuple(_negotiation(agreement)),
        DiligenceStep.NO_GAIN: tuple(_relation(agreement)),
        DiligenceStep.SUPERVISION: tuple(_supervision(agreement)),
    }


def _notices(actor: Actor, agreement: Agreement) -> Iterator[Shown]:
    plans: list[Distribution] = list(list_distributions(actor, agreement)) if agreement.signed_id else []
    for plan in plans:
        if plan.notice_from and plan.notice_until:
            text = _("Plan %(number)d of the income on public notice until %(day)s; objections: %(count)d.")
            count = plan.objections.count()
            yield Shown(
                plan.notice_from,
                text % {"number": plan.number, "day": plan.notice_until.isoformat(), "count": count},
            )

    if (price := agreement.price_finding) is not None and price.notice_from and price.notice_until:
        text = _("The price was public at %(where)s until %(day)s; objections: %(count)d.")
        said = {
            "where": price.noticed_at,
            "day": price.notice_until.isoformat(),
            "count": price.objections.count(),
        }
        yield Shown(price.notice_from, text % said)


def _relation(agreement: Agreement) -> Iterator[Shown]:
    """What was declared of the buyer when the price was proposed."""
    price = agreement.price_finding
    if price is not None:
        text = _("Declared: the buyer is related to %(whom)s. %(how)s")
        said = {"whom": price.get_related_to_display(), "how": price.related_how}
        yield Shown(timezone.localtime(price.created_at).date(), (text % said).strip())


def _price_basis(price: PriceFinding) -> Iterator[Shown]:
    """What the price rests on, and how it was found."""
    yield Shown(
        timezone.localtime(price.created_at).date(),
        _("Basis of the price (%(method)s): %(basis)s")
        % {"method": price.get_method_display(), "basis": price.basis},
    )
    if price.found_on and price.found_fen is not None:
        yield Shown(
            price.found_on, _("The price was found: %(price)s.") % {"price": money_text(price.found_fen)}
        )


def _negotiation(agreement: Agreement) -> Iterator[Shown]:
    versions = AgreementVersion.objects.filter(agreement=agreement)
    if agreement.signed_on and agreement.signed:
        text = ngettext(
            "Signed after %(count)d version.", "Signed after %(count)d versions.", versions.count()
        )
        yield Shown(agreement.signed_on, text % {"count": versions.count()})
    if agreement.price_finding is not None:
        yield from _price_basis(agreement.price_finding)
    if agreement.award is not None:
        day = timezone.localtime(agreement.award.created_at).date()
        yield Shown(day, _("The price comes from an open challenge, reviewed by its published rules."))


def _supervision(agreement: Agreement) -> Iterator[Shown]:
    decided = AgreedPayment.objects.filter(agreement=agreement, decided_at__isnull=False).exclude(evidence="")
    for payment in decided.filter(state=PaymentState.DUE).order_by("number"):
        assert payment.decided_at is not None
        yield Shown(
            timezone.localtime(payment.decided_at).date(), _("Accepted: %(title)s") % {"title": payment.title}
        )
    for report in RoyaltyReport.objects.filter(agreement=agreement).order_by("first_day"):
        days = f"{report.first_day.isoformat()} – {report.last_day.isoformat()}"
        yield Shown(report.reported_on, _("Royalty report of %(days)s") % {"days": days})
    for demand in Demand.objects.filter(agreement=agreement).order_by("id"):
        yield Shown(
            demand.demanded_on,
            _("What was overdue was demanded, to be paid by %(day)s") % {"day": demand.cure_by.isoformat()},
        )
