"""A licensed e-signature provider: what it gets, what its answer does, and that without one nothing changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from ronglian.apps.accounts.models import Person
from ronglian.apps.agreements.certificate_tasks import ask_again, ask_provider
from ronglian.apps.agreements.e_signing import (
    FRESH,
    AskedSignature,
    EndpointProvider,
    SigningFailed,
    sign_answer,
    signing_provider,
)
from ronglian.apps.agreements.enums import AgreementState, CertificateState, Side
from ronglian.apps.agreements.models import Agreement, Signature, SignatureCertificate
from ronglian.apps.agreements.operations.certifying import consent_to_text, note_sent, receive_certificate
from ronglian.apps.agreements.operations.signing import sign_agreement
from ronglian.apps.agreements.queries.agreements import latest_version
from ronglian.kernel.errors import InvalidInput, NotAllowed, RuleViolation
from ronglian.kernel.events import events_about
from tests.api.calls import caller_of
from tests.factories import SYSTEM
from tests.factories.agreements import Parties, make_agreement, make_parties, make_signed
from tests.kernel.signing_service import Service, serve
from tests.web.work.conftest import at_screen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SECRET = "a shared secret of the test"
PLACE = "/e-signing/results/"
CERTIFICATE = "CA-2026-0001"


@pytest.fixture
def parties() -> Parties:
    return make_parties()


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:
    """A provider on this machine, named in the settings."""
    with serve() as service:
        settings.E_SIGNING_URL, settings.E_SIGNING_KEY = service.address, "key"
        settings.E_SIGNING_SECRET = SECRET
        yield service


def sign(parties: Parties, agreement: Agreement, *actors: Any) -> list[SignatureCertificate]:
    """Sign; in tests the jobs that this makes run at once."""
    for actor in actors or (parties.seller,):
        sign_agreement(actor=actor, agreement=agreement, digest=latest_version(agreement).digest)
    return list(SignatureCertificate.objects.order_by("id"))


def answer(
    told: dict[str, Any] | bytes,
    *,
    secret: str = SECRET,
    age: timedelta = timedelta(0),
    signed: bytes | None = None,
) -> tuple[int, dict[str, Any]]:
    """What our address says to an answer of the provider."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    timestamp = str(int((timezone.now() - age).timestamp()))
    headers = {
        "X-Signature-Timestamp": timestamp,
        "X-Signature": sign_answer(secret, timestamp, body if signed is None else signed),
    }
    found = Client(enforce_csrf_checks=True).post(
        PLACE, body, content_type="application/json", headers=headers
    )
    return found.status_code, found.json()


def result(of: SignatureCertificate, /, **more: Any) -> dict[str, Any]:
    said = {"request": str(of.public_id), "digest": of.signature.digest}
    return {**said, "certificate": CERTIFICATE, **more}


def test_without_a_provider_both_sign_by_the_digest_alone(parties: Parties) -> None:
    agreement = make_signed(parties)
    assert agreement.state == AgreementState.IN_FORCE
    assert not SignatureCertificate.objects.exists()
    assert answer({"request": str(uuid4()), "digest": "0" * 64, "certificate": "x"}, secret="")[0] == 403
    page = at_screen(Person.objects.get(public_id=parties.buyer.person_id))
    open_one = make_agreement(parties, title="另一合同")
    assert "certif" not in page.get(f"/work/contracts/{open_one.public_id}/").content.decode()


def test_the_provider_gets_the_digest_and_the_code_and_nothing_else(
    parties: Parties, service: Service
) -> None:
    agreement = make_agreement(parties)
    (certificate,) = sign(parties, agreement)
    (asked,) = service.asked
    assert asked == {
        "path": "/signatures",
        "request": str(certificate.public_id),
        "digest": latest_version(agreement).digest,
        "algorithm": "SHA-256",
        "signer_uscc": parties.provider.uscc or "",
        "callback": f"http://localhost:8000{PLACE}",
    }
    assert service.headers[0]["Authorization"] == "Bearer key"
    assert service.headers[0]["Idempotency-Key"] == str(certificate.public_id)
    assert (certificate.state, certificate.request_reference) == (CertificateState.SENT, "R-1")


