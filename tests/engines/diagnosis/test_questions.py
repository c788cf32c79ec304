"""Only what is missing is asked, and first what changes the ranking most."""

from hypothesis import given
from hypothesis import strategies as st

from ronglian.engines.diagnosis import count_changed, order_questions, read_sheet, score_completeness
from tests.engines.diagnosis.samples import PLATING, PLATING_TITLE, VAGUE, VAGUE_TITLE

BEFORE = [f"r{number}" for number in range(20)]
IDS = st.lists(st.sampled_from(BEFORE), unique=True, min_size=10)


def test_the_answer_that_exchanges_most_is_asked_first() -> None:
    swapped = [*BEFORE[:6], *BEFORE[10:14], *BEFORE[6:10]]
    trials = {"budget": [BEFORE, BEFORE], "处理量": [swapped, BEFORE], "deadline": []}
    asked = order_questions(score_completeness(read_sheet(VAGUE_TITLE, VAGUE)), BEFORE, trials)
    assert (asked[0].topic, asked[0].changed, asked[0].points) == ("处理量", 2.0, 0.0)
    assert asked[1].topic == "problem"  # nothing to try: by its points
    assert {each.topic for each in asked} >= {"budget", "acceptance", "baseline"}
    assert next(each for each in asked if each.topic == "deadline").changed is None


def test_what_is_told_is_not_asked() -> None:
    asked = order_questions(
        score_completeness(read_sheet(PLATING_TITLE, PLATING)), BEFORE, {"budget": [BEFORE]}
    )
    assert [each.topic for each in asked] == ["condition"]


@given(IDS, IDS)
def test_changes_are_counted_within_the_first_ten(before: list[str], after: list[str]) -> None:
    changed = count_changed(before, after)
    assert 0 <= changed <= 10
    assert count_changed(before, before) == 0
    assert changed == 10 - len(set(before[:10]) & set(after[:10]))


def test_a_topic_that_is_told_too_widely_is_asked_again() -> None:
    told = score_completeness(read_sheet("电镀废水六价铬超标", ""))
    before = [str(number) for number in range(10)]
    others = [str(number) for number in range(20, 30)]
    wide = order_questions(told, before, {"object": [others]}, choices={"object": ["漂洗水"]})
    assert wide[0].topic == "object"
    assert wide[0].choices == ("漂洗水",)
    assert "object" not in [each.topic for each in order_questions(told, before, {"object": [before]})]
