"""The addresses of services and requests for them, under /work/."""

from django.urls import URLPattern, path

from ronglian.web.work.views import services

screens: list[URLPattern] = [
    path("services/", services.list_own, name="services"),
    path("services/new/", services.offer, name="service-new"),
    path("services/<uuid:public_id>/edit/", services.change, name="service-edit"),
    path("services/<uuid:public_id>/withdraw/", services.withdraw, name="service-withdraw"),
    path("services/<uuid:public_id>/resume/", services.resume, name="service-resume"),
    path("services/<uuid:public_id>/ask/", services.ask, name="service-ask"),
    path("service-requests/<uuid:public_id>/", services.show_request, name="service-request"),
    path("service-requests/<uuid:public_id>/answer/", services.answer, name="service-request-answer"),
    path("service-requests/<uuid:public_id>/take-back/", services.take_back, name="service-request-back"),
    path("service-requests/<uuid:public_id>/confirm/", services.confirm, name="service-request-confirm"),
]