def test_the_text_goes_only_where_both_sides_agreed(parties: Parties, service: Service) -> None:
    agreement = make_agreement(parties)
    for place, (seller, buyer) in enumerate([(True, None), (True, False), (True, True)]):
        one = make_agreement(parties, title=f"合同 {place}")
        for actor, agrees in ((parties.seller, seller), (parties.buyer, buyer)):
            if agrees is not None:
                consent_to_text(actor=actor, agreement=one, agrees=agrees)
        sign(parties, one)
        assert ("text" in service.asked[-1]) is (buyer is True)
    assert service.asked[-1]["text"] == latest_version(one).text
    consent_to_text(actor=parties.seller, agreement=agreement, agrees=True)
    consent_to_text(actor=parties.buyer, agreement=agreement, agrees=True)
    consent_to_text(actor=parties.buyer, agreement=agreement, agrees=False)
    sign(parties, agreement)
    assert "text" not in service.asked[-1], "what was taken back counts no more"
    with pytest.raises(RuleViolation):
        consent_to_text(actor=parties.buyer, agreement=make_signed(parties), agrees=True)


def test_a_signed_answer_attaches_the_certificate_once(parties: Parties, service: Service) -> None:
    agreement = make_agreement(parties)
    (certificate,) = sign(parties, agreement)
    for _time in range(2):
        assert answer(result(certificate)) == (200, {"state": "certified"})
    certificate.refresh_from_db()
    assert (certificate.state, certificate.reference) == (CertificateState.CERTIFIED, CERTIFICATE)
    assert answer(result(certificate, certificate="another"))[0] == 409
    names = [event.name.partition(".")[2] for event in events_about(certificate)]
    assert names == ["asked", "sent", "certified", "told_again"]
    shown = caller_of(parties.client).get(f"/contracts/{agreement.public_id}").json()
    assert shown["text"]["signatures"][0]["certificate"] == {
        "state": "certified", "provider": certificate.provider, "reference": CERTIFICATE, "reason": "",
    }  # fmt: skip
    page = at_screen(Person.objects.get(public_id=parties.buyer.person_id))
    assert CERTIFICATE in page.get(f"/work/contracts/{agreement.public_id}/").content.decode()


def test_a_refusal_is_kept_with_its_reason_and_the_signature_stands(
    parties: Parties, service: Service
) -> None:
    agreement = make_agreement(parties)
    first, second = sign(parties, agreement, parties.seller, parties.buyer)
    told = answer(result(first, certificate="", reason="the certificate of the seal has expired"))
    assert told == (200, {"state": "refused"})
    agreement.refresh_from_db()
    assert agreement.state == AgreementState.IN_FORCE
    assert {one.signature.side for one in (first, second)} == set(Side.values)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"secret": "guessed"}, 403),
        ({"age": FRESH + timedelta(seconds=5)}, 403),
        ({"age": -FRESH - timedelta(seconds=5)}, 403),
        ({"signed": b"something else"}, 403),
    ],
)
def test_whoever_does_not_know_the_secret_changes_nothing(
    parties: Parties, service: Service, change: dict[str, Any], status: int
) -> None:
    (certificate,) = sign(parties, make_agreement(parties))
    assert answer(result(certificate), **change)[0] == status
    certificate.refresh_from_db()
    assert certificate.state == CertificateState.SENT


@pytest.mark.parametrize("header", ["X-Signature", "X-Signature-Timestamp"])
@pytest.mark.parametrize("value", ["", "sha256=é", "99999999999999999999", "-1", "１７０００００００"])
def test_headers_that_are_none_are_refused(service: Service, header: str, value: str) -> None:
    good = {"X-Signature": "sha256=00", "X-Signature-Timestamp": "1", header: value}
    sent = {f"HTTP_{name.upper().replace('-', '_')}": text for name, text in good.items()}
    assert Client().post(PLACE, b"{}", content_type="application/json", **sent).status_code == 403


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (b"", 422), (b"[]", 422), (b"\xff", 422), (b"[" * 30_000, 422), (b'{"request": 1}', 422),
        (b'{"request": "no id"}', 422), (b'{"request": "00000000-0000-4000-8000-000000000000"}', 404),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_told_so(service: Service, told: bytes, status: int) -> None:
    assert answer(told)[0] == status


