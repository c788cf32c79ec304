"""The due-diligence file: noted steps, what the record tells by itself, and who reads it."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import docx
import pytest
from django.utils import timezone

from ronglian.apps.accounts.models import Person
from ronglian.apps.agreements.diligence import INPUTS, digest_of, diligence_of, is_diligent
from ronglian.apps.agreements.enums import DiligenceStep, RelatedTo
from ronglian.apps.agreements.models import Agreement, DiligenceNote
from ronglian.apps.agreements.operations.diligence import note_diligence
from ronglian.apps.agreements.operations.price_objections import name_price
from ronglian.engines.rules import inputs_of
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound
from ronglian.kernel.events import events_about
from ronglian.rulebook import load_rulebook
from tests.factories.agreement_states import late, noticed
from tests.factories.agreements import Parties, make_agreement, make_parties, make_signed
from tests.factories.pricing import make_found
from tests.web.work.conftest import at_screen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TODAY = timezone.localdate()


@pytest.fixture
def parties() -> Parties:
    return make_parties()


def note(
    parties: Parties, agreement: Agreement, step: DiligenceStep, text: str = "校务会纪要"
) -> DiligenceNote:
    return note_diligence(actor=parties.seller, agreement=agreement, step=step, taken_on=TODAY, text=text)


def test_it_is_whole_once_every_step_and_the_pledge_are_noted(parties: Parties) -> None:
    agreement = make_signed(parties)
    for step in DiligenceStep:
        assert not is_diligent(diligence_of(parties.seller, agreement, "zh"))
        note(parties, agreement, step)
    lines = diligence_of(parties.seller, agreement, "en")
    assert is_diligent(lines)
    assert [line.step for line in lines] == list(DiligenceStep)
    assert events_about(DiligenceNote.objects.latest("id"))[0].name == "diligencenote.added"


def test_the_price_a_contract_rests_on_supports_publication_care_and_gain(parties: Parties) -> None:
    found = make_found(
        parties.provider, parties.seller, related_to=RelatedTo.SELLER, related_how="乙方持股一成"
    )
    agreement = name_price(actor=parties.seller, agreement=make_agreement(parties), finding=found)
    lines = {line.step: line for line in diligence_of(parties.seller, agreement, "en")}
    assert "public at 校园网公示栏" in lines[DiligenceStep.PUBLICATION].shown[0].text
    care = " ".join(one.text for one in lines[DiligenceStep.CARE].shown)
    assert "三家询价" in care
    assert "The price was found" in care
    assert "乙方持股一成" in lines[DiligenceStep.NO_GAIN].shown[0].text
    assert not any(line.is_noted for line in lines.values())


def test_what_the_record_tells_supports_a_step_and_does_not_stand_for_it(parties: Parties) -> None:
    parties.provider.region = "320500"  # its own rule says what net income is
    lines = {line.step: line for line in diligence_of(parties.seller, noticed(parties), "en")}
    assert "Plan 1 of the income on public notice" in lines[DiligenceStep.PUBLICATION].shown[0].text
    assert "Signed after 1 version" in lines[DiligenceStep.CARE].shown[0].text
    assert not any(line.is_noted for line in lines.values())
    overdue = {line.step: line for line in diligence_of(parties.seller, late(parties), "en")}
    assert overdue[DiligenceStep.SUPERVISION].shown == ()


def test_only_party_b_notes_and_reads_it(parties: Parties) -> None:
    agreement = make_signed(parties)
    with pytest.raises(NotAllowed):
        note_diligence(
            actor=parties.buyer, agreement=agreement, step=DiligenceStep.CARE, taken_on=TODAY, text="x"
        )
    for actor in (parties.buyer, make_parties().seller):
        with pytest.raises(NotFound):
            diligence_of(actor, agreement, "zh")


def test_an_empty_note_or_a_day_to_come_is_refused(parties: Parties) -> None:
    agreement = make_signed(parties)
    with pytest.raises(InvalidInput) as refused:
        note(parties, agreement, DiligenceStep.CARE, " \n")
    assert "text" in refused.value.fields
    with pytest.raises(InvalidInput):
        note_diligence(
            actor=parties.seller, agreement=agreement, step=DiligenceStep.CARE,
            taken_on=TODAY + timedelta(days=1), text="x",
        )  # fmt: skip


def test_any_change_changes_the_digest(parties: Parties) -> None:
    agreement = make_signed(parties)
    note(parties, agreement, DiligenceStep.CARE)
    before = digest_of(diligence_of(parties.seller, agreement, "zh"))
    note(parties, agreement, DiligenceStep.CARE, "补充询价记录")
    assert digest_of(diligence_of(parties.seller, agreement, "zh")) != before


def test_the_steps_are_those_of_the_rulebook() -> None:
    specs = {spec.id for spec in inputs_of(load_rulebook(), "rights.diligent", on=TODAY, place="cn")}
    assert specs == {*INPUTS.values(), "unlawful_gain"}


def test_the_page_and_the_file(parties: Parties) -> None:
    agreement = make_signed(parties)
    screen = at_screen(Person.objects.get(public_id=parties.seller.person_id))
    place = f"/work/contracts/{agreement.public_id}/diligence/"
    sent = {"step": "decision", "taken_on": TODAY.isoformat(), "text": "校务会纪要第三号"}
    assert screen.post(place, sent).status_code == 302
    page = screen.get(place).content.decode()
    assert "校务会纪要第三号" in page
    assert "Not every step is noted yet" in page
    read = docx.Document(BytesIO(screen.get(f"{place}file.zh.docx").content))
    assert "校务会纪要第三号" in "\n".join(
        cell.text for table in read.tables for row in table.rows for cell in row.cells
    )
    buyer = at_screen(Person.objects.get(public_id=parties.buyer.person_id))
    assert buyer.get(place).status_code == 404
    assert buyer.get(f"{place}file.zh.docx").status_code == 404
    assert place not in buyer.get(f"/work/contracts/{agreement.public_id}/").content.decode()
