"""Automatic evaluation: set before publication, tried while bids can come, and told no earlier than the rules say."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from ronglian.apps.challenges.enums import HolderRole, Phase, ScoreMetric
from ronglian.apps.challenges.evaluating import answers_of
from ronglian.apps.challenges.models import Bid, Challenge, Evaluation, Try
from ronglian.apps.challenges.operations.awarding import award_challenge
from ronglian.apps.challenges.operations.bids import hand_in_bid
from ronglian.apps.challenges.operations.drafting import state_facts
from ronglian.apps.challenges.operations.evaluation import drop_evaluation, submit_try
from ronglian.apps.challenges.operations.reviewing import assign_reviews, rank_challenge, submit_review
from ronglian.apps.challenges.operations.steps import advance_challenge
from ronglian.apps.challenges.queries.evaluation import (
    board_of,
    evaluation_of,
    own_tries,
    result_of,
    template_of,
)
from ronglian.engines.scoring import split
from ronglian.kernel.actor import ANONYMOUS
from ronglian.kernel.errors import Conflict, InvalidInput, NotAllowed, RuleViolation
from ronglian.kernel.log.coverage import uncovered_rows
from ronglian.kernel.models import Event
from tests.factories import make_organisation, make_person_of
from tests.factories.challenges import (
    BID,
    Setting,
    answers_file,
    close,
    evaluate,
    make_bid,
    make_draft,
    make_open,
    make_reviewers,
    make_scored,
    make_try,
    open_all,
    reviews_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def evaluation_in(setting: Setting) -> Evaluation:
    return Evaluation.objects.get(challenge=setting.challenge)


def parts(setting: Setting) -> tuple[list[str], list[str]]:
    """The keys of the public and of the hidden rows."""
    evaluation = evaluation_in(setting)
    found = split(answers_of(evaluation), bytes.fromhex(evaluation.secret), evaluation.public_share)
    return list(found.public), list(found.hidden)


def wrong_in(*keys: str) -> bytes:
    """A result file that is wrong in these rows and right in all others."""
    return answers_file(**dict.fromkeys(keys, "2"))


def board(setting: Setting, actor: Any = ANONYMOUS) -> list[tuple[Any, ...]]:
    rows = board_of(actor, setting.fresh(), evaluation_in(setting))
    return [(row.place, row.public, row.final, row.tries, row.is_mine) for row in rows]


def test_answers_are_sealed_and_a_part_of_the_rows_is_public() -> None:
    setting = evaluate(make_draft())
    evaluation = evaluation_in(setting)
    assert (evaluation.rows, evaluation.public_rows, evaluation.public_share) == (40, 12, 30)
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers, secret FROM challenges_evaluation")
        assert all(str(value).startswith("gAAAAA") for value in cursor.fetchone())
    assert not list(uncovered_rows(Evaluation))
    shown = evaluation_of(setting.challenge)
    assert shown is not None
    assert "answers" in shown.get_deferred_fields()
    template = template_of(shown)
    assert template.splitlines()[:3] == ["id,value", "r00,", "r01,"]


def test_setting_again_replaces_all_and_draws_the_rows_anew() -> None:
    setting = evaluate(make_draft())
    before = evaluation_in(setting).secret
    evaluate(setting, metric=ScoreMetric.RMSE, public_share=50, answers=answers_file(20))
    after = evaluation_in(setting)
    assert (after.metric, after.rows, after.public_rows, after.version) == ("rmse", 20, 10, 2)
    assert after.secret != before
    drop_evaluation(actor=setting.buyer, challenge=setting.fresh())
    assert evaluation_of(setting.challenge) is None
    with pytest.raises(RuleViolation, match="no automatic"):
        drop_evaluation(actor=setting.buyer, challenge=setting.fresh())
    names = list(
        Event.objects.filter(name__startswith="evaluation").order_by("id").values_list("name", flat=True)
    )
    assert names == ["evaluation.set", "evaluation.set", "evaluation.dropped"]


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"answers": b""}, "answers", "blank"),
        ({"answers": answers_file(9)}, "answers", "9 rows"),
        ({"answers": answers_file() + b"r00,1\n"}, "answers", "Line 42, column “id”: “r00” stands in line 2 already"),
        ({"answers": "id,value\n甲,1".encode("gb18030")}, "answers", "Line 2: this is not UTF-8"),
        ({"metric": ScoreMetric.AUC, "answers": answers_file(r05="2")}, "answers", "Line 7, column “value”: “2” is neither"),
        ({"metric": ScoreMetric.AUC, "answers": answers_file(12, **{f"r{n:02d}": "0" for n in range(11)})}, "answers", "both classes"),
        ({"value_column": "id"}, "value_column", "two columns"),
        ({"value_column": "answer"}, "answers", "“answer” stands there once"),
        ({"public_share": 0}, "public_share", "greater than or equal to 1"),
        ({"public_share": 100}, "public_share", "less than or equal to 99"),
        ({"tries_a_day": 6}, "tries_in_all", "as many tries in all"),
    ],
)  # fmt: skip
def test_what_cannot_be_an_evaluation_is_said(changed: dict[str, Any], field: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        evaluate(make_draft(), **changed)
    assert said in str(refused.value.fields[field][0])
    assert not Evaluation.objects.exists()


def test_the_issuer_alone_sets_it_and_not_after_publication() -> None:
    setting = make_draft()
    stranger = make_person_of(make_organisation())
    with pytest.raises(NotAllowed):
        evaluate(Setting(setting.challenge, setting.issuer, stranger, {}))
    published = make_scored()
    for act in (
        lambda: evaluate(published),
        lambda: drop_evaluation(actor=published.buyer, challenge=published.fresh()),
    ):
        with pytest.raises(RuleViolation, match="keeps its text"):
            act()


def test_a_try_is_scored_by_the_public_rows_and_the_rest_is_kept_for_later() -> None:
    setting = make_scored()
    public, hidden = parts(setting)
    made = make_try(setting, wrong_in(*public[:3], *hidden[:7]))
    assert (made.public_score, Try.objects.get().final_score) == (750_000, 750_000)
    assert made.digest == hashlib.sha256(wrong_in(*public[:3], *hidden[:7])).hexdigest()
    event = Event.objects.get(name="try.scored")
    assert event.data == {"challenge": str(setting.challenge.public_id), "digest": made.digest}
    assert not list(uncovered_rows(Try))
    with connection.cursor() as cursor:
        cursor.execute("SELECT final_score FROM challenges_try")
        assert str(cursor.fetchone()[0]).startswith("gAAAAA")


@pytest.mark.parametrize("bids", [0, 1])
def test_the_board_stands_by_the_public_rows_until_bids_close_and_by_the_hidden_ones_then(bids: int) -> None:
    setting = make_scored()
    public, hidden = parts(setting)
    make_try(setting, wrong_in(public[0], *hidden[:14]))
    lucky = setting.bidders[0]
    make_try(setting, wrong_in(*public[:6], *hidden[:7]))
    make_try(setting, wrong_in(*public[:2]), lucky)
    assert board(setting, lucky[1]) == [(1, 916_667, None, 2, True), (2, 500_000, None, 1, False)]
    mine = own_tries(lucky[1], setting.challenge)
    assert [one.public_score for one in mine] == [833_333, 916_667]
    assert "final_score" in mine[0].get_deferred_fields()
    assert list(own_tries(setting.buyer, setting.challenge)) == []
    for organisation, actor in setting.bidders[:bids]:
        hand_in_bid(actor=actor, challenge=setting.fresh(), bidder=organisation, content=BID)
    close(setting)
    assert setting.challenge.phase == (Phase.SEALED if bids else Phase.FAILED)
    assert board(setting) == [(1, 500_000, 750_000, 1, False), (2, 916_667, 500_000, 2, False)]
    assert [int(one.final_score) for one in own_tries(lucky[1], setting.challenge)] == [1_000_000, 500_000]


def test_the_hour_alone_does_not_tell_the_final_scores() -> None:
    """They are told once the list of bids is fixed, not between the closing and the clock's step."""
    setting = make_scored()
    make_try(setting, answers_file())
    Challenge.objects.filter(pk=setting.challenge.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    assert board(setting)[0][2] is None
    with pytest.raises(RuleViolation, match="Bids closed"):
        make_try(setting, wrong_in("r01"))


def test_a_withdrawn_challenge_keeps_the_final_scores_to_itself() -> None:
    setting = make_scored()
    make_try(setting, answers_file())
    state_facts(actor=setting.buyer, challenge=setting.fresh(), facts={"compensation_settled": True})
    papers = {"withdrawal_reason": "no money left"}
    advance_challenge(actor=setting.buyer, challenge=setting.fresh(), step="withdraw", documents=papers)
    assert setting.fresh().phase == Phase.WITHDRAWN
    assert board(setting)[0][2] is None


def test_teams_have_names_of_their_own_and_winners_are_named_with_the_award() -> None:
    setting = make_scored()
    for number in range(2):
        make_try(setting, wrong_in(f"r{number:02d}"))
    for organisation, actor in setting.bidders:
        hand_in_bid(actor=actor, challenge=setting.fresh(), bidder=organisation, content=BID)
    rows = board_of(setting.buyer, setting.fresh(), evaluation_in(setting))
    teams = {row.team for row in rows}
    assert (len(teams), {row.organisation for row in rows}) == (2, {None})
    assert all(
        one.name not in str(rows) and str(one.public_id) not in str(rows) for one, _actor in setting.bidders
    )
    close(setting)
    open_all(setting)
    assert {row.organisation for row in board_of(setting.buyer, setting.fresh(), evaluation_in(setting))} == {
        None
    }
    _award(setting)
    named = board_of(ANONYMOUS, setting.fresh(), evaluation_in(setting))
    assert {row.team for row in named} == teams
    assert [row.organisation for row in named if row.organisation] == [setting.bidders[0][0]], (
        "the winner alone"
    )


def _award(setting: Setting) -> None:
    (reviewer,) = make_reviewers(setting, 1)
    assign_reviews(actor=setting.buyer, challenge=setting.fresh(), each=1)
    for review, scores in zip(reviews_of(reviewer), ((5, 5), (1, 1)), strict=True):
        submit_review(actor=reviewer, review=review, scores=scores, comments=["reason"] * 2)
    rank_challenge(actor=setting.buyer, challenge=setting.fresh())
    best = setting.challenge.bids.get(bidder=setting.bidders[0][0])
    award_challenge(actor=setting.buyer, challenge=setting.fresh(), bids=[best])


def test_who_reads_an_opened_bid_reads_what_its_result_files_are_worth() -> None:
    setting = make_scored()
    make_try(setting, wrong_in("r01"))
    make_try(setting, answers_file())
    for organisation, actor in setting.bidders:
        hand_in_bid(actor=actor, challenge=setting.fresh(), bidder=organisation, content=BID)
    without = make_bid(setting)
    bids = list(Bid.objects.filter(challenge=setting.challenge).order_by("pk"))
    own = setting.bidders[0][1]
    assert [result_of(own, bid) for bid in bids] == [None] * 3, "sealed"
    close(setting)
    assert [result_of(own, Bid.objects.get(pk=bid.pk)) for bid in bids] == [None] * 3, (
        "closed, and still sealed"
    )
    open_all(setting)
    (reviewer,) = make_reviewers(setting, 1)
    assign_reviews(actor=setting.buyer, challenge=setting.fresh(), each=1)
    bids = list(Bid.objects.filter(challenge=setting.challenge).order_by("pk"))
    for reader in (setting.buyer, reviewer):
        found = [result_of(reader, bid) for bid in bids]
        assert [row.final for row in found[:2] if row] == [one.final for one in _both(setting)]
        assert found[2] is None
    assert without.pk == bids[2].pk
    for stranger in (ANONYMOUS, setting.bidders[1][1], make_person_of(make_organisation())):
        assert result_of(stranger, bids[0]) is None


def _both(setting: Setting) -> list[Any]:
    """The rows of the board by the order in which the teams came."""
    rows = board_of(ANONYMOUS, setting.fresh(), evaluation_in(setting))
    return sorted(rows, key=lambda row: row.at)


def test_the_board_costs_the_same_for_one_team_and_for_three(django_assert_num_queries: Any) -> None:
    setting = make_scored(tries_in_all=9)
    evaluation = evaluation_in(setting)
    for _each in range(3):
        make_try(setting, answers_file())
        make_try(setting, wrong_in("r01"), setting.bidders[-1])
        with django_assert_num_queries(2):
            board_of(ANONYMOUS, setting.challenge, evaluation)
    close(setting)
    with django_assert_num_queries(3):
        assert len(board_of(ANONYMOUS, setting.challenge, evaluation)) == 3


def test_the_same_organisation_has_another_name_in_another_challenge() -> None:
    first, second = make_scored(), make_scored()
    organisation = make_organisation()
    bidder = organisation, make_person_of(organisation)
    for setting in (first, second):
        make_try(setting, answers_file(), bidder)
    names = {board_of(ANONYMOUS, one.fresh(), evaluation_in(one))[0].team for one in (first, second)}
    assert len(names) == 2


def test_tries_a_day_and_in_all_have_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    setting = make_scored(tries_a_day=2, tries_in_all=3)
    noon = timezone.localtime().replace(hour=12, minute=0)
    at(monkeypatch, noon, setting)
    make_try(setting, wrong_in("r01"))
    bidder = setting.bidders[0]
    with pytest.raises(InvalidInput):
        make_try(setting, b"id,value\n", bidder)
    with pytest.raises(Conflict, match="This very file"):
        make_try(setting, wrong_in("r01"), bidder)
    make_try(setting, wrong_in("r02"), bidder)
    with pytest.raises(RuleViolation, match="2 a day"):
        make_try(setting, wrong_in("r03"), bidder)
    make_try(setting, wrong_in("r03"))
    at(monkeypatch, noon.replace(hour=0) + timedelta(days=1), setting)
    make_try(setting, wrong_in("r03"), bidder)
    with pytest.raises(RuleViolation, match="3 in all"):
        make_try(setting, wrong_in("r04"), bidder)
    assert Try.objects.filter(bidder=bidder[0]).count() == 3


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime, setting: Setting) -> None:
    """Let the clock of the operation say so; bids close later."""
    Challenge.objects.filter(pk=setting.challenge.pk).update(closes_at=moment + timedelta(days=3))
    monkeypatch.setattr("ronglian.apps.challenges.operations.evaluation.timezone.now", lambda: moment)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (answers_file(39), "rows are missing (1 of 40), the first is “r39”"),
        (answers_file(41), "Line 42, column “id”: the test set has no row “r40”"),
        (answers_file(r03="nan"), "Line 5, column “value”: “nan” is no number"),
        (answers_file(r03="-inf"), "Line 5, column “value”: “-inf” is no number"),
        (b"\xff\xfe", "Line 1: this is not UTF-8"),
    ],
)
def test_a_file_with_a_fault_is_told_where_and_does_not_count(file: bytes, said: str) -> None:
    setting = make_scored(metric=ScoreMetric.RMSE)
    with pytest.raises(InvalidInput) as refused:
        make_try(setting, file)
    assert said in str(refused.value.fields["results"][0])
    assert not Try.objects.exists()


