"""A technology manager as pages show one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ronglian.apps.clinic.manager_enums import ManagerLevel, ManagerState, WorkingLanguage
from ronglian.apps.clinic.manager_rules import is_oneself, keeps_register
from ronglian.apps.clinic.models import TechnologyManager
from ronglian.apps.clinic.queries.performance import Performance
from ronglian.apps.clinic.queries.technology_managers import list_certificates
from ronglian.apps.matching.queries.quality import Share
from ronglian.apps.registry.enums import TechnologyField
from ronglian.kernel.actor import Actor
from ronglian.web.presenters.badges import DEMO, DOCUMENTED, Badge
from ronglian.web.presenters.cards import Card
from ronglian.web.presenters.cases import money
from ronglian.web.presenters.owners import OwnerLine, organisation_line
from ronglian.web.presenters.texts import Said, choose, excerpt, place, said, show

NOTHING = "–"
TAKES_NEW = Badge(_lazy("takes new cases"), "circle-check", "good")
PAUSED = Badge(_lazy("takes no new cases now"), "clock", "warn")
WAITING = Badge(_lazy("waiting for confirmation"), "clock", "warn")
ENDED = Badge(_lazy("no longer registered"), "archive", "warn")


@dataclass(frozen=True, slots=True)
class ShownCertificate:
    """技术经理人证书. The number is empty for who may not read it."""

    public_id: str
    title: str
    number: str
    issuer: str
    issued_on: date
    verified_on: date | None


def manager_card(manager: TechnologyManager) -> Card:
    """The card of a technology manager, as on every list."""
    owner = (
        organisation_line(manager.organisation)
        if manager.organisation
        else OwnerLine("", "", (), False, False)
    )
    return Card(
        title=show(manager_name(manager)),
        url=reverse("manager", args=[manager.public_id]),
        icon="user-circle",
        kind=_("technology manager"),
        owner=owner,
        excerpt=excerpt(said(manager, "summary")),
        badges=manager_badges(manager),
        facts=manager_facts(manager),
        field_name=str(ManagerLevel(manager.level).label),
    )


def manager_name(manager: TechnologyManager) -> Said:
    return choose(manager.name, manager.name_en)


def manager_badges(manager: TechnologyManager) -> list[Badge]:
    found = [
        (manager.state == ManagerState.PENDING, WAITING),
        (manager.state == ManagerState.ENDED, ENDED),
        (manager.state == ManagerState.CONFIRMED, DOCUMENTED),
        (manager.state == ManagerState.CONFIRMED, TAKES_NEW if manager.takes_new else PAUSED),
        (manager.source_kind == "demo", DEMO),
    ]
    return [badge for holds, badge in found if holds]


def manager_facts(manager: TechnologyManager) -> list[tuple[str, str]]:
    """Fields, regions, languages, and how much one carries."""
    places = [place(code) for code in manager.regions]
    rows = [
        (_("Technology fields"), _listed(TechnologyField(code).label for code in manager.technology_fields)),
        (_("Regions"), _listed(places) or _("everywhere")),
        (_("Languages"), _listed(WorkingLanguage(code).label for code in manager.languages)),
        (_("Open cases at once"), str(manager.capacity)),
    ]
    return [(name, value) for name, value in rows if value]


def shown_certificates(actor: Actor, manager: TechnologyManager) -> list[ShownCertificate]:
    """The certificates; their numbers for the holder and for who keeps the register."""
    is_inside = keeps_register(actor) or is_oneself(actor, manager)
    return [
        ShownCertificate(
            public_id=str(row.public_id),
            title=row.title,
            number=row.number if is_inside else "",
            issuer=row.issuer,
            issued_on=row.issued_on,
            verified_on=row.verified_on,
        )
        for row in list_certificates(manager)
    ]


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """One figure of a performance: a share with its counts, or an amount."""

    title: str
    figure: str
    counts: str


@dataclass(frozen=True, slots=True)
class PerformanceRow:
    """A technology manager with all figures."""

    name: Said
    url: str
    lines: list[OutcomeLine]


def performance_row(found: Performance) -> PerformanceRow:
    url = reverse("manager", args=[found.manager.public_id])
    return PerformanceRow(manager_name(found.manager), url, outcome_lines(found))


def outcome_lines(found: Performance) -> list[OutcomeLine]:
    """Each figure with its denominator; a hidden one is a dash."""
    shares = [
        (_("Introductions, of the cases carried"), found.introduced),
        (_("Agreements, of the introductions"), found.agreed),
        (_("Cases of small firms, of the cases carried"), found.small),
        (_("Requests for services answered in time"), found.answered),
        (_("Tasks done in time"), found.kept),
    ]
    amounts = [(_("Amount of the contracts"), found.agreed_fen), (_("Of it paid so far"), found.paid_fen)]
    return [
        *(OutcomeLine(title, _percent(share), _counts(share)) for title, share in shares),
        *(OutcomeLine(title, NOTHING if fen is None else money(fen), "") for title, fen in amounts),
    ]


def known_outcomes(found: Performance) -> list[OutcomeLine]:
    """Those that the reader is told anything of; nothing where all are hidden."""
    lines = outcome_lines(found)
    return lines if any(NOTHING not in (line.counts, line.figure) for line in lines) else []


def _percent(share: Share) -> str:
    return f"{100 * share.part / share.whole:.0f} %" if share.part is not None and share.whole else NOTHING


def _counts(share: Share) -> str:
    return NOTHING if share.whole is None else f"{share.part} / {share.whole}"


def _listed(names: Iterable[object]) -> str:
    return _(", ").join(str(name) for name in names)