def test_an_answer_about_another_text_or_without_content_is_refused(
    parties: Parties, service: Service
) -> None:
    (certificate,) = sign(parties, make_agreement(parties))
    for more in ({"digest": "0" * 64}, {"certificate": ""}, {"reason": "both"}, {"certificate": "x" * 201}):
        assert answer(result(certificate, **more))[0] == 422
    certificate.refresh_from_db()
    assert certificate.state == CertificateState.SENT


def test_an_answer_that_is_faster_than_the_note_stays(parties: Parties, service: Service) -> None:
    service.answers.append((503, b""))
    (certificate,) = sign(parties, make_agreement(parties))
    assert certificate.state == CertificateState.ASKED
    assert answer(result(certificate))[0] == 200
    agreement = certificate.signature.agreement_version.agreement
    noted = note_sent(actor=SYSTEM, agreement=agreement, certificate=certificate, reference="R-9")
    assert (noted.state, noted.request_reference) == (CertificateState.CERTIFIED, "R-9")
    assert ask_provider.func(str(certificate.public_id)) == 0
    assert len(service.asked) == 1


def test_a_provider_that_is_away_is_asked_again_and_signing_does_not_wait(
    parties: Parties, service: Service
) -> None:
    service.answers += [(503, b""), (200, b"not json"), (200, b'{"reference": ""}')]
    agreement = make_agreement(parties)
    (certificate,) = sign(parties, agreement)
    assert certificate.state == CertificateState.ASKED
    assert Signature.objects.count() == 1
    assert ask_again.func() == 0, "it was asked just now"
    SignatureCertificate.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert [ask_again.func() for _time in range(4)] == [0, 0, 1, 0]
    assert {one["request"] for one in service.asked} == {str(certificate.public_id)}


def test_the_provider_alone_keeps_certificates(parties: Parties, service: Service) -> None:
    agreement = make_agreement(parties)
    (certificate,) = sign(parties, agreement)
    told = {"agreement": agreement, "certificate": certificate, "digest": certificate.signature.digest}
    for actor in (parties.seller, parties.buyer):
        with pytest.raises(NotAllowed):
            receive_certificate(actor=actor, **told, reference="forged")
    with pytest.raises(InvalidInput):
        receive_certificate(actor=SYSTEM, **told)


def test_an_address_that_may_not_be_called_is_none(settings: Any, parties: Parties) -> None:
    settings.E_SIGNING_URL, settings.E_SIGNING_SECRET = "https://ca.example", ""
    assert signing_provider() is None, "without a secret its answers could not be told from others'"
    settings.E_SIGNING_SECRET, settings.E_SIGNING_URL = SECRET, "file:///etc/passwd"
    assert signing_provider() is None
    assert make_signed(parties).state == AgreementState.IN_FORCE
    settings.E_SIGNING_URL, settings.OUTGOING_HOSTS = "http://127.0.0.1:9", "elsewhere.example"
    assert signing_provider() is None, "it is not among the hosts that may be called"
    with pytest.raises(SigningFailed, match="unreachable"):
        EndpointProvider("http://127.0.0.1:9", "", SECRET, callback="x").ask(
            AskedSignature(uuid4(), "0" * 64, "")
        )


def test_the_page_says_what_goes_where_and_takes_the_consent(parties: Parties, service: Service) -> None:
    agreement = make_agreement(parties)
    seller = at_screen(Person.objects.get(public_id=parties.seller.person_id))
    place = f"/work/contracts/{agreement.public_id}/"
    page = seller.get(place).content.decode()
    assert service.address.split("/")[2] in page
    assert seller.post(f"{place}text-consent/", {"agrees": "1"}).status_code == 302
    assert "Your side agrees" in seller.get(place).content.decode()
    assert seller.post(f"{place}text-consent/", {"agrees": ""}).status_code == 302
    assert "Your side agrees" not in seller.get(place).content.decode()