def test_who_may_try_is_who_may_bid() -> None:
    setting = make_scored()
    for organisation, actor in (
        (setting.issuer, setting.buyer),
        (setting.challenge.escrow, setting.holders[HolderRole.ESCROW]),
    ):
        with pytest.raises(RuleViolation):
            submit_try(actor=actor, challenge=setting.fresh(), bidder=organisation, results=answers_file())
    stranger, other = make_person_of(make_organisation()), make_organisation()
    with pytest.raises(NotAllowed, match="for their organisation"):
        submit_try(actor=stranger, challenge=setting.fresh(), bidder=other, results=answers_file())
    with pytest.raises(RuleViolation, match="no automatic"):
        make_try(make_open(), answers_file())


def test_the_database_itself_keeps_shares_and_limits() -> None:
    evaluation = evaluation_in(evaluate(make_draft()))
    for wrong in ({"public_share": 100}, {"tries_a_day": 0}, {"tries_in_all": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Evaluation.objects.filter(pk=evaluation.pk).update(**wrong)


@pytest.mark.parametrize("metric", list(ScoreMetric))
def test_every_metric_scores_right_answers_best(metric: ScoreMetric) -> None:
    setting = make_scored(metric=metric)
    best = 0 if metric in (ScoreMetric.RMSE, ScoreMetric.MAE) else 1_000_000
    made = make_try(setting, answers_file())
    assert (made.public_score, made.final_score) == (best, best)
