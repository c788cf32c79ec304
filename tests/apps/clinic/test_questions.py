"""The questions are ordered by what an answer would change among the registered results."""

from __future__ import annotations

import pytest

from ronglian.apps.clinic.operations.consultations import answer_question, open_consultation
from ronglian.apps.clinic.queries.questions import next_questions
from ronglian.apps.clinic.reading import read_consultation
from ronglian.apps.registry.enums import Disclosure
from tests.factories import make_organisation, make_person_of, make_result

pytestmark = pytest.mark.django_db


def ask(title: str, words: str, **answers: str) -> dict[str, float | None]:
    firm = make_organisation()
    actor = make_person_of(firm)
    told = open_consultation(actor=actor, owner=firm, title=title, words=words)
    for topic, text in answers.items():
        told = answer_question(actor=actor, consultation=told, topic=topic, text=text)
    return {each.topic: each.changed for each in next_questions(told, read_consultation(told))}


def make_results() -> None:
    for number in range(14):
        make_result(
            title=f"含铬废水处理工艺{number}",
            summary="电镀废水" * (number % 3 + 1),
            metrics_text=f"六价铬 ≤ 0.{number % 7 + 1} mg/L" if number % 2 else "",
            price_low_fen=10_000_000 * (number + 1),
            price_high_fen=10_000_000 * (number + 2),
        )


def test_metrics_of_the_results_around_are_asked_for() -> None:
    make_results()
    asked = ask("含铬废水处理", "废水超标。")
    assert asked["六价铬"] is not None
    assert asked["budget"] is not None
    assert asked["六价铬"] > 0 or asked["budget"] > 0
    changed = [each for each in asked.values() if each is not None]
    assert changed == sorted(changed, reverse=True)


def test_an_answered_question_is_not_asked_again() -> None:
    make_results()
    assert "六价铬" not in ask("含铬废水处理", "废水超标。", 六价铬="≤ 0.1 mg/L")
    assert "tried" not in ask("含铬废水处理", "废水超标。", tried="药剂")


def test_hidden_results_do_not_ask() -> None:
    for number in range(4):
        make_result(
            title=f"含铬废水处理工艺{number}",
            metrics_text="机密指标甲率 ≥ 90 %",
            disclosure=Disclosure.ORGANISATION,
        )
    assert not any("机密" in topic for topic in ask("含铬废水处理", "废水超标。"))


def test_without_any_result_the_points_decide() -> None:
    asked = list(ask("含铬废水处理", ""))
    assert asked[:2] == ["problem", "goal"]


def test_words_of_the_results_around_are_offered() -> None:
    for number in range(6):
        make_result(title=f"废水{'膜浓缩' if number % 2 else '电解还原'}装置{number}")
    firm = make_organisation()
    told = open_consultation(actor=make_person_of(firm), owner=firm, title="应用开发", words="处理废水")
    asked = {each.topic: each for each in next_questions(told, read_consultation(told))}
    assert asked["object"].choices
    assert not {"废水", "装置"} & set(asked["object"].choices)


def test_an_answer_is_read_under_what_was_asked() -> None:
    firm = make_organisation()
    actor = make_person_of(firm)
    told = open_consultation(actor=actor, owner=firm, title="漆膜不匀", words="")
    for topic, text in (("baseline", "返工率8%"), ("budget", "50万元"), ("返工率", "≤2%")):
        told = answer_question(actor=actor, consultation=told, topic=topic, text=text)
    sheet = read_consultation(told).sheet
    assert [metric.low for metric in sheet.now] == [8.0] or [metric.high for metric in sheet.now] == [8.0]
    assert len(sheet.wanted) == 1
    assert sheet.budget is not None
    assert sheet.budget.high_fen == 50_000_000
