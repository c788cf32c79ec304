"""A visitor types a sentence and sees matching results with reasons (journey 1)."""

from __future__ import annotations

from django.test import Client

from ronglian.apps.registry.models import Need
from tests.web.public.conftest import Region

SENTENCE = "我们的电镀废水里六价铬降不到0.1 mg/L"


def page(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_a_sentence_finds_results_with_reasons_without_javascript(reader_zh: Client, region: Region) -> None:
    text = page(reader_zh, f"/?q={SENTENCE}&side=results")
    assert f"/results/{region.result.public_id}/" in text
    assert "<mark>六价" in text
    assert "verdict-met" in text  # 0.05 mg/L is claimed
    assert SENTENCE in text  # what was typed stays in the form


def test_a_result_in_words_finds_needs(visitor: Client, region: Region) -> None:
    text = page(visitor, "/?q=六价铬还原 电镀废水&side=needs")
    assert f"/needs/{region.need.public_id}/" in text


def test_htmx_gets_the_answer_alone(visitor: Client, region: Region) -> None:
    text = page(visitor, f"/?q={SENTENCE}", **{"HX-Request": "true"})
    assert "<html" not in text
    assert f"/results/{region.result.public_id}/" in text
    assert "HX-Request" in visitor.get("/").headers["Vary"]


def test_going_back_in_the_browser_gets_the_whole_page(visitor: Client, region: Region) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in page(visitor, f"/?q={SENTENCE}", **headers)


def test_without_a_sentence_one_need_is_matched_live(visitor: Client, region: Region) -> None:
    Need.objects.filter(pk=region.anonymous.pk).update(state="withdrawn")
    text = page(visitor, "/")
    assert f"/needs/{region.need.public_id}/" in text
    assert f"/needs/{region.need.public_id}/matches/{region.result.public_id}/" in text


def test_counts_are_those_of_the_lists_they_open(visitor: Client, region: Region) -> None:
    text = page(visitor, "/")
    for address, number in (("/needs/", 2), ("/results/", 2), ("/experts/", 1), ("/organisations/", 3)):
        assert f'<a href="{address}"><b>{number}</b>' in text
        assert f"{number} " in page(visitor, address)


def test_an_empty_registry_says_what_to_do(visitor: Client, db: None) -> None:
    text = page(visitor, "/")
    assert "/work/clinic/" in text
    text = page(visitor, f"/?q={SENTENCE}")
    assert "Nothing fits yet" in text


def test_hostile_sentences_are_shown_as_text(visitor: Client, region: Region) -> None:
    text = page(visitor, "/?q=<script>alert(1)</script>六价铬%00")
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
