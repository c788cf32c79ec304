"""Records that may be one are found, offered to those concerned, and merged by people only."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.registry import duplicates
from ronglian.apps.registry.duplicates import (
    NEAR,
    TextsSeen,
    agreement,
    bands,
    comparable,
    patent_numbers,
    refresh_fingerprints,
    shingles,
    similarity,
    text_digest,
)
from ronglian.apps.registry.enums import State
from ronglian.apps.registry.models import (
    DuplicateCandidate,
    DuplicateReason,
    DuplicateState,
    Fingerprint,
    ImportBatch,
    Need,
    RecordIdentifier,
    Result,
)
from ronglian.apps.registry.operations.duplicates import keep_apart, merge_records
from ronglian.apps.registry.operations.imports import apply_import
from ronglian.apps.registry.operations.records import edit_record
from ronglian.apps.registry.queries.duplicates import (
    access_duplicate,
    list_duplicates,
    with_records,
)
from ronglian.kernel.actor import ANONYMOUS
from ronglian.kernel.errors import InvalidInput, NotAllowed, NotFound, RuleViolation
from ronglian.kernel.models import Event
from tests.apps.registry.imports.conftest import Check
from tests.factories import SYSTEM, make_need, make_organisation, make_person_of, make_result
from tests.factories.files import csv_file

LONG = (
    "我公司电镀车间每天产生含铬废水约五十吨，现有还原沉淀工艺出水六价铬波动大，经常超过排放标准，药剂消耗高，"
    "污泥量大，希望寻找处理成本低、占地小、可自动运行的深度处理技术，并能在现有池体上改造，改造期间不停产。"
)
NEARLY = LONG.replace("五十吨", "六十吨")
STORED_BANDS = [
    (
        1373548055920627576,
        -4050877678694123497,
        -3975419381449617028,
        5010688795382280970,
        -2017030633315958862,
    ),
    (
        2443910236448868571,
        2799369200251163755,
        -6264776810147823906,
        -1823643164848413749,
        -8184370965781246143,
    ),
    (
        -4321261385288424589,
        7022595771040151850,
        -5482851410575023461,
        -5941294194312630020,
        4378036029357337869,
    ),
]
OTHER = "高速轴承在运行中产生微小裂纹，人工巡检容易漏检，需要一种在线检测方法，能在强振动环境下识别早期损伤并预警。"


@given(st.text(max_size=200))
def test_a_text_is_like_itself(text: str) -> None:
    assert similarity(shingles(text), shingles(text)) == 1
    assert len(bands([text])[0]) == len(Fingerprint.BANDS)


@given(st.text(max_size=60), st.text(max_size=60))
def test_similarity_is_symmetric_and_bounded(first: str, second: str) -> None:
    there, back = similarity(shingles(first), shingles(second)), similarity(shingles(second), shingles(first))
    assert there == back
    assert 0 <= there <= 1


@given(st.lists(st.text(max_size=30), max_size=8))
def test_bands_of_a_text_do_not_depend_on_its_neighbours(texts: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duplicates, "HASHED_AT_ONCE", 40)
        assert bands(texts) == [bands([text])[0] for text in texts]


def test_bands_stay_what_is_stored() -> None:
    """Fingerprints in databases were made by this very function of the text."""
    assert bands(["", "ab", LONG]) == STORED_BANDS


def test_similarity_is_jaccard_of_3_grams() -> None:
    assert similarity(shingles("abcdef"), shingles("abcdeg")) == pytest.approx(3 / 5)
    assert similarity(shingles("一二三"), shingles("四五六")) == 0


def test_bands_find_nearly_all_near_texts() -> None:
    """At a similarity of .9 and more, nearly all pairs share a band and most minima; of unrelated ones none."""
    chance = np.random.default_rng(1)
    alphabet = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
    found = near = false = 0
    for _ in range(300):
        text = list(chance.choice(alphabet, 300))
        changed = text.copy()
        for place in chance.choice(300, 4, replace=False):
            changed[place] = "改"
        first, second = "".join(text), "".join(changed)
        own, near_own, unrelated = bands([first, second, "".join(chance.choice(alphabet, 300))])
        seen = TextsSeen()
        seen.add(1, own)
        false += bool(seen.candidates(unrelated))
        if similarity(shingles(first), shingles(second)) >= NEAR:
            near += 1
            found += seen.candidates(near_own) == {1}
    assert near > 200
    assert found / near > 0.98
    assert false == 0


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=5, max_size=5))
def test_agreement_counts_equal_minima(numbers: list[int]) -> None:
    assert agreement(numbers, numbers) == 20
    assert agreement(numbers, [number ^ 1 for number in numbers]) == 15
    assert agreement(numbers, [~number for number in numbers]) == 0


def test_what_makes_no_difference() -> None:
    first = comparable(Need, {"title": "ＡＢＣ 处理，技术。"}.get)
    assert first == comparable(Need, {"title": "abc处理技术"}.get)
    assert len(text_digest(first)) == 32


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("ZL 2019 1 0123456.7", ["2019101234567"]),
        ("ZL201910123456.7；ZL202020123456.X", ["2019101234567", "202020123456X"]),
        ("CN110123456A", ["110123456"]),
        ("无", []),
    ],
)
def test_patent_numbers(text: str, numbers: list[str]) -> None:
    assert patent_numbers(text) == numbers


@pytest.mark.django_db
def test_fingerprints_follow_the_records() -> None:
    need = make_need(title="甲", details=LONG)
    assert refresh_fingerprints(Need) == 1
    assert refresh_fingerprints(Need) == 0
    edit_record(actor=SYSTEM, record=need, fields={"details": OTHER})
    assert refresh_fingerprints(Need) == 1
    assert Fingerprint.objects.get().version == 2


@pytest.mark.django_db
def test_identifiers_follow_the_records() -> None:
    result = make_result(ip_numbers="ZL201910123456.7")
    refresh_fingerprints(Result)
    assert RecordIdentifier.objects.get().value == "2019101234567"
    edit_record(actor=SYSTEM, record=result, fields={"ip_numbers": ""})
    refresh_fingerprints(Result)
    assert not RecordIdentifier.objects.exists()


def needs(*rows: tuple[str, str]) -> bytes:
    return csv_file([("需求名称", "需求详情"), *rows])


def notes(batch: ImportBatch) -> list[tuple[str, str | None]]:
    return [(str(row.outcome), row.note.get("code")) for row in batch.rows.order_by("number")]


@pytest.mark.django_db
class TestFinding:
    def test_like_another_row(self, check: Check) -> None:
        batch = check(needs(("含铬废水", LONG), ("轴承", OTHER), ("含铬废水", NEARLY)))
        assert notes(batch) == [("create", None), ("create", None), ("duplicate", "near_text")]
        assert batch.rows.get(number=3).note["row"] == 2
        apply_import(actor=SYSTEM, batch=batch)
        assert Need.objects.count() == 3
        candidate = DuplicateCandidate.objects.get()
        pair = with_records(SYSTEM, [candidate])[0]
        assert isinstance(pair.first, Need)
        assert isinstance(pair.second, Need)
        assert {pair.first.details, pair.second.details} == {LONG, NEARLY}
        assert candidate.reason == DuplicateReason.NEAR_TEXT
        assert NEAR <= candidate.similarity < 1
        assert candidate.state == DuplicateState.OPEN

    def test_like_a_record(self, check: Check) -> None:
        known = make_need(title="含铬废水", details=LONG)
        batch = check(needs(("含铬废水", NEARLY)))
        assert notes(batch) == [("duplicate", "near_text")]
        assert batch.rows.get().note["other"] == str(known.public_id)

    def test_the_same_text_of_another_owner(self, check: Check) -> None:
        make_need(title="含铬废水", details=LONG)
        assert notes(check(needs(("含铬废水", LONG)))) == [("duplicate", "same_text")]

    def test_the_same_patent(self, check: Check) -> None:
        make_result(title="一种涂料", ip_numbers="ZL 2019 1 0123456.7")
        content = csv_file(
            [["成果名称", "专利号"], ["完全不同", "201910123456.7"], ["又一个", "CN 2019 1 0123456.7"]]
        )
        batch = check(content, kind="results")
        assert notes(batch) == [("duplicate", "identifier")] * 2
        assert batch.rows.get(number=1).note["detail"] == "2019101234567"

    def test_a_record_the_importer_may_not_see_is_not_given_away(
        self, check: Check, owner: Organisation
    ) -> None:
        make_need(title="含铬废水", details=LONG, state="draft")
        make_need(title="含铬废水", details=LONG, disclosure="organisation")
        batch = check(needs(("含铬废水", LONG)), actor=make_person_of(owner))
        assert notes(batch) == [("create", None)]

    def test_a_withdrawn_record_is_no_candidate(self, check: Check) -> None:
        make_need(title="含铬废水", details=LONG, state="withdrawn")
        assert notes(check(needs(("含铬废水", LONG)))) == [("create", None)]


@pytest.mark.django_db
class TestDeciding:
    @pytest.fixture
    def pair(self, owner: Organisation) -> DuplicateCandidate:
        first, second = sorted(
            (make_need(owner, "甲", details=LONG), make_need(owner, "乙", details=NEARLY)),
            key=lambda need: need.public_id,
        )
        return DuplicateCandidate.objects.create(
            subject_type="need",
            first_id=first.public_id,
            second_id=second.public_id,
            reason="near_text",
            similarity=0.95,
        )

    def test_merging_withdraws_one_and_links_it(self, pair: DuplicateCandidate, owner: Organisation) -> None:
        keep = Need.objects.get(public_id=pair.first_id)
        merged = merge_records(actor=make_person_of(owner), candidate=pair, keep=keep)
        assert (merged.state, merged.kept_id) == (DuplicateState.MERGED, keep.public_id)
        loser = Need.objects.get(public_id=pair.second_id)
        assert loser.state == State.WITHDRAWN
        names = list(
            Event.objects.filter(subject_id=loser.public_id).order_by("id").values_list("name", flat=True)
        )
        assert names[-2:] == ["need.withdrawn", "need.merged"]
        keep.refresh_from_db()
        assert keep.state == State.PUBLISHED

    def test_keeping_apart(self, pair: DuplicateCandidate, owner: Organisation) -> None:
        keep_apart(actor=make_person_of(owner), candidate=pair)
        assert not list_duplicates(SYSTEM).exists()
        assert Need.objects.filter(state=State.PUBLISHED).count() == 2

    def test_once_decided_stays_decided(self, pair: DuplicateCandidate) -> None:
        keep_apart(actor=SYSTEM, candidate=pair)
        with pytest.raises(RuleViolation):
            merge_records(actor=SYSTEM, candidate=pair, keep=Need.objects.get(public_id=pair.first_id))

    def test_a_record_of_another_pair(self, pair: DuplicateCandidate) -> None:
        with pytest.raises(InvalidInput):
            merge_records(actor=SYSTEM, candidate=pair, keep=make_need())

    def test_strangers_neither_see_nor_decide(self, pair: DuplicateCandidate) -> None:
        stranger = make_person_of(make_organisation())
        for actor in (stranger, ANONYMOUS):
            assert not list_duplicates(actor).exists()
            with pytest.raises(NotFound):
                access_duplicate(actor, pair.public_id)
            with pytest.raises(NotAllowed):
                keep_apart(actor=actor, candidate=pair)

    def test_a_pair_with_a_record_that_was_hidden_since(
        self, pair: DuplicateCandidate, owner: Organisation
    ) -> None:
        """Whoever holds one side sees the pair only while the other side is theirs to see."""
        other = make_organisation()
        Need.objects.filter(public_id=pair.first_id).update(owner=other)
        member = make_person_of(owner)
        assert access_duplicate(member, pair.public_id).candidate == pair
        with pytest.raises(NotAllowed):
            merge_records(actor=member, candidate=pair, keep=Need.objects.get(public_id=pair.second_id))
        Need.objects.filter(public_id=pair.first_id).update(disclosure="organisation")
        with pytest.raises(NotFound):
            access_duplicate(member, pair.public_id)
        with pytest.raises(NotAllowed):
            keep_apart(actor=member, candidate=pair)


def test_numbers_that_follow_each_other_stay_apart() -> None:
    """Else a row about pump 12-3 would take the place of the record about pump 1-23."""

    def text(title: str) -> str:
        return comparable(Need, {"title": title}.get)

    assert text("水泵 1-23") != text("水泵 12-3") != text("水泵 123")
    assert text("水泵 1-23") == text("水泵（1，23）")
    assert text("5 mm 、六价铬") == text("5mm六价铬")
