"""Performance by outcome: every figure with its denominator, hidden where few stand behind it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.agreements.enums import AgreementKind, MovementKind, MovementState
from ronglian.apps.agreements.models import Agreement, MoneyMovement
from ronglian.apps.clinic.case_enums import CaseStage
from ronglian.apps.clinic.models import Case, CaseTask, IntroductionAnswer, ServiceRequest, TechnologyManager
from ronglian.apps.clinic.queries.performance import PERIOD, list_performance, performance_of
from ronglian.apps.matching.queries.quality import HIDDEN, Share
from ronglian.kernel.actor import ANONYMOUS
from tests.api.calls import Caller
from tests.factories import SYSTEM, make_need, make_organisation, make_person
from tests.factories.cases import actor_of, make_case
from tests.factories.services import make_request, make_service
from tests.factories.technology_managers import make_manager

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> TechnologyManager:
    return make_manager(capacity=9)


def carry(
    manager: TechnologyManager, stage: CaseStage, *, size: str = "large", fen: int | None = None
) -> Case:
    case = make_case(manager, need=make_need(make_organisation(size=size)), stage=stage)
    if fen is not None:
        now = timezone.now()
        Case.objects.filter(pk=case.pk).update(
            amount_fen=fen, seeker_confirmed_at=now, partner_confirmed_at=now
        )
    return case


def pay(case: Case, fen: int, kind: MovementKind = MovementKind.PAY, state: str = "confirmed") -> None:
    assert case.partner
    agreement = Agreement.objects.filter(case=case).first() or Agreement.objects.create(
        kind=AgreementKind.values[0], title="合同", client=case.seeker, provider=case.partner, case=case,
        drafted_by="client",
    )  # fmt: skip
    place = MoneyMovement.objects.count() + 1 if state == MovementState.CONFIRMED else None
    MoneyMovement.objects.create(
        agreement=agreement, key=f"{kind}{fen}", kind=kind, amount_fen=fen, day=timezone.localdate(), state=state,
        told_by_label="甲", place_in_book=place,
    )  # fmt: skip


def test_what_became_of_the_cases(manager: TechnologyManager) -> None:
    carry(manager, CaseStage.DIAGNOSIS, size="micro")
    carry(manager, CaseStage.INTRODUCED, size="small")
    agreed = carry(manager, CaseStage.AGREEMENT, fen=10_000_00)
    carry(manager, CaseStage.AGREEMENT)  # nobody has confirmed it
    pay(agreed, 300_000)
    pay(agreed, 50_000, MovementKind.PAY_BACK)
    pay(agreed, 999_999, state="told")
    found = performance_of(SYSTEM, manager)
    assert (found.introduced, found.agreed, found.small) == (Share(3, 4), Share(1, 3), Share(2, 4))
    assert (found.agreed_fen, found.paid_fen) == (1_000_000, 250_000)


def test_an_introduction_that_was_objected_to_does_not_count(manager: TechnologyManager) -> None:
    case = carry(manager, CaseStage.INTRODUCED)
    IntroductionAnswer.objects.create(
        introduction=case.introduction,
        side="seeker",
        kind="objected",
        reason="known_before",
        answered_by="甲",
    )
    assert performance_of(SYSTEM, manager).introduced == Share(0, 1)


def test_only_the_last_twelve_months_count(manager: TechnologyManager) -> None:
    case = carry(manager, CaseStage.DIAGNOSIS)
    Case.objects.filter(pk=case.pk).update(created_at=timezone.now() - PERIOD - timedelta(days=1))
    assert performance_of(SYSTEM, manager).introduced == Share(0, 0)


def test_answers_and_tasks_in_time(manager: TechnologyManager) -> None:
    service, today, now = make_service(manager), timezone.localdate(), timezone.now()
    late, overdue, _waiting, in_time = (make_request(service, make_organisation()) for _number in range(4))
    answered = {"state": "accepted", "answered_at": now}
    ServiceRequest.objects.filter(pk=late.pk).update(**answered, answer_due=today - timedelta(days=1))
    ServiceRequest.objects.filter(pk=overdue.pk).update(answer_due=today - timedelta(days=1))
    ServiceRequest.objects.filter(pk=in_time.pk).update(**answered)
    case = carry(manager, CaseStage.DIAGNOSIS)
    for due, done in ((0, now), (-3, now), (-1, None), (1, None)):
        CaseTask.objects.create(case=case, title="寄样", due_on=today + timedelta(days=due), done_at=done)
    found = performance_of(SYSTEM, manager)
    assert (found.answered, found.kept) == (Share(1, 3), Share(1, 3))


def test_figures_of_few_organisations_are_told_to_the_manager_and_the_register_alone(
    manager: TechnologyManager,
) -> None:
    for _number in range(4):
        carry(manager, CaseStage.AGREEMENT, fen=100)
    bureau = actor_of(make_manager())  # a colleague
    for reader in (ANONYMOUS, bureau):
        found = performance_of(reader, manager)
        assert (found.introduced, found.agreed, found.small) == (HIDDEN, HIDDEN, HIDDEN)
        assert (found.agreed_fen, found.paid_fen) == (None, None)
    assert performance_of(actor_of(manager), manager).agreed_fen == 400
    carry(manager, CaseStage.AGREEMENT, fen=100)
    assert performance_of(ANONYMOUS, manager).agreed == Share(5, 5)
    assert performance_of(ANONYMOUS, manager).agreed_fen == 500


def test_five_cases_of_one_organisation_are_few(manager: TechnologyManager) -> None:
    owner: Organisation = make_organisation()
    for _number in range(5):
        make_case(manager, need=make_need(owner))
    assert performance_of(ANONYMOUS, manager).introduced == HIDDEN


def test_many_managers_cost_no_more_queries(manager: TechnologyManager) -> None:
    carry(manager, CaseStage.INTRODUCED)
    others = [make_manager() for _number in range(3)]
    costs = []
    for several in ([manager], [manager, *others]):
        with CaptureQueriesContext(connection) as queries:
            list_performance(SYSTEM, several)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_pages_and_api_tell_them(manager: TechnologyManager) -> None:
    carry(manager, CaseStage.AGREEMENT, fen=123_400)
    bureau = Client(headers={"Accept-Language": "en"})
    bureau.force_login(make_person(offices=["bureau"]))
    assert "1 / 1" in bureau.get("/work/register/performance/").content.decode()
    assert "1 / 1" in bureau.get(f"/managers/{manager.public_id}/").content.decode()
    assert "1 / 1" not in Client().get(f"/managers/{manager.public_id}/").content.decode()
    stranger = Client()
    stranger.force_login(make_person())
    assert stranger.get("/work/register/performance/").status_code == 404
    assert Caller().get(f"/managers/{manager.public_id}/performance").json()["agreed"] is None
