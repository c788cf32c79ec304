"""The addresses of challenges for those who work on them, under /work/."""

from django.urls import URLPattern, path

from ronglian.web.work.views import challenge_board, challenge_exchange, challenge_tasks, challenges
from ronglian.web.work.views import challenge_following as following
from ronglian.web.work.views import challenge_reviews as reviews
from ronglian.web.work.views import challenge_teams as teams

screens: list[URLPattern] = [
    path("challenges/", challenges.list_own, name="challenges"),
    path("challenges/new/", challenges.begin, name="challenge-new"),
    path("challenges/<uuid:public_id>/edit/", challenges.edit, name="challenge-edit"),
    path("challenges/<uuid:public_id>/facts/", challenges.facts, name="challenge-facts"),
    path("challenges/<uuid:public_id>/key/", challenges.make_key, name="challenge-key"),
    path("challenges/<uuid:public_id>/steps/<slug:name>/", challenges.step, name="challenge-step"),
    path("challenges/<uuid:public_id>/bid/", challenges.bid, name="challenge-bid"),
    path("challenges/<uuid:public_id>/open/", challenges.open_layer, name="challenge-open"),
    path("challenges/<uuid:public_id>/evaluation/", challenge_board.evaluation, name="challenge-evaluation"),
    path(
        "challenges/<uuid:public_id>/evaluation/drop/",
        challenge_board.drop,
        name="challenge-evaluation-drop",
    ),
    path("challenges/<uuid:public_id>/tries/", challenge_board.attempt, name="challenge-try"),
    path("challenges/<uuid:public_id>/amend/", challenge_exchange.amend, name="challenge-amend"),
    path("challenges/<uuid:public_id>/questions/", challenge_exchange.ask, name="challenge-ask"),
    path("questions/<uuid:public_id>/answer/", challenge_exchange.answer, name="challenge-answer"),
    path("challenges/follow/", following.of_all, name="challenges-follow"),
    path("challenges/<uuid:public_id>/follow/", following.of_one, name="challenge-follow"),
    path("challenges/<uuid:public_id>/team/", teams.begin, name="challenge-team"),
    path("teams/<uuid:public_id>/", teams.show, name="team"),
    path("teams/<uuid:public_id>/ask/", teams.ask, name="team-ask"),
    path("team-members/<uuid:public_id>/answer/", teams.answer, name="team-answer"),
    path("team-members/<uuid:public_id>/drop/", teams.drop, name="team-drop"),
    path("bids/<uuid:public_id>/", challenges.show_bid, name="bid"),
    path("bids/<uuid:public_id>/receipt.json", challenges.receipt, name="bid-receipt"),
    path("bids/<uuid:public_id>/files/<int:number>/", challenges.attachment, name="bid-file"),
    path("bids/<uuid:public_id>/withdraw/", challenges.withdraw, name="bid-withdraw"),
    path("challenges/<uuid:public_id>/reviewers/", reviews.reviewer, name="challenge-reviewer"),
    path("challenges/<uuid:public_id>/assign/", reviews.assign, name="challenge-assign"),
    path("challenges/<uuid:public_id>/rank/", reviews.rank, name="challenge-rank"),
    path("challenges/<uuid:public_id>/award/", reviews.award, name="challenge-award"),
    path("challenges/<uuid:public_id>/object/", reviews.object_to, name="challenge-object"),
    path("award-objections/<uuid:public_id>/answer/", reviews.answer, name="award-objection-answer"),
    path("bids/<uuid:public_id>/feedback/", reviews.feedback, name="bid-feedback"),
    path("reviews/", reviews.list_own, name="reviews"),
    path("reviews/<uuid:public_id>/", reviews.review, name="review"),
    path("reviews/<uuid:public_id>/stand-aside/", reviews.stand_aside, name="review-aside"),
    path("awards/<uuid:public_id>/milestones/", challenge_tasks.plan, name="award-milestones"),
    path(
        "payment-orders/<uuid:public_id>/order.<str:language>.<str:ending>",
        challenge_tasks.order_file,
        name="payment-order",
    ),
    path("payment-orders/<uuid:public_id>/received/", challenge_tasks.received, name="payment-received"),
    path("milestones/<uuid:public_id>/steps/<slug:name>/", challenge_tasks.step, name="milestone-step"),
]
