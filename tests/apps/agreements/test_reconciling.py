"""Bank statements: read as banks export them, compared with what was told, confirmed by a person."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from ronglian.apps.accounts.models import Person
from ronglian.apps.agreements.bank_file import read_statement
from ronglian.apps.agreements.enums import MovementKind
from ronglian.apps.agreements.models import MoneyMovement
from ronglian.apps.agreements.operations.money import tell_movement
from ronglian.apps.agreements.reconciling import reconciled, waiting_movements
from ronglian.engines.money import Finding
from tests.factories import make_organisation
from tests.factories.agreements import Parties, make_parties, make_signed
from tests.web.work.conftest import at_screen

TODAY = timezone.localdate()
DAY = TODAY.isoformat()


def statement(text: str) -> BytesIO:
    return BytesIO(text.encode())


def lines(text: str) -> list[tuple[int, str]]:
    found = read_statement(statement(text), "bank.csv")
    assert found.wrong == ()
    return [(line.amount, line.remark) for line in found.lines]


@pytest.mark.usefixtures("english")
class TestReading:
    def test_two_columns_or_one_with_a_sign(self) -> None:
        two = (
            '交易日期,贷方金额,借方金额,摘要\n2026-11-25,"40,000.00",,许可费 RL-1\n2026/11/26,,12.50,手续费\n'
        )
        assert lines(two) == [(4_000_000, "许可费 RL-1"), (-1_250, "手续费")]
        one = "日期,交易金额,附言\n2026-11-25,￥40000,RL-1\n2026-11-26,-12.5元,费\n"
        assert lines(one) == [(4_000_000, "RL-1"), (-1_250, "费")]

    @pytest.mark.parametrize(
        ("row", "told"),
        [
            ("2026-11-25,四万,,x", "row 2 · Came in: This is no amount in yuan"),
            ("2026-11-25,1.005,,x", "row 2 · Came in: This is no amount in yuan"),
            ("明天,1,,x", "row 2 · Day"),
            ("2026-11-25,,,x", "row 2 · Amount: An amount is needed"),
            ("2026-11-25,1e99,,x", "row 2 · Came in"),
        ],
    )
    def test_a_wrong_cell_is_named_and_nothing_is_used(self, row: str, told: str) -> None:
        good = "2026-11-25,1,,好\n"
        found = read_statement(statement(f"交易日期,收入金额,支出金额,摘要\n{row}\n{good}"), "bank.csv")
        assert found.lines == ()
        assert told.lower() in str(found.wrong[0]).lower()

    def test_a_file_without_lines(self) -> None:
        assert read_statement(statement("交易日期,金额\n"), "bank.csv").wrong


@pytest.fixture
def parties() -> Parties:
    return make_parties()


def tell(parties: Parties, fen: int, reference: str) -> MoneyMovement:
    return tell_movement(
        actor=parties.buyer, agreement=make_signed(parties), kind=MovementKind.PAY, amount_fen=fen, day=TODAY,
        reference=reference,
    )  # fmt: skip


@pytest.mark.django_db
def test_lines_find_what_was_told(parties: Parties) -> None:
    named, alike, other = (
        tell(parties, fen, name) for fen, name in ((100, "RL-1"), (200, ""), (300, "RL-3"))
    )
    text = (
        f"交易日期,金额,摘要\n{DAY},1,RL-1 首付\n{DAY},2,许可费\n{DAY},9,RL-3\n{DAY},77,别的\n{DAY},-1,RL-9\n"
    )
    read = read_statement(statement(text), "bank.csv")
    found = reconciled(parties.seller, parties.provider, read.lines)
    assert [(one.finding, one.movement) for one in found] == [
        (Finding.CONFIRMED, named),
        (Finding.PROPOSED, alike),
        (Finding.OTHER_AMOUNT, other),
        (Finding.UNKNOWN, None),
        (Finding.UNKNOWN, None),
    ]


@pytest.mark.django_db
def test_only_the_other_side_waits_and_strangers_see_nothing(parties: Parties) -> None:
    told = tell(parties, 100, "RL-1")
    assert waiting_movements(parties.seller, parties.provider) == [told]
    assert waiting_movements(parties.buyer, parties.client) == []
    stranger = make_parties()
    assert waiting_movements(stranger.seller, parties.provider) == []


@pytest.mark.django_db
def test_from_the_file_to_the_confirmed_payment(parties: Parties) -> None:
    told = tell(parties, 100, "RL-1")
    screen = at_screen(Person.objects.get(public_id=parties.seller.person_id))
    assert "RL-1" in screen.get("/work/contracts/bank/").content.decode()
    file = SimpleUploadedFile("bank.csv", f"交易日期,金额,摘要\n{DAY},1,RL-1 首付\n".encode())
    fields = {"own": str(parties.provider.public_id), "file": file}
    page = screen.post("/work/contracts/bank/", fields).content.decode()
    chosen = f"{told.agreement.public_id}/{told.public_id}"
    assert f'value="{chosen}"' in page
    assert "reference and amount fit" in page
    assert screen.post("/work/contracts/bank/confirm/", {"movement": chosen}).status_code == 302
    told.refresh_from_db()
    assert told.state == "confirmed"
    again = screen.post("/work/contracts/bank/confirm/", {"movement": chosen}, follow=True).content.decode()
    assert "This was answered already." in again
    wrong = SimpleUploadedFile("bank.csv", "交易日期,金额\n昨天,x\n".encode())
    answer = screen.post("/work/contracts/bank/", {"own": str(parties.provider.public_id), "file": wrong})
    assert answer.status_code == 422
    assert make_organisation()
