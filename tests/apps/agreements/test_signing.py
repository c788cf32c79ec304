"""From a draft to an agreement in force: who sees what, and what is signed."""

from __future__ import annotations

from copy import deepcopy

import pytest
from django.core import mail
from django.db import connection

from ronglian.apps.agreements import enums
from ronglian.apps.agreements.contract_text import clauses, contract_text, findings_table, review
from ronglian.apps.agreements.enums import AgreementState, Side
from ronglian.apps.agreements.models import Agreement, AgreementVersion, Signature
from ronglian.apps.agreements.operations.drafting import abandon_agreement, draft_agreement, propose_terms
from ronglian.apps.agreements.operations.signing import sign_agreement
from ronglian.apps.agreements.queries.agreements import access_agreement, latest_version, list_agreements
from ronglian.apps.agreements.rules import may_see
from ronglian.apps.agreements.terms import read_terms
from ronglian.engines import contracts, money
from ronglian.kernel.actor import ANONYMOUS, Actor, Role, job_actor
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound, RuleViolation, StaleVersion
from ronglian.kernel.log.coverage import logged_models, uncovered_rows
from tests.factories import make_organisation, make_person_of
from tests.factories.agreements import LICENCE_TERMS, Parties, make_agreement, make_parties, make_signed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("english")]


@pytest.fixture
def parties() -> Parties:
    return make_parties()


def test_a_draft_is_seen_by_its_own_side_and_a_sent_one_by_both(parties: Parties) -> None:
    draft = make_agreement(parties, sent=False)
    stranger = make_person_of(make_organisation())
    viewer = make_person_of(parties.provider, Role.VIEWER)
    assert access_agreement(viewer, draft.public_id) == draft
    for actor in (parties.buyer, stranger, ANONYMOUS):
        with pytest.raises(NotFound):
            access_agreement(actor, draft.public_id)
    sent = make_agreement(parties)
    assert access_agreement(parties.buyer, sent.public_id) == sent
    with pytest.raises(NotFound):
        access_agreement(stranger, sent.public_id)


def test_filter_and_predicate_say_the_same(parties: Parties) -> None:
    make_agreement(parties, sent=False)
    make_agreement(parties)
    make_signed(parties)
    viewers = [make_person_of(parties.client, role) for role in Role]
    outsiders = [make_person_of(make_organisation()), ANONYMOUS, job_actor("test")]
    for actor in (parties.buyer, parties.seller, *viewers, *outsiders):
        listed = set(list_agreements(actor))
        assert listed == {one for one in Agreement.objects.all() if may_see(actor, one)}


def test_both_sign_what_was_shown_and_it_is_in_force(
    parties: Parties, django_capture_on_commit_callbacks: object
) -> None:
    agreement = make_agreement(parties)
    version = latest_version(agreement)
    agreement = sign_agreement(actor=parties.seller, agreement=agreement, digest=version.digest)
    assert agreement.state == AgreementState.NEGOTIATING
    with pytest.raises(RuleViolation, match="signed this version already"):
        sign_agreement(actor=parties.seller, agreement=agreement, digest=version.digest)
    agreement = sign_agreement(actor=parties.buyer, agreement=agreement, digest=version.digest)
    assert (agreement.state, agreement.signed) == (AgreementState.IN_FORCE, version)
    assert [payment.state for payment in agreement.payments.order_by("number")] == ["due", "waiting"]
    assert {row.side for row in Signature.objects.all()} == set(Side.values)


def test_other_terms_undo_a_signature(parties: Parties) -> None:
    agreement = make_agreement(parties)
    first = latest_version(agreement)
    sign_agreement(actor=parties.seller, agreement=agreement, digest=first.digest)
    cheaper = deepcopy(LICENCE_TERMS)
    cheaper["items"][0]["amount_fen"], cheaper["payments"][1]["amount_fen"] = 9_000_000, 5_000_000
    propose_terms(actor=parties.buyer, agreement=agreement, terms=cheaper, note="预算只有九万", number=1)
    with pytest.raises(StaleVersion):
        propose_terms(actor=parties.seller, agreement=agreement, terms=cheaper, number=1)
    with pytest.raises(RuleViolation, match="not the text that was shown"):
        sign_agreement(actor=parties.buyer, agreement=agreement, digest=first.digest)
    second = latest_version(agreement)
    agreement = sign_agreement(actor=parties.buyer, agreement=agreement, digest=second.digest)
    assert agreement.state == AgreementState.NEGOTIATING


def test_what_was_changed_behind_the_log_is_not_signed(parties: Parties) -> None:
    agreement = make_agreement(parties)
    version = latest_version(agreement)
    version.terms["items"][0]["amount_fen"] = 1
    version.save()
    with pytest.raises(RuleViolation, match="not the text that was shown"):
        sign_agreement(actor=parties.seller, agreement=agreement, digest=version.digest)


