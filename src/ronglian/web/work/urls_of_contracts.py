"""The addresses of technology contracts, under /work/."""

from django.urls import URLPattern, path

from ronglian.web.work.views import contract_bank, contract_statistics, contract_what_if, contracts
from ronglian.web.work.views import contract_comments as comments
from ronglian.web.work.views import contract_diligence as diligence
from ronglian.web.work.views import contract_disputes as disputes
from ronglian.web.work.views import contract_endings as endings
from ronglian.web.work.views import contract_income as income
from ronglian.web.work.views import contract_provider as provider
from ronglian.web.work.views import contract_registration as registration

screens: list[URLPattern] = [
    path("contracts/", contracts.list_all, name="contracts"),
    path("contracts/new/", contracts.begin, name="contract-new"),
    path("contracts/<uuid:public_id>/", contracts.show, name="contract"),
    path("contracts/<uuid:public_id>/terms/", contracts.propose, name="contract-terms"),
    path("contracts/<uuid:public_id>/versions/<int:number>/", contracts.show_text, name="contract-text"),
    path(
        "contracts/<uuid:public_id>/versions/<int:number>/<str:language>.<str:ending>",
        contracts.get_file,
        name="contract-file",
    ),
    path("contracts/<uuid:public_id>/send/", contracts.send, name="contract-send"),
    path("contracts/<uuid:public_id>/sign/", contracts.sign, name="contract-sign"),
    path("contracts/<uuid:public_id>/abandon/", contracts.abandon, name="contract-abandon"),
    path(
        "contracts/<uuid:public_id>/payments/<int:number>/accept/", contracts.accept, name="contract-accept"
    ),
    path(
        "contracts/<uuid:public_id>/payments/<int:number>/refuse/", contracts.refuse, name="contract-refuse"
    ),
    path("contracts/<uuid:public_id>/movements/", contracts.move, name="contract-move"),
    path(
        "contracts/<uuid:public_id>/movements/<uuid:movement_id>/confirm/",
        contracts.confirm,
        name="contract-confirm",
    ),
    path(
        "contracts/<uuid:public_id>/movements/<uuid:movement_id>/dispute/",
        contracts.dispute,
        name="contract-dispute",
    ),
    path("contracts/<uuid:public_id>/demand/", endings.demand, name="contract-demand"),
    path("contracts/<uuid:public_id>/demand/time/", endings.more_time, name="contract-time"),
    path("contracts/<uuid:public_id>/demand/end/", endings.default, name="contract-default"),
    path("contracts/<uuid:public_id>/buy-out/", endings.buy, name="contract-buy-out"),
    path("contracts/<uuid:public_id>/end/", endings.end, name="contract-end"),
    path(
        "contracts/<uuid:public_id>/end/<uuid:proposal_id>/agree/", endings.agree, name="contract-end-agree"
    ),
    path(
        "contracts/<uuid:public_id>/end/<uuid:proposal_id>/decline/",
        endings.decline,
        name="contract-end-decline",
    ),
    path("contracts/<uuid:public_id>/disputes/", disputes.show_all, name="contract-disputes"),
    path("contracts/<uuid:public_id>/disputes/<int:number>/", disputes.show, name="dispute"),
    *(
        path(
            f"contracts/<uuid:public_id>/disputes/<int:number>/{step}/",
            view,
            name=f"dispute-{step}",
        )
        for step, view in (
            ("answer", disputes.answer),
            ("say", disputes.say),
            ("withdraw", disputes.withdraw),
            ("fail", disputes.fail),
            ("mediator", disputes.name_mediator),
            ("leave", disputes.leave),
            ("settlement", disputes.propose),
            ("accept", disputes.accept),
            ("decline", disputes.decline),
        )
    ),
    path(
        "contracts/<uuid:public_id>/disputes/<int:number>/settlements/<int:settlement>/<str:language>.<str:ending>",
        disputes.get_settlement,
        name="dispute-settlement-file",
    ),
    *(
        path(
            f"contracts/<uuid:public_id>/disputes/<int:number>/mediators/<uuid:proposal_id>/{step}/",
            view,
            name=f"dispute-mediator-{step}",
        )
        for step, view in (("accept", disputes.accept_mediator), ("decline", disputes.decline_mediator))
    ),
    path("contracts/<uuid:public_id>/use/", contracts.use, name="contract-use"),
    path("contracts/<uuid:public_id>/income/", income.show, name="contract-income"),
    path("contracts/<uuid:public_id>/income/<int:number>/notice/", income.notice, name="income-notice"),
    path("contracts/<uuid:public_id>/income/<int:number>/settle/", income.settle, name="income-settle"),
    path("contracts/<uuid:public_id>/income/<int:number>/withdraw/", income.withdraw, name="income-withdraw"),
    path("contracts/<uuid:public_id>/income/<int:number>/object/", income.object_to, name="income-object"),
    path("contracts/<uuid:public_id>/income/<int:number>/pay/", income.pay, name="income-pay"),
    path(
        "contracts/<uuid:public_id>/objections/<uuid:objection_id>/", income.answer, name="income-objection"
    ),
    path("contracts/<uuid:public_id>/diligence/", diligence.show, name="contract-diligence"),
    path(
        "contracts/<uuid:public_id>/diligence/file.<str:language>.<str:ending>",
        diligence.get_file,
        name="contract-diligence-file",
    ),
    path("contracts/<uuid:public_id>/what-if/", contract_what_if.show, name="contract-what-if"),
    path("contracts/<uuid:public_id>/registration/", registration.show, name="contract-registration"),
    path(
        "contracts/<uuid:public_id>/registration/form.<str:language>.<str:ending>",
        registration.get_file,
        name="contract-registration-file",
    ),
    *(
        path(
            f"contracts/<uuid:public_id>/registration/<uuid:registration_id>/{step}/",
            view,
            name=f"registration-{step}",
        )
        for step, view in (
            ("hand-in", registration.hand_in),
            ("record", registration.record),
            ("refuse", registration.refuse),
            ("change", registration.change),
            ("cancel", registration.cancel),
        )
    ),
    path("contracts/bank/", contract_bank.show, name="contract-bank"),
    path("contracts/bank/confirm/", contract_bank.confirm, name="contract-bank-confirm"),
    path("contracts/statistics/", contract_statistics.show, name="contract-statistics"),
    path(
        "contracts/statistics/<int:year>.<str:language>.<str:ending>",
        contract_statistics.get_file,
        name="contract-statistics-file",
    ),
    path("contracts/<uuid:public_id>/text-consent/", provider.consent, name="contract-text-consent"),
    path("contracts/<uuid:public_id>/reports/", contracts.report, name="contract-report"),
    path("contracts/<uuid:public_id>/versions/<int:number>/comments/", comments.add, name="contract-comment"),
    *(
        path(
            f"contracts/<uuid:public_id>/comments/<uuid:comment_id>/{step}/",
            view,
            name=f"contract-comment-{step}",
        )
        for step, view in (
            ("reply", comments.reply),
            ("resolve", comments.resolve),
            ("reopen", comments.reopen),
        )
    ),
]
