"""Registering a contract: the form, handing in, the certificate, changes and the statistics."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ronglian.apps.agreements.enums import AgreementKind, RegistrationState
from ronglian.apps.agreements.models import Agreement, Registration
from ronglian.apps.agreements.operations.registering import (
    cancel_registration,
    change_registration,
    fill_in_registration,
    hand_in_registration,
    record_registration,
    refuse_registration,
)
from ronglian.apps.agreements.queries.registrations import (
    registered_entries,
    registered_years,
    standing_registration,
)
from ronglian.apps.agreements.recognition import basis_of, recognition_of
from ronglian.apps.agreements.registration_form import (
    Particulars,
    computed_technology_fen,
    form_rows,
    missing_of,
    suggested,
)
from ronglian.apps.agreements.registration_texts import conditions, excluded
from ronglian.engines.contracts import Verdict
from ronglian.engines.contracts.recognition import SEEN
from ronglian.kernel.actor import ANONYMOUS
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound, RuleViolation
from ronglian.kernel.events import events_about
from ronglian.kernel.log.coverage import logged_models, uncovered_rows
from tests.factories import SYSTEM, make_person_of
from tests.factories.agreements import (
    LICENCE_TERMS,
    PARTICULARS,
    Parties,
    make_agreement,
    make_parties,
    make_signed,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TODAY = timezone.localdate()
NUMBER = "2026420100000017"


@pytest.fixture
def parties() -> Parties:
    return make_parties()


def signed(parties: Parties, **fields: Any) -> Agreement:
    parties.client.region = "420100"
    parties.client.save()
    return make_signed(parties, **fields)


def filled(parties: Parties, agreement: Agreement, **others: Any) -> Registration:
    return fill_in_registration(actor=parties.seller, agreement=agreement, particulars=PARTICULARS | others)


def handed_in(parties: Parties, agreement: Agreement) -> Registration:
    row = filled(parties, agreement)
    return hand_in_registration(
        actor=parties.seller, agreement=agreement, registration=row, body="示例登记处", day=TODAY
    )


def registered(parties: Parties, agreement: Agreement, number: str = NUMBER) -> Registration:
    return record_registration(
        actor=parties.seller,
        agreement=agreement,
        registration=handed_in(parties, agreement),
        number=number,
        day=TODAY,
        turnover_fen=10_000_000,
        technology_fen=9_000_000,
    )


def labels(agreement: Agreement, typed: Particulars) -> set[str]:
    return {row.label for row in missing_of(form_rows(agreement, typed, "en"))}


def test_the_form_is_filled_from_the_contract_and_names_what_is_missing(parties: Parties) -> None:
    agreement = signed(parties)
    rows = {row.label: row for row in form_rows(agreement, suggested(agreement), "zh")}
    assert rows["Name of the project"].value == agreement.title
    assert rows["Category of the contract"].value == "技术许可"
    assert rows["Valid"].value == "2026-12-01 – 2031-11-30"
    assert rows["Intellectual property"].value == "专利"
    assert rows["Manner of payment"].value == "一次总算、分期支付"
    assert "022" in rows["Nature of the seller"].value
    assert "Nature of the buyer" in labels(agreement, suggested(agreement))
    assert labels(agreement, Particulars(**PARTICULARS)) == set()


def test_a_transfer_needs_what_is_expected_of_it(parties: Parties) -> None:
    transfer = signed(parties, kind=AgreementKind.TRANSFER)
    assert labels(transfer, Particulars(**PARTICULARS)) == {
        "Expected new investment",
        "Expected new output value",
    }
    told = Particulars(**PARTICULARS, new_investment_fen=0, new_output_fen=100)
    assert labels(transfer, told) == set()


def test_the_technology_amount_is_declared_where_the_rules_in_force_are_not_read(parties: Parties) -> None:
    agreement = signed(parties)
    terms_of = agreement.signed
    assert terms_of is not None
    assert "Technology amount" in labels(agreement, replace(Particulars(**PARTICULARS), technology_fen=None))
    Agreement.objects.filter(pk=agreement.pk).update(signed_on=date(2025, 6, 1))
    agreement.refresh_from_db()
    from ronglian.apps.agreements.queries.money import signed_terms  # noqa: PLC0415 - beside its only use

    assert computed_technology_fen(agreement, signed_terms(agreement)) == 10_000_000
    assert labels(agreement, replace(Particulars(**PARTICULARS), technology_fen=None)) == set()


def test_recognition_reads_the_contract_and_asks_the_rest(parties: Parties) -> None:
    agreement = signed(parties)
    verdicts = {line.id: line.verdict for line in recognition_of(agreement, Particulars(), "zh")}
    assert verdicts["rights"] is Verdict.MET
    assert verdicts["mastered"] is Verdict.OPEN
    refused = Particulars(said={"mastered": False})
    assert {line.id: line.verdict for line in recognition_of(agreement, refused, "en")}[
        "mastered"
    ] is Verdict.NOT_MET
    assert "not been read" in basis_of(agreement, "en")
    service = signed(
        parties,
        kind=AgreementKind.SERVICE,
        terms={**LICENCE_TERMS, "rights": [], "licence": None, "subject": "设备维修"},
    )
    looked = [line for line in recognition_of(service, Particulars(), "zh") if line.verdict is Verdict.LOOK]
    assert [line.id for line in looked] == ["no_service"]
    assert "维修" in looked[0].text


def test_the_data_of_the_conditions_is_whole() -> None:
    assert {one.seen for one in conditions()} - {""} <= SEEN.keys()
    ids = [one.id for one in (*conditions(), *excluded())]
    assert len(ids) == len(set(ids))


def test_the_way_to_the_certificate(parties: Parties) -> None:
    agreement = signed(parties)
    row = registered(parties, agreement)
    assert row.state == RegistrationState.REGISTERED
    assert [event.name for event in events_about(row)] == [
        "registration.filled_in", "registration.handed_in", "registration.registered"]  # fmt: skip
    entries = registered_entries(SYSTEM, TODAY, TODAY)
    assert [(one.kind, one.turnover_fen, one.seller_region, one.buyer_region) for one in entries] == [
        ("licence", 10_000_000, "110108", "420100")
    ]
    assert registered_years(SYSTEM) == [TODAY.year]
    assert Registration in logged_models()
    assert not list(uncovered_rows(Registration))


def test_what_is_missing_is_named_when_it_is_handed_in(parties: Parties) -> None:
    agreement = signed(parties)
    row = filled(parties, agreement, plan="", responsible="")
    with pytest.raises(RuleViolation, match="Source in plans, Person in charge"):
        hand_in_registration(
            actor=parties.seller, agreement=agreement, registration=row, body="处", day=TODAY
        )
    row.refresh_from_db()
    assert row.state == RegistrationState.PREPARING


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("client_nature", "999"),
        ("plan", "moon"),
        ("industry", "ZZ"),
        ("technology_field", "magic"),
        ("provider_country", "CN"),
        ("technology_fen", -1),
        ("responsible", "长" * 101),
    ],
)
def test_a_wrong_particular_is_named(parties: Parties, name: str, value: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        filled(parties, signed(parties), **{name: value})
    assert name in refused.value.fields
    assert not Registration.objects.exists()


def test_only_party_b_registers_and_only_what_is_signed(parties: Parties) -> None:
    agreement = signed(parties)
    with pytest.raises(NotAllowed):
        fill_in_registration(actor=parties.buyer, agreement=agreement, particulars=PARTICULARS)
    draft = make_agreement(parties)
    with pytest.raises(RuleViolation):
        filled(parties, draft)
    for actor in (ANONYMOUS, parties.seller, make_person_of(parties.client)):
        with pytest.raises(NotFound):
            registered_entries(actor, TODAY, TODAY)


def test_a_number_stands_once(parties: Parties) -> None:
    registered(parties, signed(parties))
    with pytest.raises(InvalidInput) as refused:
        registered(parties, signed(parties))
    assert "number" in refused.value.fields
    with pytest.raises(InvalidInput):
        registered(parties, signed(parties), "12-34")
    Registration.objects.filter(state=RegistrationState.PREPARING).delete()
    second = Registration.objects.exclude(number=NUMBER).first()
    assert second is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.filter(pk=second.pk).update(number=NUMBER)


def test_amounts_and_days_have_to_fit(parties: Parties) -> None:
    agreement = signed(parties)
    row = handed_in(parties, agreement)
    good = {"number": NUMBER, "day": TODAY, "turnover_fen": 10, "technology_fen": 10}
    for name, value in (
        ("technology_fen", 11),
        ("day", TODAY + timedelta(days=1)),
        ("day", TODAY - timedelta(days=1)),
        ("number", " "),
    ):
        with pytest.raises(InvalidInput) as refused:
            record_registration(
                actor=parties.seller, agreement=agreement, registration=row, **good | {name: value}
            )  # type: ignore[arg-type]  # one value is wrong
        assert name in refused.value.fields
        row.refresh_from_db()


def test_refused_it_may_be_tried_anew_and_registered_changed_and_cancelled(parties: Parties) -> None:
    agreement = signed(parties)
    refuse_registration(
        actor=parties.seller, agreement=agreement, registration=handed_in(parties, agreement), day=TODAY, reason="标的不清"
    )  # fmt: skip
    assert standing_registration(agreement) is None
    row = registered(parties, agreement)
    changed = change_registration(
        actor=parties.seller, agreement=agreement, registration=row, day=TODAY,
        turnover_fen=12_000_000, technology_fen=9_500_000, reason="增加培训",
    )  # fmt: skip
    assert registered_entries(SYSTEM, TODAY, TODAY)[0].turnover_fen == 12_000_000
    cancel_registration(
        actor=parties.seller, agreement=agreement, registration=changed, day=TODAY, reason="合同解除"
    )
    assert registered_entries(SYSTEM, TODAY, TODAY) == []
    with pytest.raises(RuleViolation):
        cancel_registration(
            actor=parties.seller, agreement=agreement, registration=changed, day=TODAY, reason="又"
        )


def test_a_form_that_was_handed_in_is_not_rewritten(parties: Parties) -> None:
    agreement = signed(parties)
    handed_in(parties, agreement)
    with pytest.raises(RuleViolation):
        filled(parties, agreement)
