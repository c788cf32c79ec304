"""What breaks each invariant of the clinic and of surveys and check-ups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import uuid4

from django.db.models import F
from django.utils import timezone

from ronglian.apps.clinic.models import Case, Introduction, Pool, ServiceRequest
from ronglian.apps.prospecting.models import ChainPartner, ChainSurvey, CheckupFinding
from ronglian.apps.prospecting.operations.checkups import bring_to_clinic
from tests.factories import SYSTEM, make_need, make_organisation
from tests.factories.cases import make_case
from tests.factories.checkups import make_checkup
from tests.factories.pools import make_pool
from tests.factories.services import make_request, make_service
from tests.factories.surveys import make_survey

NOW = timezone.now()


def brought_elsewhere() -> None:
    finding = bring_to_clinic(
        actor=SYSTEM, checkup=make_checkup(make_organisation()), question="quality_scrap"
    )
    other = make_checkup(make_organisation())
    CheckupFinding.objects.filter(pk=finding.pk).update(checkup=other)


OF_THE_CLINIC: Mapping[str, Callable[[], object]] = {
    "clinic.common_needs_shared": lambda: Pool.objects.filter(pk=make_pool().pk).update(
        state="published", need=make_need(), lead=make_organisation()
    ),
    "clinic.common_needs_led": lambda: Pool.objects.filter(pk=make_pool().pk).update(
        lead=make_organisation()
    ),
    "clinic.introduced_by_an_introduction": lambda: Case.objects.filter(pk=make_case().pk).update(
        stage="introduced", introduced_at=NOW, introducer=F("manager")
    ),
    "clinic.introductions_logged": lambda: Introduction.objects.filter(
        case=make_case(stage="introduced")
    ).update(public_id=uuid4()),
    "clinic.offers_open_once": lambda: Case.objects.filter(pk=make_case().pk).update(offered_to=F("manager")),
    "clinic.services_asked_by_others": lambda: ServiceRequest.objects.filter(
        pk=make_request(make_service(make_organisation()), make_organisation()).pk
    ).update(need=make_need()),
    "prospecting.few_mails": lambda: make_survey(partners=1) and ChainPartner.objects.update(mails=4),
    "prospecting.invited_by_mail": lambda: (
        make_survey(partners=1) and ChainPartner.objects.update(state="entered")
    ),
    "prospecting.addresses_forgotten": lambda: (
        make_survey(partners=1) and ChainSurvey.objects.update(state="closed", closed_because="完")
    ),
    "prospecting.brought_to_own_clinic": brought_elsewhere,
}
