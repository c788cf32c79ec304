"""Who may mediate: nobody who belongs to a party, has declared a tie to one, or earns by the agreement.

excluded                                                                   because
------------------------------------------------------------------------  -----------------------------
a party                                                                    it would judge its own cause
an organisation in which somebody of a party is, too                       people in common
a manager of a party, or with a declared tie to one                        accounts.ConflictDeclaration
a manager who is not registered, or no longer                              the register
the manager of the case the agreement came from, who introduced the two,   the commission hangs on the agreement
or who is asked to take the case over; and their organisation
"""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ronglian.apps.accounts.models import Membership, Organisation
from ronglian.apps.accounts.queries.conflicts import has_conflict
from ronglian.apps.agreements.models import Agreement, MediatorProposal
from ronglian.apps.clinic.manager_enums import ManagerState
from ronglian.apps.clinic.models import TechnologyManager
from ronglian.kernel.errors import Text

PARTY: Text = _("It is a party of the contract.")
SHARED_PEOPLE: Text = _("People of a party belong to it, too.")
TIED: Text = _("There is a tie to a party: a membership, or a declared conflict of interest.")
NOT_REGISTERED: Text = _("Only a registered technology manager mediates.")
EARNS: Text = _("The commission of this technology manager hangs on the contract.")
EARNS_TOO: Text = _("The commission of one of its technology managers hangs on the contract.")


def conflict_of(agreement: Agreement, named: MediatorProposal) -> Text:
    """Why this one may not mediate between the parties; empty where nothing stands in the way."""
    if named.manager is not None:
        return conflict_of_manager(agreement, named.manager)
    assert named.organisation is not None
    return conflict_of_organisation(agreement, named.organisation)


def conflict_of_manager(agreement: Agreement, manager: TechnologyManager) -> Text:
    if manager.state != ManagerState.CONFIRMED:
        return NOT_REGISTERED
    if manager.pk in {one.pk for one in _earning(agreement)}:
        return EARNS
    if manager.organisation_id in _parties(agreement):
        return TIED
    return TIED if is_tied(agreement, manager.person.public_id) else ""


def conflict_of_organisation(agreement: Agreement, organisation: Organisation) -> Text:
    parties = _parties(agreement)
    if organisation.pk in parties:
        return PARTY
    of_parties = Membership.objects.filter(organisation_id__in=parties).values("person")
    if Membership.objects.filter(organisation=organisation, person__in=of_parties).exists():
        return SHARED_PEOPLE
    if organisation.pk in {one.organisation_id for one in _earning(agreement)}:
        return EARNS_TOO
    return ""


def is_tied(agreement: Agreement, person: UUID) -> bool:
    """Whether a person belongs to a party, or has declared a relation to one that holds today."""
    today = timezone.localdate()
    return any(has_conflict(person, party, today) for party in _parties(agreement))


def _parties(agreement: Agreement) -> tuple[int, int]:
    return agreement.client_id, agreement.provider_id


def _earning(agreement: Agreement) -> list[TechnologyManager]:
    """Whose fee follows from the agreement, or may."""
    case = agreement.case
    if case is None:
        return []
    return [one for one in (case.manager, case.introducer, case.offered_to) if one is not None]