def test_what_stands_in_the_way_is_not_signed(parties: Parties) -> None:
    terms = {**LICENCE_TERMS, "restraints": ["no_challenge"]}
    agreement = make_agreement(parties, terms=terms)
    with pytest.raises(RuleViolation, match="stands in the way"):
        sign_agreement(actor=parties.seller, agreement=agreement, digest=latest_version(agreement).digest)


def test_who_may_not(parties: Parties) -> None:
    agreement = make_agreement(parties)
    digest = latest_version(agreement).digest
    viewer = make_person_of(parties.client, Role.VIEWER)
    token = Actor(parties.buyer.kind.TOKEN, "token", memberships=parties.buyer.memberships)
    for actor in (viewer, token, job_actor("test"), ANONYMOUS):
        with pytest.raises(NotAllowed):
            sign_agreement(actor=actor, agreement=agreement, digest=digest)
    with pytest.raises(NotAllowed):
        draft_agreement(
            actor=parties.buyer, kind=enums.AgreementKind.LICENCE, title="x", client=parties.client,
            provider=parties.provider, drafted_by=Side.PROVIDER, terms={},
        )  # fmt: skip
    with pytest.raises(InvalidInput, match="correction"):
        propose_terms(actor=parties.buyer, agreement=agreement, terms=LICENCE_TERMS, side="provider")


def test_giving_up_needs_a_reason(parties: Parties) -> None:
    agreement = make_agreement(parties)
    with pytest.raises(InvalidInput):
        abandon_agreement(actor=parties.buyer, agreement=agreement, reason=" ")
    assert abandon_agreement(actor=parties.buyer, agreement=agreement, reason="预算取消").state == "abandoned"


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"subjekt": "x"}, "subjekt"),
        ({"payments": [{"title": "x", "amount_fen": 1, "due": "signing", "retain": 1}]}, "payments.0.retain"),
        ({"payments": [{"title": "x", "amount_fen": 0.5, "due": "signing"}]}, "payments.0.amount_fen"),
        ({"items": [{"name": "x", "amount_fen": -1}]}, "items.0.amount_fen"),
        ({"royalty": {"rate": 10_001, "base": "sales"}}, "royalty.rate"),
        ({"ends_on": "30.11.2031"}, "ends_on"),
        ({"subject": "长" * 8_001}, "subject"),
    ],
)
def test_wrong_terms_name_their_field(parties: Parties, terms: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        make_agreement(parties, terms={**LICENCE_TERMS, **terms})
    assert set(refused.value.fields) == {field}
    assert not Agreement.objects.exists()


def test_terms_are_sealed_and_every_row_is_covered_by_its_event(parties: Parties) -> None:
    make_signed(parties, terms={**LICENCE_TERMS, "plan": "秘密计划九一七"})
    with connection.cursor() as cursor:
        cursor.execute("select terms, text, note from agreements_agreementversion")
        assert "九一七" not in str(cursor.fetchall())
    for model in logged_models():
        assert not list(uncovered_rows(model)), model


def test_mails_name_neither_terms_nor_amounts(parties: Parties) -> None:
    make_signed(parties)
    texts = "".join(message.subject + message.body for message in mail.outbox)
    assert "An agreement is in force" in texts
    assert not {"10,000", "许可费", "六价铬"} & set(texts.split())


def test_each_finding_has_its_sentence_and_each_sentence_its_finding(parties: Parties) -> None:
    assert set(findings_table()) == {*contracts.CONDITIONS, *contracts.ALSO_FOUND}
    assert all({"article", "zh", "en"} == set(entry) for entry in findings_table().values())
    agreement = make_agreement(parties)
    remarks = review(agreement, read_terms({"restraints": ["tying"]}), "zh")
    assert {"subject_missing", "void_restraint"} <= {remark.code for remark in remarks}


def test_the_contract_reads_in_both_languages(parties: Parties) -> None:
    agreement = make_agreement(parties)
    terms = read_terms(latest_version(agreement).terms)
    zh, en = (contract_text(agreement, terms, language) for language in ("zh", "en"))
    assert [section.id for section in zh] == [section.id for section in en]
    assert "普通许可" in str(zh)
    assert "100,000.00" in str(zh)
    assert "ordinary licence" in str(en)
    assert "{" not in "".join(section.text for section in (*zh, *en))
    assert clauses()[0] == AgreementVersion.objects.get().clauses_version


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (enums.AgreementKind, contracts.Kind),
        (enums.LicenceKind, contracts.LicenceKind),
        (enums.RightKind, contracts.RightKind),
        (enums.Restraint, contracts.Restraint),
        (enums.DueOn, contracts.DueOn),
        (enums.RoyaltyBase, contracts.RoyaltyBase),
        (enums.PaymentStart, contracts.PaymentStart),
        (enums.MovementKind, money.Kind),
    ],
)
def test_code_lists_are_those_of_the_engines(ours: type[enums.models.TextChoices], theirs: type) -> None:
    assert ours.values == [one.value for one in theirs]
