"""The addresses of showing bids to investors, under /work/."""

from django.urls import URLPattern, path

from ronglian.web.work.views import showings

screens: list[URLPattern] = [
    path("showings/", showings.list_all, name="showings"),
    path("bids/<uuid:public_id>/show/", showings.begin, name="showing-new"),
    path("showings/<uuid:public_id>/", showings.show, name="showing"),
    path("showings/<uuid:public_id>/read/", showings.read, name="showing-read"),
    path("showings/<uuid:public_id>/files/<int:number>/", showings.file, name="showing-file"),
    path("showings/<uuid:public_id>/sign/", showings.sign, name="showing-sign"),
    path("showings/<uuid:public_id>/decline/", showings.decline, name="showing-decline"),
    path("showings/<uuid:public_id>/withdraw/", showings.withdraw, name="showing-withdraw"),
    path("showings/<uuid:public_id>/outcomes/", showings.outcome, name="showing-outcome"),
    path("showing-outcomes/<uuid:public_id>/answer/", showings.answer, name="showing-answer"),
]
